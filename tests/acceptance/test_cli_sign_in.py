"""Production databases: nothing but an account and a password."""

from __future__ import annotations

import io
import os
import stat
import sys
from contextlib import closing
from typing import Any
from unittest import mock

import pytest

from tests import where
from tests.acceptance.conftest import Answer, Command
from tests.integration.helpers import write_records

ADMIN, SECOND, FIRST, THIRD = (
    "correct-horse-7-battery",
    "tempus-fugit-per-noctem",
    "venit-hora-matutina-9",
    "lapis-niger-3-fenestra",
)


@pytest.fixture
def city(command: Command, databases: None) -> Command:  # noqa: ARG001 - it must be there first
    """A production database with its first administrator."""
    command.environment["CREDIT_WORKFLOW_STATE"] = str(command.folder / "state")
    command.environment["CREDIT_WORKFLOW_KEYS"] = str(command.folder / "keys")
    made = typed(command, ADMIN, "init --admin root1 --password-stdin")
    assert made.code == 0, made.err
    assert made.json["accounts"] == ["root1"]
    return command


def typed(command: Command, text: str, line: str, *more: str) -> Answer:
    """Run a command with a text on its standard input."""
    with mock.patch.object(sys, "stdin", io.StringIO(text + "\n")):
        return command(line, *more)


def sign_in(city: Command, name: str, password: str) -> None:
    answer = typed(city, password, f"login {name} --password-stdin")
    assert answer.code == 0, answer.err


def member(city: Command, name: str, roles: str, unit: str = "hall") -> None:
    """Have an account activated by the administrator, and its first password changed."""
    sign_in(city, "root1", ADMIN)
    for line in (
        f"account apply {name} --set unit={unit} --set roles={roles}", f"account train {name} --set training=2026",
        f"account activate {name} --set agreement_signed=true",
    ):  # fmt: skip
        answer = city(line)
        assert answer.code == 0, answer.err
    assert typed(city, FIRST, f"account reset_password {name} --password-stdin").code == 0
    sign_in(city, name, FIRST)
    assert typed(city, f"{FIRST}\n{SECOND}", "passwd --password-stdin").code == 0
    sign_in(city, name, SECOND)


def test_nobody_is_signed_in_to_begin_with_and_nothing_has_a_default(city: Command) -> None:
    for line in ("todo", "whoami", "case list", "record show R-1", "account list", "overdue"):
        answer = city(line)
        assert answer.code == 6, line
        assert answer.error["code"] == "not_signed_in"
    for password in ("admin", "password", "root1", ""):
        assert typed(city, password, "login root1 --password-stdin").code in (2, 6)


def test_acting_for_others_and_at_other_times_is_refused(city: Command) -> None:
    sign_in(city, "root1", ADMIN)
    for who, at in (("root1", ""), ("window1", ""), ("", "2026-03-02")):
        answer = city("whoami" if who else "case list", who=who, at=at)
        assert answer.code == 6
        assert answer.error["code"] == "production_database"


def test_an_operator_works_with_an_account_and_a_password(city: Command) -> None:
    member(city, "zhou", "center", "credit-centre")
    file = write_records(city.folder / "r.csv", 1)
    assert city("record import", str(file)).json["imported"] == 1
    member(city, "wang.li", "window")
    assert city("whoami").json == {"account": "wang.li", "roles": ["window"], "unit": "hall", "person": None}
    case = city("objection submit --record R-1 --set reason=有误 --all-materials").json
    assert case["state"] == "submitted"
    assert city(f"objection accept {case['case']} --all-materials").json["state"] == "accepted"
    assert [c["case"] for c in city("todo").json["cases"]] == [case["case"]]
    assert [c["case"] for c in city("todo --unit hall").json["cases"]] == [case["case"]]
    assert city("todo --unit elsewhere").json["cases"] == []
    assert city("audit verify").json["ok"] is True
    assert city("logout").json == {"signed_out": True}
    assert city("todo").code == 6


def test_an_account_is_trained_and_signed_for_before_it_is_active(city: Command) -> None:
    sign_in(city, "root1", ADMIN)
    assert city("account apply li --set unit=hall --set roles=window").code == 0
    assert city("account activate li").code == 3
    assert city("account train li --set training=2026").code == 0
    refused = city("account activate li")
    assert refused.code == 3
    assert refused.error["source"] == "附件3·三(二)"
    assert city("account apply li --set unit=hall --set roles=window").error["code"] == "account_exists"
    assert typed(city, FIRST, "account reset_password li --password-stdin").code == 3


