"""Draw the code on a paper as a picture that a phone scans: SVG, within the page."""

from __future__ import annotations

import segno

#: Quiet zone in modules, as ISO/IEC 18004 asks for.
_BORDER = 4


def matrix(text: str) -> list[list[bool]]:
    """Return the modules of a text's QR code, dark ones True, without the quiet zone.

    Error correction is M (15%): a fold or a stamp in a corner does no harm.
    """
    code = segno.make(text, error="m", micro=False, boost_error=False)
    return [[bool(module) for module in row] for row in code.matrix]


def svg(text: str) -> str:
    """Return a text's QR code as one SVG element, whose size the page's style gives."""
    rows = matrix(text)
    size = len(rows) + 2 * _BORDER
    path = "".join(f"M{x} {y}h{length}v1h-{length}z" for x, y, length in _runs(rows))
    return (
        f'<svg class="qr" viewBox="0 0 {size} {size}" shape-rendering="crispEdges" role="img" aria-label="{text}">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path fill="#000" d="{path}"/></svg>'
    )


def _runs(rows: list[list[bool]]) -> list[tuple[int, int, int]]:
    """Return the dark runs of each row: where they begin, and how long they are."""
    found: list[tuple[int, int, int]] = []
    for y, row in enumerate(rows, _BORDER):
        for x, dark in enumerate(row, _BORDER):
            if not dark:
                continue
            if found and found[-1][1] == y and found[-1][0] + found[-1][2] == x:
                begin, _, length = found[-1]
                found[-1] = (begin, y, length + 1)
            else:
                found.append((x, y, 1))
    return found
