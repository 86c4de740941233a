"""What the conformance vectors tell of refusals, reasoned from RULES.md: see the stories of what goes through."""

from tests.conformance.stories import (
    AGENT,
    ANSWERED,
    FILED,
    FORM,
    LEGAL,
    LISTED,
    MISSING,
    OMISSION,
    QUERY,
    SEEN,
    TO_COLLECTED,
    TO_MARKED,
    TO_REMOVED,
    TO_REPORT,
)

_OWN = "own_record|附件2·一"
REFUSALS = [
    ("role", "无权办理", "The role is not held", f"""{FILED}
2026-03-02 center1 O accept => 6 ; role|附件2·四"""),
    ("state", "状态不符", "The state does not allow it", f"""{FILED}
2026-03-02 window1 O transfer => 3 ; state|附件2·五(一)"""),
    ("role-before-state", "先看权限，再看状态", "The role is looked at before the state", f"""{FILED}
2026-03-02 window1 O approve => 6 ; role|附件2·五(三)"""),
    ("state-before-values", "先看状态，再看填写内容", "The state is looked at before the values", f"""{FILED}
2026-03-02 center1 O report => 3 ; state|附件2·五(二)，附件2·五(三)"""),
    ("missing-value", "缺少必填内容", "A value is missing", f"""{TO_REPORT}
2026-03-05 center1 O report => 2 ; missing_values"""),
    ("materials", "材料不齐，一次性告知全部", "Materials are missing: all are named at once",
     f"""2026-03-02 window1 O submit objection record=R-1 ; reason=有误 ; {SEEN} ; +id_card
2026-03-02 window1 O accept => 3 ; material|附件2·四(一)|material=objection_form ; material|附件2·四(一)|material=evidence"""),
    ("identity-and-residence", "身份和居住情况不作推定", "Identity and residence are never presumed",
     """2026-03-02 window1 O submit objection record=R-1 ; reason=有误 ; +id_card,objection_form,evidence
2026-03-02 window1 O accept => 3 ; identity_unchecked|附件2·四(二) ; residence_unchecked|附件1·一，[practice]"""),
    ("no-agent", "法人没有记明代理人", "A legal person without an agent on record",
     f"""2026-03-02 window1 O submit objection record=L-1 ; reason=有误 ; {SEEN} ; {LEGAL}
2026-03-02 window1 O accept => 3 ; agent_complete|附件2·四(一)"""),
    ("agent-letter-over", "授权代理书已到期", "The agent's letter of authorisation is over",
     f"""2026-03-02 window1 O submit objection record=L-1 ; reason=有误 ; {AGENT} ; {SEEN} ; {LEGAL}
2026-03-02 window1 O accept ; agent_until=2026-03-01 => 3 ; agent_in_force|附件1·五(四)，[practice]|first=2026-01-01|last=2026-03-01|filed=2026-03-02 ; agent_in_force_today|附件1·五(四)，[practice]|first=2026-01-01|last=2026-03-01|today=2026-03-02"""),
    ("registered-elsewhere", "代码登记地不在杭州", "A firm whose code is of another place",
     f"""2026-03-02 window1 O submit objection record=E-1 ; reason=有误 ; {AGENT} ; identity_checked=true ; {LEGAL}
2026-03-02 window1 O accept => 3 ; registered_elsewhere|附件1·一，[practice]|district=330200"""),
    ("collected-by-a-stranger", "报告不能由他人领取", "The report is not handed to a stranger",
     f"""{TO_REPORT}2026-03-05 center1 O report ; outcome=upheld
2026-03-06 authority1 O approve
2026-03-06 window1 O notify ; channel=电话
2026-03-06 window1 O collect ; collected_by=路人 => 3 ; collector|附件2·四(一)，附件2·六(三)，[practice]"""),
    ("not-ones-own-record", "不是本人的信息", "Not one's own record",
     f"""2026-03-02 window1 O submit objection record=R-4 subject=adult ; reason=有误 ; {FORM}
2026-03-02 window1 O accept => 3 ; {_OWN}"""),
    ("record-expired", "申请之日信息已过有效期", "The record was no longer valid when the objection was filed",
     f"""2026-03-02 window1 O submit objection record=R-3 ; reason=有误 ; {FORM}
2026-03-02 window1 O accept => 3 ; record_valid|附件2·一"""),
    ("record-removed", "信息已删除，不能再提出异议", "A record that has been removed can't be objected to", f"""{TO_REMOVED}
2026-03-09 window1 P submit objection record=R-1 ; reason=仍有误 ; good_ground=新证据 ; {FORM}
2026-03-09 window1 P accept => 3 ; not_removed|附件2·一"""),
    ("marking-of-a-removed-record", "信息已删除，不能标注", "A record that has been removed can't be marked", f"""{TO_REMOVED}
2026-03-09 window1 M submit marking parent=O ; reason=不实 ; identity_checked=true ; +id_card,marking_form
2026-03-09 window1 M accept => 3 ; not_removed|附件2·六(五)"""),
    ("omission-and-record", "已写明信用记录的，不另写遗漏", "A record is named, and something missing beside it",
     f"""2026-03-02 window1 O submit objection record=R-1 ; {MISSING} ; {FORM} => 2 ; value_does_not_apply"""),
    ("omission-half-said", "遗漏未写明应由何部门提供", "Something is missing, and it is not said of which provider",
     f"""2026-03-02 window1 O submit objection subject=adult ; missing=荣誉 ; reason=未列入 ; {FORM} => 2 ; missing_values"""),
    ("omission-repeat", "就同一遗漏无正当理由重复申请", "The same of the same provider once more, without good ground",
     f"""{OMISSION}2026-03-05 center1 O report ; outcome=upheld
{ANSWERED}2026-03-09 window1 P submit objection subject=adult ; {MISSING.replace('者 ;', '者。 ;')} ; {FORM}
2026-03-09 window1 P accept => 3 ; no_repeat|附件2·四(二)"""),
    ("omission-removed", "遗漏的信息不能删除", "What is missing can't be removed", f"""{OMISSION}
2026-03-05 center1 O report ; outcome=removed => 3 ; outcome_fits|附件2·五(二)"""),
    ("marking-where-nothing-was-added", "遗漏不成立的，没有可作标注的信息", "Nothing was added, so there is nothing to mark",
     f"""{OMISSION}2026-03-05 center1 O report ; outcome=upheld
{ANSWERED}2026-03-09 window1 M submit marking parent=O ; reason=不实 ; identity_checked=true ; +id_card,marking_form
2026-03-09 window1 M accept => 3 ; record_there|附件2·六(五)"""),
    ("marking-of-anothers-record", "信息已改归他人，不能标注", "The record is another person's now", f"""{TO_REPORT}2026-03-05 center1 O report ; outcome=reassigned ; subject_id=other ; subject_name=李四
{ANSWERED}2026-03-09 window1 M submit marking parent=O ; reason=不实 ; identity_checked=true ; +id_card,marking_form
2026-03-09 window1 M accept => 3 ; own_record|附件2·六(三)"""),
    ("minor", "未满十六周岁且无监护人", "Younger than sixteen, without a guardian",
     f"""2026-03-02 window1 O submit objection record=K-1 ; reason=有误 ; {FORM}
2026-03-02 window1 O accept => 3 ; of_age|附件1·一，[practice]"""),
    ("youth-without-income", "十六周岁，未以自己的劳动收入为主要生活来源", "Sixteen, not living on one's own income",
     f"""2026-03-02 window1 O submit objection record=Y-1 ; reason=有误 ; {FORM}
2026-03-02 window1 O accept => 3 ; of_age|附件1·一，[practice]"""),
    ("not-resident", "非本市户籍且无居住证", "No registration and no permit of residence", f"""{FILED}
2026-03-02 window1 O accept ; resident=false => 3 ; resident|附件1·一，[practice]"""),
    ("several-grounds", "多项理由一并列明", "Several grounds, all named at once",
     """2026-03-02 window1 O submit objection record=R-3 subject=other ; reason=有误 ; +id_card,objection_form
2026-03-02 window1 O accept ; identity_checked=true ; resident=false => 3 ; resident|附件1·一，[practice] ; own_record|附件2·一 ; record_valid|附件2·一 ; material|附件2·四(一)|material=evidence"""),
    ("repeat", "无正当理由重复申请", "A repeat without good ground", f"""{TO_COLLECTED}
2026-03-09 window1 P submit objection record=R-1 ; reason=仍有误 ; {FORM}
2026-03-09 window1 P accept => 3 ; no_repeat|附件2·四(二)"""),
    ("received-before-transfer", "收件日期早于移交", "Received before it was handed over", f"""{FILED}
2026-03-02 window1 O accept
2026-03-03 window1 O transfer
2026-03-04 center1 O receive ; received_on=2026-03-02 => 3 ; not_before_transfer|附件2·五(一)"""),
    ("received-in-future", "收件日期晚于今天", "Received later than today", f"""{FILED}
2026-03-02 window1 O accept
2026-03-03 window1 O transfer
2026-03-04 center1 O receive ; received_on=2026-03-05 => 3 ; not_in_future|附件2·六(一)"""),
    ("extension-too-long", "延长超过十五个工作日", "An extension beyond fifteen working days", f"""{TO_REPORT}
2026-03-10 center1 O request_extension ; days=16 ; reason=情况复杂 => 3 ; out_of_bounds|附件2·三"""),
    ("extension-twice", "只能延长一次", "Extended at most once", f"""{TO_REPORT}2026-03-10 center1 O request_extension ; days=5 ; reason=情况复杂
2026-03-11 authority1 O grant_extension
2026-03-12 center1 O request_extension ; days=5 ; reason=情况复杂 => 3 ; once|附件2·三"""),
    ("extension-late", "逾期后不能再申请延长", "An overdue case can't be extended", f"""{TO_REPORT}
2026-04-02 center1 O request_extension ; days=5 ; reason=情况复杂 => 3 ; not_overdue|[practice]"""),
    ("archive-twice", "已归档", "Archived already", f"""{FILED}
2026-03-02 window1 O accept
2026-03-02 window1 O archive
2026-03-03 window1 O archive => 3 ; to_be_filed|附件2·八(二)"""),
    ("withdraw-without-request", "撤回须有本人签字的申请", "No signed request to withdraw", f"""{TO_REPORT}
2026-03-04 window1 O withdraw => 3 ; material|[practice]|material=withdrawal_request"""),
    ("marking-after-the-window", "超过五个工作日申请标注", "A marking after the five working days", f"""{TO_COLLECTED}
2026-03-16 window1 M submit marking parent=O ; reason=不实 ; identity_checked=true ; +id_card,marking_form
2026-03-16 window1 M accept => 3 ; in_window|附件2·六(三)|last_day=2026-03-13 """),
    ("marking-by-another", "标注须由异议申请人本人申请", "A marking by somebody else", f"""{TO_COLLECTED}
2026-03-09 window1 M submit marking parent=O subject=other ; reason=不实 ; identity_checked=true ; +id_card,marking_form
2026-03-09 window1 M accept => 3 ; own_objection|附件2·六(三)"""),
    ("second-open-marking", "同一异议只能有一件在办标注", "A second open marking", f"""{TO_COLLECTED}2026-03-09 window1 M submit marking parent=O ; reason=不实 ; identity_checked=true ; +id_card,marking_form
2026-03-09 window1 M accept
2026-03-10 window1 N submit marking parent=O ; reason=不实 ; identity_checked=true ; +id_card,marking_form
2026-03-10 window1 N accept => 3 ; one_open|[practice]"""),
    ("marking-of-an-objection-that-has-ended", "异议已随先前的标注办结", "The objection has ended with an earlier mark",
     f"""{TO_COLLECTED}2026-03-09 window1 M submit marking parent=O ; reason=不实 ; identity_checked=true ; +id_card,marking_form
2026-03-10 window1 N submit marking parent=O ; reason=仍不实 ; identity_checked=true ; +id_card,marking_form
2026-03-10 window1 M accept
2026-03-10 window1 M transfer
2026-03-10 center1 M receive
2026-03-11 center1 M mark
2026-04-13 window1 N accept => 3 ; objection_open|附件2·六(三)"""),
    ("revocation-of-an-expired-mark", "标注已届满，不能撤销", "The mark has expired", f"""{TO_MARKED}2026-04-13 window1 V submit revocation parent=M ; identity_checked=true ; +id_card,revocation_form
2026-04-13 window1 V accept => 3 ; mark_in_force|附件2·七(一)"""),
    ("revocation-that-has-lapsed", "标注届满，在办的撤销随之失效", "The mark expired: the revocation has lapsed with it", f"""{TO_MARKED}2026-04-10 window1 V submit revocation parent=M ; identity_checked=true ; +id_card,revocation_form
2026-04-11 window1 V accept => 3 ; state|附件2·七(二)"""),
    ("revocation-by-another", "撤销须由标注申请人本人申请", "A revocation by somebody else", f"""{TO_MARKED}2026-03-20 window1 V submit revocation parent=M subject=other ; identity_checked=true ; +id_card,revocation_form
2026-03-20 window1 V accept => 3 ; own_mark|附件2·七(三)"""),
    ("query-materials", "查询他人信息，缺授权委托书等", "Another's data, without authorisation",
     f"""2026-03-02 window1 Q submit query subject=adult ; queried=other ; purpose=贷款 ; {SEEN} ; +query_form,id_card
2026-03-02 window1 Q accept => 3 ; authorised_complete|附件1·五(四) ; material|附件1·五(二)|material=notarised_authorisation ; material|附件1·五(二)|material=queried_id_copy"""),
    ("query-by-post", "不受理邮寄申请", "Applications by post are not accepted",
     f"""2026-03-02 window1 Q submit query subject=adult ; purpose=贷款 ; by_post=true ; {SEEN} ; +query_form,id_card
2026-03-02 window1 Q accept => 3 ; in_person|附件1·五(六)"""),
    ("query-class-c", "窗口不提供丙类信息", "The window gives no class C",
     f"""2026-03-02 window1 Q submit query subject=adult ; purpose=贷款 ; classes=["B", "C"] ; {SEEN} ; +query_form,id_card
2026-03-02 window1 Q accept
2026-03-02 window1 Q answer => 3 ; class_of_channel|附件1·三"""),
    ("query-nothing-there", "有信息的，不能以不存在答复", "Not existing, where there is something", f"""{QUERY}
2026-03-02 window1 Q accept
2026-03-02 window1 Q not_found => 3 ; nothing_there|附件1·五(七)"""),
    ("archive-count", "清单与实收不符", "The list and the count don't agree", f"""{LISTED}
2026-03-04 center1 A confirm ; counted=2 => 3 ; agrees|附件1·七(二)，附件2·八(二)"""),
    ("archive-role", "由中心确认接收", "The centre confirms", f"""{LISTED}
2026-03-04 window1 A confirm ; counted=1 => 6 ; role|附件1·七(二)，附件2·八(二)"""),
]  # fmt: skip
