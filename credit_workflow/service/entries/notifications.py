"""Notifications on their way, and the supervisors' morning."""

from credit_workflow.service.use_case import ACCOUNT, SYSTEM, Trace, UseCase, Way, granted
from credit_workflow.text import Text

ENTRIES: tuple[UseCase, ...] = (
    UseCase(
        name="notify.run",
        request="notifications.SendNotifications",
        run="send_notifications",
        permission=SYSTEM,
        way=Way.ALONE,
        trace=Trace.CHANGE,
        slow=Text("发送通知", "sending"),
    ),
    UseCase(
        name="notify.list",
        request="notifications.ListNotifications",
        run="list_notifications",
        permission=granted("manage_notices"),
    ),
    UseCase(
        name="notify.retry",
        request="notifications.RetryNotification",
        run="retry_notification",
        permission=granted("manage_notices"),
        way=Way.WRITES,
        trace=Trace.CHANGE,
    ),
    UseCase(
        name="notify.test",
        request="notifications.TryChannel",
        run="try_channel",
        permission=granted("manage_notices"),
        way=Way.ALONE,
    ),
    UseCase(name="digest", request="notifications.ShowDigest", run="show_digest", permission=ACCOUNT),
    UseCase(
        name="digest.put_out",
        request="notifications.PutOutDigests",
        run="put_out_digests",
        permission=SYSTEM,
        way=Way.WRITES,
        trace=Trace.CHANGE,
    ),
)
