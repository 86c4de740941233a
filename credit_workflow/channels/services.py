"""Send notifications by e-mail, WeCom, DingTalk, SMS gateways and whatever else Apprise knows."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from credit_workflow.casework.notifications.delivery import Undelivered
from credit_workflow.casework.notifications.messages import Message
from credit_workflow.channels.config import Recipient
from credit_workflow.channels.spool import Spool
from credit_workflow.text import Text


class Services:
    """Sends each notice to the addresses that are configured for its role and unit.

    What has no address goes into the spool, so that nothing is lost. Of several addresses all
    must take it; one that fails is why it is tried again.

    Args:
        recipients: who gets what, the closer description first.
        spool: for everybody else.
    """

    def __init__(self, recipients: Sequence[Recipient], spool: Spool) -> None:
        self._recipients = recipients
        self._spool = spool

    def send(self, message: Message) -> None:
        """Send one notice.

        Raises:
            Undelivered: an address did not take it; the fault tells no address and no secret.
        """
        recipient = self._recipient(message)
        if recipient is None:
            self._spool.send(message)
            return
        failed = [place for place, url in enumerate(recipient.urls, 1) if not _sent(url, message)]
        if failed:
            text = Text("{r} 的第 {n} 个地址没有接收", "address {n} of {r} did not take it")
            raise Undelivered(text.fill(r=recipient.to, n=failed[0]))

    def _recipient(self, message: Message) -> Recipient | None:
        fitting = [r for r in self._recipients if r.to == message.to and r.unit in (None, message.unit)]
        return max(fitting, key=lambda r: r.unit is not None, default=None)


def _sent(url: str, message: Message) -> bool:
    import apprise  # noqa: PLC0415 - it starts slowly, and few commands need it

    logging.getLogger("apprise").disabled = True  # its messages may show addresses and secrets
    service = apprise.Apprise()
    return bool(service.add(url) and service.notify(title=message.subject, body=message.body, body_format="text"))
