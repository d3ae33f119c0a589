"""Every setting that the product knows: key, type, default, what it means and where it is from.

Where the public record is silent the default is ours, and the page says "agency to confirm".
"""

from __future__ import annotations

from cqi.settings.registry import plans, setting

Setting = setting.Setting
PLAN_DUE_DAYS = plans.PLAN_DUE_DAYS
PLAN_REVIEW_DAYS = plans.PLAN_REVIEW_DAYS
PLAN_SHARE = plans.PLAN_SHARE
LADDER_DIRECTOR_DAYS = plans.LADDER_DIRECTOR_DAYS
LADDER_CQI_DAYS = plans.LADDER_CQI_DAYS
LADDER_STATE_DAYS = plans.LADDER_STATE_DAYS
PLAN_MONTHLY = plans.PLAN_MONTHLY
PLAN_REPORT_DAYS = plans.PLAN_REPORT_DAYS
EVIDENCE_MEGABYTES = plans.EVIDENCE_MEGABYTES
DEADLINE_HORIZON_DAYS = plans.DEADLINE_HORIZON_DAYS

AGENCY_NAME = Setting(
    "agency.name", "Name of the agency", "Child welfare agency", "", "Asked at set-up."
)
SMALLEST_N = Setting(
    "measures.smallest_n",
    "Fewest cases for a percentage",
    10,
    "cases",
    "Fewer than this in either round: counts only.",
    confirm=False,
    least=5,
    most=30,
)
SMALLEST_PUBLISHED_N = Setting(
    "measures.smallest_published_n",
    "Fewest cases for a row of anything published",
    11,
    "cases",
    "A row of fewer is merged upwards in a publication. Inside the agency counts stand.",
    confirm=False,
    least=11,
    most=30,
)
WIDEST_REACH = Setting(
    "measures.widest_reach",
    "Widest reach of an interval that still says no clear change",
    25,
    "points",
    "An interval that reaches further from the difference says too few cases to tell.",
    least=10,
    most=50,
)
AGREEMENT_WANTED = Setting(
    "measures.agreement_wanted",
    "Agreement that two readings of a case should reach",
    85,
    "percent",
    "Our default. Items are called below it, or at it, only where chance does not explain it.",
    least=50,
    most=100,
)
MEMO_DAYS = Setting(
    "feedback.memo_days",
    "Time to release the feedback memo of a final review",
    10,
    "working days",
    "Our default, from the day on which the review became final.",
    least=1,
    most=60,
)
ACKNOWLEDGE_DAYS = Setting(
    "feedback.acknowledge_days",
    "Time to read and acknowledge feedback",
    10,
    "working days",
    "Our default, from the day on which the memo was released.",
    least=1,
    most=60,
)
RECONSIDER_DAYS = Setting(
    "feedback.reconsider_days",
    "Time to ask that a rating be looked at again",
    10,
    "working days",
    "Our default, from the day on which the memo was released.",
    least=1,
    most=60,
)
RECONSIDER_DECIDE_DAYS = Setting(
    "feedback.reconsider_decide_days",
    "Time to decide on a rating that is to be looked at again",
    10,
    "working days",
    "Our default, from the day on which it was asked.",
    least=1,
    most=60,
)
NEED_REPLY_DAYS = Setting(
    "feedback.need_reply_days",
    "Time to reply to a systemic need",
    20,
    "working days",
    "Our default, from the day on which it was raised.",
    least=1,
    most=120,
)
REPORT_DUE_DAYS = Setting(
    "rounds.report_due_days",
    "Time from the last day on site to the report of a round",
    30,
    "working days",
    "Our default. A round's page counts the days that are left.",
    least=1,
    most=120,
)
IN_HOME_DAYS = Setting(
    "sampling.in_home_days",
    "How long an in-home case has to be open to be sampled",
    45,
    "days",
    "As in the federal review: consecutive days in the sampling period.",
    least=1,
    most=365,
)
CASE_PLAN_DUE_DAYS = Setting(
    "reviews.case_plan_due_days",
    "When a case plan is due after a case was opened",
    30,
    "days",
    "Our default. Instruments refer to it at the fact that asks whether a plan was due.",
    least=1,
    most=180,
)
OWN_COUNTY_ROLES = Setting(
    "reviews.own_county_roles",
    "Roles in which one may not review a case of the county that one works for",
    "caseworker, supervisor, regional_director",
    "",
    "Our default: whoever answers for a county's casework does not judge it. A caseworker works for"
    " the counties of their open cases, others for what their role is granted for.",
    among=(
        "caseworker",
        "supervisor",
        "regional_director",
        "cqi_liaison",
        "qa_lead",
        "stakeholder",
    ),
)
ALERT_ACKNOWLEDGE_HOURS = Setting(
    "reviews.safety_alert_acknowledge_hours",
    "Time to acknowledge a safety alert",
    2,
    "hours",
    "Our default. An alert that nobody acknowledged by then climbs to the CQI director.",
    least=1,
    most=24,
)
ALERT_ANSWER_HOURS = Setting(
    "reviews.safety_alert_answer_hours",
    "Time to answer a safety alert",
    24,
    "hours",
    "Our default, from when it was raised. Without an answer it climbs to the CQI director.",
    least=1,
    most=168,
)
SECOND_FACTOR = Setting(
    "access.second_factor",
    "A second factor for everybody who sees case content or gives access to it",
    True,
    "",
    "Our default. It holds for every role with such a permission, from the next page on.",
)
IDLE_MINUTES = Setting(
    "access.idle_minutes",
    "When a sign-in ends without a key press or a click",
    15,
    "minutes",
    "Our default. A page warns two minutes before, and one key extends the sign-in.",
    least=5,
    most=60,
)
LONGEST_HOURS = Setting(
    "access.longest_hours",
    "When a sign-in ends at the latest",
    12,
    "hours",
    "Our default. A new value counts from the next sign-in.",
    least=1,
    most=24,
)
FRESH_MINUTES = Setting(
    "access.fresh_minutes",
    "How long a password or passkey counts as just shown",
    10,
    "minutes",
    "Our default. Grants, exports of case content and reopening ask again after it.",
    least=1,
    most=60,
)

