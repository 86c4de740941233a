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

_SEEN = "identity_checked=true ; resident=true"
_LEGAL = "+organisation_code,authorisation_letter,agent_id_card,objection_form,evidence"
_AGENT = "agent_name=李四 ; agent_id=other ; agent_from=2026-01-01 ; agent_until=2026-12-31"
_FORM = f"{_SEEN} ; +id_card,objection_form,evidence"
_FILED = f"2026-03-02 window1 O submit objection record=R-1 ; reason=金额有误 ; {_FORM}"
_TO_REPORT = f"""{_FILED}
2026-03-02 window1 O accept
2026-03-02 window1 O archive
2026-03-03 window1 O transfer
2026-03-03 center1 O receive
"""
_TO_COLLECTED = f"""{_TO_REPORT}2026-03-05 center1 O report ; outcome=upheld
2026-03-06 authority1 O approve
2026-03-06 window1 O notify ; channel=电话
2026-03-06 window1 O collect ; collected_by=本人
"""
_NEW = (
    '{"title": "荣誉", "content": "志愿者", "open_class": "A", "valid_from": "2026-01-01", "valid_until": "2026-12-31"}'
)
_MISSING = "provider=杭州市城市管理局 ; missing=2025年度志愿者 ; reason=未列入"
_OMISSION = f"""2026-03-02 window1 O submit objection subject=adult ; {_MISSING} ; {_FORM}
2026-03-02 window1 O accept
2026-03-02 window1 O archive
2026-03-03 window1 O transfer
2026-03-03 center1 O receive
"""
_ANSWERED = """2026-03-06 authority1 O approve
2026-03-06 window1 O notify ; channel=电话
2026-03-06 window1 O collect ; collected_by=本人
"""
_TO_REMOVED = _TO_COLLECTED.replace("outcome=upheld", "outcome=removed")
_TO_MARKED = f"""{_TO_COLLECTED}2026-03-09 window1 M submit marking parent=O ; reason=该税款已缴清 ; identity_checked=true ; +id_card,marking_form
2026-03-09 window1 M accept
2026-03-09 window1 M archive
2026-03-10 window1 M transfer
2026-03-10 center1 M receive
2026-03-11 center1 M mark
"""
_TO_REVOKED = f"""{_TO_MARKED}2026-03-20 window1 V submit revocation parent=M ; identity_checked=true ; +id_card,revocation_form
2026-03-20 window1 V accept
2026-03-20 window1 V archive
2026-03-23 window1 V transfer
2026-03-24 center1 V receive
"""
_QUERY = f"2026-03-02 window1 Q submit query subject=adult ; purpose=贷款 ; {_SEEN} ; +query_form,id_card"
_LISTED = f"""{_QUERY}
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
        f"""{_TO_COLLECTED}
2026-03-13 - - look
2026-03-13 - - sweep =>
2026-03-14 - - look
2026-03-16 - - sweep => close=1
2026-03-16 - - sweep =>""",
    ),
    (
        "objection-corrected", "附件2·五(二)，附件2·六(二)",
        "更正：出具报告即更正，通知后恢复使用", "Corrected with the report; usable again when notified",
        f"""{_TO_REPORT}2026-03-05 center1 O report ; outcome=corrected ; correction={{"content": "欠税已缴清"}}
2026-03-06 authority1 O approve
2026-03-06 window1 O notify ; channel=电话""",
    ),
    (
        "objection-returned-restores", "附件2·五(二)，[practice]",
        "退回后改为维持：先前的更正恢复原状", "Returned, then upheld: what was corrected is restored",
        f"""{_TO_REPORT}2026-03-05 center1 O report ; outcome=removed
2026-03-06 authority1 O return ; reason=依据不足
2026-03-09 center2 O report ; outcome=upheld
2026-03-09 authority1 O approve
2026-03-10 window1 O notify ; channel=短信""",
    ),
    (
        "objection-reassigned", "附件2·五(二)",
        "经查属于他人：改归其所属之人，退回后维持的恢复原状", "Another person's: given to whom it is about, and given back when upheld",
        f"""{_TO_REPORT}2026-03-05 center1 O report ; outcome=reassigned ; subject_id=other ; subject_name=李四
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
        f"""{_OMISSION}2026-03-05 center1 O report ; outcome=added ; correction={_NEW}
{_ANSWERED}2026-03-09 window1 M submit marking parent=O ; reason=级别有误 ; +id_card,marking_form
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
        f"""2026-01-16 window1 O submit objection record=R-1 ; reason=金额有误 ; {_FORM}
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
        f"""{_FILED}
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
        f"""{_TO_REPORT}2026-03-04 center1 O consult ; question=金额是否有误
