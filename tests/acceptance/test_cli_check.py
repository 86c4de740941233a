"""`workflow check`: what is found in definitions that load, as people and programs read it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from credit_workflow.definition.library import body_of
from tests.acceptance.conftest import ROOT, Command
from tests.unit.machines import Document, loaded, tell, workflow

TEXT = "第一条 甲。\n第二条 乙：\n（一）丙；\n（二）丁。\n"
FIELDS = {"file", "line", "key", "workflow", "code", "severity", "message", "advice"}


def sample(**more: Any) -> Document:
    """A definition in which a case can wait for ever, and which cites a clause."""
    document = workflow(
        "begun:clerk done!",
        {"submit": {"to": "begun", "source": "第二条第（三）项"}, "finish": {"from": "begun", "to": "done"}},
        source="[practice]",
        **more,
    )
    document["actions"]["finish"]["source"] = "[practice]"
    return document


class NoAliases(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


@pytest.fixture
def folder(command: Command) -> Path:
    (command.folder / "law.txt").write_text(TEXT, encoding="utf-8")
    return command.folder


def write(folder: Path, document: Document) -> str:
    file = folder / "sample.yaml"
    file.write_text(yaml.dump(document, Dumper=NoAliases, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return str(file)


def line_of(folder: Path, start: str) -> int:
    lines = (folder / "sample.yaml").read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.startswith(start))


def test_a_finding_names_file_line_key_code_and_what_to_do(command: Command, folder: Path) -> None:
    answer = command("workflow check", write(folder, sample()))
    assert (answer.code, answer.json["ok"], answer.json["workflows"], answer.json["meant"]) == (0, True, ["sample"], [])
    (problem,) = answer.json["problems"]
    assert problem.keys() == FIELDS
    assert (problem["file"], problem["key"], problem["code"]) == ("sample.yaml", "states.begun", "waits_for_ever")
    assert (problem["line"], problem["severity"]) == (line_of(folder, "  begun:"), "warning")
    for lang, said in (("zh", "另有 1 处须看一看"), ("en", "1 to look at")):
        out = command("workflow check --lang", lang, str(folder / "sample.yaml"), as_json=False)
        assert out.code == 0
        assert f"sample.yaml:{problem['line']}: states.begun [waits_for_ever]" in out.out
        assert "→" in out.out
        assert said in out.out


def test_strict_makes_a_finding_an_error(command: Command, folder: Path) -> None:
    file = write(folder, sample())
    answer = command("workflow check --strict", file)
    assert (answer.code, answer.error["code"]) == (2, "definition")
    (problem,) = answer.error["details"]["problems"]
    assert (problem["code"], problem["key"]) == ("waits_for_ever", "states.begun")
    told = command("workflow check --strict", file, as_json=False)
    assert (told.code, "states.begun" in told.err) == (2, True)


@pytest.mark.parametrize(
    "folder",
    [ROOT / "workflows", *sorted(ROOT.glob("examples/*/workflows"))],
    ids=lambda f: f.relative_to(ROOT).as_posix(),
)
def test_what_ships_is_free_of_findings_but_for_what_is_meant(command: Command, folder: Path) -> None:
    answer = command("workflow check --strict", *sorted(map(str, folder.glob("*.yaml"))))
    assert (answer.code, answer.json["problems"]) == (0, [])
    assert len(answer.json["workflows"]) == len(list(folder.glob("*.yaml")))


def test_a_clause_is_looked_up_in_the_text_given(command: Command, folder: Path) -> None:
    file = write(folder, sample())
    text = str(folder / "law.txt")
    for option in (text, f"第={text}"):
        codes = {p["code"]: p for p in command("workflow check", file, "--text", option).json["problems"]}
        assert codes.keys() == {"waits_for_ever", "no_clause"}
        assert codes["no_clause"]["key"] == "actions.submit.source"
        assert "1" in codes["no_clause"]["message"]
    assert command("workflow check", file, "--text", str(folder / "none.txt")).code == 4
    (folder / "gbk.txt").write_bytes(TEXT.encode("gbk"))
    answer = command("workflow check", file, "--text", str(folder / "gbk.txt"))
    assert (answer.code, "UTF-8" in answer.error["message"]) == (4, True)


def meant(key: str, code: str) -> Document:
    return {"meant": {key: {code: {"zh": "本来如此", "en": "it is so"}}}}


def test_what_is_meant_is_told_apart(command: Command, folder: Path) -> None:
    answer = command("workflow check --strict", write(folder, sample(checks=meant("states.begun", "waits_for_ever"))))
    assert (answer.code, answer.json["problems"]) == (0, [])
    (problem,) = answer.json["meant"]
    assert (problem.keys(), problem["reason"]) == (FIELDS | {"reason"}, "本来如此")
    told = command("workflow check --lang en", str(folder / "sample.yaml"), as_json=False)
    assert "1 said to be meant" in told.out


@pytest.mark.parametrize(
    ("key", "code"), [("states.begun", "deadlock"), ("states.done", "waits_for_ever"), ("nothing", "nothing")]
)
def test_what_is_meant_and_not_found_is_itself_found(command: Command, folder: Path, key: str, code: str) -> None:
    problems = command("workflow check", write(folder, sample(checks=meant(key, code)))).json["problems"]
    assert {p["code"] for p in problems} == {"waits_for_ever", "meant_nothing"}
    (problem,) = [p for p in problems if p["code"] == "meant_nothing"]
    assert problem["key"] == f"checks.meant.{key}.{code}"
    assert problem["line"] == line_of(folder, f"      {code}:")


@pytest.mark.parametrize(
    ("checks", "found"),
    [
        ({"texts": {"": "law.txt"}}, {"actions.submit.source": "no_clause"}),
        ({"texts": {"": "none.txt"}}, {"checks.texts.": "no_text"}),
        ({"texts": {"甲法": "law.txt"}}, {"actions.submit.source": "no_text"}),
        ({"texts": {"": "law.txt"}, "numbering": [{"in_text": "(", "cited": "x"}]}, {"checks.numbering[0]": "no_text"}),
        ({"texts": {"": "law.txt"}, "numbering": [{"in_text": "x", "cited": "(x)"}]}, {"checks.numbering[0]": "no_text"}),
        ({"texts": {"": "law.txt"}, "numbering": [{"in_text": "^（([一二三])", "cited": "（三|(三)"}]}, {"actions.submit.source": "no_clause"}),
    ],
)  # fmt: skip
def test_a_definition_names_its_own_texts(
    command: Command, folder: Path, checks: Document, found: dict[str, str]
) -> None:
    both = meant("states.begun", "waits_for_ever") | checks
    problems = command("workflow check", write(folder, sample(checks=both))).json["problems"]
    assert {p["key"]: p["code"] for p in problems} == found


def test_what_the_checks_are_told_is_no_part_of_the_rules() -> None:
    (plain,) = loaded(sample()).values()
    (told,) = loaded(sample(checks=meant("states.begun", "waits_for_ever"))).values()
    assert body_of(plain) == body_of(told)


def test_only_the_files_named_are_reported_on_and_those_in_force_are_known(command: Command, folder: Path) -> None:
    child = sample(parent="duty", checks=meant("states.begun", "waits_for_ever"))
    child["actions"]["finish"]["effects"] = [tell("parent", "overdue")]
    assert command("workflow check --strict", write(folder, child)).code == 0


def linked(name: str, parent: str, action: str) -> Document:
    """A definition under another one, which it tells something."""
    document = sample(parent=parent, checks=meant("states.begun", "waits_for_ever"))
    document |= {"workflow": name, "number": "LNK-{year}-{serial:06}"}
    document["actions"]["finish"]["effects"] = [tell("parent", action)]
    return document


def save(folder: Path, document: Document) -> None:
    text = yaml.dump(document, Dumper=NoAliases, allow_unicode=True, sort_keys=False)
    (folder / f"{document['workflow']}.yaml").write_text(text, encoding="utf-8")


def test_a_file_in_another_folder_is_checked_with_the_definitions_beside_it(command: Command, folder: Path) -> None:
    """They are not reported on, and those in force are not mixed in; nor are mistakes of theirs anybody's."""
    told = sample()
    told["actions"]["lapse"] = {"from": "any", "by": ["system"], "source": "[practice]", "title": told["title"]}
    save(folder, told)
    save(folder, linked("linked", "sample", "lapse"))
    answer = command("workflow check --strict linked.yaml")
    assert (answer.code, answer.err) == (0, "")
    assert answer.json["workflows"] == ["linked"]
    (folder / "scenarios.yaml").write_text("scenarios: []\n", encoding="utf-8")
    (folder / "broken.yaml").write_text("workflow: [", encoding="utf-8")
    assert command("workflow check --strict linked.yaml").code == 0
    save(folder, linked("linked", "duty", "overdue"))
    wrong = command("workflow check linked.yaml")
    assert (wrong.code, wrong.error["details"]["problems"][0]["key"]) == (2, "parent")
    shipped = ROOT / "workflows"
    assert command("workflow check linked.yaml --workflows", str(shipped)).code == 0
    assert command("workflow check linked.yaml", str(shipped / "duty.yaml")).code == 0  # one of the folder in force
    (folder / "sample.yaml").unlink()
    assert command("workflow check linked.yaml").code == 0  # a draft that lies alone


@pytest.mark.parametrize(
    ("example", "name"), [("foi", "review"), ("fcra", "reinsertion"), ("credit-reporting", "account")]
)
def test_one_file_of_an_example_is_sound_by_itself(command: Command, example: str, name: str) -> None:
    answer = command("workflow check", str(ROOT / "examples" / example / "workflows" / f"{name}.yaml"))
    assert (answer.code, answer.json["workflows"]) == (0, [name])
