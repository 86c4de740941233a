"""Effects and functions of installed packages: a real distribution in a folder of the test's own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from credit_workflow import Case, DefinitionFault, Desk, PluginFault, Refused, create_training, open_database
from tests import where
from tests.api.conftest import ENTRY_POINTS, PLUGIN, ROOT, RULES

pytestmark = pytest.mark.usefixtures("databases")

Install = Callable[..., Path]


@pytest.fixture
def desk(rules: Path, install: Install, tmp_path: Path) -> Desk:
    install()
    return create_training(where.owner(tmp_path / "p.db"), workflows=rules, at="2026-03-01").as_account(
        "desk1", at="2026-03-02"
    )


def filed(desk: Desk, hours: int = 5) -> Case:
    return desk.submit("permit", values={"hours": hours})


def mistake(rules: Path, tmp_path: Path) -> str:
    with pytest.raises(DefinitionFault) as fault:
        create_training(where.owner(tmp_path / "x.db"), workflows=rules)
    assert not where.exists(tmp_path / "x.db")
    problems = fault.value.details["problems"]
    return "\n".join(f"{p['file']}:{p['line']}: {p['key']}: {p['message'].en}" for p in problems)


def test_an_effect_sets_fields_and_picks_notices(desk: Desk):
    case = desk.act(filed(desk), "charge")
    assert (case.state, case.fields["fee"]) == ("paid", 15)
    assert case.fields["told"] == f"{case.number} 2026-03-02 fee_by_hours"
    entry = desk.history(case)[-1]
    assert entry.data["fields"] == {"fee": 15, "told": case.fields["told"]}
    assert [(n["to"], n["paper"], n["title_zh"]) for n in entry.data["notices"]] == [("desk", "bill", "账单")]
    cheap = desk.act(filed(desk, 3), "charge")
    assert "notices" not in desk.history(cheap)[-1].data


def test_a_function_decides_in_a_guard(desk: Desk):
    case = filed(desk, 2)
    assert [ground.code for ground in desk.check(case, "charge")] == ["long_enough"]
    with pytest.raises(Refused):
        desk.act(case, "charge")


def test_what_is_not_installed_is_named_with_file_line_and_key(rules: Path, tmp_path: Path):
    lines = RULES.splitlines()
    at = {key: next(n for n, line in enumerate(lines, 1) if key in line) for key in ("name: fee_by_hours", "must:")}
    said = mistake(rules, tmp_path)
    assert f"permit.yaml:{at['name: fee_by_hours']}: actions.charge.effects[0].custom.name: " in said
    assert "there is no effect called fee_by_hours: no installed package offers it" in said
    assert f"permit.yaml:{at['must:']}: actions.charge.requires[0].must: " in said
    assert "there is no function called business_hours" in said
    assert "credit_workflow.functions" in said


def test_the_cache_does_not_hide_what_was_uninstalled(rules: Path, install: Install, tmp_path: Path):
    folder = install()
    create_training(where.owner(tmp_path / "p.db"), workflows=rules)
    sys.path.remove(str(folder))
    found = mistake(rules, tmp_path)
    assert "fee_by_hours" in found
    assert "actions.charge.requires[0].must" in found


def test_a_case_whose_definition_lost_its_plugin_says_so_and_loses_nothing(desk: Desk, rules: Path, tmp_path: Path):
    case = filed(desk)
    (rules / "permit.yaml").write_text(
        RULES.replace("version: 1", "version: 2").replace("business_hours(case.fields.hours)", "case.fields.hours")
        .split("    effects:")[0] + '    source: "[practice]"\n',
        encoding="utf-8",
    )  # fmt: skip
    site = next(p for p in sys.path if p.startswith(str(tmp_path)))
    sys.path.remove(site)
    later = open_database(where.url(tmp_path / "p.db"), workflows=rules).as_account("desk1", at="2026-03-03")
    assert later.case(case).state == "open"
    with pytest.raises(DefinitionFault) as fault:
        later.act(case, "charge")
    assert fault.value.code == "plugin_missing"
    assert later.case(case).version == case.version
    assert later.act(later.submit("permit", values={"hours": 2}), "charge").state == "paid"
    sys.path.insert(0, site)
    assert later.act(case, "charge").fields["fee"] == 15


def test_two_packages_that_offer_one_name_are_a_mistake(rules: Path, install: Install, tmp_path: Path):
    install()
    install(name="other-plugins", entries=ENTRY_POINTS.replace("office_plugins:fee_by", "office_plugins:other_fee_by"))
    assert "several installed packages offer the effect fee_by_hours (office-plugins, other-plugins)" in mistake(
        rules, tmp_path
    )


def test_a_package_that_cannot_be_loaded_is_named_when_definitions_are_checked_and_when_it_is_used(
    rules: Path, install: Install, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    case = filed(desk)
    sys.path.remove(str(tmp_path / "site1"))
    install(code="import no_such_module_anywhere")
    wrong = "can't be loaded: ModuleNotFoundError"
    with pytest.raises(PluginFault, match="business_hours \\(office-plugins\\) " + wrong):
        desk.act(case, "charge")
    monkeypatch.setenv("CREDIT_WORKFLOW_CACHE", str(tmp_path / "new"))
    assert "the effect fee_by_hours (office-plugins) " + wrong in mistake(rules, tmp_path)


BROKEN = {
    "raises": ('raise RuntimeError("boom")', "failed: RuntimeError: boom"),
    "changes what it is given": ('call.values["hours"] = 1', "failed: TypeError"),
    "changes a fact": ('call.facts["case"]["fields"]["hours"] = 1', "failed: TypeError"),
    "gives nothing": ("return None", "gave no EffectResult"),
    "sets another field": ('return EffectResult(fields={"hours": 9})', "sets hours, which is not among “sets”"),
    "sets no such field": ('return EffectResult(fields={"hour": 9})', "sets hour"),
    "wrong type": ('return EffectResult(fields={"fee": "much"})', "gave a wrong value"),
    "beyond the bounds": ('return EffectResult(fields={"fee": 1001})', "out of bounds"),
    "an object": ('return EffectResult(fields={"fee": object()})', "gave a object"),
    "a fraction": ('return EffectResult(fields={"fee": 1.5})', "gave a float"),
    "another notice": ('return EffectResult(notices=("fine",))', "sends fine, which is not among “notices”"),
}


@pytest.mark.parametrize("how", BROKEN)
def test_an_effect_that_misbehaves_is_named_and_nothing_is_lost(
    how: str, rules: Path, install: Install, tmp_path: Path
):
    code, said = BROKEN[how]
    head = PLUGIN.split("    fee = ")[0]
    install(code=f"{head}    {code}\n\ndef business_hours(hours):\n    return 3\n")
    desk = create_training(where.owner(tmp_path / "p.db"), workflows=rules, at="2026-03-01").as_account(
        "desk1", at="2026-03-02"
    )
    case = filed(desk)
    with pytest.raises(PluginFault, match="fee_by_hours \\(office-plugins\\)") as fault:
        desk.act(case, "charge")
    assert said in fault.value.message.en
    assert "没有写入任何内容" in fault.value.message.zh
    assert fault.value.details["package"] == "office-plugins"
    assert desk.case(case) == case
    assert len(desk.history(case)) == 1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("raise RuntimeError('boom')", "failed: RuntimeError: boom"),
        ("return object()", "gave a object"),
        ("return 2.5", "gave a float"),
        ("return 2 ** 70", "gave a int"),
    ],
)
def test_a_function_that_misbehaves_is_named_even_where_the_condition_would_hold(
    body: str, said: str, rules: Path, install: Install, tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    (rules / "permit.yaml").write_text(
        RULES.replace("business_hours(case.fields.hours) >= 2", "business_hours(case.fields.hours) >= 2 || true"),
        encoding="utf-8",
    )
    install(code=PLUGIN.split("def business_hours")[0] + f"def business_hours(hours):\n    {body}\n")
    desk = create_training(where.owner(tmp_path / "p.db"), workflows=rules, at="2026-03-01").as_account(
        "desk1", at="2026-03-02"
    )
    case = filed(desk)
    with pytest.raises(PluginFault) as fault:
        desk.act(case, "charge")
    assert said in fault.value.message.en
    assert "business_hours (office-plugins)" in fault.value.message.en
    assert desk.case(case) == case
    assert capfd.readouterr() == ("", "")  # the evaluator prints no trace


def test_an_unknown_field_under_sets_is_a_mistake(rules: Path, install: Install, tmp_path: Path):
    install()
    (rules / "permit.yaml").write_text(RULES.replace("sets: [fee, told]", "sets: [fee, tolls]"), encoding="utf-8")
    assert "actions.charge.effects[0].custom.sets: there is no field called tolls" in mistake(rules, tmp_path)


def test_a_later_change_of_a_plugin_rewrites_no_history(desk: Desk, rules: Path, install: Install, tmp_path: Path):
    case = desk.act(filed(desk), "charge")
    install(code=PLUGIN.replace("* call.values", "+ 100 * call.values"), name="office-plugins")
    sys.path[:] = [p for p in sys.path if not p.endswith("site1")]
    later = open_database(where.url(tmp_path / "p.db"), workflows=rules).as_account("desk1", at="2026-03-03")
    assert later.act(filed(later), "charge").fields["fee"] == 305
    assert later.case(case) == case
    from credit_workflow.store.integrity.verification import verify  # noqa: PLC0415

    with where.database(tmp_path / "p.db").reading() as db:
        verify(db)


def test_what_is_installed_is_looked_at_only_where_a_definition_needs_it(office: object):  # noqa: ARG001 - its cache
    watch = (
        "import sys, importlib.metadata as m\n"
        "def never(**_): raise SystemExit('looked')\n"
        "m.entry_points = never\n"
        "sys.argv = ['credit-workflow', 'workflow', 'list']\n"
        "from credit_workflow.cli.main import main\n"
        "main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", watch], env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    lean = "import sys, credit_workflow.cli.main\nsys.exit('credit_workflow.api' in sys.modules)"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    assert subprocess.run([sys.executable, "-c", lean], env=env, check=False).returncode == 0


def test_the_real_command_names_the_plugin_and_what_to_do(rules: Path, install: Install, tmp_path: Path):
    site = install()
    create_training(where.owner(tmp_path / "p.db"), workflows=rules, at="2026-03-01")

    def run(*words: str, path: str) -> subprocess.CompletedProcess[str]:
        env = {
            **os.environ,
            "PYTHONPATH": path,
            "CREDIT_WORKFLOW_LANG": "en",
            "CREDIT_WORKFLOW_DB": where.url(tmp_path / "p.db"),
        }
        line = [sys.executable, "-m", "credit_workflow", "--workflows", str(rules), *words, "--json"]
        return subprocess.run(line, env=env, capture_output=True, text=True, encoding="utf-8", check=False)

    both = os.pathsep.join([str(ROOT), str(site)])
    act = ["--as", "desk1", "--at", "2026-03-02"]
    assert run("permit", "file", "--set", "hours=5", *act, path=both).returncode == 0
    missing = run("permit", "charge", "PER-2026-000001", *act, path=str(ROOT))
    assert missing.returncode == 2
    assert "there is no effect called fee_by_hours" in missing.stderr
    (site / "office_plugins.py").write_text(PLUGIN.replace("fee =", "fee = 1 // 0 +"), encoding="utf-8")
    failing = run("permit", "charge", "PER-2026-000001", *act, path=both)
    assert (failing.returncode, failing.stdout) == (1, "")
    assert '"code": "plugin"' in failing.stderr
    assert "Traceback" not in failing.stderr
