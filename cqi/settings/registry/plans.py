"""Settings of improvement plans: when they are due, who hears of what is late, and evidence."""

from __future__ import annotations

from cqi.settings.registry.setting import Setting

PLAN_DUE_DAYS = Setting(
    "plans.due_days",
    "Time from the published report of a round to the improvement plan",
    30,
    "days",
    "Our default, in calendar days from the day on which the report was published.",
    least=1,
    most=250,
)
PLAN_REVIEW_DAYS = Setting(
    "plans.review_days",
    "Time for the state to approve or return a plan that was submitted",
    15,
    "days",
    "Our default, in calendar days from the day on which it was submitted.",
    least=1,
    most=120,
)
PLAN_SHARE = Setting(
    "plans.finding_below",
    "Share below which an item or a component is proposed as a finding",
    90,
    "percent",
    "Our default, after the federal review, which asks for 90 percent of an item.",
    least=50,
    most=100,
)
LADDER_DIRECTOR_DAYS = Setting(
    "plans.ladder_regional_director_days",
    "When a late step climbs to the Regional Director",
    5,
    "working days",
    "Our default, after the due date.",
    least=1,
    most=60,
)
LADDER_CQI_DAYS = Setting(
    "plans.ladder_cqi_director_days",
    "When what is late climbs to the CQI director",
    15,
    "working days",
    "Our default, after the due date.",
    least=1,
    most=120,
)
LADDER_STATE_DAYS = Setting(
    "plans.ladder_state_office_days",
    "When what is late climbs to the state office",
    30,
    "working days",
    "Our default, after the due date.",
    least=1,
    most=250,
)
PLAN_MONTHLY = Setting(
    "plans.monthly_reports",
    "A progress report of each plan every month",
    True,
    "",
    "Our default. The quarterly report to the state is always due.",
)
PLAN_REPORT_DAYS = Setting(
    "plans.report_days",
    "Time from the end of a month or quarter to its progress report",
    10,
    "working days",
    "Our default.",
    least=1,
    most=60,
)
EVIDENCE_MEGABYTES = Setting(
    "plans.evidence_megabytes",
    "Largest file that can be handed in as evidence of a step",
    10,
    "megabytes",
    "Our default. Evidence is kept in the database, encrypted, and is part of every backup.",
    least=1,
    most=25,
)
DEADLINE_HORIZON_DAYS = Setting(
    "plans.horizon_days",
    "How far ahead the first page shows deadlines",
    30,
    "days",
    "Our default.",
    least=7,
    most=120,
)
