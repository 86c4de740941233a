"""Operating reports."""

from credit_workflow.service.use_case import Trace, UseCase, granted
from credit_workflow.text import Text

ENTRIES: tuple[UseCase, ...] = (
    UseCase(
        name="report.monthly",
        request="reports.ReportMonth",
        run="report_month",
        permission=granted("operating_report"),
        trace=Trace.LOOK,
        slow=Text("统计", "counting"),
    ),
)
