"""What the matrix expects of improvement plans and their steps."""

from __future__ import annotations

import datetime as dt
import uuid
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.models import GrantRow, Person
from cqi.access.permissions import Role
from cqi.measures import actions as measure_actions
from cqi.measures import queries as measures
from cqi.places.models import Place
from cqi.plans import actions as plans
from cqi.plans.actions import handing_in
from cqi.plans.models import (
    Amendment,
    Plan,
    PlanCall,
    ProgressReport,
    ReportRemark,
    Step,
    StepEntry,
    Strategy,
)
from cqi.plans.rules import Count, reports
from cqi.plans.rules.amendments import AmendmentKind, AmendmentState
from cqi.plans.rules.evidence import Accepted, FileKind
from cqi.plans.rules.findings import FindingDecision, SystemicFactor
from cqi.plans.rules.reports import ReportKind
from cqi.plans.workflow import PlanMove
from tests.build import NOW
from tests.plans import reported
from tests.web.matrix_grids import Row, grid, of, page

R = Role
TODAY = NOW.date()
SPARE = "spare"  # somebody without a role, who owns what is nobody's of the cast
PLAN = grid(
    "plan",
    """
                      active draft other
    cqi_director      yes    yes   yes
    cqi_liaison       yes    yes   404
    regional_director yes    yes   404
    state_office      yes    yes   yes
    """,
)
PLAN_LEAD = grid(
    "plan",
    """
                      active draft other
    regional_director yes    yes   404
    """,
)
STEP_LEAD = grid(
    "step",
    """
                      mine mine_in_draft active draft other
    regional_director 403  yes           yes    yes   404
    """,
)
REPORT_LEAD = grid(
    "due",
    """
                      own other
    regional_director yes 404
    """,
)
NAMED_LEAD = grid(
    "named",
    """
                      own other
    regional_director yes 404
    """,
)
GOAL_LEAD = grid(
    "goal",
    """
                      active draft other
    regional_director yes    yes   404
    """,
)
# Every move of a plan has a permission of its own; here: approving one.
PLAN_APPROVE = grid(
    "plan",
    """
                      active draft other
    cqi_director      yes    yes   yes
    cqi_liaison       403    403   404
    regional_director 403    403   404
    state_office      403    403   403
    """,
)
# Anybody may own a step; one's own is found anywhere once its plan is in force.
_OWNER = "yes 404 404 404 404"
_STEPS = f"""
                      mine mine_in_draft active draft other
    administrator     {_OWNER}
    cqi_director      yes  yes           yes    yes   yes
    cqi_liaison       yes  yes           yes    yes   404
    site_leader       {_OWNER}
    qa_lead           {_OWNER}
    reviewer          {_OWNER}
    analyst           {_OWNER}
    regional_director yes  yes           yes    yes   404
    supervisor        {_OWNER}
    caseworker        {_OWNER}
    state_office      yes  yes           yes    yes   yes
    stakeholder       {_OWNER}
    auditor           {_OWNER}
    """
STEP, FILE, AMENDMENT = (grid(things, _STEPS) for things in ("step", "file", "amendment"))
STEP_VERIFY = grid(
    "step",
    """
                      mine mine_in_draft active draft other
    cqi_director      yes  yes           yes    yes   yes
    cqi_liaison       403  yes           yes    yes   404
    """,
)
WRITE_REPORT = grid(
    "plan",
    """
                      active draft other
    regional_director yes    404   404
    """,
)
REPORT = grid(
    "progress_report",
    """
                      sent written other
    cqi_director      yes  404     yes
    cqi_liaison       yes  404     404
    regional_director yes  404     404
    state_office      yes  404     yes
    """,
)
REMARK = grid(
    "progress_report",
    """
                      sent written other
    cqi_director      yes  404     yes
    cqi_liaison       yes  404     404
    state_office      yes  404     yes
    """,
)
ANSWER = grid(
    "remark",
    """
                      sent other
    regional_director yes  404
    """,
)
PLANS = page(R.CQI_DIRECTOR, R.CQI_LIAISON, R.REGIONAL_DIRECTOR, R.STATE_OFFICE)
LEADS = page(R.REGIONAL_DIRECTOR)
EVERYBODY = page(*Role)

ON_THE_LADDER = page(R.CQI_DIRECTOR, R.REGIONAL_DIRECTOR, R.STATE_OFFICE)

