"""Nobody is left out of a production database: its last administrator, and the last account that approves, stay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest

from tests.acceptance.conftest import Command
from tests.acceptance.test_cli_sign_in import ADMIN, FIRST, SECOND, THIRD, city, member, sign_in, typed

__all__ = ["city"]


@pytest.fixture
def clock() -> Iterator[list[datetime]]:
    """The machine's clock, which a test can put forward; it stands now."""
    now = [datetime.now(UTC)]
    with mock.patch("credit_workflow.cli.context.machine_time", side_effect=lambda: now[0]):
        yield now


def refused(city: Command, line: str, code: str) -> None:
    answer = city(line)
    assert answer.code == 3, answer.err or answer.out
    assert answer.error["details"]["grounds"][0]["code"] == code
    assert answer.error["source"] == "[practice] 附件3·四(五)"


def test_the_last_administrator_is_suspended_by_nobody_and_can_not_go(city: Command) -> None:
    """The only administrator was suspended by a lead, or gave up the role, and nobody could sign in again."""
    lines = ("account suspend root1 --set reason=x", "account hand_over root1 --set handed_to=x")
    member(city, "lead", "supervisor")
    for line in lines:
        answer = city(line)  # another unit's lead knows nothing of it
        assert (answer.code, answer.error["code"]) == (4, "no_case")
    member(city, "chief", "supervisor", "admin")
    for line in lines:
        refused(city, line, "last_admin")
    sign_in(city, "root1", ADMIN)
    refused(city, "account roles root1 --set roles=window --set reason=x", "last_admin")
    # A second one counts once it can sign in.
    for line in (
        "account apply root2 --set unit=hall --set roles=admin",
        "account train root2 --set training=2026",
        "account activate root2 --set agreement_signed=true",
    ):
        assert city(line).code == 0
    refused(city, "account suspend root1 --set reason=x", "last_admin")
    assert typed(city, FIRST, "account reset_password root2 --password-stdin").code == 0
    assert city("account suspend root1 --set reason=x").code == 0


def test_the_last_account_that_approves_stays(city: Command) -> None:
    member(city, "head", "authority")
    sign_in(city, "root1", ADMIN)
    for line in (
        "account suspend head --set reason=x",
        "account hand_over head --set handed_to=x",
        "account roles head --set roles=window --set reason=x",
    ):
        refused(city, line, "last_authority")
    member(city, "other", "authority")
    sign_in(city, "root1", ADMIN)
    assert city("account suspend head --set reason=x").code == 0


def quiet(city: Command, clock: list[datetime]) -> None:
    """Let 98 days pass, with a sweep a week: what lies further beyond the last one is no confirmed day."""
    for _ in range(14):
        clock[0] += timedelta(days=7)
        swept = city("sweep")
        assert swept.code == 0, swept.err
        assert swept.json["failed"] == []


def test_the_only_administrator_may_stay_away_for_long(city: Command, clock: list[datetime]) -> None:
    """After 90 quiet days the sweep suspended the only administrator."""
    quiet(city, clock)
    sign_in(city, "root1", ADMIN)
    assert typed(city, f"{ADMIN}\n{SECOND}", "passwd --password-stdin").code == 0
    sign_in(city, "root1", SECOND)
    assert {one["account"]: one["status"] for one in city("account list").json["accounts"]} == {"root1": "active"}
    assert city("audit verify").json["ok"] is True


def test_of_two_that_stay_away_one_is_left(city: Command, clock: list[datetime]) -> None:
    member(city, "root2", "admin")
    quiet(city, clock)
    left = [
        name
        for name, password in (("root1", ADMIN), ("root2", SECOND))
        if typed(city, password, f"login {name} --password-stdin").code == 0
    ]
    assert len(left) == 1


def test_whoever_holds_the_database_and_its_keys_restores_an_administrator(city: Command) -> None:
    answer = typed(city, SECOND, "account recover root1 --password-stdin")
    assert answer.code == 2  # without a reason it is not done
    answer = typed(city, SECOND, "account recover root1 --reason", "密码无人知晓", "--password-stdin")
    assert (answer.code, answer.json) == (0, {"account": "root1", "recovered": True, "new": False}), answer.err
    assert typed(city, ADMIN, "login root1 --password-stdin").code == 6
    sign_in(city, "root1", SECOND)
    (case,) = [one["case"] for one in city("account list").json["accounts"]]
    history = city("case history", case).json["events"]
    assert [(one["action"], one["actor"], one["data"]["input"]) for one in history if one["action"] == "recover"] == [
        ("recover", "system", {"reason": "密码无人知晓"})
    ]
    assert city("audit verify").json["ok"] is True


def test_a_new_administrator_can_be_made_so(city: Command) -> None:
    answer = typed(city, THIRD, "account recover rescue --reason x --password-stdin")
    assert (answer.code, answer.json["new"]) == (0, True), answer.err
    sign_in(city, "rescue", THIRD)
    assert city("whoami").json["roles"] == ["admin"]
    member(city, "clerk9", "window")
    answer = typed(city, THIRD + "x9", "account recover clerk9 --reason x --password-stdin")
    assert answer.code == 3  # who works on cases is no administrator


def test_a_training_database_needs_none(service: Command) -> None:
    assert typed(service, SECOND, "account recover admin1 --reason x --password-stdin").code == 2
