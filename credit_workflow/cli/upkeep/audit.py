"""``audit``: is the log whole, also against what was kept elsewhere?"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import replace

from credit_workflow.cli import completion
from credit_workflow.cli.base import Command, new_app
from credit_workflow.cli.context import ask, settings
from credit_workflow.cli.files import not_there, write_new
from credit_workflow.cli.given import word
from credit_workflow.cli.language import both, t
from credit_workflow.cli.options import FromDay, Purpose, ToDay, day_option
from credit_workflow.cli.output import answered, progress, written
from credit_workflow.service.files import Handed, content, handed_in
from credit_workflow.service.use_cases.upkeep.audit import (
    CheckProof,
    ExportSeals,
    ProveCase,
    ReadLog,
    SealLog,
    VerifyLog,
)

_File = Annotated[Path, typer.Argument(metavar="FILE", help=both("文件", "the file"))]
_Key = Annotated[
    Path | None,
    typer.Option(
        "--key", metavar="FILE", help=both("另处所存的公钥（PEM 或导出文件）", "the public key kept elsewhere")
    ),
]


def branches() -> dict[str, typer.Typer]:
    """Return this module's branches of the tree of commands."""
    app = new_app(t("审计。", "Audit."))
    commands = (
        ("verify", _verify, t("校验全部日志与封存，并与案件、期限、标注、信用记录、账户核对。", "Verify all logs and seals, and hold cases, deadlines, marks, records and accounts against them.")),
        ("seal", _seal, t("封存上次封存以来的全部日志（审计员、账户管理员）。", "Seal the log since the last seal (auditor, admin).")),
        ("export", _export, t("导出封存与公钥，另处保存。", "Write seals and public key into a file to keep elsewhere.")),
        ("show", _show, t("查阅日志：按人、信息主体、信用记录、期间（审计员；证件号隐去）。", "Read the log by account, person, record and period (auditor; ID numbers masked).")),
        ("prove", _prove, t("导出一个案件的日志证明，可离开数据库核验。", "Write a proof of one case's entries, which needs no database.")),
        ("check", _check_proof, t("核验日志证明，不需要数据库。", "Verify such a proof; no database is needed.")),
    )  # fmt: skip
    for name, function, text in commands:
        app.command(name, cls=Command, help=text)(function)
    return {"audit": app}


def _verify(
    seals: Annotated[
        Path | None,
        typer.Option("--seals", metavar="FILE", help=t("另处所存的封存（audit export）", "seals kept elsewhere")),
    ] = None,
    key: _Key = None,
) -> None:
    request = VerifyLog(seals=handed_in(seals), key=handed_in(key))
    with progress(t("校验", "verifying"), quiet=settings().json) as advance:
        found = ask(request, advance)
    if answered(found):
        return
    print(
        t(
            f"日志完整：{found.events} 条案件日志，{found.cases} 件案件，{found.records} 条信用记录，"
            f"{found.journal} 条其他日志，{found.seals} 次封存，均相符。",
            f"The log is whole: {found.events} case entries, {found.cases} cases, {found.records} records, "
            f"{found.journal} other entries and {found.seals} seals agree.",
        )
    )


def _seal() -> None:
    found = ask(SealLog())
    if answered(found):
        return
    if found.sealed:
        print(
            t(
                f"第 {found.seal} 号封存：{found.size} 条日志，根 {found.root}",
                f"seal {found.seal}: {found.size} entries, root {found.root}",
            )
        )
        return
    print(t(f"第 {found.seal} 号封存以来没有新日志。", f"nothing was added to the log since seal {found.seal}."))


def _export(file: _File) -> None:
    found = ask(ExportSeals())
    write_new(file, found.content)
    if answered(replace(found, file=str(file))):
        return
    print(
        t(
            f"已将 {found.seals} 次封存与公钥写入 {file}，请另处保存。",
            f"wrote {found.seals} seals and the public key to {file}: keep it elsewhere.",
        )
    )


def _show(
    account: Annotated[
        str | None, typer.Option("--account", metavar="NAME", help=t("经办账户", "by this account"))
    ] = None,
    subject: Annotated[
        str | None, typer.Option("--subject", metavar="ID", help=t("信息主体证件号", "about this person"))
    ] = None,
    record: Annotated[
        str | None, typer.Option("--record", metavar="NO", help=t("信用记录", "about this record"))
    ] = None,
    first: FromDay = None,
    last: ToDay = None,
    purpose: Purpose = "",
) -> None:
    found = ask(
        ReadLog(
            account=account,
            subject=subject and word(subject),
            record=record,
            first=day_option("--from", first),
            last=day_option("--to", last),
            purpose=purpose,
        )
    )
    if answered(found):
        return
    for entry in found.entries:
        print(f"{entry.at:%Y-%m-%d %H:%M}  {entry.log}#{entry.seq}  {entry.actor}  {entry.action}")
    print(t(f"共 {len(found.entries)} 条", f"{len(found.entries)} entries"))


def _prove(
    case: Annotated[
        str, typer.Argument(metavar="CASE", help=t("案件编号", "the case's number"), autocompletion=completion.cases)
    ],
    file: _File,
    full: Annotated[
        bool,
        typer.Option("--full", help=t("连同个人信息（须说明用途）", "with the personal data in it (needs a purpose)")),
    ] = False,
    purpose: Purpose = "",
) -> None:
    not_there(file)
    found = ask(ProveCase(case=case, full=full, purpose=purpose))
    write_new(file, found.content)
    if answered(replace(found, file=str(file))):
        return
    print(
        t(
            f"已将 {case} 的 {found.entries} 条日志的证明写入 {file}（未封存 {found.unsealed} 条）。",
            f"wrote the proof of {found.entries} entries of {case} to {file} ({found.unsealed} not sealed yet).",
        )
    )


def _check_proof(file: _File, key: _Key = None) -> None:
    found = ask(CheckProof(proof=Handed(str(file), partial(content, file)), key=handed_in(key)))
    if written(found):
        return
    print(
        t(
            f"{found.case} 的 {found.entries} 条日志均由封存证明。",
            f"all {found.entries} entries of {found.case} are proved by seals.",
        )
    )