2026-03-05 provider1 O respond ; finding=无误
2026-03-05 center1 O consult ; question=何时缴清
2026-03-06 window1 O withdraw ; +withdrawal_request
2026-05-06 - - sweep =>""",
    ),
    (
        "two-objections-on-one-record", "附件2·六(一)，附件2·六(二)",
        "同一信息两件异议：最后一件解除后才恢复使用", "Two objections on one record: usable when the last releases it",
        f"""{_TO_REPORT}2026-03-03 window1 P submit objection record=R-1 ; reason=日期有误 ; {_FORM}
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
        f"""{_TO_MARKED}
2026-04-10 - - look
2026-04-11 - - look
2026-04-13 - - sweep => expire=1
2026-04-13 - - sweep =>""",
    ),
    (
        "marking-rejected-window-runs-again", "附件2·六(三)",
        "标注不予受理：标注申请期限恢复至原届满日", "A marking is rejected: the window runs again to its old date",
        f"""{_TO_COLLECTED}2026-03-10 window1 M submit marking parent=O ; reason=不实 ; +id_card
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
        f"""{_TO_COLLECTED}2026-03-09 window1 M submit marking parent=O ; reason=不实 ; identity_checked=true ; +id_card,marking_form
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
        f"""{_TO_REVOKED}2026-03-26 center1 V revoke
2026-05-06 - - sweep =>""",
    ),
    (
        "revocation-overtaken", "附件2·七",
        "撤销办理中标注届满：撤销失效", "The mark expires before it is revoked: the revocation lapses",
        f"""{_TO_MARKED}2026-04-08 window1 V submit revocation parent=M ; identity_checked=true ; +id_card,revocation_form
2026-04-08 window1 V accept
2026-04-08 window1 V archive
2026-04-10 - - look
2026-04-11 - - look
2026-04-13 - - sweep => expire=1""",
    ),
    (
        "query-withheld-in-processing", "附件1·五，附件2·六(二)",
        "查询本人信息：异议处理中的信息不予显示", "One's own data: what is in processing is withheld",
        f"""{_TO_REPORT}{_QUERY.replace("2026-03-02", "2026-03-04")}
2026-03-04 window1 Q accept
2026-03-04 window1 Q archive
2026-03-04 window1 Q answer""",
    ),
    (
        "query-extended-and-overdue", "附件1·五(七)",
        "不能当场答复：十五个工作日，补正不停止计算，可延长", "Not on the spot: clarifying does not stop the period; extended",
        f"""{_QUERY}
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
        f"""{_LISTED}2026-03-04 center1 A confirm ; counted=1
2031-03-04 - - sweep =>
2031-03-05 - - look
2031-03-05 - - sweep => fall_due=1
2031-03-06 center1 A request_disposal ; reason=保管期满
2031-03-07 authority1 A approve_disposal
2031-03-10 center1 A dispose ; method=粉碎 ; witness=赵六""",
    ),
]  # fmt: skip

_OWN = "own_record|附件2·一"
REFUSALS = [
    ("role", "无权办理", "The role is not held", f"""{_FILED}
2026-03-02 center1 O accept => 6 ; role|附件2·四"""),
    ("state", "状态不符", "The state does not allow it", f"""{_FILED}
2026-03-02 window1 O transfer => 3 ; state|附件2·五(一)"""),
    ("role-before-state", "先看权限，再看状态", "The role is looked at before the state", f"""{_FILED}
2026-03-02 window1 O approve => 6 ; role|附件2·五(三)"""),
    ("state-before-values", "先看状态，再看填写内容", "The state is looked at before the values", f"""{_FILED}
2026-03-02 center1 O report => 3 ; state|附件2·五(二)，附件2·五(三)"""),
    ("missing-value", "缺少必填内容", "A value is missing", f"""{_TO_REPORT}
2026-03-05 center1 O report => 2 ; missing_values"""),
    ("materials", "材料不齐，一次性告知全部", "Materials are missing: all are named at once",
     f"""2026-03-02 window1 O submit objection record=R-1 ; reason=有误 ; {_SEEN} ; +id_card
2026-03-02 window1 O accept => 3 ; material|附件2·四(一)|material=objection_form ; material|附件2·四(一)|material=evidence"""),
    ("identity-and-residence", "身份和居住情况不作推定", "Identity and residence are never presumed",
     """2026-03-02 window1 O submit objection record=R-1 ; reason=有误 ; +id_card,objection_form,evidence
2026-03-02 window1 O accept => 3 ; identity_unchecked|附件2·四(二) ; residence_unchecked|附件1·一，[practice]"""),
    ("no-agent", "法人没有记明代理人", "A legal person without an agent on record",
     f"""2026-03-02 window1 O submit objection record=L-1 ; reason=有误 ; {_SEEN} ; {_LEGAL}
2026-03-02 window1 O accept => 3 ; agent_complete|附件2·四(一)"""),
    ("agent-letter-over", "授权代理书已到期", "The agent's letter of authorisation is over",
     f"""2026-03-02 window1 O submit objection record=L-1 ; reason=有误 ; {_AGENT} ; {_SEEN} ; {_LEGAL}
2026-03-02 window1 O accept ; agent_until=2026-03-01 => 3 ; agent_in_force|附件1·五(四)，[practice]|first=2026-01-01|last=2026-03-01|filed=2026-03-02 ; agent_in_force_today|附件1·五(四)，[practice]|first=2026-01-01|last=2026-03-01|today=2026-03-02"""),
    ("registered-elsewhere", "代码登记地不在杭州", "A firm whose code is of another place",
     f"""2026-03-02 window1 O submit objection record=E-1 ; reason=有误 ; {_AGENT} ; identity_checked=true ; {_LEGAL}
2026-03-02 window1 O accept => 3 ; registered_elsewhere|附件1·一，[practice]|district=330200"""),
    ("collected-by-a-stranger", "报告不能由他人领取", "The report is not handed to a stranger",
     f"""{_TO_REPORT}2026-03-05 center1 O report ; outcome=upheld
2026-03-06 authority1 O approve
2026-03-06 window1 O notify ; channel=电话
2026-03-06 window1 O collect ; collected_by=路人 => 3 ; collector|附件2·四(一)，附件2·六(三)，[practice]"""),
    ("not-ones-own-record", "不是本人的信息", "Not one's own record",
     f"""2026-03-02 window1 O submit objection record=R-4 subject=adult ; reason=有误 ; {_FORM}
2026-03-02 window1 O accept => 3 ; {_OWN}"""),
    ("record-expired", "申请之日信息已过有效期", "The record was no longer valid when the objection was filed",
     f"""2026-03-02 window1 O submit objection record=R-3 ; reason=有误 ; {_FORM}
2026-03-02 window1 O accept => 3 ; record_valid|附件2·一"""),
    ("record-removed", "信息已删除，不能再提出异议", "A record that has been removed can't be objected to", f"""{_TO_REMOVED}
2026-03-09 window1 P submit objection record=R-1 ; reason=仍有误 ; good_ground=新证据 ; {_FORM}
2026-03-09 window1 P accept => 3 ; not_removed|附件2·一"""),
    ("marking-of-a-removed-record", "信息已删除，不能标注", "A record that has been removed can't be marked", f"""{_TO_REMOVED}
2026-03-09 window1 M submit marking parent=O ; reason=不实 ; +id_card,marking_form
2026-03-09 window1 M accept => 3 ; not_removed|附件2·六(五)"""),
    ("omission-and-record", "已写明信用记录的，不另写遗漏", "A record is named, and something missing beside it",
     f"""2026-03-02 window1 O submit objection record=R-1 ; {_MISSING} ; {_FORM} => 2 ; value_does_not_apply"""),
    ("omission-half-said", "遗漏未写明应由何部门提供", "Something is missing, and it is not said of which provider",
     f"""2026-03-02 window1 O submit objection subject=adult ; missing=荣誉 ; reason=未列入 ; {_FORM} => 2 ; missing_values"""),
    ("omission-repeat", "就同一遗漏无正当理由重复申请", "The same of the same provider once more, without good ground",
     f"""{_OMISSION}2026-03-05 center1 O report ; outcome=upheld
{_ANSWERED}2026-03-09 window1 P submit objection subject=adult ; {_MISSING.replace('者 ;', '者。 ;')} ; {_FORM}
2026-03-09 window1 P accept => 3 ; no_repeat|附件2·四(二)"""),
    ("omission-removed", "遗漏的信息不能删除", "What is missing can't be removed", f"""{_OMISSION}
2026-03-05 center1 O report ; outcome=removed => 3 ; outcome_fits|附件2·五(二)"""),
    ("marking-where-nothing-was-added", "遗漏不成立的，没有可作标注的信息", "Nothing was added, so there is nothing to mark",
     f"""{_OMISSION}2026-03-05 center1 O report ; outcome=upheld
{_ANSWERED}2026-03-09 window1 M submit marking parent=O ; reason=不实 ; +id_card,marking_form
2026-03-09 window1 M accept => 3 ; record_there|附件2·六(五)"""),
    ("marking-of-anothers-record", "信息已改归他人，不能标注", "The record is another person's now", f"""{_TO_REPORT}2026-03-05 center1 O report ; outcome=reassigned ; subject_id=other ; subject_name=李四
{_ANSWERED}2026-03-09 window1 M submit marking parent=O ; reason=不实 ; +id_card,marking_form
2026-03-09 window1 M accept => 3 ; own_record|附件2·六(三)"""),
    ("minor", "未满十六周岁且无监护人", "Younger than sixteen, without a guardian",
     f"""2026-03-02 window1 O submit objection record=K-1 ; reason=有误 ; {_FORM}
2026-03-02 window1 O accept => 3 ; of_age|附件1·一，[practice]"""),
    ("youth-without-income", "十六周岁，未以自己的劳动收入为主要生活来源", "Sixteen, not living on one's own income",
     f"""2026-03-02 window1 O submit objection record=Y-1 ; reason=有误 ; {_FORM}
2026-03-02 window1 O accept => 3 ; of_age|附件1·一，[practice]"""),
    ("not-resident", "非本市户籍且无居住证", "No registration and no permit of residence", f"""{_FILED}
2026-03-02 window1 O accept ; resident=false => 3 ; resident|附件1·一，[practice]"""),
    ("several-grounds", "多项理由一并列明", "Several grounds, all named at once",
     """2026-03-02 window1 O submit objection record=R-3 subject=other ; reason=有误 ; +id_card,objection_form
2026-03-02 window1 O accept ; identity_checked=true ; resident=false => 3 ; resident|附件1·一，[practice] ; own_record|附件2·一 ; record_valid|附件2·一 ; material|附件2·四(一)|material=evidence"""),
    ("repeat", "无正当理由重复申请", "A repeat without good ground", f"""{_TO_COLLECTED}
2026-03-09 window1 P submit objection record=R-1 ; reason=仍有误 ; {_FORM}
2026-03-09 window1 P accept => 3 ; no_repeat|附件2·四(二)"""),
    ("received-before-transfer", "收件日期早于移交", "Received before it was handed over", f"""{_FILED}
2026-03-02 window1 O accept
2026-03-03 window1 O transfer
2026-03-04 center1 O receive ; received_on=2026-03-02 => 3 ; not_before_transfer|附件2·五(一)"""),
    ("received-in-future", "收件日期晚于今天", "Received later than today", f"""{_FILED}
2026-03-02 window1 O accept
2026-03-03 window1 O transfer
2026-03-04 center1 O receive ; received_on=2026-03-05 => 3 ; not_in_future|附件2·六(一)"""),
    ("extension-too-long", "延长超过十五个工作日", "An extension beyond fifteen working days", f"""{_TO_REPORT}
2026-03-10 center1 O request_extension ; days=16 ; reason=情况复杂 => 3 ; out_of_bounds|附件2·三"""),
    ("extension-twice", "只能延长一次", "Extended at most once", f"""{_TO_REPORT}2026-03-10 center1 O request_extension ; days=5 ; reason=情况复杂
2026-03-11 authority1 O grant_extension
2026-03-12 center1 O request_extension ; days=5 ; reason=情况复杂 => 3 ; once|附件2·三"""),
    ("extension-late", "逾期后不能再申请延长", "An overdue case can't be extended", f"""{_TO_REPORT}
2026-04-02 center1 O request_extension ; days=5 ; reason=情况复杂 => 3 ; not_overdue|[practice]"""),
    ("archive-twice", "已归档", "Archived already", f"""{_FILED}
2026-03-02 window1 O accept
2026-03-02 window1 O archive
2026-03-03 window1 O archive => 3 ; to_be_filed|附件2·八(二)"""),
    ("withdraw-without-request", "撤回须有本人签字的申请", "No signed request to withdraw", f"""{_TO_REPORT}
2026-03-04 window1 O withdraw => 3 ; material|[practice]|material=withdrawal_request"""),
    ("marking-after-the-window", "超过五个工作日申请标注", "A marking after the five working days", f"""{_TO_COLLECTED}
2026-03-16 window1 M submit marking parent=O ; reason=不实 ; identity_checked=true ; +id_card,marking_form
2026-03-16 window1 M accept => 3 ; in_window|附件2·六(三)|last_day=2026-03-13 """),
    ("marking-by-another", "标注须由异议申请人本人申请", "A marking by somebody else", f"""{_TO_COLLECTED}
2026-03-09 window1 M submit marking parent=O subject=other ; reason=不实 ; identity_checked=true ; +id_card,marking_form
2026-03-09 window1 M accept => 3 ; own_objection|附件2·六(三)"""),
    ("second-open-marking", "同一异议只能有一件在办标注", "A second open marking", f"""{_TO_COLLECTED}2026-03-09 window1 M submit marking parent=O ; reason=不实 ; identity_checked=true ; +id_card,marking_form
2026-03-09 window1 M accept
2026-03-10 window1 N submit marking parent=O ; reason=不实 ; identity_checked=true ; +id_card,marking_form
2026-03-10 window1 N accept => 3 ; one_open|[practice]"""),
    ("marking-of-an-objection-that-has-ended", "异议已随先前的标注办结", "The objection has ended with an earlier mark",
     f"""{_TO_COLLECTED}2026-03-09 window1 M submit marking parent=O ; reason=不实 ; identity_checked=true ; +id_card,marking_form
2026-03-10 window1 N submit marking parent=O ; reason=仍不实 ; identity_checked=true ; +id_card,marking_form
2026-03-10 window1 M accept
2026-03-10 window1 M transfer
2026-03-10 center1 M receive
2026-03-11 center1 M mark
2026-04-13 window1 N accept => 3 ; objection_open|附件2·六(三)"""),
    ("revocation-of-an-expired-mark", "标注已届满，不能撤销", "The mark has expired", f"""{_TO_MARKED}2026-04-13 window1 V submit revocation parent=M ; identity_checked=true ; +id_card,revocation_form
2026-04-13 window1 V accept => 3 ; mark_in_force|附件2·七(一)"""),
    ("revocation-that-has-lapsed", "标注届满，在办的撤销随之失效", "The mark expired: the revocation has lapsed with it", f"""{_TO_MARKED}2026-04-10 window1 V submit revocation parent=M ; identity_checked=true ; +id_card,revocation_form
2026-04-11 window1 V accept => 3 ; state|附件2·七(二)"""),
    ("revocation-by-another", "撤销须由标注申请人本人申请", "A revocation by somebody else", f"""{_TO_MARKED}2026-03-20 window1 V submit revocation parent=M subject=other ; identity_checked=true ; +id_card,revocation_form
2026-03-20 window1 V accept => 3 ; own_mark|附件2·七(三)"""),
    ("query-materials", "查询他人信息，缺授权委托书等", "Another's data, without authorisation",
     f"""2026-03-02 window1 Q submit query subject=adult ; queried=other ; purpose=贷款 ; {_SEEN} ; +query_form,id_card
2026-03-02 window1 Q accept => 3 ; authorised_complete|附件1·五(四) ; material|附件1·五(二)|material=notarised_authorisation ; material|附件1·五(二)|material=queried_id_copy"""),
    ("query-by-post", "不受理邮寄申请", "Applications by post are not accepted",
     f"""2026-03-02 window1 Q submit query subject=adult ; purpose=贷款 ; by_post=true ; {_SEEN} ; +query_form,id_card
2026-03-02 window1 Q accept => 3 ; in_person|附件1·五(六)"""),
    ("query-class-c", "窗口不提供丙类信息", "The window gives no class C",
     f"""2026-03-02 window1 Q submit query subject=adult ; purpose=贷款 ; classes=["B", "C"] ; {_SEEN} ; +query_form,id_card
2026-03-02 window1 Q accept
2026-03-02 window1 Q answer => 3 ; class_of_channel|附件1·三"""),
    ("query-nothing-there", "有信息的，不能以不存在答复", "Not existing, where there is something", f"""{_QUERY}
2026-03-02 window1 Q accept
2026-03-02 window1 Q not_found => 3 ; nothing_there|附件1·五(七)"""),
    ("archive-count", "清单与实收不符", "The list and the count don't agree", f"""{_LISTED}
2026-03-04 center1 A confirm ; counted=2 => 3 ; agrees|附件1·七(二)，附件2·八(二)"""),
    ("archive-role", "由中心确认接收", "The centre confirms", f"""{_LISTED}
2026-03-04 window1 A confirm ; counted=1 => 6 ; role|附件1·七(二)，附件2·八(二)"""),
]  # fmt: skip