def test_none_is_no_training(city: Command) -> None:
    sign_in(city, "root1", ADMIN)
    assert city("account apply li --set unit=hall --set roles=window --set permanent_staff=true").code == 0
    for none in ("无", "没有。", "未参加培训", "none", "N/A", "-"):
        refused = city(f"account train li --set training={none}")
        assert refused.code == 3, none
        assert [ground["code"] for ground in refused.error["details"]["grounds"]] == ["said_what"]
    assert city("account train li --set training=x --set trained_on=2099-01-01").code == 3
    assert city("account activate li").code == 3
    assert city("account train li --set training=无锡培训").json["fields"]["trained_on"] is not None
    assert city("account activate li").json["state"] == "active"


@pytest.mark.slow
def test_an_administrator_decides_no_case_and_holds_no_other_role(city: Command) -> None:
    sign_in(city, "root1", ADMIN)
    assert city("account apply li --set unit=hall --set roles=admin,window").code == 3
    member(city, "zhou", "center")
    assert city("record import", str(write_records(city.folder / "r.csv", 1))).code == 0
    sign_in(city, "root1", ADMIN)
    assert city("objection submit --record R-1 --set reason=有误 --all-materials").code == 6
    member(city, "wang", "window")
    assert city("account apply other --set unit=hall --set roles=window").code == 6


def test_a_suspended_or_closed_account_is_out_at_once(city: Command) -> None:
    member(city, "wang", "window")
    token = city.folder / "state"
    mine = {p.name: p.read_bytes() for p in token.rglob("*") if p.is_file()}
    sign_in(city, "root1", ADMIN)
    assert city("account suspend wang --set reason=调离").json["state"] == "suspended"
    for name, content in mine.items():
        (token / "sessions" / name).write_bytes(content)
    assert city("todo").code == 6
    assert typed(city, SECOND, "login wang --password-stdin").error["code"] == "sign_in"
    sign_in(city, "root1", ADMIN)
    assert city("account close wang").code == 3  # not before the work is handed over
    assert city("account hand_over wang --set handed_to=li").code == 0
    assert city("account close wang").json["final"] is True


def test_whoever_has_handed_over_or_left_signs_in_no_more(city: Command) -> None:
    member(city, "wang", "window")
    for line, status in (("account hand_over wang --set handed_to=li", "suspended"), ("account close wang", "closed")):
        sign_in(city, "root1", ADMIN)
        assert city(line).code == 0
        assert {one["account"]: one["status"] for one in city("account list").json["accounts"]}["wang"] == status
        assert typed(city, SECOND, "login wang --password-stdin").error["code"] == "sign_in"


@pytest.mark.parametrize("password", ["short", "password123", "root1root1root1", "aaaaaaaaaaaaaa", "x" * 200])
def test_weak_passwords_are_refused(city: Command, password: str) -> None:
    sign_in(city, "root1", ADMIN)
    answer = typed(city, f"{ADMIN}\n{password}", "passwd --password-stdin")
    assert answer.code == 3
    assert answer.error["code"] == "weak_password"
    assert password not in answer.err


@pytest.mark.slow
def test_none_of_the_last_five_passwords_is_taken_again(city: Command) -> None:
    present, used = ADMIN, [ADMIN]
    for n in range(5):
        sign_in(city, "root1", present)
        assert typed(city, f"{present}\n{used[0]}", "passwd --password-stdin").error["code"] == "used_password"
        new = f"{THIRD}-{n}-{n * 7}"
        assert typed(city, f"{present}\n{new}", "passwd --password-stdin").code == 0
        present = new
        used.append(new)
    sign_in(city, "root1", present)
    assert typed(city, f"{present}\n{used[0]}", "passwd --password-stdin").code == 0


def test_after_five_failures_the_right_password_is_refused_in_the_same_words(city: Command) -> None:
    said = {typed(city, "wrong-word", "login nobody --password-stdin").err}
    for _ in range(5):
        said.add(typed(city, "wrong-word", "login root1 --password-stdin").err)
    said.add(typed(city, ADMIN, "login root1 --password-stdin").err)
    assert len(said) == 1
    rows = kept(city, "SELECT failures, locked_until FROM credential")
    assert rows[0][0] == 5
    assert rows[0][1] is not None
    failures = kept(city, "SELECT data FROM journal_log WHERE stream = 'sign-in'")
    assert len(failures) == 7


