"""Cases brought to where papers come of them, by the real command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from credit_workflow.papers.reading import Page, read_page, seen_text
from tests.acceptance.conftest import Office

ID = "330106199003070014"


def submitted(office: Office, record: str = "R-1", day: str = "2026-03-02", **values: str) -> str:
    given = [word for name, value in {"reason": "查无此事", **values}.items() for word in ("--set", f"{name}={value}")]
    answer = office.ok(f"objection submit --record {record}", *given, at=day)
    case: str = answer["case"]
    return case


def accepted(office: Office, record: str = "R-1", day: str = "2026-03-02") -> str:
    case = submitted(office, record, day)
    office.ok(f"objection accept {case} --all-materials", at=day)
    return case


def with_centre(office: Office, case: str, day: str = "2026-03-03") -> str:
    office.ok(f"objection transfer {case}", at=day)
    office.ok(f"objection receive {case}", who="center1", at=day)
    return case


def corrected(office: Office, record: str = "R-1") -> str:
    """An objection whose record was corrected, the applicant notified on 6 March."""
    case = with_centre(office, accepted(office, record))
    office.ok(
        f"objection report {case} --set outcome=corrected --set", 'correction={"content": "无欠税", "title": "结清"}',
        "--set", "explanation=提供部门已更正", who="center1", at="2026-03-05",
    )  # fmt: skip
    office.ok(f"objection approve {case}", who="authority1", at="2026-03-06")
    office.ok(f"objection notify {case} --set channel=电话", at="2026-03-06")
    return case


def printed(office: Office, case: str, kind: str, name: str = "", who: str = "window1", at: str = "2026-03-06") -> Path:
    file = office.folder / (name or f"{kind}.html")
    office.ok(f"paper print {case} {kind} --to {file}", who=who, at=at)
    return file


def said(file: Path) -> str:
    return "".join(seen_text(file.read_text(encoding="utf-8")))


def kinds(office: Office, case: str, at: str = "2026-03-06") -> dict[str, dict[str, Any]]:
    return {paper["kind"]: paper for paper in office.ok(f"paper list {case}", at=at)["papers"]}


def page_of(file: Path) -> Page:
    """What a printed page carries."""
    return read_page(file.name, file.read_bytes())
