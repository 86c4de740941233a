"""Statistics: how the work stands and how long it took."""

from credit_workflow.service.use_case import Trace, UseCase, granted
from credit_workflow.text import Text

ENTRIES: tuple[UseCase, ...] = (
    UseCase(
        name="stats",
        request="statistics.CountCases",
        run="count_cases",
        permission=granted("statistics"),
        trace=Trace.LOOK,
        slow=Text("统计", "counting"),
    ),
)
