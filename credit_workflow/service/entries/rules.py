"""List what keepers of the rules ask for: definitions, versions, scenarios, simulation."""

from credit_workflow.service.use_case import ACCOUNT, ANYBODY, UseCase, alone, granted, reads, works, writes
from credit_workflow.text import Text

_CASES = Text("核对在办案件", "looking at running cases")

_SEES_PROPOSALS = granted("prepare_rules", "approve_rules")

ENTRIES: tuple[UseCase, ...] = (
    alone("workflow.list", "rules.definitions.ListDefinitions", ANYBODY),
    alone("workflow.show", "rules.definitions.ShowDefinition", ANYBODY),
    alone("workflow.schema", "rules.definitions.ShowSchema", ANYBODY),
    alone("workflow.check", "rules.checking.CheckDefinitions", ANYBODY, slow=Text("检查", "checking")),
    alone("workflow.test", "rules.scenarios.PlayScenarios", ANYBODY, slow=Text("演练情形", "playing scenarios")),
    alone("workflow.diagram", "rules.drawings.DrawWorkflow", ANYBODY),
    alone("workflow.document", "rules.drawings.DocumentWorkflow", ANYBODY),
    reads("case.picture", "rules.drawings.DrawCase", ACCOUNT),
    alone("workflow.diff", "rules.versions.CompareVersions", ANYBODY),
    reads("workflow.versions", "rules.versions.ListVersions", ANYBODY),
    works("workflow.propose", "rules.versions.ProposeVersions", granted("prepare_rules"), slow=_CASES),
    reads("workflow.proposals", "rules.versions.ListProposals", _SEES_PROPOSALS, slow=_CASES),
    works("workflow.approve", "rules.versions.ApproveProposal", granted("approve_rules"), slow=_CASES),
    writes("workflow.reject", "rules.versions.RejectProposal", granted("approve_rules")),
    writes("workflow.withdraw", "rules.versions.WithdrawProposal", granted("prepare_rules")),
    works("workflow.publish", "rules.versions.PublishProposal", granted("approve_rules"), slow=_CASES),
    reads("workflow.outlook", "rules.migrations.LookAhead", _SEES_PROPOSALS, slow=_CASES),
    works(
        "workflow.migrate",
        "rules.migrations.MigrateCases",
        granted("approve_rules"),
        slow=Text("更换版本", "going over"),
    ),
    reads("simulate", "rules.simulation.Simulate", granted("simulate"), slow=Text("推演", "simulating")),
)
