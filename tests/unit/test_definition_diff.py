"""What two versions of a definition differ in: every change is told, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from credit_workflow.authoring.diff.differences import differences
from credit_workflow.definition.library import load_definitions
from credit_workflow.definition.model import Workflow

Raw = dict[str, Any]


def _raw(name: str = "objection") -> Raw:
    found: Raw = msgspec.json.decode(load_definitions()[name].body)
    return found


def _said(new: Raw) -> list[tuple[str, str]]:
    found = differences(msgspec.convert(_raw(), Workflow), msgspec.convert(new, Workflow))
    return [(one.text.zh, one.text.en) for one in found]


def test_a_definition_differs_in_nothing_from_itself() -> None:
    assert _said(_raw()) == []
    other = _raw()
    other["version"] = 9
    assert _said(other) == []


def _length(raw: Raw) -> None:
    raw["deadlines"]["handling"]["length"] = "20 days"


def _no_shift(raw: Raw) -> None:
    del raw["deadlines"]["handling"]["if_day_off"]


def _extension(raw: Raw) -> None:
    raw["deadlines"]["handling"]["extension"]["at_most"] = 10


def _role(raw: Raw) -> None:
    raw["actions"]["report"]["by"] = ["center", "authority"]


def _guard(raw: Raw) -> None:
    raw["actions"]["accept"]["requires"] = [g for g in raw["actions"]["accept"]["requires"] if g["id"] != "no_repeat"]


def _material(raw: Raw) -> None:
    raw["actions"]["accept"]["materials"].remove("evidence")


def _state(raw: Raw) -> None:
    raw["states"]["waiting"] = {"title": {"zh": "等候", "en": "Waiting"}, "waits_for": "center"}


def _takes_over(raw: Raw) -> None:
    raw["takes_over"] = {"from": "2026-03-20", "deadlines": "recount", "source": "[practice]"}


def _title(raw: Raw) -> None:
    raw["states"]["accepted"]["title"] = {"zh": "已受理", "en": raw["states"]["accepted"]["title"]["en"]}


@pytest.mark.parametrize(
    ("change", "zh", "en"),
    [
        (_length, "期限 handling：长度 30日 → 20日", "deadline handling: length 30 days → 20 days"),
        (
            _no_shift,
            "期限 handling：末日非工作日时 next_working_day → （无）",
            "deadline handling: on a day off next_working_day → (none)",
        ),
        (
            _extension,
            "期限 handling：最多延期 15 → 10",
            "deadline handling: extension of at most 15 → 10",
        ),
        (_role, "步骤 report：由 增加 authority", "action report: by: also authority"),
        (_guard, "步骤 accept：取消条件 no_repeat", "action accept: no longer has the condition no_repeat"),
        (_material, "步骤 accept：材料 不再包括 evidence", "action accept: materials: no longer evidence"),
        (_state, "新增状态 waiting（等候）", "new: state waiting (Waiting)"),
        (
            _takes_over,
            "接管在办案件 （无） → 自 2026-03-20 起，期限重新计算",
            "takes over running cases (none) → from 2026-03-20, deadlines counted again",
        ),
        (
            _title,
            "状态 accepted：名称 “已受理，待移交” → “已受理”",
            "state accepted: title “已受理，待移交” → “已受理”",
        ),
    ],
)
def test_a_change_is_one_sentence(change: Any, zh: str, en: str) -> None:
    new = _raw()
    change(new)
    assert _said(new) == [(zh, en)]


STOP = {
    "title": {"zh": "待补正", "en": "to be completed"}, "begins": ["report"], "ends": ["approve"], "source": "甲法 1",
}  # fmt: skip
LONGER = {"when": "case.fields.resident", "length": "45 days", "source": "甲法 2"}


def _clocked() -> Raw:
    """Return the objection with all that a clock can have."""
    raw = _raw()
    raw["deadlines"]["handling"] |= {"suspensions": {"completing": STOP}, "other_lengths": [LONGER]}
    raw["deadlines"]["collection"]["starts"] = {"deadline": "handling", "once": "passed"}
    raw["actions"]["report"].setdefault("effects", []).append(
        {"custom": {"name": "fee", "values": {"h": "1"}, "sets": ["outcome"]}}
    )
    return raw


def _handling(**values: Any) -> Any:
    return lambda raw: raw["deadlines"]["handling"].update(values)


@pytest.mark.parametrize(
    ("change", "zh", "en"),
    [
        (
            _handling(suspensions={}),
            "期限 handling：取消中止 completing（待补正）：自 report 起，至 approve 止，恢复后余期续计（甲法 1）",
            (
                "deadline handling: no longer has the stop completing (to be completed): "
                "from report to approve, then what was left (甲法 1)"
            ),
        ),
        (
            _handling(suspensions={"completing": STOP, "other": {**STOP, "then": "full_length"}}),
            "期限 handling：新增中止 other（待补正）：自 report 起，至 approve 止，恢复后重新计算全期（甲法 1）",
            "deadline handling: new stop other (to be completed): from report to approve, then the whole period anew (甲法 1)",
        ),
        (
            _handling(suspensions={"completing": {**STOP, "begins": ["report", "accept"]}}),
            "期限 handling：中止 completing 的起因 增加 accept",
            "deadline handling: stop completing, begun by: also accept",
        ),
        (
            _handling(suspensions={"completing": {**STOP, "then": "full_length"}}),
            "期限 handling：中止 completing 的恢复后 余期续计 → 重新计算全期",
            "deadline handling: stop completing, when it runs again what was left → the whole period anew",
        ),
        (
            _handling(other_lengths=[]),
            "期限 handling：取消另定长度：case.fields.resident 时为 45日（甲法 2）",
            "deadline handling: no longer has the other length: 45 days if case.fields.resident (甲法 2)",
        ),
        (
            _handling(other_lengths=[{**LONGER, "length": "50 working days", "first_day_counts": True}]),
            (
                "期限 handling：另定长度 case.fields.resident 时为 45日（甲法 2） → "
                "case.fields.resident 时为 50个工作日，起算日计入（甲法 2）"
            ),
            (
                "deadline handling: other length 45 days if case.fields.resident (甲法 2) → "
                "50 working days, its first day counted, if case.fields.resident (甲法 2)"
            ),
        ),
        (
            _handling(first_day_counts=True),
            "期限 handling：起算日计入 否 → 是",
            "deadline handling: the day of the start counts no → yes",
        ),
        (
            lambda raw: raw["deadlines"]["collection"].update(starts={"deadline": "handling"}),
            "期限 collection：起算 期限 handling 届满后 → 期限 handling 完成后",
            "deadline collection: starts the deadline handling once passed → the deadline handling once met",
        ),
        (
            lambda raw: raw["deadlines"]["collection"].update(starts={"action": ["notify"], "on": "case.opened"}),
            "期限 collection：起算 期限 handling 届满后 → notify，起算日 case.opened",
            "deadline collection: starts the deadline handling once passed → notify, from the day case.opened",
        ),
        (
            lambda raw: raw["deadlines"]["handling"]["extension"].update(unit="days"),
            "期限 handling：延期的单位 工作日 → 日",
            "deadline handling: unit of the extension working days → days",
        ),
        (
            lambda raw: raw.update(identity="any"),
            "区分当事人 公民身份号码、统一社会信用代码 → 任意文字",
            "people are told apart by Chinese numbers → any text",
        ),
        (
            lambda raw: raw["actions"]["report"]["effects"].pop(),
            "步骤 report：不再由扩展 fee 办理（给出 h=1；填写 outcome）",
            "action report: does not do this any more: have the plug-in fee act (given h=1; it fills in outcome)",
        ),
    ],
)
def test_a_change_of_a_clock_is_one_sentence(change: Any, zh: str, en: str) -> None:
    new = _clocked()
    change(new)
    old, changed = msgspec.convert(_clocked(), Workflow), msgspec.convert(new, Workflow)
    (found,) = differences(old, changed)
    assert (found.text.zh, found.text.en) == (zh, en)
    (back,) = differences(changed, old)
    assert (back.old, back.new) == (found.new, found.old)


def test_no_change_of_a_clock_is_passed_over() -> None:
    raw = _clocked()
    old = msgspec.convert(raw, Workflow)
    for path in _leaves(raw):
        if not {"suspensions", "other_lengths", "custom"}.intersection(path) and path[-1] not in ("deadline", "once"):
            continue
        try:
            new = msgspec.convert(_changed(raw, path), Workflow)
        except msgspec.ValidationError:
            continue
        assert differences(old, new), path


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a definition that holds a text, a number or a flag."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _leaves(part, (*path, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _leaves(part, (*path, index))
    else:
        yield path


def _changed(raw: Raw, path: tuple[Any, ...]) -> Raw:
    copy: Raw = msgspec.json.decode(msgspec.json.encode(raw))
    place: Any = copy
    for key in path[:-1]:
        place = place[key]
    was = place[path[-1]]
    place[path[-1]] = (not was) if isinstance(was, bool) else was + 1 if isinstance(was, int) else f"{was}x"
    return copy


@pytest.mark.parametrize(
    ("name", "every"),
    [("objection", 12), *(pytest.param(name, 1, marks=pytest.mark.slow) for name in ("objection", "query", "account"))],
)
def test_no_change_anywhere_is_passed_over(name: str, every: int) -> None:
    raw = _raw(name)
    old = msgspec.convert(raw, Workflow)
    tried = 0
    for path in list(_leaves(raw))[::every]:
        if path in (("version",), ("workflow",)):
            continue
        try:
            new = msgspec.convert(_changed(raw, path), Workflow)
        except msgspec.ValidationError:
            continue  # no definition any more
        found = differences(old, new)
        assert found, path
        assert all(one.text.zh and one.text.en and "None" not in one.text.en for one in found)
        back = differences(new, old)
        assert len(back) == len(found), path
        tried += 1
    assert tried > 300 / every
