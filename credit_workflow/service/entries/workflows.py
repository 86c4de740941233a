"""What the workflows in force ask for, and what their parts are called."""

from credit_workflow.service.use_case import ANYBODY, UseCase, Way

ENTRIES: tuple[UseCase, ...] = (
    UseCase(
        name="workflow.names",
        request="workflows.WorkflowNames",
        run="workflow_names",
        permission=ANYBODY,
        way=Way.ALONE,
    ),
    UseCase(
        name="workflow.forms",
        request="workflows.WorkflowForms",
        run="workflow_forms",
        permission=ANYBODY,
        way=Way.ALONE,
    ),
)
