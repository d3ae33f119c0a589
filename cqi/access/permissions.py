"""What people may do: one enum, one table from role to permissions (domain.md section 4)."""

from __future__ import annotations

import enum


class Role(enum.StrEnum):
    """What a grant makes somebody."""

    ADMINISTRATOR = "administrator"
    CQI_DIRECTOR = "cqi_director"
    CQI_LIAISON = "cqi_liaison"
    SITE_LEADER = "site_leader"
    QA_LEAD = "qa_lead"
    REVIEWER = "reviewer"
    ANALYST = "analyst"
    REGIONAL_DIRECTOR = "regional_director"
    SUPERVISOR = "supervisor"
    CASEWORKER = "caseworker"
    STATE_OFFICE = "state_office"
    STAKEHOLDER = "stakeholder"
    AUDITOR = "auditor"


ROLE_WORDS = {
    Role.ADMINISTRATOR: "Administrator",
    Role.CQI_DIRECTOR: "CQI director",
    Role.CQI_LIAISON: "CQI liaison",
    Role.SITE_LEADER: "Site leader",
    Role.QA_LEAD: "QA lead",
    Role.REVIEWER: "Reviewer",
    Role.ANALYST: "Analyst",
    Role.REGIONAL_DIRECTOR: "Regional Director",
    Role.SUPERVISOR: "Supervisor",
    Role.CASEWORKER: "Caseworker",
    Role.STATE_OFFICE: "State office",
    Role.STAKEHOLDER: "Stakeholder",
    Role.AUDITOR: "Auditor",
}


class Permission(enum.StrEnum):
    """`thing:verb`. Every route names one."""

    HOME_SEE = "home:see"
    PEOPLE_MANAGE = "people:manage"
    SETTINGS_SEE = "settings:see"
    SETTINGS_CHANGE = "settings:change"
    PLACES_SEE = "places:see"
    PLACES_CHANGE = "places:change"
    INSTRUMENTS_SEE = "instruments:see"
    CASES_IMPORT = "cases:import"
    ROUND_SEE = "round:see"
    ROUND_OPEN = "round:open"
    ROUND_ASSIGN = "round:assign"
    LEDGER_SEE = "ledger:see"  # of others; one's own is on one's first page
    LEDGER_KEEP = "ledger:keep"
    SAMPLE_DRAW = "sample:draw"
    SAMPLE_ELIMINATE = "sample:eliminate"  # decide; proposing goes with assigning
    COUNTY_NOTICE_SEE = "county_notice:see"
    REVIEW_SEE = "review:see"
    REVIEW_SCORE = "review:score"
    REVIEW_APPROVE = "review:approve"
    REVIEW_REOPEN = "review:reopen"
    REVIEW_IMPORT = "review:import"  # finished ratings from elsewhere
    AGREEMENT_SEE = "agreement:see"  # of two readings; nobody who reviews in the round
    ALERT_SEE = "alert:see"  # of case reviews that one may see, and those that one answers
    ALERT_REGISTER = "alert:register"
    ALERT_ANSWER = "alert:answer"
    ALERT_ANSWER_OF_UNIT = "alert:answer_of_unit"  # where the alert concerns the unit itself
    ALERT_ACCEPT = "alert:accept"
    MEASURES_SEE = "measures:see"
    REPORT_SEE = "report:see"
    REPORT_WRITE = "report:write"
    REPORT_DISCUSS = "report:discuss"  # once it is in review; drafts are for who writes or approves
    REPORT_APPROVE = "report:approve"
    REPORT_DUE = "report:due"
    PUBLICATION_SEE = "publication:see"
    FEEDBACK_SEE = "feedback:see"
    FEEDBACK_ACKNOWLEDGE = "feedback:acknowledge"
    FEEDBACK_RELEASE = "feedback:release"  # write, release; record debriefs
    FEEDBACK_COACH = "feedback:coach"  # the unit's view, coaching notes
    FEEDBACK_ROLL_UP = "feedback:roll_up"
    NEED_SEE = "need:see"  # systemic needs: one's own, and those within reach
    NEED_RAISE = "need:raise"
    NEED_ANSWER = "need:answer"
    RECONSIDERATION_SEE = "reconsideration:see"
    RECONSIDERATION_ASK = "reconsideration:ask"
    RECONSIDERATION_DECIDE = "reconsideration:decide"
    PLAN_SEE = "plan:see"
    PLAN_LEAD = "plan:lead"
    PLAN_VERIFY = "plan:verify"
    PLAN_APPROVE = "plan:approve"  # approve, return and close; decide on targets and dropping
    PLAN_DISCUSS = "plan:discuss"  # comment on progress reports
    PLAN_ACKNOWLEDGE = "plan:acknowledge"  # that steps are late, on the ladder above their owners
    STEP_SEE = "step:see"  # steps of plans that one may see, and one's own
    AUDIT_SEE = "audit:see"
    DISCLOSURE_SEE = "disclosure:see"
    DISCLOSURE_READ = "disclosure:read"  # with persons, extent and purpose; without: ids alone
    DISCLOSURE_RECORD = "disclosure:record"