def test_a_changed_password_ends_every_session(city: Command) -> None:
    sign_in(city, "root1", ADMIN)
    files = {p: p.read_bytes() for p in (city.folder / "state").rglob("*") if p.is_file()}
    assert typed(city, f"{ADMIN}\n{SECOND}", "passwd --password-stdin").code == 0
    for file, content in files.items():
        file.write_bytes(content)
    assert city("whoami").code == 6
    assert typed(city, ADMIN, "login root1 --password-stdin").code == 6
    sign_in(city, "root1", SECOND)


def test_tokens_and_passwords_are_kept_nowhere_as_they_are(city: Command) -> None:
    sign_in(city, "root1", ADMIN)
    (file,) = [p for p in (city.folder / "state").rglob("*") if p.is_file()]
    if os.name != "nt":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    content = where.everything(city.database)
    assert file.read_bytes() not in content
    assert ADMIN.encode() not in content
    assert kept(city, "SELECT password FROM credential")[0][0].startswith("$argon2id$")


def test_a_session_is_bound_to_its_database(city: Command) -> None:
    sign_in(city, "root1", ADMIN)
    city.environment["CREDIT_WORKFLOW_DB"] = where.owner(city.folder / "other.db")
    assert typed(city, ADMIN, "init --admin root1 --password-stdin").code == 0
    assert city("whoami").code == 6


@pytest.mark.usefixtures("databases")
def test_init_asks_for_a_name_and_a_strong_password_and_leaves_nothing_behind(command: Command) -> None:
    assert command("init").error["code"] == "missing_values"
    assert typed(command, "password", "init --admin root1 --password-stdin").error["code"] == "weak_password"
    assert typed(command, ADMIN, "init --admin R! --password-stdin").error["code"] == "account_name"
    assert typed(command, ADMIN, "init --training --admin root1 --password-stdin").code == 2
    assert [p.name for p in command.folder.iterdir()] == []


def test_a_training_database_needs_no_signing_in(service: Command) -> None:
    for line in ("login window1 --password-stdin", "passwd --password-stdin"):
        assert typed(service, ADMIN, line).error["code"] == "training_database"


def test_what_stands_in_the_way_is_said_before_a_password_is_asked_for(service: Command) -> None:
    for line in ("login window1", "passwd", "account reset_password window1"):
        assert service(line).error["code"] == "training_database", line
    assert service("init").error["code"] == "exists"


def test_finding_out_whether_one_may_sign_in_leaves_no_trace(city: Command) -> None:
    city.environment["CREDIT_WORKFLOW_STATE"] = str(city.folder / "nobody")
    for line in ("passwd", "account reset_password root1"):
        assert city(line).error["code"] == "not_signed_in", line
    assert city("login root1").error["code"] == "missing_values"
    assert kept(city, "SELECT count(*) FROM journal_log WHERE stream = 'sign-in'")[0][0] == 0


def kept(city: Command, sql: str) -> list[Any]:
    with closing(where.connect(city.database)) as db:
        return db.execute(sql).fetchall()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_account_is_shown_to_people(city: Command, lang: str) -> None:
    sign_in(city, "root1", ADMIN)
    for line in (
        "account apply li --set unit=hall --set roles=window", "case list", "case show ACC-2026-000002", "account list",
        "case explain ACC-2026-000001", "case history ACC-2026-000001", "todo", "account train li --set training=x",
    ):  # fmt: skip
        year = kept(city, "SELECT max(number) FROM case_file")[0][0].split("-")[1]
        answer = city(line.replace("2026", year), as_json=False, CREDIT_WORKFLOW_LANG=lang)
        assert (answer.code, answer.err) == (0, ""), line
        assert answer.out.strip()


def test_a_first_password_is_changed_before_anything_else(city: Command) -> None:
    sign_in(city, "root1", ADMIN)
    for line in ("account apply li --set unit=hall --set roles=window", "account train li --set training=x",
                 "account activate li --set agreement_signed=true"):  # fmt: skip
        assert city(line).code == 0
    assert typed(city, FIRST, "account reset_password li --password-stdin").code == 0
    assert typed(city, FIRST, "login li --password-stdin").json["must_change_password"] is True
    for line in ("todo", "case list", "objection submit --record R-1 --set reason=x"):
        answer = city(line)
        assert (answer.code, answer.error["code"]) == (6, "password_expired"), line
    assert typed(city, f"{FIRST}\n{SECOND}", "passwd --password-stdin").code == 0
    sign_in(city, "li", SECOND)
    assert city("todo").code == 0
