"""Papers: printing them, verifying them."""

from credit_workflow.service.use_case import ACCOUNT, ANYBODY, BY_RULES, Trace, UseCase, Way

ENTRIES: tuple[UseCase, ...] = (
    UseCase(name="paper.list", request="papers.ListPapers", run="list_papers", permission=ACCOUNT),
    UseCase(
        name="paper.print",
        request="papers.PrintPaper",
        run="print_paper",
        permission=BY_RULES,
        way=Way.ALONE,
        trace=Trace.CHANGE,
    ),
    UseCase(
        name="paper.verify",
        request="papers.VerifyPaper",
        run="verify_paper",
        permission=ACCOUNT,
        trace=Trace.LOOK,
    ),
    UseCase(
        name="paper.templates",
        request="papers.ShippedTemplates",
        run="shipped_templates",
        permission=ANYBODY,
        way=Way.ALONE,
    ),
)