# What each lets people do, in plain words: a page draws the matrix from these and `PERMISSIONS`.
PERMISSION_WORDS = {
    Permission.HOME_SEE: "Open the first page and their own notices",
    Permission.PEOPLE_MANAGE: "Manage people and roles",
    Permission.SETTINGS_SEE: "See settings",
    Permission.SETTINGS_CHANGE: "Change settings",
    Permission.PLACES_SEE: "See places",
    Permission.PLACES_CHANGE: "Move a county to another region",
    Permission.INSTRUMENTS_SEE: "Read instruments",
    Permission.CASES_IMPORT: "Bring in case lists",
    Permission.ROUND_SEE: "See rounds",
    Permission.ROUND_OPEN: "Open rounds",
    Permission.ROUND_ASSIGN: "Put cases into rounds, assign reviewers",
    Permission.LEDGER_SEE: "See who is trained and certified to review",
    Permission.LEDGER_KEEP: "Write into the register of reviewers",
    Permission.SAMPLE_DRAW: "Bring in frames and draw samples",
    Permission.SAMPLE_ELIMINATE: "Decide on eliminations from the sample",
    Permission.COUNTY_NOTICE_SEE: "Read what counties are told before the days on site",
    Permission.REVIEW_SEE: "Read case reviews (reviewers: those they are assigned to)",
    Permission.REVIEW_SCORE: "Score the case reviews they are assigned to",
    Permission.REVIEW_APPROVE: "Do QA: notes, overrides, returning, approving",
    Permission.REVIEW_REOPEN: "Reopen final case reviews",
    Permission.REVIEW_IMPORT: "Bring in finished ratings from elsewhere",
    Permission.AGREEMENT_SEE: "See how far two readings of a case agree",
    Permission.ALERT_SEE: "See safety alerts",
    Permission.ALERT_REGISTER: "See the register of safety alerts",
    Permission.ALERT_ANSWER: "Answer safety alerts",
    Permission.ALERT_ANSWER_OF_UNIT: "Answer safety alerts that concern the unit itself",
    Permission.ALERT_ACCEPT: "Accept answers to safety alerts",
    Permission.MEASURES_SEE: "See measures",
    Permission.REPORT_SEE: "Read reports",
    Permission.REPORT_WRITE: "Draft reports and write their narratives",
    Permission.REPORT_DISCUSS: "Read reports in review, and comment on them",
    Permission.REPORT_APPROVE: "Approve and publish reports",
    Permission.REPORT_DUE: "See which reports are due, and which are late",
    Permission.PUBLICATION_SEE: "Read what was published",
    Permission.FEEDBACK_SEE: "Read feedback memos",
    Permission.FEEDBACK_ACKNOWLEDGE: "Acknowledge feedback on cases of their own",
    Permission.FEEDBACK_RELEASE: "Write and release feedback memos, record debriefs",
    Permission.FEEDBACK_COACH: "See the feedback of a unit together, write coaching notes",
    Permission.FEEDBACK_ROLL_UP: "See feedback of a region, added up",
    Permission.NEED_SEE: "Read systemic needs",
    Permission.NEED_RAISE: "Raise systemic needs",
    Permission.NEED_ANSWER: "Reply to systemic needs",
    Permission.RECONSIDERATION_SEE: "Read requests to look at a rating again",
    Permission.RECONSIDERATION_ASK: "Ask that a rating be looked at again",
    Permission.RECONSIDERATION_DECIDE: "Decide whether a rating changes",
    Permission.PLAN_SEE: "See improvement plans",
    Permission.PLAN_LEAD: "Lead improvement plans",
    Permission.PLAN_VERIFY: "Verify steps of plans",
    Permission.PLAN_APPROVE: "Approve, return and close plans; decide on targets and on dropping",
    Permission.PLAN_DISCUSS: "Comment on progress reports of plans",
    Permission.PLAN_ACKNOWLEDGE: "Acknowledge that steps of plans are late",
    Permission.STEP_SEE: "See plan steps of their own",
    Permission.AUDIT_SEE: "Read the audit log",
    Permission.DISCLOSURE_SEE: "See the register of disclosures, by ids",
    Permission.DISCLOSURE_READ: "Read to whom, what and what for in that register",
    Permission.DISCLOSURE_RECORD: "Write disclosures down by hand",
}

