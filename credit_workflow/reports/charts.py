"""Draw charts as inline SVG: a few bars, each with its number beside it, so that a print in black and white says it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

_WIDTH = 680
_TALL = 120
_TOP, _FOOT = 34, 24
_LABEL = 190
_ROW = 26
_SMALLEST = 2.0
_OPEN = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="100%" role="img" aria-label="{name}">'
)
_CLOSE = Markup("</svg>")
_RECT = Markup('<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" fill="{colour}"/>')
_TEXT = Markup('<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{kind}">{text}</text>')
_LINE = Markup('<line x1="{x:.1f}" y1="{y:.1f}" x2="{to:.1f}" y2="{y:.1f}" class="axis"/>')


class Series(NamedTuple):
    """One row of bars: what it is, in which colour, how long each is; ``first`` is the first bar's own colour."""

    name: str
    colour: str
    values: Sequence[int]
    first: str | None = None


def columns(name: str, labels: Sequence[str], series: Sequence[Series], *, zeros: bool = True) -> Markup:
    """Return upright bars side by side: for each label one of every series.

    Args:
        name: what the chart shows, for whoever can't see it.
        labels: below the bars.
        series: of as many values as there are labels; the scale begins at 0.
        zeros: whether a bar of no length has its number too.
    """
    height = _TOP + _TALL + _FOOT
    highest = max((value for one in series for value in one.values), default=0) or 1
    slot = _WIDTH / max(1, len(labels))
    wide = min(34.0, slot * 0.7 / len(series))
    foot = _TOP + _TALL
    parts = [_OPEN.format(w=_WIDTH, h=height, name=name), *_legend([(one.name, one.colour) for one in series], 0)]
    for place, label in enumerate(labels):
        left = slot * (place + 0.5) - wide * len(series) / 2
        for number, one in enumerate(series):
            value = one.values[place]
            tall = max(_SMALLEST, (_TALL - 14) * value / highest) if value else 0
            x = left + wide * number
            colour = one.first if one.first and place == 0 else one.colour
            parts.append(_RECT.format(x=x + 2, y=foot - tall, w=wide - 4, h=tall, colour=colour))
            if not value and not zeros:
                continue
            parts.append(_TEXT.format(x=x + wide / 2, y=foot - tall - 4, anchor="middle", kind="number", text=value))
        parts.append(_TEXT.format(x=slot * (place + 0.5), y=foot + 17, anchor="middle", kind="label", text=label))
    parts += [_LINE.format(x=0, y=foot, to=_WIDTH), _CLOSE]
    return Markup("").join(parts)


def stacks(name: str, labels: Sequence[str], series: Sequence[Series]) -> Markup:
    """Return lying bars, one for each label, made of its part of every series.

    Args:
        name: what the chart shows, for whoever can't see it.
        labels: beside the bars.
        series: of as many values as there are labels; a part of 0 is left out.
    """
    height = _TOP + _ROW * len(labels)
    longest = max((sum(one.values[n] for one in series) for n in range(len(labels))), default=0) or 1
    room = _WIDTH - _LABEL - 12
    parts = [_OPEN.format(w=_WIDTH, h=height, name=name), *_legend([(one.name, one.colour) for one in series], _LABEL)]
    for place, label in enumerate(labels):
        y = _TOP + _ROW * place
        parts.append(_TEXT.format(x=_LABEL - 10, y=y + 15, anchor="end", kind="label", text=label))
        x = float(_LABEL)
        for one in series:
            value = one.values[place]
            if not value:
                continue
            wide = max(16.0, room * value / longest)
            parts.append(_RECT.format(x=x, y=y + 2, w=wide - 1, h=_ROW - 8, colour=one.colour))
            parts.append(_TEXT.format(x=x + wide / 2, y=y + 15.5, anchor="middle", kind="inside", text=value))
            x += wide
    parts.append(_CLOSE)
    return Markup("").join(parts)


def _legend(entries: Sequence[tuple[str, str]], left: float) -> list[Markup]:
    parts, x = [], left
    for name, colour in entries:
        parts.append(_RECT.format(x=x, y=4, w=11, h=11, colour=colour))
        parts.append(_TEXT.format(x=x + 16, y=14, anchor="start", kind="label", text=name))
        x += 34 + 13 * len(name)
    return parts
