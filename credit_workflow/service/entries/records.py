"""Credit records: importing them, looking at them."""

from credit_workflow.service.use_case import ACCOUNT, Trace, UseCase, Way, granted
from credit_workflow.text import Text

ENTRIES: tuple[UseCase, ...] = (
    UseCase(
        name="record.import",
        request="records.ImportRecords",
        run="import_records",
        permission=granted("import_records"),
        way=Way.WRITES,
        trace=Trace.CHANGE,
        slow=Text("导入", "importing"),
    ),
    UseCase(
        name="record.list",
        request="records.ListRecords",
        run="list_records",
        permission=ACCOUNT,
        trace=Trace.LOOK,
    ),
    UseCase(
        name="record.show",
        request="records.ShowRecord",
        run="show_record",
        permission=ACCOUNT,
        trace=Trace.LOOK,
    ),
    UseCase(
        name="record.history",
        request="records.RecordHistory",
        run="record_history",
        permission=ACCOUNT,
        trace=Trace.LOOK,
    ),
)
