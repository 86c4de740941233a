"""A site's own calendar and its own ways: found beside its definitions, named, or refused."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest

from tests.acceptance.conftest import Command
from tests.acceptance.sites import EXAMPLES, site

FOI = EXAMPLES / "foi"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Command:
    """The command with a copy of the example's definitions, and no calendar yet."""
    shutil.copytree(FOI / "workflows", tmp_path / "rules" / "workflows")
    return Command(tmp_path, {"CREDIT_WORKFLOW_WORKFLOWS": str(tmp_path / "rules" / "workflows")})


COUNT = "calendar count 2026-03-20"


def test_the_calendar_is_the_one_beside_the_definitions(elsewhere: Command) -> None:
    assert elsewhere(COUNT, "20 working days").error["code"] == "no_calendar"
    shutil.copytree(FOI / "calendars", elsewhere.folder / "rules" / "calendars")
    assert elsewhere(COUNT, "20 working days").json["due"] == "2026-04-21"
    assert elsewhere("calendar status").json["zone"] == "Europe/London"


def test_or_the_one_in_the_folder_that_is_named_even_beside_another(elsewhere: Command) -> None:
    for place in ("rules/calendars", "other"):
        shutil.copytree(FOI / "calendars", elsewhere.folder / place)
    file = elsewhere.folder / "other" / "england.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("subdivision: ENG", "subdivision: SCT"), encoding="utf-8")
    # in Scotland Easter Monday is no bank holiday
    assert elsewhere(f"--calendars other {COUNT}", "20 working days").json["due"] == "2026-04-20"
    named = elsewhere(COUNT, "20 working days", CREDIT_WORKFLOW_CALENDARS=str(elsewhere.folder / "other"))
    assert named.json["due"] == "2026-04-20"
    assert elsewhere(COUNT, "20 working days").json["due"] == "2026-04-21"


def test_or_the_shipped_one_where_the_definitions_name_it(tmp_path: Path) -> None:
    beside = Command(tmp_path, {"CREDIT_WORKFLOW_WORKFLOWS": str(EXAMPLES / "credit-reporting" / "workflows")})
    assert beside(COUNT, "7 working days").json["due"] == Command(tmp_path)(COUNT, "7 working days").json["due"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("calendar: england", "calendar: cn", "several_calendars"),
        ("identity: any", "identity: cn", "several_identities"),
    ],
)
@pytest.mark.usefixtures("databases")
def test_one_folder_has_one_calendar_and_one_way_to_tell_people_apart(
    elsewhere: Command, old: str, new: str, code: str
) -> None:
    shutil.copytree(FOI / "calendars", elsewhere.folder / "rules" / "calendars")
    assert elsewhere("init --training", at="2026-01-02").code == 0
    file = elsewhere.folder / "rules" / "workflows" / "review.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    for lang in ("zh", "en"):
        answer = elsewhere(f"record list --subject x --lang {lang}", who="officer1", at="2026-01-03")
        assert (answer.code, answer.error["code"]) == (2, code)
        assert all(name in answer.error["message"] for name in (old.split(": ")[1], new.split(": ")[1]))


@pytest.mark.usefixtures("databases")
def test_days_are_the_sites_own(tmp_path: Path) -> None:
    """Half past eleven in the evening in New York is the next day in Shanghai, and no holiday is moved by that."""
    agency = site(tmp_path, "fcra")
    opened = agency.ok("dispute submit --record TL-1002 --set reason=x", who="intake1", at="2026-03-02T23:30")
    assert opened["opened"] == "2026-03-02"
    (*_, last) = agency.ok(f"case history {opened['case']}", who="intake1", at="2026-03-02T23:30")["events"]
    assert last["at"] == "2026-03-02T23:30:00-05:00"
    assert "2026-03-02 23:30" in agency.text(f"case show {opened['case']}", who="intake1", at="2026-03-02T23:45")


@pytest.mark.parametrize("example", ["foi", "fcra", "credit-reporting"])
@pytest.mark.usefixtures("databases")
def test_an_example_is_a_site_in_production_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, example: str) -> None:
    made = Command(tmp_path, {"CREDIT_WORKFLOW_WORKFLOWS": str(EXAMPLES / example / "workflows")})
    checked = made("workflow check", *sorted(map(str, (EXAMPLES / example / "workflows").glob("*.yaml"))))
    assert checked.json["ok"] is True
    for name in checked.json["workflows"]:
        assert made(f"workflow show {name} --lang en", as_json=False).code == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("a passphrase of the site\n"))
    made_one = made("init --admin root1 --password-stdin")
    assert (made_one.code, made_one.json["accounts"]) == (0, ["root1"])


@pytest.mark.usefixtures("databases")
def test_the_hint_after_init_names_an_account_of_the_site(tmp_path: Path) -> None:
    made = Command(tmp_path, {"CREDIT_WORKFLOW_WORKFLOWS": str(EXAMPLES / "fcra" / "workflows")})
    assert "--as investigator1" in made("init --training", as_json=False).out
