"""Write notifications as files into a folder, which works without any configuration."""

from __future__ import annotations

import re
from pathlib import Path

from credit_workflow.casework.notifications.delivery import Undelivered
from credit_workflow.casework.notifications.messages import Message
from credit_workflow.text import Text

_PRIVATE = 0o700


class Spool:
    """Writes each notice into a file of its own, named by recipient and key.

    A notice that comes twice finds its own file again: nobody gets it twice.

    Args:
        folder: where the files go; made when it is needed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: Message) -> None:
        """Write one notice.

        Raises:
            Undelivered: the folder can't be written.
        """
        where = "-".join(_plain(part) for part in (message.to, message.unit) if part)
        file = self.folder / f"{where}-{message.key[:16]}.txt"
        draft = file.with_suffix(".new")
        try:
            self.folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
            draft.write_text(f"{message.subject}\n\n{message.body}", encoding="utf-8", newline="\n")
            draft.replace(file)
        except OSError as fault:
            text = Text("通知无法写入 {f}：{w}", "the notice can't be written to {f}: {w}")
            raise Undelivered(text.fill(f=self.folder, w=fault.strerror or fault)) from None


def _plain(text: str) -> str:
    """Return a name that every file system takes."""
    return re.sub(r"[^\w.-]+", "_", text)
