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

from credit_workflow.cli.base import Command
from credit_workflow.cli.context import ask, settings
from credit_workflow.cli.language import both, t
from credit_workflow.cli.output import SCREEN, answered, progress, written
from credit_workflow.errors import NotFound, UsageFault
from credit_workflow.service.files import Handed
from credit_workflow.service.use_cases.upkeep.holidays import ExportNotice, ImportNotice
from credit_workflow.text import Text

_MAX_BYTES = 1_000_000

_OutFile = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help=both("把通知写成日历文件", "write the notice as a file of calendars/")),
]


def add_to(app: typer.Typer) -> None:
    """Add the commands to the group ``calendar``."""
    app.command(
        "import",
        cls=Command,
        help=t(
            "导入国务院办公厅放假通知的原文，核对后入库，并重新计算受影响的期限（规则管理员、账户管理员）。",
            "Import the State Council's notice as published; check and keep it, and count the deadlines that it"
            " touches again (clerk, admin).",
        ),
    )(_import)
    app.command(
        "export",
        cls=Command,
        help=t(
            "把一年的通知写成日历文件（calendars/cn/年份.yaml）。", "Write a year's notice as a file of calendars/."
        ),
    )(_export)


def _import(
    file: Annotated[
        str, typer.Argument(metavar="FILE|-", help=t("通知原文；- 为标准输入", "its text; - is standard input"))
    ],
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help=t("只列出将变动的期限，不作改动", "list what would move, and change nothing")),
    ] = False,
    year: Annotated[
        int | None, typer.Option("--year", help=t("原文未写年份时指明", "the year, where the text does not say it"))
    ] = None,
    amends: Annotated[
        bool, typer.Option("--amends", help=t("修改该年已有的通知", "it changes the notice that the year has"))
    ] = False,
    replace: Annotated[
        str | None,
        typer.Option(
            "--replace",
            metavar="NOTICE",
            help=t(
                "替换先前导入有误的通知（如 cn-2027）", "it takes the place of one imported wrongly, such as cn-2027"
            ),
        ),
    ] = None,
    layer: Annotated[
        str | None,
        typer.Option(
            "--layer",
            metavar="ID",
            help=t("属于本市的日历（如 cn-hangzhou）", "it belongs to a city's layer, such as cn-hangzhou"),
        ),
    ] = None,
    extra_days: Annotated[
        int,
        typer.Option(
            "--extra-days",
            min=0,
            max=31,
            help=t("国务院另行增加的假日天数", "days that the State Council gives beyond the law"),
        ),
    ] = 0,
    out: _OutFile = None,
) -> None:
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
        from credit_workflow.cli.screens.import_screen import render_import  # noqa: PLC0415 - Rich is not needed for JSON

        render_import(done)
        if out is not None:
            print(t(f"已写入 {out}", f"written to {out}"))
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
    from credit_workflow.cli.files import not_there, write_new  # noqa: PLC0415 - seldom asked for

    not_there(out)
    write_new(out, b"")
    try:
        with out.open("wb") as handle:
            yield handle
    except BaseException:
        out.unlink(missing_ok=True)
        raise


def _export(
    what: Annotated[
        str,
        typer.Argument(
            metavar="YEAR|NOTICE", help=t("年份，或通知编号如 cn-2020-02", "a year, or an id such as cn-2020-02")
        ),
    ],
    out: _OutFile = None,
) -> None:
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
        print(t(f"已写入 {out}", f"written to {out}"))
    if found.others:
        more = t(f"该年另有通知：{'、'.join(found.others)}", f"the year has further notices: {', '.join(found.others)}")
        print(more, file=sys.stderr)
