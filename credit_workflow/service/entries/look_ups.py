"""The log of look-ups, which every workflow that looks up has."""

from credit_workflow.service.use_case import Trace, UseCase, granted

ENTRIES: tuple[UseCase, ...] = (
    UseCase(
        name="look_up.log",
        request="look_ups.ReadLookUps",
        run="read_look_ups",
        permission=granted("read_look_ups"),
        trace=Trace.LOOK,
    ),
)
