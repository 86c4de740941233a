"""Read the values that an action asks for: from text, completed by defaults, checked for type."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import msgspec

from credit_workflow.calendar.dates import read_date
from credit_workflow.definition.model import Action, Ask, Field, Workflow
from credit_workflow.engine.facts import CaseFacts
from credit_workflow.engine.values import Ground
from credit_workflow.errors import UsageFault
from credit_workflow.identity import Scheme, parse_subject
from credit_workflow.text import Text, same

#: The fields of a record that a correction may change.
CORRECTABLE = ("subject_name", "provider", "open_class", "title", "content", "valid_from", "valid_until")
_TRUE = {"true", "yes", "1", "是"}
_FALSE = {"false", "no", "0", "否"}


def field_of(workflow: Workflow, name: str, ask: Ask) -> Field:
    """Return the field that an action asks for as ``name``."""
    return workflow.fields[ask.field or name]


def read_given(workflow: Workflow, action: Action, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the given values with the types that their fields have.

    Raises:
        UsageFault: a name that the action does not ask for, or a value of the wrong type.
    """
    typed: dict[str, Any] = {}
    for name, value in given.items():
        if name not in action.asks:
            known = "、".join(action.asks) or "—"
            raise UsageFault(
                Text("没有名为 {name} 的内容；可填写：{known}", "there is no value called {name}; known: {known}").fill(
                    name=name, known=known
                ),
                code="unknown_value",
                details={"known": list(action.asks)},
            )
        field = field_of(workflow, name, action.ask(name))
        if field.type == "person" and workflow.identity != "cn":
            typed[name] = _person(name, field, value, workflow.identity)
        else:
            typed[name] = typed_value(name, field, value)
    return {name: value for name, value in typed.items() if value is not None}


def complete(action: Action, given: Mapping[str, Any], facts: CaseFacts, *, vouching: bool = False) -> dict[str, Any]:
    """Return the given values with what is vouched for and defaults added.

    Args:
        action: what is to be done.
        given: typed values.
        facts: of the case; expressions see the values so far beside them.
        vouching: whether it is said that all materials were seen, and what that says of the values.

    Raises:
        UsageFault: a value is missing, or is given where it does not apply.
    """
    values = dict(given)
    missing: list[str] = []
    for name in action.asks:
        ask = action.ask(name)
        if not _applies(name, action, values, facts) or name in values:
            continue
        if vouching and ask.vouched is not None and facts.case.fields.get(action.field_of(name)) is None:
            said = _beside(facts, action, values).value(ask.vouched)
            if said is not None:
                values[name] = said
                continue
        if ask.default is not None:
            values[name] = _beside(facts, action, values).value(ask.default)
        elif ask.required:
            missing.append(name)
    if missing:
        raise missing_values(missing)
    return values


def _applies(name: str, action: Action, values: Mapping[str, Any], facts: CaseFacts) -> bool:
    """Whether a value is asked for.

    Raises:
        UsageFault: it is not, and is given all the same.
    """
    ask = action.ask(name)
    if name in action.instead_of_record and facts.case.record:
        if name in values:
            raise _beside_record(name)
        return False
    if ask.when is not None and not _beside(facts, action, values).holds(ask.when):
        if name in values:
            raise _does_not_apply(name, ask.when)
        return False
    return True


def missing_values(names: list[str]) -> UsageFault:
    """Return the fault of values that are missing, by the names that an action asks by."""
    message = Text("缺少：{names}。请用 --set 名称=值 填写", "missing: {names}; give each with --set NAME=VALUE")
    return UsageFault(message.fill(names="、".join(names)), code="missing_values", details={"missing": names})


def out_of_bounds(workflow: Workflow, action: Action, values: Mapping[str, Any]) -> list[Ground]:
    """Return a ground for each number beyond what the law allows."""
    grounds = []
    for name, value in values.items():
        field = field_of(workflow, name, action.ask(name))
        low, high = field.at_least, field.at_most
        if (low is not None and value < low) or (high is not None and value > high):
            message = Text("{title}须在{low}至{high}之间，不能是{value}", "{title}: from {low} to {high}, not {value}")
            grounds.append(
                Ground(
                    code="out_of_bounds",
                    message=message.fill(title=field.title.text, low=low, high=high, value=value),
                    source=field.source,
                    facts={"name": name, "at_least": low, "at_most": high},
                )
            )
    return grounds


