"""Cases: opening them, acting on them, looking them up."""

from credit_workflow.service.use_case import ACCOUNT, BY_RULES, Trace, UseCase, Way, granted

ENTRIES: tuple[UseCase, ...] = (
    UseCase(
        name="case.submit",
        request="acting.SubmitCase",
        run="submit_case",
        permission=BY_RULES,
        way=Way.WRITES,
        trace=Trace.CHANGE,
        refused="log_refused_submit",
    ),
    UseCase(
        name="case.act",
        request="acting.TakeAction",
        run="take_action",
        permission=BY_RULES,
        way=Way.WRITES,
        trace=Trace.CHANGE,
        refused="log_refused_action",
    ),
    UseCase(name="case.check_submit", request="acting.CheckSubmit", run="check_submit", permission=BY_RULES),
    UseCase(name="case.check", request="acting.CheckAction", run="check_action", permission=BY_RULES),
    UseCase(
        name="case.assign",
        request="acting.AssignCase",
        run="assign_case",
        permission=ACCOUNT,
        way=Way.WRITES,
        trace=Trace.CHANGE,
        refused="log_refused_assignment",
    ),
    UseCase(name="case.show", request="cases.ShowCase", run="show_case", permission=ACCOUNT),
    UseCase(name="case.list", request="cases.ListCases", run="list_cases", permission=ACCOUNT),
    UseCase(name="case.history", request="cases.CaseHistory", run="case_history", permission=ACCOUNT),
    UseCase(
        name="case.scan",
        request="cases.TakeScan",
        run="take_scan",
        permission=granted("see_whole_numbers"),
        trace=Trace.LOOK,
    ),
    UseCase(name="todo", request="cases.ListTodo", run="list_todo", permission=ACCOUNT),
    UseCase(name="overdue", request="overdue.ListOverdue", run="list_overdue", permission=ACCOUNT),
)
