"""The parser's own errors, in both languages."""

from __future__ import annotations

import re

from credit_workflow.text import Text

#: What the parser says of a value, and the same in Chinese.
_OF_VALUES = (
    (re.compile(r"'(.*)' is not a valid int(?:eger)?(?: range)?"), "“{0}”不是整数"),
    (re.compile(r"'(.*)' is not a valid float(?: range)?"), "“{0}”不是数"),
    (re.compile(r"(\S+) is not in the range (.*)"), "{0} 不在 {1} 之内"),
)


def _in_chinese(english: str) -> str:
    said = english.partition(": ")[2] if english.startswith("Invalid value for") else english
    for pattern, chinese in _OF_VALUES:
        found = pattern.fullmatch(said)
        if found:
            return chinese.format(*found.groups())
    return said


def _spelt(fault: Exception) -> str | None:
    """Return an option as people write it, `--to`."""
    for name in getattr(getattr(fault, "param", None), "opts", ()):
        if name.startswith("--"):
            return str(name)
    return None


def explained(fault: Exception) -> Text:
    """Return what a usage error of the parser says."""
    english = str(fault.format_message()).rstrip(".")  # type: ignore[attr-defined]  # the caller has looked
    if type(fault).__name__ == "NoArgsIsHelpError" or english == "Missing command":
        english = f"{getattr(getattr(fault, 'ctx', None), 'command_path', '')} needs a command"
    near = "、".join(getattr(fault, "possibilities", None) or [])
    hint = f"; did you mean {near}" if near and near not in english else ""
    return Text(f"{_chinese(fault, english, near)}；用 --help 查看用法", f"{english}{hint}; see --help")


def _chinese(fault: Exception, english: str, near: str) -> str:
    kind, option = type(fault).__name__, getattr(fault, "option_name", "")
    name = getattr(getattr(fault, "param", None), "human_readable_name", None) or getattr(fault, "param_hint", None)
    if kind == "BadParameter":
        return f"{_spelt(fault) or name or ''} 的值无效：{_in_chinese(english)}"
    said = {
        "NoSuchOption": f"没有选项 {option}" + (f"，是否指 {near}" if near else ""),
        "MissingParameter": f"缺少 {name or ''}",
        "BadOptionUsage": f"选项 {option} 缺少值或用法有误",
    }
    if kind in said:
        return said[kind]
    if english.endswith(" needs a command"):
        return "缺少子命令：" + english.removesuffix(" needs a command")
    if english.startswith("No such command"):
        return "没有命令 " + (english.split("'")[1] if "'" in english else "")
    if "unexpected extra argument" in english:
        return "多余的参数：" + english.partition("(")[2].rstrip(")")
    return f"用法有误：{english}"
