"""What the conformance vectors tell, reasoned from RULES.md and from the notices' own words.

A line is a step: ``DAY WHO CASE ACTION …``; what a sweep fires, and what a refusal says, stands
after ``=>``. What the states and dates are after each step is left to the naive models.
"""

#: number, owner, name, class, title, content, last day of validity.
RECORDS = [
    ("R-1", "adult", "张三", "B", "欠税", "欠税1元", "2027-12-31"),
    ("R-2", "adult", "张三", "B", "欠费", "欠费2元", "2027-12-31"),
    ("R-3", "adult", "张三", "B", "欠税", "欠税3元", "2026-02-28"),
    ("R-4", "other", "李四", "A", "荣誉", "先进个人", "2027-12-31"),
    ("Y-1", "youth", "王小", "B", "欠费", "欠费5元", "2027-12-31"),
    ("K-1", "child", "赵童", "B", "欠费", "欠费6元", "2027-12-31"),
    ("E-1", "elsewhere", "宁波某某有限公司", "B", "行政处罚", "罚款五千元", "2027-12-31"),
    ("L-1", "firm", "某某有限公司", "B", "行政处罚", "罚款三千元，已缴清", "2027-12-31"),
]

#: start, length, kind, due, and whether a notice still to come can move it | why
PROVISIONAL = """
2026-12-21 5 wd 2026-12-28 settled | 22, 23, 24, 25, 28 December: the last day that no notice to come can touch
2026-12-22 5 wd 2026-12-29 provisional | 29 December can become a day off or be worked for it: the notice of 2027
2026-12-25 5 wd 2027-01-04 provisional | 28, 29, 30, 31 are 1 to 4; 1 January off, 2 and 3 a weekend; Monday 4
2026-11-28 30 shift 2026-12-28 settled | a period to act that ends on Monday 28 December
2026-11-29 30 shift 2026-12-29 provisional | it would be moved if 29 December became a day off
2026-12-15 30 days 2027-01-14 settled | a duration asks no calendar
2026-12-02 30 shift 2027-01-04 provisional | 1 January is a holiday by law; 2 and 3 a weekend
2027-02-01 7 wd 2027-02-16 provisional | 2, 3, 4 are 1 to 3; 5 (the eve) to 8 are off by law, and the two of them on the weekend are made up on 9 and 10; 11, 12, 15, 16
2027-09-30 5 wd 2027-10-12 provisional | 1 to 3 October off by law; 2 and 3, a weekend, are made up on 4 and 5; 6, 7, 8, 11, 12
2031-06-10 5 years 2036-06-10 settled | years end on the day of the same date
"""

SEEN = "identity_checked=true ; resident=true"
LEGAL = "+organisation_code,authorisation_letter,agent_id_card,objection_form,evidence"
AGENT = "agent_name=李四 ; agent_id=other ; agent_from=2026-01-01 ; agent_until=2026-12-31"
FORM = f"{SEEN} ; +id_card,objection_form,evidence"
FILED = f"2026-03-02 window1 O submit objection record=R-1 ; reason=金额有误 ; {FORM}"
TO_REPORT = f"""{FILED}
2026-03-02 window1 O accept
2026-03-02 window1 O archive
2026-03-03 window1 O transfer
2026-03-03 center1 O receive
"""
TO_COLLECTED = f"""{TO_REPORT}2026-03-05 center1 O report ; outcome=upheld
2026-03-06 authority1 O approve
2026-03-06 window1 O notify ; channel=电话
2026-03-06 window1 O collect ; collected_by=本人
"""
NEW = (
    '{"title": "荣誉", "content": "志愿者", "open_class": "A", "valid_from": "2026-01-01", "valid_until": "2026-12-31"}'
)
MISSING = "provider=杭州市城市管理局 ; missing=2025年度志愿者 ; reason=未列入"
OMISSION = f"""2026-03-02 window1 O submit objection subject=adult ; {MISSING} ; {FORM}
2026-03-02 window1 O accept
2026-03-02 window1 O archive
2026-03-03 window1 O transfer
2026-03-03 center1 O receive
"""
ANSWERED = """2026-03-06 authority1 O approve
2026-03-06 window1 O notify ; channel=电话
2026-03-06 window1 O collect ; collected_by=本人
"""
TO_REMOVED = TO_COLLECTED.replace("outcome=upheld", "outcome=removed")
TO_MARKED = f"""{TO_COLLECTED}2026-03-09 window1 M submit marking parent=O ; reason=该税款已缴清 ; identity_checked=true ; +id_card,marking_form
2026-03-09 window1 M accept
2026-03-09 window1 M archive
2026-03-10 window1 M transfer
2026-03-10 center1 M receive
2026-03-11 center1 M mark
"""
TO_REVOKED = f"""{TO_MARKED}2026-03-20 window1 V submit revocation parent=M ; identity_checked=true ; +id_card,revocation_form
2026-03-20 window1 V accept
2026-03-20 window1 V archive
2026-03-23 window1 V transfer
2026-03-24 center1 V receive
"""
QUERY = f"2026-03-02 window1 Q submit query subject=adult ; purpose=贷款 ; {SEEN} ; +query_form,id_card"
LISTED = f"""{QUERY}
2026-03-02 window1 Q accept
2026-03-02 window1 Q archive
2026-03-02 window1 Q answer
2026-03-03 window1 A submit archive ; cases=["case:Q"] ; keeper=王五
2026-03-03 window1 A hand_over
"""

