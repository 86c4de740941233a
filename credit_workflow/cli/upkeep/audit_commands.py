"""``audit``: is the log whole, also against what was kept elsewhere?"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

from msgspec import UNSET
from msgspec.structs import replace

from credit_workflow.cli.base import Branch
from credit_workflow.cli.context import ask, settings
from credit_workflow.cli.given_values import word
from credit_workflow.cli.new_files import not_there, write_new
from credit_workflow.cli.options import CaseNumber, FromDay, Purpose, ToDay, argument, option
from credit_workflow.cli.output import answered, line, tell, tell_marked, watched
from credit_workflow.service.files import Handed, content, handed_in
from credit_workflow.service.use_cases.upkeep.audit import (
    CheckProof,
    ExportSeals,
    ProveCase,
    ReadLog,
    SealLog,
    VerifyLog,
)

_File = Annotated[Path, argument("FILE", "文件", "the file")]
_Key = Annotated[Path | None, option("--key FILE", "另处所存的公钥（PEM 或导出文件）", "the public key kept elsewhere")]


audit = Branch("审计。", "Audit.")


@audit.command("verify")
def _verify(seals: Annotated[Path | None, option("--seals FILE")] = None, key: _Key = None) -> None:
    """Verify all logs and seals, and hold cases, deadlines, marks, records and accounts against them.

    校验全部日志与封存，并与案件、期限、标注、信用记录、账户核对。

    Options:
        seals: seals kept elsewhere
            另处所存的封存（audit export）
    """
    found = watched("校验", "verifying", VerifyLog(seals=handed_in(seals), key=handed_in(key)))
    tell_marked(
        found,
        f"日志完整：{found.events} 条案件日志，{found.cases} 件案件，{found.records} 条信用记录，"
        f"{found.journal} 条其他日志，{found.seals} 次封存，均相符。",
        f"The log is whole: {found.events} case entries, {found.cases} cases, {found.records} records, "
        f"{found.journal} other entries and {found.seals} seals agree.",
    )
    for one in () if found.clock is UNSET or settings().json else found.clock:
        line(
            f"其中 {one.entries} 条记录的时间有误（{one.true:%Y-%m-%d %H:%M} 至 {one.newest:%Y-%m-%d %H:%M}），"
            f"由 {one.asked_by} 提出、{one.agreed_by} 确认；先后以序号为准。",
            f"{one.entries} of the entries bear false instants ({one.true:%Y-%m-%d %H:%M} to"
            f" {one.newest:%Y-%m-%d %H:%M}), as {one.asked_by} said and {one.agreed_by} agreed; their order is their"
            " sequence.",
        )


@audit.command("seal")
def _seal() -> None:
    """Seal the log since the last seal (auditor, admin).

    封存上次封存以来的全部日志（审计员、账户管理员）。
    """
    found = ask(SealLog())
    n = found.seal
    said = f"第 {n} 号封存以来没有新日志。", f"nothing was added to the log since seal {n}."
    if found.sealed:
        size, root = found.size, found.root
        said = f"第 {n} 号封存：{size} 条日志，根 {root}", f"seal {n}: {size} entries, root {root}"
    tell_marked(found, *said)


@audit.command("export")
def _export(file: _File) -> None:
    """Write seals and public key into a file to keep elsewhere.

    导出封存与公钥，另处保存。
    """
    found = ask(ExportSeals())
    write_new(file, found.content)
    tell_marked(
        replace(found, file=str(file)),
        f"已将 {found.seals} 次封存与公钥写入 {file}，请另处保存。",
        f"wrote {found.seals} seals and the public key to {file}: keep it elsewhere.",
    )


@audit.command("show")
def _show(
    account: Annotated[str | None, option("--account NAME")] = None,
    subject: Annotated[str | None, option("--subject ID")] = None,
    record: Annotated[str | None, option("--record NO")] = None,
    first: FromDay = None,
    last: ToDay = None,
    purpose: Purpose = "",
) -> None:
    """Read the log by account, person, record and period (auditor; ID numbers masked).

    查阅日志：按人、信息主体、信用记录、期间（审计员；证件号隐去）。

    Options:
        account: by this account
            经办账户
        subject: about this person
            信息主体证件号
        record: about this record
            信用记录
    """
    person = subject and word(subject)
    found = ask(ReadLog(account=account, subject=person, record=record, first=first, last=last, purpose=purpose))
    if answered(found):
        return
    for entry in found.entries:
        print(f"{entry.at:%Y-%m-%d %H:%M}  {entry.log}#{entry.seq}  {entry.actor}  {entry.action}")
    line(f"共 {len(found.entries)} 条", f"{len(found.entries)} entries")


@audit.command("prove")
def _prove(
    case: CaseNumber, file: _File, full: Annotated[bool, option("--full")] = False, purpose: Purpose = ""
) -> None:
    """Write a proof of one case's entries, which needs no database.

    导出一个案件的日志证明，可离开数据库核验。

    Options:
        full: with the personal data in it (needs a purpose)
            连同个人信息（须说明用途）
    """
    not_there(file)
    found = ask(ProveCase(case=case, full=full, purpose=purpose))
    write_new(file, found.content)
    tell_marked(
        replace(found, file=str(file)),
        f"已将 {case} 的 {found.entries} 条日志的证明写入 {file}（未封存 {found.unsealed} 条）。",
        f"wrote the proof of {found.entries} entries of {case} to {file} ({found.unsealed} not sealed yet).",
    )


@audit.command("check")
def _check_proof(file: _File, key: _Key = None) -> None:
    """Verify such a proof; no database is needed.

    核验日志证明，不需要数据库。
    """
    found = ask(CheckProof(proof=Handed(str(file), partial(content, file)), key=handed_in(key)))
    tell(
        found,
        f"{found.case} 的 {found.entries} 条日志均由封存证明。",
        f"all {found.entries} entries of {found.case} are proved by seals.",
    )
