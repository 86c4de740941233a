"""Print a page as PDF by a browser of this machine, through the extra ``pdf`` (Playwright).

A browser rather than a library that lays out HTML itself: the PDF is then the very page that one
sees and prints, with the same fonts and page breaks; Windows has Edge, and Linux packages
Chromium, where WeasyPrint would need Pango. Nothing is fetched and no script runs.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from credit_workflow.errors import Refused
from credit_workflow.text import Text

if TYPE_CHECKING:
    from playwright.sync_api import Playwright

_PROGRAMS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "msedge",
    "chrome",
)
_CHANNELS = ("msedge", "chrome")
_PATIENCE = 60_000


def pdf_of(html: str) -> bytes:
    """Return a page as PDF.

    Args:
        html: the page; it may refer to nothing outside itself.

    Raises:
        Refused: the extra is not installed, or no browser was found; both say what to do.
    """
    try:
        from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415 - an extra, and slow to load
    except ImportError:
        message = Text(
            '不能生成 PDF：没有安装 pdf 附加组件。请运行 pip install "credit-workflow[pdf]"，'
            "或打印为 .html，再用任何浏览器“打印→另存为 PDF”",
            'no PDF: the extra “pdf” is not installed; run pip install "credit-workflow[pdf]", '
            "or print to .html, which any browser prints to PDF",
        )
        raise Refused(message, code="no_pdf") from None
    try:
        with sync_playwright() as playwright:
            return _printed(playwright, html)
    except Error as fault:
        message = Text(
            "浏览器未能生成 PDF：{w}。可打印为 .html，再用任何浏览器“打印→另存为 PDF”",
            "the browser made no PDF: {w}; print to .html, which any browser prints to PDF",
        )
        raise Refused(message.fill(w=" ".join(str(fault).split())[:200]), code="no_pdf") from None


def browser_program() -> str | None:
    """Return a browser of this machine that prints: the one named by the environment, or one on the path."""
    named = os.environ.get("CREDIT_WORKFLOW_BROWSER")
    if named:
        return named if Path(named).is_file() else None
    return next((found for name in _PROGRAMS if (found := shutil.which(name))), None)


def _printed(playwright: Playwright, html: str) -> bytes:
    from playwright.sync_api import Error  # noqa: PLC0415

    # Chromium's own sandbox can't be had by the superuser.
    sandbox = not (hasattr(os, "geteuid") and os.geteuid() == 0)
    program = browser_program()
    # Without a program on the path, Playwright knows where Edge and Chrome are installed.
    ways = [{"executable_path": program}] if program else [{"channel": name} for name in _CHANNELS]
    for way in ways:
        try:
            browser = playwright.chromium.launch(chromium_sandbox=sandbox, timeout=_PATIENCE, **way)  # type: ignore[arg-type]  # one keyword of several
        except Error:
            continue
        try:
            context = browser.new_context(java_script_enabled=False, offline=True)
            page = context.new_page()
            page.set_content(html, wait_until="load", timeout=_PATIENCE)
            return page.pdf(prefer_css_page_size=True, print_background=True)
        finally:
            browser.close()
    message = Text(
        "不能生成 PDF：没有找到可用的浏览器。请安装 Edge、Chrome 或 Chromium，或用 CREDIT_WORKFLOW_BROWSER 指明程序；"
        "也可打印为 .html，再用任何浏览器“打印→另存为 PDF”",
        "no PDF: no browser was found; install Edge, Chrome or Chromium, or name the program in "
        "CREDIT_WORKFLOW_BROWSER; or print to .html, which any browser prints to PDF",
    )
    raise Refused(message, code="no_pdf")
