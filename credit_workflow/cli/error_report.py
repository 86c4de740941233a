"""Report an error on standard error: on one line, or as one JSON document."""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

from credit_workflow.cli.language import language, t
from credit_workflow.errors import CreditWorkflowError
from credit_workflow.text import Text


def report(code: str, message: Text, source: str | None, details: dict[str, Any], *, as_json: bool) -> None:
    """Write one error on one line."""
    text = " ".join(message.to(language()).split())
    if as_json:
        from credit_workflow.service.faults import plain  # noqa: PLC0415 - most commands report nothing

        told = {"code": code, "message": text, "source": source, "details": plain(details, language())}
        print(json.dumps({"error": told}, ensure_ascii=False, default=str), file=sys.stderr)
        return
    clause = ""
    if source and source not in text:  # `[practice]` brings its brackets along
        clause = f" {source}" if source.startswith("[") else f" [{source}]"
    print(f"{t('错误', 'error')}: {text}{clause}", file=sys.stderr)


def report_of_night(fault: Exception, *, as_json: bool) -> None:
    """Write why a nightly job failed, for whoever reads what the scheduler leaves.

    What was not foreseen is named by its kind and place alone: its own words may hold personal
    data, and what the scheduler writes is kept. With ``CREDIT_WORKFLOW_DEBUG`` all of it is shown.
    """
    if os.environ.get("CREDIT_WORKFLOW_DEBUG"):
        traceback.print_exception(fault)
    if isinstance(fault, CreditWorkflowError):
        report(fault.code, fault.message, fault.source, fault.details, as_json=as_json)
        return
    last = traceback.extract_tb(fault.__traceback__)[-1:]
    place = "".join(f", {Path(at.filename).name}:{at.lineno}" for at in last)
    message = Text(
        "本次夜间任务未完成（{w}），下一次照常进行。请设置 CREDIT_WORKFLOW_DEBUG=1 后运行 sweep，并报告所示内容",
        "this nightly job failed ({w}); the next one will run. Set CREDIT_WORKFLOW_DEBUG=1, run sweep, and report"
        " what is shown",
    )
    report("fault", message.fill(w=f"{type(fault).__name__}{place}"), None, {}, as_json=as_json)
