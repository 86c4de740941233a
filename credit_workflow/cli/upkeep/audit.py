"""``audit``: is the log whole, also against what was kept elsewhere?"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from credit_workflow.calendar.dates import read_date
from credit_workflow.casework.access.permissions import require
from credit_workflow.casework.audit import entries
from credit_workflow.casework.audit.entries import Query
from credit_workflow.cli import completion
from credit_workflow.cli.base import Command, new_app
from credit_workflow.cli.context import settings
from credit_workflow.cli.given import word
from credit_workflow.cli.language import t
from credit_workflow.cli.options import FromDay, Purpose, ToDay
from credit_workflow.cli.output import emit, progress, training_line
from credit_workflow.engine.world import Moment
from credit_workflow.errors import NotFound, Refused, UsageFault
from credit_workflow.text import Text

_File = Annotated[Path, typer.Argument(metavar="FILE", help=t("文件", "the file"))]
_Key = Annotated[
    Path | None,
    typer.Option("--key", metavar="FILE", help=t("另处所存的公钥（PEM 或导出文件）", "the public key kept elsewhere")),
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
    from credit_workflow.store.integrity import seals as sealing  # noqa: PLC0415 - cryptography starts slowly
    from credit_workflow.store.integrity.verification import verify  # noqa: PLC0415

    chosen = settings()
    kept = None if seals is None else sealing.read_export(seals)
    pem = None if key is None else sealing.read_public_key(key)
    with chosen.database.reading() as db, progress(t("校验", "verifying"), quiet=chosen.json) as advance:
        found = verify(db, advance, url=chosen.database.url)
        counts: dict[str, int] = {**found, "seals": sealing.verify_seals(db, kept, pem)}
        training = db.training
    if chosen.json:
        emit({"ok": True, **counts})
        return
    training_line(training=training)
    said = {
        "zh": "日志完整：{events} 条案件日志，{cases} 件案件，{records} 条信用记录，{journal} 条其他日志，{seals} 次封存，均相符。",
        "en": "The log is whole: {events} case entries, {cases} cases, {records} records, {journal} other entries and {seals} seals agree.",
    }
    print(t(said["zh"], said["en"]).format(**counts))


def _seal() -> None:
    from credit_workflow.store.integrity.seals import add_seal  # noqa: PLC0415 - as above

    moment = _allowed()
    with settings().database.writing() as db:
        seal, new = add_seal(db, moment.at)
    if settings().json:
        emit({"seal": seal.seq, "sealed": new, "size": seal.size, "root": seal.root, "hash": seal.hash})
        return
    if new:
        print(
            t(
                f"第 {seal.seq} 号封存：{seal.size} 条日志，根 {seal.root}",
                f"seal {seal.seq}: {seal.size} entries, root {seal.root}",
            )
        )
        return
    print(t(f"第 {seal.seq} 号封存以来没有新日志。", f"nothing was added to the log since seal {seal.seq}."))


def _export(file: _File) -> None:
    from credit_workflow.store.crypto import keys  # noqa: PLC0415 - as above
    from credit_workflow.store.integrity import seals as sealing  # noqa: PLC0415

    _allowed()
    with settings().database.reading() as db:
        document = sealing.export(db)
    _write(file, sealing.as_json(document))
    answer = {
        "file": str(file),
        "seals": len(document.seals),
        "key_file": str(keys.public_file(settings().keys, document.database)),
    }
    _said(
        answer,
        t(
            f"已将 {len(document.seals)} 次封存与公钥写入 {file}，请另处保存。",
            f"wrote {len(document.seals)} seals and the public key to {file}: keep it elsewhere.",
        ),
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
    chosen = settings()
    with chosen.database.reading() as db:
        session = chosen.session(chosen.actor(db), chosen.moment(db))
    query = Query(
        account=account,
        subject=subject and word(subject),
        record=record,
        first=day_option("--from", first),
        last=day_option("--to", last),
    )
    found = entries.show(session, query, purpose=purpose)
    if chosen.json:
        emit({"entries": found})
        return
    for entry in found:
        print(
            f"{entry['at'][:16].replace('T', ' ')}  {entry['log']}#{entry['seq']}  {entry['actor']}  {entry['action']}"
        )
    print(t(f"共 {len(found)} 条", f"{len(found)} entries"))


def day_option(option: str, text: str | None) -> date | None:
    """Return the day that an option gives, or None.

    Raises:
        UsageFault: it is no date.
    """
    day = None if text is None else read_date(text)
    if text is not None and day is None:
        message = Text("{o} 应为日期，如 2026-03-02", "{o} must be a date such as 2026-03-02").fill(o=option)
        raise UsageFault(message, code="date")
    return day


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
    from credit_workflow.store.integrity import seals as sealing  # noqa: PLC0415 - as above

    _allowed()
    chosen = settings()
    with chosen.database.reading() as db:
        session = chosen.session(chosen.actor(db), chosen.moment(db))
        if db.version(case) is None:
            raise NotFound(Text("没有案件 {n}", "there is no case {n}").fill(n=case), code="no_case")
    entries.log_taken(session, case, "proof", purpose=purpose, full=full)
    with chosen.database.reading() as db:
        proof = sealing.proof_of(db, case, full=full)
    _write(file, sealing.as_json(proof))
    answer = {"file": str(file), "case": case, "entries": len(proof.entries), "unsealed": proof.unsealed}
    _said(
        answer,
        t(
            f"已将 {case} 的 {len(proof.entries)} 条日志的证明写入 {file}（未封存 {proof.unsealed} 条）。",
            f"wrote the proof of {len(proof.entries)} entries of {case} to {file} ({proof.unsealed} not sealed yet).",
        ),
    )


def _check_proof(file: _File, key: _Key = None) -> None:
    from credit_workflow.store.integrity import seals as sealing  # noqa: PLC0415 - as above

    proof = sealing.read_proof(file)
    sealing.check_proof(proof, None if key is None else sealing.read_public_key(key))
    answer: dict[str, Any] = {
        "ok": True,
        "case": proof.case,
        "entries": len(proof.entries),
        "unsealed": proof.unsealed,
        "says": sealing.said(proof),
    }
    _said(
        answer,
        t(
            f"{proof.case} 的 {len(proof.entries)} 条日志均由封存证明。",
            f"all {len(proof.entries)} entries of {proof.case} are proved by seals.",
        ),
    )


def _allowed() -> Moment:
    """Return the moment for somebody who may seal.

    Raises:
        NotAllowed: the account is neither auditor nor admin.
    """
    chosen = settings()
    with chosen.database.reading() as db:
        actor, moment = chosen.actor(db), chosen.moment(db)
    require(chosen.definitions, actor, "seal")
    return moment


def _write(file: Path, content: bytes) -> None:
    try:
        with file.open("xb") as handle:
            handle.write(content)
    except FileExistsError:
        message = Text("{f} 已存在，没有改动它", "{f} exists already and was left as it is").fill(f=file)
        raise Refused(message, code="exists") from None


def _said(document: dict[str, Any], text: str) -> None:
    if settings().json:
        emit(document)
        return
    print(text)
