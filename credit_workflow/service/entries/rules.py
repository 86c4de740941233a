"""What keepers of the rules ask for: definitions, versions, scenarios, simulation."""

from credit_workflow.service.use_case import ACCOUNT, ANYBODY, Trace, UseCase, Way, granted
from credit_workflow.text import Text

_CASES = Text("核对在办案件", "looking at running cases")
_SEES_PROPOSALS = granted("prepare_rules", "approve_rules")

ENTRIES: tuple[UseCase, ...] = (
    UseCase("workflow.list", "rules.definitions.ListDefinitions", "list_definitions", ANYBODY, way=Way.ALONE),
    UseCase("workflow.show", "rules.definitions.ShowDefinition", "show_definition", ANYBODY, way=Way.ALONE),
    UseCase("workflow.schema", "rules.definitions.ShowSchema", "show_schema", ANYBODY, way=Way.ALONE),
    UseCase(
        "workflow.check",
        "rules.checking.CheckDefinitions",
        "check_definitions",
        ANYBODY,
        way=Way.ALONE,
        slow=Text("检查", "checking"),
    ),
    UseCase(
        "workflow.test",
        "rules.scenarios.PlayScenarios",
        "play_scenarios",
        ANYBODY,
        way=Way.ALONE,
        slow=Text("演练情形", "playing scenarios"),
    ),
    UseCase("workflow.diagram", "rules.drawings.DrawWorkflow", "draw_workflow", ANYBODY, way=Way.ALONE),
    UseCase("workflow.document", "rules.drawings.DocumentWorkflow", "document_workflow", ANYBODY, way=Way.ALONE),
    UseCase("case.picture", "rules.drawings.DrawCase", "draw_case", ACCOUNT),
    UseCase("workflow.diff", "rules.versions.CompareVersions", "compare_versions", ANYBODY, way=Way.ALONE),
    UseCase("workflow.versions", "rules.versions.ListVersions", "list_versions", ANYBODY),
    UseCase(
        "workflow.propose",
        "rules.versions.ProposeVersions",
        "propose_versions",
        granted("prepare_rules"),
        way=Way.ALONE,
        trace=Trace.CHANGE,
        slow=_CASES,
    ),
    UseCase("workflow.proposals", "rules.versions.ListProposals", "list_proposals", _SEES_PROPOSALS, slow=_CASES),
    UseCase(
        "workflow.approve",
        "rules.versions.ApproveProposal",
        "approve_proposal",
        granted("approve_rules"),
        way=Way.ALONE,
        trace=Trace.CHANGE,
        slow=_CASES,
    ),
    UseCase(
        "workflow.reject",
        "rules.versions.RejectProposal",
        "reject_proposal",
        granted("approve_rules"),
        way=Way.WRITES,
        trace=Trace.CHANGE,
    ),
    UseCase(
        "workflow.withdraw",
        "rules.versions.WithdrawProposal",
        "withdraw_proposal",
        granted("prepare_rules"),
        way=Way.WRITES,
        trace=Trace.CHANGE,
    ),
    UseCase(
        "workflow.publish",
        "rules.versions.PublishProposal",
        "publish_proposal",
        granted("approve_rules"),
        way=Way.ALONE,
        trace=Trace.CHANGE,
        slow=_CASES,
    ),
    UseCase(
        "workflow.outlook",
        "rules.migrations.LookAhead",
        "look_ahead",
        _SEES_PROPOSALS,
        slow=_CASES,
    ),
    UseCase(
        "workflow.migrate",
        "rules.migrations.MigrateCases",
        "migrate_cases",
        granted("approve_rules"),
        way=Way.ALONE,
        trace=Trace.CHANGE,
        slow=Text("更换版本", "going over"),
    ),
    UseCase("simulate", "rules.simulation.Simulate", "simulate", granted("simulate"), slow=Text("推演", "simulating")),
)
