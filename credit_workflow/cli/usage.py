"""Word the parser's own errors in both languages."""

from __future__ import annotations

import re

from credit_workflow.text import Text, same

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


def explained(fault: Exception) -> Text:  # noqa: PLR0911 - one answer for each kind of error
    """Return what a usage error of the parser says."""
    kind = type(fault).__name__
    english = str(fault.format_message()).rstrip(".")  # type: ignore[attr-defined]  # the caller has looked
    more = Text("用 --help 查看用法", "see --help")
    name = getattr(getattr(fault, "param", None), "human_readable_name", None) or getattr(fault, "param_hint", None)
    if kind == "NoSuchOption":
        near = "、".join(getattr(fault, "possibilities", None) or [])
        hint = Text(f"，是否指 {near}", f"; did you mean {near}") if near else same("")
        option = getattr(fault, "option_name", "")
        zh = f"没有选项 {option}{hint.zh}"
        return Text("{zh}；{more}", "{en}; {more}").fill(
            zh=zh, en=english + (hint.en if near not in english else ""), more=more
        )
    if kind == "MissingParameter":
        return Text("缺少 {n}；{more}", "{en}; {more}").fill(n=name or "", en=english, more=more)
    if kind == "BadParameter":
        return Text("{n} 的值无效：{zh}；{more}", "{en}; {more}").fill(
            n=_spelt(fault) or name or "", zh=_in_chinese(english), en=english, more=more
        )
    if kind == "BadOptionUsage":
        option = getattr(fault, "option_name", "")
        return Text("选项 {o} 缺少值或用法有误；{more}", "{en}; {more}").fill(o=option, en=english, more=more)
    if kind == "NoArgsIsHelpError" or english == "Missing command":
        group = getattr(getattr(fault, "ctx", None), "command_path", "")
        return Text("缺少子命令：{n}；{more}", "{n} needs a command; {more}").fill(n=group, more=more)
    if english.startswith("No such command"):
        word = english.split("'")[1] if "'" in english else ""
        return Text("没有命令 {w}；{more}", "{en}; {more}").fill(w=word, en=english, more=more)
    if "unexpected extra argument" in english:
        extra = english.partition("(")[2].rstrip(")")
        return Text("多余的参数：{x}；{more}", "{en}; {more}").fill(x=extra, en=english, more=more)
    return Text("用法有误：{en}；{more}", "{en}; {more}").fill(en=english, more=more)