def _beside(facts: CaseFacts, action: Action, values: Mapping[str, Any]) -> CaseFacts:
    return msgspec.structs.replace(facts, given={name: values.get(name) for name in action.asks})


def _does_not_apply(name: str, when: str) -> UsageFault:
    message = Text("{name} 只在满足 {when} 时填写", "{name} is given only where {when}")
    return UsageFault(message.fill(name=name, when=when), code="value_does_not_apply", details={"name": name})


def _beside_record(name: str) -> UsageFault:
    message = Text("已写明信用记录的，不填写 {name}", "{name} is given instead of a record, not beside one")
    return UsageFault(message.fill(name=name), code="value_does_not_apply", details={"name": name})


def typed_value(name: str, field: Field, value: Any) -> Any:
    """Return one value with its field's type; None for an empty text.

    Raises:
        UsageFault: it is not of that type.
    """
    if isinstance(value, str):
        value = value.strip()
        if not value:
            return None
    return _READERS[field.type](name, field, value)


def _ill_typed(name: str, field: Field, wanted: Text) -> UsageFault:
    message = Text("{name}（{title}）应为{wanted}", "{name} ({title}) must be {wanted}")
    return UsageFault(
        message.fill(name=name, title=field.title.text, wanted=wanted), code="ill_typed_value", details={"name": name}
    )


def _text(name: str, field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise _ill_typed(name, field, Text("文字", "a text"))
    if any(ord(c) < ord(" ") and c not in "\n\t" for c in value):
        raise _ill_typed(name, field, Text("不含控制字符的文字", "a text without control characters"))
    return value


def _boolean(name: str, field: Field, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).lower()
    if word in _TRUE | _FALSE:
        return word in _TRUE
    raise _ill_typed(name, field, Text(" true 或 false", "true or false"))


def _integer(name: str, field: Field, value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    try:
        return int(str(value))
    except ValueError:
        raise _ill_typed(name, field, Text("整数", "a whole number")) from None


def _date(name: str, field: Field, value: Any) -> str:
    day = value if isinstance(value, date) else read_date(value)
    if day is None:
        raise _ill_typed(name, field, Text("日期，如 2026-03-02", "a date such as 2026-03-02"))
    return day.isoformat()


def _choice(name: str, field: Field, value: Any) -> str:
    if value in field.choices:
        return str(value)
    listed = Text(
        "、".join(f"{key}（{t.zh}）" for key, t in field.choices.items()),
        ", ".join(f"{key} ({t.en})" for key, t in field.choices.items()),
    )
    raise _ill_typed(name, field, Text("以下之一：{listed}", "one of: {listed}").fill(listed=listed))


def _several(name: str, field: Field, value: Any) -> list[str]:
    """Return some of the choices, written as a list or as one text with commas between."""
    parts = value.replace("，", ",").replace("、", ",").split(",") if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple)) or not parts:
        raise _ill_typed(name, field, Text("以逗号分隔的列表", "a list with commas between"))
    return sorted({_choice(name, field, part.strip() if isinstance(part, str) else part) for part in parts})


_MOST_WORDS = 100
#: What stands for every case that a list of cases may name.
ALL_CASES = "all"


def _words(name: str, field: Field, value: Any) -> list[str]:
    """Return a list of texts, each once, written as a list or as one text with commas between."""
    parts = _parts(value) if isinstance(value, str) else value
    wanted = Text("以逗号分隔的文字", "texts with commas between")
    if not isinstance(parts, (list, tuple)) or not parts or len(parts) > _MOST_WORDS:
        raise _ill_typed(name, field, wanted)
    found = [_text(name, field, part).strip() for part in parts]
    if not all(found):
        raise _ill_typed(name, field, wanted)
    return list(dict.fromkeys(found))