_P = Permission
_EVERYBODY = {_P.HOME_SEE, _P.STEP_SEE}  # anybody may own a step of a plan
_REGISTER = {_P.ALERT_SEE, _P.ALERT_REGISTER}
_LEDGER = {_P.LEDGER_SEE, _P.LEDGER_KEEP}
_DISCUSSES = {_P.REPORT_DISCUSS, _P.PUBLICATION_SEE}
_READS_RESULTS = {
    *_DISCUSSES,
    *(_P.REPORT_DUE, _P.MEASURES_SEE, _P.REPORT_SEE, _P.INSTRUMENTS_SEE, _P.PLACES_SEE),
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(
        _EVERYBODY
        | {_P.PEOPLE_MANAGE, _P.SETTINGS_SEE, _P.SETTINGS_CHANGE, _P.PLACES_SEE, _P.INSTRUMENTS_SEE}
        | {_P.PLACES_CHANGE, _P.DISCLOSURE_SEE}
    ),
    Role.CQI_DIRECTOR: frozenset(
        _EVERYBODY
        | _READS_RESULTS
        | {_P.SETTINGS_SEE, _P.CASES_IMPORT, _P.ROUND_SEE, _P.ROUND_OPEN, _P.ROUND_ASSIGN}
        | {_P.SAMPLE_DRAW, _P.SAMPLE_ELIMINATE, _P.COUNTY_NOTICE_SEE}
        | _LEDGER
        | {_P.REVIEW_SEE, _P.REVIEW_REOPEN, _P.REVIEW_IMPORT}
        | {_P.FEEDBACK_SEE, _P.PLAN_SEE, _P.PLAN_APPROVE, _P.PLAN_DISCUSS, _P.PLAN_ACKNOWLEDGE}
        | {_P.FEEDBACK_RELEASE, _P.FEEDBACK_ROLL_UP, _P.NEED_SEE, _P.NEED_ANSWER}
        | {_P.RECONSIDERATION_SEE, _P.RECONSIDERATION_DECIDE}
        | {_P.PLAN_VERIFY, _P.ALERT_ACCEPT, _P.REPORT_APPROVE, _P.AGREEMENT_SEE}
        | {_P.DISCLOSURE_SEE, _P.DISCLOSURE_READ, _P.DISCLOSURE_RECORD}
        | _REGISTER
    ),
    Role.CQI_LIAISON: frozenset(
        _EVERYBODY
        | _READS_RESULTS
        | {_P.CASES_IMPORT, _P.ROUND_SEE, _P.ROUND_ASSIGN, _P.REVIEW_SEE, _P.FEEDBACK_SEE}
        | {_P.PLAN_SEE, _P.PLAN_VERIFY, _P.PLAN_DISCUSS, _P.SAMPLE_DRAW, _P.COUNTY_NOTICE_SEE}
        | {_P.FEEDBACK_RELEASE, _P.FEEDBACK_ROLL_UP, _P.NEED_SEE, _P.RECONSIDERATION_SEE}
        | _LEDGER
    ),
    Role.SITE_LEADER: frozenset(
        _EVERYBODY
        | {_P.SAMPLE_ELIMINATE, _P.COUNTY_NOTICE_SEE, _P.LEDGER_SEE}
        | {_P.ROUND_SEE, _P.ROUND_ASSIGN, _P.REVIEW_SEE, _P.INSTRUMENTS_SEE, _P.ALERT_ACCEPT}
        | {_P.FEEDBACK_SEE, _P.FEEDBACK_RELEASE}
        | _REGISTER
    ),
    Role.QA_LEAD: frozenset(
        _EVERYBODY
        | {_P.ROUND_SEE, _P.REVIEW_SEE, _P.REVIEW_APPROVE, _P.INSTRUMENTS_SEE, _P.ALERT_SEE}
        | _DISCUSSES
        | {_P.AGREEMENT_SEE, _P.RECONSIDERATION_SEE, _P.RECONSIDERATION_DECIDE}
    ),
    Role.REVIEWER: frozenset(
        _EVERYBODY
        | {_P.ROUND_SEE, _P.REVIEW_SEE, _P.REVIEW_SCORE, _P.INSTRUMENTS_SEE, _P.ALERT_SEE}
    ),
    Role.ANALYST: frozenset(_EVERYBODY | _READS_RESULTS | {_P.ROUND_SEE, _P.REPORT_WRITE}),
    Role.REGIONAL_DIRECTOR: frozenset(
        _EVERYBODY
        | _READS_RESULTS
        | {_P.ROUND_SEE, _P.FEEDBACK_SEE, _P.PLAN_SEE, _P.PLAN_LEAD, _P.PLAN_ACKNOWLEDGE}
        | {_P.FEEDBACK_ROLL_UP, _P.NEED_SEE, _P.NEED_ANSWER}
        | {_P.ALERT_ANSWER, _P.ALERT_ANSWER_OF_UNIT, _P.COUNTY_NOTICE_SEE}
        | _REGISTER
    ),
    Role.SUPERVISOR: frozenset(
        _EVERYBODY
        | {_P.FEEDBACK_SEE, _P.FEEDBACK_ACKNOWLEDGE, _P.INSTRUMENTS_SEE, _P.ALERT_ANSWER}
        | {_P.FEEDBACK_COACH, _P.NEED_SEE, _P.NEED_RAISE}
        | {_P.RECONSIDERATION_SEE, _P.RECONSIDERATION_ASK}
        | {_P.COUNTY_NOTICE_SEE}
        | _REGISTER
    ),
    Role.CASEWORKER: frozenset(
        _EVERYBODY
        | {_P.FEEDBACK_SEE, _P.FEEDBACK_ACKNOWLEDGE, _P.INSTRUMENTS_SEE, _P.RECONSIDERATION_SEE}
    ),
    Role.STATE_OFFICE: frozenset(
        _EVERYBODY
        | {_P.PLAN_SEE, _P.PLAN_DISCUSS, _P.PLAN_ACKNOWLEDGE}
        | {_P.PLACES_SEE, _P.REPORT_DUE, _P.PUBLICATION_SEE}
    ),
    Role.STAKEHOLDER: frozenset(_EVERYBODY | {_P.PUBLICATION_SEE}),
    Role.AUDITOR: frozenset(_EVERYBODY | {_P.AUDIT_SEE, _P.DISCLOSURE_SEE, _P.DISCLOSURE_READ}),
}

