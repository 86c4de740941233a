"""``report``: the operating report that the credit centre sends round every month (附件3·七(二))."""

from __future__ import annotations

from typing import Annotated

from msgspec.structs import replace

from credit_workflow.cli.base import Branch
from credit_workflow.cli.new_files import not_there, write_new
from credit_workflow.cli.options import NewFile, option
from credit_workflow.cli.output import answered, line, watched
from credit_workflow.service.use_cases.upkeep.reports import ReportMonth

report = Branch("运行报告。", "Operating reports.")


@report.command("monthly")
def _monthly(
    to: NewFile,
    month: Annotated[str | None, option("--month YYYY-MM")] = None,
    verify: Annotated[bool, option("--verify/--no-verify")] = True,
) -> None:
    """The monthly operating report, in Chinese, ready to print on A4 (centre, supervisor, authority, auditor).

    运行监测月报（附件3·七(二)），可直接打印的 A4 网页（市信用中心、单位负责人、主管部门、审计员）。

    Options:
        month: the month; the last one unless given
            月份；不填则上月
        verify: verify the log for the report
            编制时校验日志
    """
    not_there(to)
    found = watched("统计", "counting", ReportMonth(month=month, verify=verify))
    write_new(to, found.content)
    if answered(replace(found, file=str(to))):
        return
    year, number = found.month.split("-")
    title = f"{year}年{int(number)}月"
    line(f"已写入 {to}（{title}），用浏览器打开即可打印。", f"wrote {to}; open it in a browser to print.")
    if found.verified is False:
        line("✗ 日志校验异常，请立即运行 audit verify。", "✗ the log is not whole: run audit verify at once.")