ROWS = {
    "plans.acknowledge_step": of(STEP, {"acknowledge-words": "I see to it"}),
    "plans.acknowledge_steps": Row(ON_THE_LADDER),
    "plans.add_finding": Row(PLAN_LEAD),
    "plans.add_goal": Row(PLAN_LEAD),
    "plans.add_step": Row(GOAL_LEAD),
    "plans.add_strategy": Row(GOAL_LEAD),
    "plans.calendar": Row(EVERYBODY),
    "plans.calendar_page": Row(EVERYBODY),
    "plans.change_goal": Row(GOAL_LEAD),
    "plans.change_step": Row(STEP_LEAD),
    "plans.change_strategy": Row(GOAL_LEAD),
    "plans.decide_findings": Row(PLAN_LEAD),
    "plans.director_home": Row(PLANS),
    "plans.draft_plan": Row(LEADS),
    "plans.end_feed": Row(EVERYBODY),
    "plans.make_feed": Row(EVERYBODY),
    "plans.elsewhere": Row(PLAN),
    "plans.all_steps": of(PLANS, which="late"),
    "plans.amendment": Row(AMENDMENT),
    "plans.ask_amendment": of(STEP, {"reason": "Why"}, kind="drop"),
    "plans.ask_target": of(GOAL_LEAD, {"reason": "Why", "target": "70"}),
    "plans.claim_step": of(
        STEP, {"claim-words": "Done", "claim-helped": "no", "claim-link": "https://a.example"}
    ),
    "plans.evidence_file": Row(FILE),
    "plans.move_amendment": of(AMENDMENT, {"move": "withdraw"}),
    "plans.move_plan": of(PLAN_APPROVE, {"move": "approve"}),
    "plans.answer_remark": Row(ANSWER),
    "plans.drop_draft_step": Row(STEP_LEAD),
    "plans.due": Row(PLANS),
    "plans.findings": Row(PLAN),
    "plans.name_county": Row(REPORT_LEAD),
    "plans.spare_county": of(NAMED_LEAD, {"reason": "Why"}),
    "plans.propose_again": Row(PLAN_LEAD),
    "plans.drop_goal": of(GOAL_LEAD, {"words": "Why"}),
    "plans.take_up_goal": Row(GOAL_LEAD),
    "plans.drop_strategy": of(GOAL_LEAD, {"words": "Why"}),
    "plans.take_up_strategy": Row(GOAL_LEAD),
    "plans.take_up_step": Row(STEP_LEAD),
    "plans.note_finding": of(PLAN_LEAD, position=1),
    "plans.own_steps": Row(EVERYBODY),
    "plans.plan": Row(PLAN),
    "plans.plan_amendments": Row(PLAN),
    "plans.plans": Row(PLANS),
    "plans.plans_file": of(PLANS, ending="csv"),
    "plans.plan_file": of(PLAN, ending="pdf"),
    "plans.progress_report": Row(REPORT),
    "plans.progress_reports": Row(PLAN),
    "plans.remark": of(REMARK, {"remark-words": "Why?"}),
    "plans.report_step": of(STEP, {"report-stands": "ahead"}),
    "plans.send_back_step": of(STEP_VERIFY, {"send_back-words": "Not yet"}),
    "plans.step": Row(STEP),
    "plans.verify_step": of(STEP_VERIFY, {"verify-words": "Seen"}),
    "plans.write_report": of(
        WRITE_REPORT, {"narrative": "Words", "revision": "0"}, kind="monthly", first="2027-02-01"
    ),
}


def make(making: Any) -> None:
    """Plans of both regions, in force and drafted; everybody owns a step of two of them."""
    leads = {"one": Role.REGIONAL_DIRECTOR.value, "two": SPARE}
    for reach, where in {"active": "one", "draft": "one", "other": "two"}.items():
        plan = _plan(making, reach, where, leads[where])
        if reach != "draft":
            _put_in_force(making, plan, leads[where])
            _report_on(making, plan, {"active": "sent"}.get(reach, reach))
    _due(making)
    theirs = GrantRow.person_id == making.people[SPARE].id
    making.session.execute(sa.update(GrantRow).where(theirs).values(ended_at=NOW))


def _report_on(making: Any, plan: Plan, reach: str) -> None:
    """A plan that was approved in January, with a report that was sent, and one that was not."""
    plan.approved_on = dt.date(2027, 1, 20)
    for month, sent_at in ((1, NOW), (2, None)):
        one = reports.period_of(ReportKind.MONTHLY, dt.date(2026, month, 1))
        row = ProgressReport(
            plan=plan,
            kind=one.kind,
            period_from=one.first,
            period_to=one.last,
            narrative="Words",
            figures=reports.Figures((), 0, 0, ()).to_json() if sent_at else {},
            by_id=making.people[SPARE].id,
            at=NOW,
            sent_at=sent_at,
        )
        making.session.add(row)
        making.session.flush()
        where = reach if sent_at else "written"
        making.thing("progress_report", where, public_id=row.public_id)
        if sent_at:
            asked = ReportRemark(
                report_id=row.id, words="Why?", by_id=making.people[SPARE].id, at=NOW
            )
            making.session.add(asked)
            making.session.flush()
            ids = {"public_id": row.public_id, "remark_id": asked.public_id}
            making.thing("remark", reach, **ids)


