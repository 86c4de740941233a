"""Render a page from facts and a template: Jinja2 in its sandbox, every value escaped.

A site's folder of templates comes before the ones that ship; one that it does not have is the
shipped one, which its own can also extend as ``builtin/NAME.html.j2``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType

from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.exceptions import SecurityError, TemplateNotFound, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from credit_workflow.casework.papers.paper_code import PaperCode, canonical
from credit_workflow.casework.papers.paper_facts import Copy, PaperFacts
from credit_workflow.casework.papers.paper_words import day_zh
from credit_workflow.errors import NotFound, UsageFault
from credit_workflow.papers import qr
from credit_workflow.text import Text

SHIPPED = Path(__file__).resolve().parent / "templates"
#: What a kind without a template of its own is printed with.
_GENERAL = "notice"
_ENDING = ".html.j2"
#: The element in which a page carries its facts.
FACTS_ID = "credit-workflow-facts"


def render(facts: PaperFacts, *, code: PaperCode, copy: Copy, template: str | None, folder: Path | None) -> str:
    """Return a paper as one HTML page that needs nothing else.

    Args:
        facts: what it states.
        code: its code.
        copy: which print it is.
        template: the template's name without its ending; the paper's own kind unless given.
        folder: a site's own templates, where it has some.

    Raises:
        NotFound: there is no such folder.
        UsageFault: a template has a mistake; ``details`` names file and line.
    """
    environment = _environment(folder)
    name = _first_known(environment, [template or facts.kind, _GENERAL])
    try:
        return environment.get_template(name).render(
            facts=facts, copy=copy, code=str(code), qr=Markup(qr.svg(str(code))), carried=_carried(facts, code, copy)  # noqa: S704 - our own picture of a checked code
        )  # fmt: skip
    except (TemplateError, UnicodeDecodeError) as fault:
        raise _mistake(fault, name, environment) from fault
    except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError) as fault:
        raise _mistake(fault, name, environment) from fault


def shipped_templates() -> dict[str, bytes]:
    """Return the shipped templates by the names of their files, to start one's own from."""
    return {file.name: file.read_bytes() for file in sorted(SHIPPED.glob(f"*{_ENDING}"))}


def _environment(folder: Path | None) -> ImmutableSandboxedEnvironment:
    if folder is not None and not folder.is_dir():
        message = Text("没有文书模板文件夹 {f}", "there is no folder of templates {f}")
        raise NotFound(message.fill(f=folder), code="no_templates")
    shipped = FileSystemLoader(SHIPPED, encoding="utf-8")
    own = [] if folder is None else [FileSystemLoader(folder, encoding="utf-8")]
    environment = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([*own, shipped, PrefixLoader({"builtin": shipped})]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(day=day_zh, minute=_minute, ordinal=_ordinal, css=_css)
    return environment


def _first_known(environment: ImmutableSandboxedEnvironment, names: list[str]) -> str:
    known = set(environment.list_templates())
    return next(name + _ENDING for name in names if name + _ENDING in known)


def _carried(facts: PaperFacts, code: PaperCode, copy: Copy) -> Markup:
    """Return the element that carries the facts; no text in it can end it."""
    text = canonical({"code": str(code), "facts": facts, "copy": copy}).decode()
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(f'<script type="application/json" id="{FACTS_ID}">{text}</script>')  # noqa: S704 - escaped above


def _minute(instant: str) -> str:
    """2026-03-02T09:30 as 2026年3月2日 09:30."""
    return f"{day_zh(instant)} {instant[11:16]}"


def _ordinal(number: int) -> str:
    """1 to 99 as 一 to 九十九, for the numbering of grounds."""
    tens, ones = divmod(number, 10)
    digits = "〇一二三四五六七八九"
    return ("" if tens == 0 else "十" if tens == 1 else digits[tens] + "十") + (
        digits[ones] if ones or not tens else ""
    )


def _css(text: str) -> Markup:
    """Return a text as a string of CSS, its quotes included."""
    safe = "".join(sign if sign.isalnum() or sign in "-_ " else f"\\{ord(sign):x} " for sign in text)
    return Markup(f'"{safe}"')  # noqa: S704 - escaped above


def _mistake(fault: Exception, name: str, environment: ImmutableSandboxedEnvironment) -> UsageFault:
    """Return the error for a mistake in a template: where it is, and what is wrong there."""
    file, line = _place(fault, name, environment)
    what = _what(fault)
    message = Text("文书模板 {f} 第 {l} 行有误：{w}", "the template {f}, line {l}: {w}")
    return UsageFault(
        message.fill(f=Path(file).name, l=line, w=what), code="template", details={"file": file, "line": line}
    )


def _what(fault: Exception) -> Text:
    said = " ".join(str(fault).split())[:200]
    if isinstance(fault, TemplateSyntaxError):
        return Text("语法错误：{s}", "a mistake of syntax: {s}").fill(s=said)
    if isinstance(fault, UndefinedError):
        return Text("没有这一项：{s}", "there is no such thing: {s}").fill(s=said)
    if isinstance(fault, SecurityError):
        return Text("模板不得这样做：{s}", "a template may not do this: {s}").fill(s=said)
    if isinstance(fault, TemplateNotFound):
        return Text("没有模板 {s}", "there is no template {s}").fill(s=said)
    if isinstance(fault, UnicodeDecodeError):
        return Text("不是 UTF-8 编码", "it is not UTF-8")
    return Text("无法计算：{s}", "it can't be worked out: {s}").fill(s=said)


def _place(fault: Exception, name: str, environment: ImmutableSandboxedEnvironment) -> tuple[str, int]:
    """Return the template's file and the line where it went wrong (1 where nothing tells)."""
    if isinstance(fault, TemplateSyntaxError):
        return fault.filename or fault.name or name, fault.lineno
    frames = [(f, line) for f, line in _frames(fault.__traceback__) if f.endswith(_ENDING)]
    if frames:
        return frames[-1]
    loader: Callable[..., tuple[str, str | None, Callable[[], bool] | None]] | None = getattr(
        environment.loader, "get_source", None
    )
    try:
        return (loader(environment, name)[1] or name, 1) if loader else (name, 1)
    except (TemplateError, UnicodeDecodeError):
        return name, 1


def _frames(traceback: TracebackType | None) -> Iterator[tuple[str, int]]:
    while traceback is not None:
        yield traceback.tb_frame.f_code.co_filename, traceback.tb_lineno
        traceback = traceback.tb_next
