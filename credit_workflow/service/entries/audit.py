"""Audit: reading all logs, verifying and sealing them, proving what they say elsewhere."""

from credit_workflow.service.use_case import ANYBODY, MACHINE, Trace, UseCase, Way, granted
from credit_workflow.text import Text

ENTRIES: tuple[UseCase, ...] = (
    UseCase(
        name="audit.verify",
        request="audit.VerifyLog",
        run="verify_log",
        permission=MACHINE,
        way=Way.ALONE,
        slow=Text("校验", "verifying"),
    ),
    UseCase(
        name="audit.seal",
        request="audit.SealLog",
        run="seal_log",
        permission=granted("seal"),
        way=Way.WRITES,
        trace=Trace.CHANGE,
    ),
    UseCase(name="audit.export", request="audit.ExportSeals", run="export_seals", permission=granted("seal")),
    UseCase(
        name="audit.show",
        request="audit.ReadLog",
        run="read_log",
        permission=granted("audit"),
        trace=Trace.LOOK,
    ),
    UseCase(
        name="audit.prove",
        request="audit.ProveCase",
        run="prove_case",
        permission=granted("seal"),
        trace=Trace.LOOK,
    ),
    UseCase(name="audit.check", request="audit.CheckProof", run="check_proof", permission=ANYBODY, way=Way.ALONE),
)