def _parts(text: str) -> list[str]:
    for comma in ("，", "、", "；", ";"):
        text = text.replace(comma, ",")
    return text.split(",")


def _person(name: str, field: Field, value: Any, scheme: Scheme = "cn") -> str:
    """Return a person's number as it is written in full; of Chinese ones the check digits must be right."""
    try:
        return parse_subject(_text(name, field, value), scheme=scheme).id
    except UsageFault as fault:
        message = Text("{name}（{title}）：{why}", "{name} ({title}): {why}")
        filled = message.fill(name=name, title=field.title.text, why=fault.message)
        raise UsageFault(filled, code=fault.code, details={"name": name}) from None


def _account(name: str, field: Field, value: Any) -> str:
    return _text(name, field, value).strip().lower()


def _cases(name: str, field: Field, value: Any) -> list[str]:
    """Return numbers of cases, each once; the word ``all`` stands alone."""
    parts = [part.strip() for part in _parts(value)] if isinstance(value, str) else value
    if field.complete and isinstance(parts, (list, tuple)) and not parts:
        return []  # there may be none; whether there is, is seen when they are looked for
    if not isinstance(parts, (list, tuple)) or not all(isinstance(p, str) and p.strip() for p in parts) or not parts:
        raise _ill_typed(name, field, Text("以逗号分隔的案件编号", "case numbers with commas between"))
    if len(parts) == 1 and parts[0].lower() in (ALL_CASES, "全部"):
        return [ALL_CASES]
    return list(dict.fromkeys(part.upper() for part in parts))


def _rows(name: str, field: Field, value: Any) -> Any:  # noqa: ARG001 - the readers' signature
    raise _ill_typed(name, field, Text("由程序得出，不能填写", "worked out, not given"))


def _record_values(name: str, field: Field, value: Any) -> dict[str, str]:
    wanted = Text(
        'JSON 对象，如 {"content": "……"}，字段限于：{names}',
        'a JSON object such as {"content": "…"} with any of: {names}',
    )
    wanted = Text(*(t.replace("{names}", "、".join(CORRECTABLE)) for t in wanted))
    given = _json_object(name, field, value, wanted)
    for key, new in given.items():
        fault = _record_value_fault(key, new)
        if fault is not None:
            raise _ill_typed(name, field, fault if key in CORRECTABLE else wanted)
    return {key: new.strip() for key, new in given.items()}


def _values(name: str, field: Field, value: Any) -> dict[str, Any]:
    wanted = Text('JSON 对象，如 {"channel": "电话"}', 'a JSON object such as {"channel": "telephone"}')
    return {str(key): new for key, new in _json_object(name, field, value, wanted).items()}


def _json_object(name: str, field: Field, value: Any, wanted: Text) -> dict[Any, Any]:
    """Return an object that is not empty, given as such or as JSON."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise _ill_typed(name, field, wanted) from None
    if not isinstance(value, dict) or not value:
        raise _ill_typed(name, field, wanted)
    return value


def _record_value_fault(key: str, new: Any) -> Text | None:
    if key not in CORRECTABLE:
        return same(key)
    if not isinstance(new, str) or not new.strip():
        return Text(f"对象，其中 {key} 为非空文字", f"an object whose {key} is a text that is not empty")
    if key in ("valid_from", "valid_until") and read_date(new.strip()) is None:
        return Text(f"对象，其中 {key} 为日期，如 2026-03-02", f"an object whose {key} is a date such as 2026-03-02")
    if key == "open_class" and new.strip() not in ("A", "B", "C"):
        return Text("对象，其中 open_class 为 A、B 或 C", "an object whose open_class is A, B or C")
    return None


_READERS: dict[str, Callable[[str, Field, Any], Any]] = {
    "text": _text,
    "boolean": _boolean,
    "integer": _integer,
    "date": _date,
    "choice": _choice,
    "several": _several,
    "record_values": _record_values,
    "values": _values,
    "words": _words,
    "person": _person,
    "account": _account,
    "unit": _text,
    "cases": _cases,
    "rows": _rows,
}
