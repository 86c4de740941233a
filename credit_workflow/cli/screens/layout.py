"""Tables and lines on the screen: one look for all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Literal

from rich import box
from rich.table import Table
from rich.text import Text as Styled

from credit_workflow.cli.language import t
from credit_workflow.cli.output import console
from credit_workflow.service.use_cases.daily.cases import FailedCase


def table(
    zh: str,
    en: str,
    rows: Iterable[Sequence[Any]] = (),
    *,
    whole: Collection[int] = (),
    right: Collection[int] = (),
    fold: bool = True,
    **look: Any,
) -> Table:
    """Return a table.

    Args:
        zh: the titles of its columns in Chinese, with ``|`` between them.
        en: the same in English.
        rows: the cells, row by row; more may be added.
        whole: the places of the columns that are never broken.
        right: the places of the columns that are set to the right.
        fold: whether a word that is too long is broken, rather than cut.
        look: what else Rich takes for a table.
    """
    made = Table(title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", **look)
    for place, name in enumerate(t(zh, en).split("|")):
        side: Literal["left", "right"] = "right" if place in right else "left"
        made.add_column(name, no_wrap=place in whole, overflow="fold" if fold else "ellipsis", justify=side)
    for row in rows:
        made.add_row(*row)
    return made


def write_failed(failed: Iterable[FailedCase]) -> None:
    """Write which cases can't be carried on, and that they are shown as they were recorded."""
    for one in failed:
        write(
            f"⚠ {one.case} 期限届满后的步骤无法办理，按已记录的情况显示：{one.message}",
            f"⚠ What follows a deadline of {one.case} can't be done; it is shown as it was recorded: {one.message}",
            "red",
        )


def write(zh: str, en: str, style: str = "") -> None:
    """Write words for a person as they are, without looking for markup in them."""
    console().print(Styled(t(zh, en), style=style))
