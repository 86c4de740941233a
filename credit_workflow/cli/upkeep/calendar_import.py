"""``calendar import`` and ``calendar export``: notices of days off as published, and as files."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import IO, Annotated

import typer
from msgspec.structs import replace as changed

from credit_workflow.cli.base import Commands
from credit_workflow.cli.context import ask, settings
from credit_workflow.cli.drawn import import_screen
from credit_workflow.cli.language import t
from credit_workflow.cli.new_files import not_there, write_new
from credit_workflow.cli.options import argument, option
from credit_workflow.cli.output import SCREEN, answered, line, progress, written
from credit_workflow.errors import NotFound, UsageFault
from credit_workflow.service.files import Handed
from credit_workflow.service.use_cases.upkeep.holidays import ExportNotice, ImportNotice
from credit_workflow.text import Text

_MAX_BYTES = 1_000_000

_OutFile = Annotated[
    Path | None, option("--out FILE", "把通知写成日历文件", "write the notice as a file of calendars/")
]


commands = Commands()


@commands.command("import")
def _import(
    file: Annotated[str, argument("FILE|-")],
    dry_run: Annotated[bool, option("--dry-run")] = False,
    year: Annotated[int | None, option("--year")] = None,
    amends: Annotated[bool, option("--amends")] = False,
    replace: Annotated[str | None, option("--replace NOTICE")] = None,
    layer: Annotated[str | None, option("--layer ID")] = None,
    extra_days: Annotated[int, option("--extra-days", min=0, max=31)] = 0,
    out: _OutFile = None,
) -> None:
    """Import the State Council's notice as published; check and keep it, and count the deadlines that it touches again (clerk, admin).

    导入国务院办公厅放假通知的原文，核对后入库，并重新计算受影响的期限（规则管理员、账户管理员）。

    Options:
        file: its text; - is standard input
            通知原文；- 为标准输入
        dry_run: list what would move, and change nothing
            只列出将变动的期限，不作改动
        year: the year, where the text does not say it
            原文未写年份时指明
        amends: it changes the notice that the year has
            修改该年已有的通知
        replace: it takes the place of one imported wrongly, such as cn-2027
            替换先前导入有误的通知（如 cn-2027）
        layer: it belongs to a city's layer, such as cn-hangzhou
            属于本市的日历（如 cn-hangzhou）
        extra_days: days that the State Council gives beyond the law
            国务院另行增加的假日天数
    """
    if amends and replace is not None:
        message = Text("--amends 与 --replace 不能同用", "--amends and --replace exclude each other")
        raise UsageFault(message, code="usage")
    request = ImportNotice(
        file=Handed(file, partial(_bytes_of, file)),
        year=year,
        layer=layer,
        amends=amends,
        replaces=replace,
        extra_days=extra_days,
        dry_run=dry_run,
    )
    with (
        _new_file(out) as handle,
        progress(t("重新计算期限", "counting deadlines again"), quiet=settings().json) as advance,
    ):
        done = ask(request, advance)
        handle.write(done.text.encode())
    done = changed(done, file=None if out is None else str(out))
    if not answered(done):
        import_screen.render_import(done)
        if out is not None:
            line(f"已写入 {out}", f"written to {out}")
        sys.stdout.flush()
    if done.failed:
        raise typer.Exit(1)


def _bytes_of(file: str) -> bytes:
    if file == "-":
        raw = sys.stdin.buffer.read(_MAX_BYTES + 1)
    else:
        try:
            with Path(file).open("rb") as handle:
                raw = handle.read(_MAX_BYTES + 1)
        except FileNotFoundError:
            raise NotFound(Text("没有文件 {f}", "there is no file {f}").fill(f=file), code="no_file") from None
        except OSError as fault:
            message = Text("无法读取 {f}：{w}", "{f} can't be read: {w}").fill(f=file, w=fault.strerror or fault)
            raise UsageFault(message, code="no_file") from None
    if len(raw) > _MAX_BYTES:
        raise UsageFault(Text("文件超过 1 MB", "the file is larger than 1 MB"), code="too_large")
    return raw


@contextmanager
def _new_file(out: Path | None) -> Iterator[IO[bytes]]:
    """Make a new file before anything else is done, so that nothing is done where it can't be; a failure takes it back.

    Raises:
        Refused: the file exists, or can't be written.
        NotFound: its folder does not.
    """
    if out is None:
        yield BytesIO()
        return
    not_there(out)
    write_new(out, b"")
    try:
        with out.open("wb") as handle:
            yield handle
    except BaseException:
        out.unlink(missing_ok=True)
        raise


@commands.command("export")
def _export(what: Annotated[str, argument("YEAR|NOTICE")], out: _OutFile = None) -> None:
    """Write a year's notice as a file of calendars/.

    把一年的通知写成日历文件（calendars/cn/年份.yaml）。

    Options:
        what: a year, or an id such as cn-2020-02
            年份，或通知编号如 cn-2020-02
    """
    if out == SCREEN:
        out = None
    found = ask(ExportNotice(what=what))
    with _new_file(out) as handle:
        handle.write(found.text.encode())
    found = changed(found, file=None if out is None else str(out))
    if written(found):
        return
    if out is None:
        sys.stdout.write(found.text)
    else:
        line(f"已写入 {out}", f"written to {out}")
    if found.others:
        more = t(f"该年另有通知：{'、'.join(found.others)}", f"the year has further notices: {', '.join(found.others)}")
        print(more, file=sys.stderr)
