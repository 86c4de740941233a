"""What there is to ask about keys, backups and what time brings about."""

from credit_workflow.service.use_case import ACCOUNT, MACHINE, SYSTEM, Trace, UseCase, Way, granted
from credit_workflow.text import Text

ENTRIES: tuple[UseCase, ...] = (
    UseCase(
        name="key.rotate",
        request="keys.RotateKeys",
        run="rotate_keys",
        permission=granted("change_keys"),
        way=Way.WRITES,
        trace=Trace.CHANGE,
    ),
    UseCase(name="key.show", request="keys.ShowKeys", run="show_keys", permission=ACCOUNT),
    UseCase(
        name="backup.create",
        request="backups.CreateBackup",
        run="create_backup",
        permission=granted("back_up"),
        way=Way.ALONE,
        slow=Text("备份", "backing up"),
    ),
    UseCase(
        name="backup.verify",
        request="backups.VerifyBackup",
        run="verify_backup",
        permission=MACHINE,
        way=Way.ALONE,
        slow=Text("校验", "verifying"),
    ),
    UseCase(
        name="backup.restore",
        request="backups.RestoreBackup",
        run="restore_backup",
        permission=MACHINE,
        way=Way.ALONE,
        slow=Text("恢复", "restoring"),
    ),
    UseCase(
        name="backup.drill",
        request="backups.RehearseBackup",
        run="rehearse_backup",
        permission=granted("back_up"),
        way=Way.ALONE,
        trace=Trace.CHANGE,
        slow=Text("演练", "rehearsing"),
    ),
    UseCase(
        name="sweep",
        request="sweep.Sweep",
        run="sweep",
        permission=SYSTEM,
        way=Way.ALONE,
        trace=Trace.CHANGE,
        slow=Text("办理到期事项", "sweeping"),
    ),
    UseCase(name="scheduler.run", request="sweep.BeginNights", run="begin_nights", permission=SYSTEM),
)
