"""What there is to ask about working days and the notices that they rest on."""

from credit_workflow.service.use_case import ANYBODY, Trace, UseCase, Way, granted
from credit_workflow.text import Text

ENTRIES: tuple[UseCase, ...] = (
    UseCase(name="calendar.show", request="calendars.ShowYear", run="show_year", permission=ANYBODY, way=Way.ALONE),
    UseCase(
        name="calendar.count", request="calendars.CountPeriod", run="count_period", permission=ANYBODY, way=Way.ALONE
    ),
    UseCase(
        name="calendar.status", request="calendars.ShowStatus", run="show_status", permission=ANYBODY, way=Way.ALONE
    ),
    UseCase(
        name="calendar.export", request="holidays.ExportNotice", run="export_notice", permission=ANYBODY, way=Way.ALONE
    ),
    UseCase(
        name="calendar.import",
        request="holidays.ImportNotice",
        run="import_notice",
        permission=granted("import_notices"),
        way=Way.ALONE,
        trace=Trace.CHANGE,
        slow=Text("重新计算期限", "counting deadlines again"),
    ),
)