# What shows answers, narratives, feedback, alerts or case lists of children and families.
CASE_CONTENT = frozenset(
    {_P.CASES_IMPORT, _P.REVIEW_SEE, _P.REVIEW_SCORE, _P.REVIEW_APPROVE, _P.REVIEW_REOPEN}
    | {_P.REVIEW_IMPORT}
    | {_P.ALERT_SEE, _P.ALERT_REGISTER, _P.ALERT_ANSWER, _P.ALERT_ANSWER_OF_UNIT, _P.ALERT_ACCEPT}
    | {_P.FEEDBACK_SEE, _P.FEEDBACK_ACKNOWLEDGE, _P.FEEDBACK_RELEASE, _P.FEEDBACK_COACH}
    | {_P.FEEDBACK_ROLL_UP, _P.NEED_SEE, _P.NEED_RAISE, _P.NEED_ANSWER, _P.ROUND_ASSIGN}
    | {_P.RECONSIDERATION_SEE, _P.RECONSIDERATION_ASK, _P.RECONSIDERATION_DECIDE}
    | {_P.SAMPLE_DRAW, _P.SAMPLE_ELIMINATE, _P.COUNTY_NOTICE_SEE}
)
NEEDS_SECOND_FACTOR = CASE_CONTENT | {_P.PEOPLE_MANAGE}  # who gives access could give it to anybody


def permissions_of(role: Role) -> frozenset[Permission]:
    """What a role may do, wherever its grant reaches."""
    return PERMISSIONS[role]