SET_UP_LINK_HOURS = Setting(
    "access.set_up_link_hours",
    "How long a link to set a password works",
    72,
    "hours",
    "Our default. A link works once; a new one ends it.",
    least=1,
    most=336,
)
ADMINISTRATOR_CONFIRM_DAYS = Setting(
    "access.administrator_confirm_days",
    "How long the proposal of an administrator waits for another one",
    7,
    "days",
    "Our default. Without a second administrator's word the proposal lapses.",
    least=1,
    most=60,
)
PLANNING_LEAST_MONTHS = Setting(
    "rollout.planning_least_months",
    "Shortest planning of a region before its baseline review",
    6,
    "months",
    "On the public record: 6 to 8 months.",
    least=1,
    most=36,
)
PLANNING_MOST_MONTHS = Setting(
    "rollout.planning_most_months",
    "Longest planning of a region before its baseline review",
    8,
    "months",
    "On the public record: 6 to 8 months.",
    least=1,
    most=36,
)
IMPLEMENTATION_MONTHS = Setting(
    "rollout.implementation_months",
    "Initial implementation of the practice model in a region",
    12,
    "months",
    "On the public record.",
    least=1,
    most=60,
)
FOLLOW_UP_MONTHS = Setting(
    "rollout.follow_up_months",
    "From the beginning of implementation to the follow-up review",
    12,
    "months",
    "On the public record: about a year.",
    least=1,
    most=60,
)
ROLLOUT_LEEWAY_MONTHS = Setting(
    "rollout.leeway_months",
    "How far implementation and follow-up may lie from their length",
    1,
    "months",
    "Our default for what about means; a plan further away is warned of.",
    least=0,
    most=12,
)
ENGAGED_MONTHS = Setting(
    "rollout.engaged_within_months",
    "Time in which planning begins in every region",
    48,
    "months",
    "On the public record: within four years. Counted from the first region's planning.",
    least=1,
    most=240,
)
ROLLOUT_INSTRUMENT = Setting(
    "rollout.instrument",
    "Instrument whose components the roll-out follows",
    "mississippi_practice_model",
    "",
    "Our default: its newest published version says which components there are.",
)
DIGEST_HOUR = Setting(
    "notices.digest_hour",
    "When daily e-mails go",
    7,
    "o'clock",
    "Our default. On working days, to those who chose one e-mail a day.",
    least=5,
    most=20,
)

ALL = (
    AGENCY_NAME,
    SMALLEST_N,
    SMALLEST_PUBLISHED_N,
    WIDEST_REACH,
    AGREEMENT_WANTED,
    REPORT_DUE_DAYS,
    PLAN_DUE_DAYS,
    IN_HOME_DAYS,
    CASE_PLAN_DUE_DAYS,
    OWN_COUNTY_ROLES,
    MEMO_DAYS,
    ACKNOWLEDGE_DAYS,
    RECONSIDER_DAYS,
    RECONSIDER_DECIDE_DAYS,
    NEED_REPLY_DAYS,
    ALERT_ACKNOWLEDGE_HOURS,
    ALERT_ANSWER_HOURS,
    DEADLINE_HORIZON_DAYS,
    PLAN_REVIEW_DAYS,
    PLAN_SHARE,
    LADDER_DIRECTOR_DAYS,
    LADDER_CQI_DAYS,
    LADDER_STATE_DAYS,
    PLAN_MONTHLY,
    PLAN_REPORT_DAYS,
    EVIDENCE_MEGABYTES,
    SECOND_FACTOR,
    IDLE_MINUTES,
    LONGEST_HOURS,
    FRESH_MINUTES,
    SET_UP_LINK_HOURS,
    ADMINISTRATOR_CONFIRM_DAYS,
    PLANNING_LEAST_MONTHS,
    PLANNING_MOST_MONTHS,
    IMPLEMENTATION_MONTHS,
    FOLLOW_UP_MONTHS,
    ROLLOUT_LEEWAY_MONTHS,
    ENGAGED_MONTHS,
    ROLLOUT_INSTRUMENT,
    DIGEST_HOUR,
)
BY_KEY = {setting.key: setting for setting in ALL}