def _put_in_force(making: Any, plan: Plan, lead: str) -> None:
    director = Role.CQI_DIRECTOR.value
    for move, who in (
        (PlanMove.SUBMIT, lead),
        (PlanMove.APPROVE, director),
        (PlanMove.BEGIN, lead),
    ):
        given = {"actor": making.actor(who), "now": NOW, "today": TODAY}
        plans.move_plan(making.session, plan=plan, taking=plans.PlanTaking(move), **given)


def _plan(making: Any, reach: str, where: str, lead: str) -> Plan:
    session, given = making.session, {"actor": making.actor(lead), "now": NOW}
    round_ = making.rounds["own" if where == "one" else "other"]
    new = plans.NewPlan(making.places[where].id, round_.id, f"Plan {reach}")
    plan = plans.draft_plan(session, new=new, **given)
    finding = _findings(session, plan, given)
    aim = ("Safety looked at again", "SRM", "SRM05", Count(21, 58))
    wish = plans.NewGoal(*aim, finding=finding)
    goal = plans.add_goal(session, plan=plan, new=wish, **given)
    plans.add_strategy(session, goal=goal, title="Read together", **given)
    making.thing("plan", reach, public_id=plan.public_id)
    making.thing("goal", reach, goal_id=goal.public_id, position=1)
    add = partial(_step, session, goal.strategies[0], given)
    theirs = add(making.people[SPARE])
    making.thing("step", reach, public_id=theirs.public_id)
    making.thing("file", reach, public_id=_file(theirs))
    spare = making.people[SPARE].id
    making.thing("amendment", reach, public_id=_asked(session, theirs, spare))
    for who, person in making.people.items():
        if reach != "active" and who != "disabled":
            own = {"draft": "mine_in_draft", "other": "mine"}[reach]
            step = add(person)
            making.mine(who, "step", own, public_id=step.public_id)
            making.mine(who, "file", own, public_id=_file(step))
            making.mine(who, "amendment", own, public_id=_asked(session, step, spare))
    return plan


def _findings(session: orm.Session, plan: Plan, given: dict[str, Any]) -> int:
    """A factor that is declined, so that no goal has to answer it, and one that is accepted."""
    new = plans.NewFinding("Too few homes", "", factor=SystemicFactor.SERVICE_ARRAY)
    row = plans.add_finding(session, plan=plan, new=new, today=TODAY, **given)
    said = plans.Decision(row.position, FindingDecision.DECLINED, "Not ours", None, row.revision)
    plans.decide_findings(session, plan=plan, decisions=[said], **given)
    new = plans.NewFinding("Few readers", "", factor=SystemicFactor.TRAINING)
    return plans.add_finding(session, plan=plan, new=new, today=TODAY, **given).position


def _due(making: Any) -> None:
    """A published report of each region, which makes a plan due; and a county that it named."""
    for reach, where in {"own": "one", "other": "two"}.items():
        asked = measures.asked_of(making.rounds[reach])
        run = measure_actions.freeze_run(making.session, asked, actor=None, now=NOW)
        place, by = making.places[where].id, making.people[Role.CQI_DIRECTOR.value].id
        row = reported.register(making.session, place, run, by)
        making.thing("due", reach, publication_id=row.public_id)
        county = making.rounds[reach].counties[0].county_id
        call = PlanCall(publication_id=row.id, county_id=county, reason="Why", by_id=by, at=NOW)
        making.session.add(call)
        making.session.flush()
        place_id = making.session.get_one(Place, county).public_id
        making.thing("named", reach, publication_id=row.public_id, place_id=place_id)


def _step(session: orm.Session, strategy: Strategy, given: dict[str, Any], owner: Person) -> Step:
    new = plans.NewStep("Read one", owner.id, dt.date(2027, 1, 4), dt.date(2027, 8, 2), "Logs")
    return plans.add_step(session, strategy=strategy, new=new, **given)


def _asked(session: orm.Session, step: Step, by: int) -> uuid.UUID:
    """A request, as if its plan were in force."""
    values = {"old": {"due_on": "2027-08-02"}, "new": {"due_on": "2027-09-01"}, "reason": "Why"}
    one = Amendment(
        plan=step.strategy.goal.plan,
        kind=AmendmentKind.EXTENSION,
        step=step,
        state=AmendmentState.ASKED,
        asked_by_id=by,
        asked_at=NOW,
        **values,
    )
    session.add(one)
    session.flush()
    return one.public_id


def _file(step: Step) -> uuid.UUID:
    """Evidence, as if it had come with something that the owner said."""
    one = handing_in.stored(Accepted("one.txt", FileKind.TEXT, b"Two logs"))
    entry = StepEntry(kind="noted", words="", by_id=step.owner_id, at=NOW, files=[one])
    step.entries.append(entry)
    return one.public_id
