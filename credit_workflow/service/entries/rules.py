"""What those do who keep the rules: definitions, their versions, drafts, scenarios, simulation."""

from __future__ import annotations

from credit_workflow.service.use_case import ACCOUNT, ANYBODY, Trace, UseCase, Way, granted
from credit_workflow.text import Text

_CASES = Text("核对在办案件", "looking at running cases")

ENTRIES: tuple[UseCase, ...] = (
    UseCase(
        name="workflow.list",
        request="definitions.ListDefinitions",
        run="list_definitions",
        permission=ANYBODY,
        way=Way.ALONE,
    ),
    UseCase(
        name="workflow.show",
        request="definitions.ShowDefinition",
        run="show_definition",
        permission=ANYBODY,
        way=Way.ALONE,
    ),
    UseCase(
        name="workflow.schema",
        request="definitions.ShowSchema",
        run="show_schema",
        permission=ANYBODY,
        way=Way.ALONE,
    ),
    UseCase(
        name="workflow.check",
        request="checking.CheckDefinitions",
        run="check_definitions",
        permission=ANYBODY,
        way=Way.ALONE,
        slow=Text("检查", "checking"),
    ),
    UseCase(
        name="workflow.test",
        request="scenarios.PlayScenarios",
        run="play_scenarios",
        permission=ANYBODY,
        way=Way.ALONE,
        slow=Text("演练情形", "playing scenarios"),
    ),
    UseCase(
        name="workflow.diagram",
        request="drawings.DrawWorkflow",
        run="draw_workflow",
        permission=ANYBODY,
        way=Way.ALONE,
    ),
    UseCase(
        name="workflow.document",
        request="drawings.DocumentWorkflow",
        run="document_workflow",
        permission=ANYBODY,
        way=Way.ALONE,
    ),
    UseCase(name="case.picture", request="drawings.DrawCase", run="draw_case", permission=ACCOUNT),
    UseCase(
        name="workflow.diff",
        request="versions.CompareVersions",
        run="compare_versions",
        permission=ANYBODY,
        way=Way.ALONE,
    ),
    UseCase(name="workflow.versions", request="versions.ListVersions", run="list_versions", permission=ANYBODY),
    UseCase(
        name="workflow.propose",
        request="versions.ProposeVersions",
        run="propose_versions",
        permission=granted("prepare_rules"),
        way=Way.ALONE,
        trace=Trace.CHANGE,
        slow=_CASES,
    ),
    UseCase(
        name="workflow.proposals",
        request="versions.ListProposals",
        run="list_proposals",
        permission=ACCOUNT,  # who prepares rules, and who approves them: the function asks for one of the two
        slow=_CASES,
    ),
    UseCase(
        name="workflow.approve",
        request="versions.ApproveProposal",
        run="approve_proposal",
        permission=granted("approve_rules"),
        way=Way.ALONE,
        trace=Trace.CHANGE,
        slow=_CASES,
    ),
    UseCase(
        name="workflow.reject",
        request="versions.RejectProposal",
        run="reject_proposal",
        permission=granted("approve_rules"),
        way=Way.WRITES,
        trace=Trace.CHANGE,
    ),
    UseCase(
        name="workflow.withdraw",
        request="versions.WithdrawProposal",
        run="withdraw_proposal",
        permission=granted("prepare_rules"),
        way=Way.WRITES,
        trace=Trace.CHANGE,
    ),
    UseCase(
        name="workflow.publish",
        request="versions.PublishProposal",
        run="publish_proposal",
        permission=granted("approve_rules"),
        way=Way.ALONE,
        trace=Trace.CHANGE,
        slow=_CASES,
    ),
    UseCase(
        name="workflow.migrate",
        request="migrations.MigrateCases",
        run="migrate_cases",
        permission=ACCOUNT,  # to look, as `workflow.proposals`; to have it done, who approves rules
        way=Way.ALONE,
        trace=Trace.CHANGE,
        slow=Text("更换版本", "going over"),
    ),
    UseCase(
        name="simulate",
        request="simulation.Simulate",
        run="simulate",
        permission=granted("simulate"),
        slow=Text("推演", "simulating"),
    ),
)
