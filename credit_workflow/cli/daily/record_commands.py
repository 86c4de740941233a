"""``record``: the credit records that objections are about."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from credit_workflow.cli import completion
from credit_workflow.cli.base import Branch
from credit_workflow.cli.context import ask
from credit_workflow.cli.drawn import record_screen
from credit_workflow.cli.given_values import word
from credit_workflow.cli.options import argument, option
from credit_workflow.cli.output import show, tell_marked, watched
from credit_workflow.service.files import handed
from credit_workflow.service.use_cases.daily.records import (
    DropUpdate,
    ImportRecords,
    ListHeldUpdates,
    ListRecords,
    RecordHistory,
    ReleaseUpdate,
    ShowRecord,
)

_No = Annotated[str, argument("RECORD_NO", "信用记录编号", "the record's number", autocompletion=completion.records)]
_Why = Annotated[str | None, option("--purpose TEXT", "查看用途", "why")]


record = Branch("信用记录：导入、查看、档案。", "Credit records: import, look at, dossier.")


@record.command("import")
def _import(
    file: Annotated[Path, argument("FILE")],
    update: Annotated[bool, option("--update")] = False,
    hold: Annotated[bool, option("--hold")] = False,
) -> None:
    """Import from CSV or JSON Lines, all or nothing.

    从 CSV 或 JSON Lines 导入，全部成功或全部不导入。

    Options:
        file: a CSV or .jsonl file, UTF-8
            CSV 或 .jsonl 文件，UTF-8
        update: give known records the file's values
            更新已存在的记录
        hold: keep what would undo a correction for the credit centre, import the rest
            会改回已修正内容的留待市信用中心放行，其余照常导入
    """
    done = watched("导入", "importing", ImportRecords(file=handed(file), update=update, hold=hold))
    n = len(done.held)
    tell_marked(
        done,
        f"已导入 {done.imported} 条，更新 {done.updated} 条。" + (f"{n} 条留待放行，见 record held。" if n else ""),
        f"{done.imported} imported, {done.updated} updated." + (f" {n} held back: see record held." if n else ""),
    )


_Reason = Annotated[str, option("--reason TEXT", "理由", "why")]


@record.command("held")
def _held(purpose: _Why = None) -> None:
    """Updates held back because a case had decided otherwise (logged).

    因与已作出的处理相抵触而留待放行的更新（留痕）。
    """
    show(ask(ListHeldUpdates(purpose=purpose)), record_screen.render_held)


@record.command("release")
def _release(record_no: _No, reason: _Reason) -> None:
    """Apply an update that was held back.

    放行一项留待放行的更新。
    """
    show(ask(ReleaseUpdate(record_no=record_no, reason=reason)), record_screen.render_record)


@record.command("drop")
def _drop(record_no: _No, reason: _Reason) -> None:
    """Throw away an update that was held back; the record stays as it is.

    不予采用一项留待放行的更新，信息保持不变。
    """
    show(ask(DropUpdate(record_no=record_no, reason=reason)), record_screen.render_record)


@record.command("list")
def _list(subject: Annotated[str | None, option("--subject ID")] = None, purpose: _Why = None) -> None:
    """List records (logged).

    列出信用记录（留痕）。

    Options:
        subject: the subject's ID number
            信息主体的证件号
    """
    show(ask(ListRecords(subject=subject and word(subject), purpose=purpose)), record_screen.render_records)


@record.command("show")
def _show(record_no: _No, full: Annotated[bool, option("--full")] = False, purpose: _Why = None) -> None:
    """One record with its marks (logged).

    查看一条信用记录及其标注（留痕）。

    Options:
        full: the whole ID number (needs a purpose)
            显示完整证件号（须说明用途）
    """
    show(ask(ShowRecord(record_no=record_no, full=full, purpose=purpose)), record_screen.render_record)


@record.command("history")
def _history(record_no: _No, purpose: _Why = None) -> None:
    """A record's dossier (logged).

    一条信用记录的全部历史（留痕）。
    """
    show(ask(RecordHistory(record_no=record_no, purpose=purpose)), record_screen.render_dossier)