HISTORIES = [
    (
        "objection-upheld-closes", "附件2·三，附件2·六(三)",
        "维持原信息，五个工作日内未申请异议标注，案件办结", "Upheld; no marking within five working days, and it closes",
        f"""{TO_COLLECTED}
2026-03-13 - - look
2026-03-13 - - sweep =>
2026-03-14 - - look
2026-03-16 - - sweep => close=1
2026-03-16 - - sweep =>""",
    ),
    (
        "objection-corrected", "附件2·五(二)，附件2·六(二)",
        "更正：出具报告即更正，通知后恢复使用", "Corrected with the report; usable again when notified",
        f"""{TO_REPORT}2026-03-05 center1 O report ; outcome=corrected ; correction={{"content": "欠税已缴清"}}
2026-03-06 authority1 O approve
2026-03-06 window1 O notify ; channel=电话""",
    ),
    (
        "objection-returned-restores", "附件2·五(二)，[practice]",
        "退回后改为维持：先前的更正恢复原状", "Returned, then upheld: what was corrected is restored",
        f"""{TO_REPORT}2026-03-05 center1 O report ; outcome=removed
2026-03-06 authority1 O return ; reason=依据不足
2026-03-09 center2 O report ; outcome=upheld
2026-03-09 authority1 O approve
2026-03-10 window1 O notify ; channel=短信""",
    ),
    (
        "objection-reassigned", "附件2·五(二)",
        "经查属于他人：改归其所属之人，退回后维持的恢复原状", "Another person's: given to whom it is about, and given back when upheld",
        f"""{TO_REPORT}2026-03-05 center1 O report ; outcome=reassigned ; subject_id=other ; subject_name=李四
2026-03-06 authority1 O return ; reason=依据不足
2026-03-06 center1 O report ; outcome=upheld
2026-03-06 authority1 O return ; reason=有新依据
2026-03-09 center1 O report ; outcome=reassigned ; subject_id=other ; subject_name=李四
2026-03-09 authority1 O approve
2026-03-10 window1 O notify ; channel=短信""",
    ),
    (
        "omission-added", "附件2·五(二)",
        "信息遗漏：收件时无从标注，补录后可以标注", "Something is missing: nothing to mark at the receipt; added, it can be marked",
        f"""{OMISSION}2026-03-05 center1 O report ; outcome=added ; correction={NEW}
{ANSWERED}2026-03-09 window1 M submit marking parent=O ; reason=级别有误 ; identity_checked=true ; +id_card,marking_form
2026-03-09 window1 M accept
2026-03-09 window1 M archive
2026-03-10 window1 M transfer
2026-03-10 center1 M receive
2026-03-11 center1 M mark
2026-04-13 - - sweep => expire=1""",
    ),
    (
        "objection-extended", "附件2·三",
        "情况复杂，延长十个工作日；春节与调休计入", "Extended by ten working days over the Spring Festival",
        f"""2026-01-16 window1 O submit objection record=R-1 ; reason=金额有误 ; {FORM}
2026-01-16 window1 O accept
2026-01-16 window1 O archive
2026-01-19 window1 O transfer
2026-01-19 center1 O receive
2026-02-13 center1 O request_extension ; days=10 ; reason=须向外地核实
2026-02-24 authority1 O grant_extension
2026-02-25 - - sweep =>
2026-03-09 - - look
2026-03-10 - - look
2026-03-11 - - sweep => overdue=1""",
    ),
    (
        "objection-late", "附件2·三",
        "逾期：次日零时起逾期，补办记为逾期办结", "Overdue from the day after; done then, it was met late",
        f"""{FILED}
2026-03-02 window1 O accept
2026-03-02 window1 O transfer
2026-03-03 - - look
2026-03-03 center1 O receive ; received_on=2026-03-02
2026-04-01 - - look
2026-04-02 - - look
2026-04-02 - - sweep => overdue=2
2026-04-03 window1 O archive
2026-04-03 center1 O report ; outcome=upheld
2026-04-03 authority1 O approve
2026-04-07 window1 O notify ; channel=电话""",
    ),
    (
        "objection-withdrawn", "[practice]",
        "核查中撤回，恢复使用，期限取消", "Withdrawn while being verified: usable again, nothing runs",
        f"""{TO_REPORT}2026-03-04 center1 O consult ; question=金额是否有误
2026-03-05 provider1 O respond ; finding=无误
2026-03-05 center1 O consult ; question=何时缴清
2026-03-06 window1 O withdraw ; +withdrawal_request
2026-05-06 - - sweep =>""",
    ),
    (
        "two-objections-on-one-record", "附件2·六(一)，附件2·六(二)",
        "同一信息两件异议：最后一件解除后才恢复使用", "Two objections on one record: usable when the last releases it",
        f"""{TO_REPORT}2026-03-03 window1 P submit objection record=R-1 ; reason=日期有误 ; {FORM}
2026-03-03 window1 P accept
2026-03-03 window1 P archive
2026-03-04 window1 P transfer
2026-03-04 center1 P receive
2026-03-05 center1 O report ; outcome=upheld
2026-03-06 authority1 O approve
2026-03-06 window1 O notify ; channel=电话
2026-03-09 window1 P withdraw ; +withdrawal_request""",
    ),
    (
        "marking-expires", "附件2·六(五)",
        "标注保留三十日，不顺延；期满由系统解除", "The mark stays thirty days, not shifted, and expires",
        f"""{TO_MARKED}
2026-04-10 - - look
2026-04-11 - - look
2026-04-13 - - sweep => expire=1
2026-04-13 - - sweep =>""",
    ),
    (
        "marking-rejected-window-runs-again", "附件2·六(三)",
        "标注不予受理：标注申请期限恢复至原届满日", "A marking is rejected: the window runs again to its old date",
        f"""{TO_COLLECTED}2026-03-10 window1 M submit marking parent=O ; reason=不实 ; +id_card
2026-03-11 window1 M reject ; grounds=缺少申请表
2026-03-12 window1 N submit marking parent=O ; reason=不实 ; identity_checked=true ; +id_card,marking_form
2026-03-12 - - look
2026-03-16 window1 N accept
2026-03-16 window1 N archive
2026-03-16 window1 N transfer
2026-03-16 center1 N receive
2026-03-17 - - sweep => overdue=1
2026-03-18 center1 N mark""",
    ),
    (
        "marking-overdue", "附件2·三",
        "七个工作日内未作标注：逾期", "No mark within seven working days: overdue",
        f"""{TO_COLLECTED}2026-03-09 window1 M submit marking parent=O ; reason=不实 ; identity_checked=true ; +id_card,marking_form
2026-03-09 window1 M accept
2026-03-09 window1 M archive
2026-03-18 - - look
2026-03-19 - - sweep => overdue=1
2026-03-20 window1 M transfer
2026-03-20 center1 M receive
2026-03-20 center1 M mark""",
    ),
    (
        "revocation", "附件2·七(三)",
        "申请撤销：标注、异议一并办结", "Revoked: mark, marking and objection move together",
        f"""{TO_REVOKED}2026-03-26 center1 V revoke
2026-05-06 - - sweep =>""",
    ),
    (
        "revocation-overtaken", "附件2·七",
        "撤销办理中标注届满：撤销失效", "The mark expires before it is revoked: the revocation lapses",
        f"""{TO_MARKED}2026-04-08 window1 V submit revocation parent=M ; identity_checked=true ; +id_card,revocation_form
2026-04-08 window1 V accept
2026-04-08 window1 V archive
2026-04-10 - - look
2026-04-11 - - look
2026-04-13 - - sweep => expire=1""",
    ),
    (
        "query-withheld-in-processing", "附件1·五，附件2·六(二)",
        "查询本人信息：异议处理中的信息不予显示", "One's own data: what is in processing is withheld",
        f"""{TO_REPORT}{QUERY.replace("2026-03-02", "2026-03-04")}
2026-03-04 window1 Q accept
2026-03-04 window1 Q archive
2026-03-04 window1 Q answer""",
    ),
    (
        "query-extended-and-overdue", "附件1·五(七)",
        "不能当场答复：十五个工作日，补正不停止计算，可延长", "Not on the spot: clarifying does not stop the period; extended",
        f"""{QUERY}
2026-03-02 window1 Q accept
2026-03-02 window1 Q archive
2026-03-03 window1 Q defer ; reason=须人工核对
2026-03-04 window1 Q clarify ; question=查询哪一年
2026-03-20 window1 Q request_extension ; days=5 ; reason=补正较晚
2026-03-23 authority1 Q grant_extension
2026-03-24 window1 Q amend
2026-03-30 - - look
2026-03-31 - - sweep => overdue=1
2026-04-01 window1 Q answer""",
    ),
    (
        "archive-five-years", "附件1·七(二)，附件2·八(二)",
        "档案移交中心，保管五年，届满后批准销毁", "Handed to the centre, kept five years, disposed of when approved",
        f"""{LISTED}2026-03-04 center1 A confirm ; counted=1
2031-03-04 - - sweep =>
2031-03-05 - - look
2031-03-05 - - sweep => fall_due=1
2031-03-06 center1 A request_disposal ; reason=保管期满
2031-03-07 authority1 A approve_disposal
2031-03-10 center1 A dispose ; method=粉碎 ; witness=赵六""",
    ),
]  # fmt: skip
