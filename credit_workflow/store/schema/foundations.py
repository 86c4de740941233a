"""Check what all cases stand on: where the logs end, the definitions, the accounts, the triggers.

A part of the proof behind ``audit verify``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

from credit_workflow.casework.journal.rule_entries import Adopted
from credit_workflow.casework.journal.running_entries import KeysChanged, Made
from credit_workflow.errors import IntegrityFault
from credit_workflow.resources import digest_of
from credit_workflow.store.mapping import rows as r
from credit_workflow.store.mapping.chain import genesis, link
from credit_workflow.store.mapping.shape import instant_text
from credit_workflow.store.reading.log_reader import APPEND_ONLY, LOGS
from credit_workflow.store.reading.reader import Reader
from credit_workflow.text import Text


def check(db: Reader) -> None:
    """Hold the logs' heads and the triggers against each other.

    Raises:
        IntegrityFault: something was changed, removed or added; it names the place.
    """
    for name in db.dialect.odd_flags(db.plain):
        raise broken(name, None, Text("有标志既非真也非假", "a flag of it is neither true nor false"))
    for log in LOGS:
        _check_head(db, log)
    for log in {row[0] for row in db.table("log_head")} - set(APPEND_ONLY):
        raise broken(log, None, Text("没有这种日志", "there is no such log"))
    if db.log_head("seal_log")[0] != db.count("seal_log"):
        raise broken("seal_log", None, Text("封存缺失或多出", "a seal is missing, or one too many"))
    found = db.dialect.unguarded(db.plain)
    if found is not None:
        raise broken(found[0], None, found[1])


def broken(name: str, seq: int | None, why: Text) -> IntegrityFault:
    """Return the fault that names one place of the log and what is wrong there."""
    place = name if seq is None else f"{name}#{seq}"
    message = Text(
        "日志校验失败：{p}：{w}。请保全现场并报告",
        "the log does not verify: {p}: {w}; keep everything as it is and report it",
    )
    return IntegrityFault(message.fill(p=place, w=why), code="log_broken", details={"case": name, "seq": seq})


def _check_head(db: Reader, log: str) -> None:
    """No entry of a whole log may be missing, added or moved."""
    head, count = genesis(db.meta["id"], log), 0
    for number, hash_ in db.log_links(log):
        count += 1
        if number != count:
            raise broken(log, count, Text("缺少一条或编号有误", "an entry is missing or wrongly numbered"))
        head = link((head, hash_))
    if db.log_head(log) != (count, head):
        raise broken(log, count, Text("日志末尾与记载不符", "the log does not end where it is said to"))


def check_setup(db: Reader) -> None:
    """What the database says it is must be what its first log entry says.

    Raises:
        IntegrityFault: it is not.
    """
    said = setup(db)
    if {"id": said.id, "kind": said.kind, "created": said.created, "seal_key": said.seal_key} != db.meta:
        raise broken("meta", None, Text("数据库的标识与其日志不符", "what the database says it is, its log does not"))


def setup(db: Reader) -> Made:
    """Return what the database's first log entry says of its making.

    Raises:
        IntegrityFault: there is no such entry.
    """
    lines = list(db.journal.of(Made))
    if not lines:
        raise broken("setup", 1, Text("缺少建库记录", "the entry of the database's making is missing"))
    if len(lines) > 1:
        raise broken("setup", 2, Text("多出一条建库记录", "there is a second entry of the database's making"))
    return lines[0].said


def check_keys(db: Reader) -> None:
    """The data keys must be those that the log names, each with its purpose and master key.

    Raises:
        IntegrityFault: one was changed, is missing, or is one too many.
    """
    first = setup(db)
    master, wanted = first.master, {1: ("look-up", first.created), 2: ("sealing", first.created)}
    for line in db.journal.of(KeysChanged):
        master = line.said.master
        wanted[line.said.data_key] = ("sealing", instant_text(line.at))
    for number, purpose, by, _, made in db.data_key_rows():
        if wanted.pop(number, None) != (purpose, made) or by != master:
            raise broken("data_key", number, Text("数据密钥与日志所记不符", "the data key is not what the log says"))
    if wanted:
        raise broken("data_key", min(wanted), Text("数据密钥缺失", "the data key is missing"))


def check_definitions(db: Reader) -> None:
    """Every definition must be the one that the log says was adopted, to the letter.

    Raises:
        IntegrityFault: one was changed, is missing, or is one too many.
    """
    adopted = {(line.said.workflow, line.said.version): line.said.digest for line in db.journal.of(Adopted)}
    for digest, workflow, version, body in db.table("definition").fetchall():
        name = f"{workflow} {version}"
        if adopted.pop((workflow, version), None) != digest or digest_of([body.encode()]) != digest:
            message = Text("流程定义与日志所记不符", "the definition is not the one that the log names")
            raise broken(name, None, message)
    if adopted:
        workflow, version = min(adopted)
        raise broken(f"{workflow} {version}", None, Text("流程定义缺失", "the definition is missing"))


def check_roots(db: Reader) -> Collection[str]:
    """Every case must stand under the case at the top of its links.

    Returns:
        The numbers of all cases.

    Raises:
        IntegrityFault: one does not.
    """
    rows = {number: (root, parent) for number, root, parent in db.roots()}
    for number, (root, parent) in rows.items():
        top, above = number, parent
        while above is not None and above in rows and above != number:
            top, above = above, rows[above][1]
        if root != top or above is not None:
            raise broken(number, None, Text("关联案件记载有误", "it is not linked as its parents are"))
    return rows.keys()


def check_numbers(db: Reader, stored: Collection[str]) -> None:
    """No number may be missing, and none given out that no case has.

    Raises:
        IntegrityFault: a case is missing, or the series of numbers was changed.
    """
    # By the number's year: the day of a filing can be put right, or be typed in, in the year after.
    counted = Counter((workflow, int(number.split("-")[1])) for number, workflow in db.case_numbers())
    series = {(workflow, year): last for workflow, year, last in db.cases.series()}
    for (workflow, year), last in series.items():
        rules = [known for known in db.rules.values() if known.id == workflow]
        for serial in range(1, last + 1):
            candidates = {known.workflow.number_for(year, serial) for known in rules}
            if not any(number in stored for number in candidates):  # isdisjoint would go through all of them
                number = min(candidates, default=f"{workflow} {year} {serial}")
                raise broken(number, None, Text("编号中断，案件缺失", "a gap in the numbers: the case is missing"))
    if dict(counted) != series:
        workflow, year = min(key for key in {*counted, *series} if counted[key] != series.get(key))
        message = Text("{y} 年的编号序列与案件不符", "the series of numbers of {y} is not that of the cases")
        raise broken(workflow, None, message.fill(y=year))


def check_accounts(db: Reader) -> None:
    """Every account must stand as its making, or the last entry of its case, says.

    Raises:
        IntegrityFault: one does not, is missing, or is one too many.
    """
    first = setup(db)
    wanted: dict[str, tuple[Any, ...]] = {
        name: (name, one.unit, ",".join(one.roles), "active", first.created, None)
        for name, one in first.accounts.items()
    }
    for entry in db.account_entries():
        row = r.account_row(entry)
        made = wanted[row[0]][4] if row[0] in wanted else row[4]
        wanted[row[0]] = (*row[:4], made, row[5])
    for row in db.table("account").fetchall():
        if wanted.pop(row[0], None) != row:
            raise broken(row[0], None, Text("账户与日志所记不符", "the account is not what the log says"))
    if wanted:
        raise broken(min(wanted), None, Text("账户缺失", "the account is missing"))
