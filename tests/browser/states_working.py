"""Pages on which a plan is worked, in every state: rows for tests/browser/states.py."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa

from cqi.core.database import Database
from cqi.places.models import Place
from cqi.plans import actions
from cqi.plans.actions import StepTaking
from cqi.plans.models import Goal
from cqi.plans.queries import due, records
from cqi.plans.rules import Count, evidence
from cqi.plans.workflow import PlanMove, StepMove
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.scoring import Desk
from tests.plans import asking, files, invented, reported

LONG = "Both logs, of May and of June, with the names of all who read them together. " * 6
_ASK = "/plans/steps/{late}/ask/"
_ONE = "/plans/amendments/"
_PART = "/plans/goals/{begun_goal}"
# (state, who, path, what is done there)
ROWS = (
    ("some of each", "supervisor", "/plans/steps"),
    ("late and behind", "supervisor", "/plans/steps/{late}"),
    ("nothing said", "supervisor", "/plans/steps/{late}", "press Write it down"),
    ("lacks everything", "supervisor", "/plans/steps/{late}", "press It is done"),
    ("to verify", "cqi_director", "/plans/steps/{claimed}"),
    ("no reason", "cqi_director", "/plans/steps/{claimed}", "press Send back"),
    ("the liaison helped", "cqi_liaison", "/plans/steps/{claimed}"),
    ("to ask", "supervisor", _ASK + "extension"),
    ("lacks everything", "supervisor", "/plans/steps/{far}/ask/extension", "press Ask for it"),
    ("to ask", "supervisor", _ASK + "step"),
    ("asked already", "supervisor", _ASK + "drop"),
    ("to ask", "regional_director", "/plans/goals/{goal}/target"),
    ("lacks everything", "regional_director", "/plans/goals/{goal}/target", "press Ask for it"),
    ("to decide", "cqi_director", _ONE + "{drop}"),
    ("no reason", "cqi_director", _ONE + "{drop}", "press Refuse"),
    ("to take back", "supervisor", _ONE + "{drop}"),
    ("granted", "supervisor", _ONE + "{granted}"),
    ("ended", "regional_director", _ONE + "{ended}"),
    ("some of each", "cqi_director", "/plans/{plan}/amendments"),
    ("something to decide", "cqi_director", "/plans/{plan}"),
    ("something to decide", "cqi_director", "/plans/home"),
    ("some of each", "cqi_director", "/plans/steps/late"),
    ("some of each", "cqi_director", "/plans/steps/coming"),
    ("put right, and dropped", "regional_director", "/plans/{begun}"),
    ("no reason to withdraw", "regional_director", "/plans/{begun}", "press Withdraw the draft"),
    ("to drop", "regional_director", _PART + "/drop"),
    ("no reason", "regional_director", _PART + "/drop", "press Drop the goal"),
    ("to drop", "regional_director", _PART + "/1/drop"),
    ("put right since", "regional_director", "/plans/due"),
    ("said before", "regional_director", "/plans/due/{told}/counties"),
    ("to take back", "regional_director", "/plans/due/{told}/counties/{named}/spare"),
    (
        "no reason",
        "regional_director",
        "/plans/due/{told}/counties/{named}/spare",
        "press Take the naming back",
    ),
    ("withdrawn", "regional_director", "/plans/{withdrawn}"),
)


def make(desk: Desk) -> dict[str, str]:
    """A plan with a late step, one that is claimed, and requests of each kind. Their ids."""
    cast, database = desk.cast, desk.database
    days = (invented.LATE, invented.SOON, invented.FAR)
    made = invented.active(database, cast, cast.supervisor, days)
    late, claimed, far = made.steps
    first = asking.ask(database, far, cast.supervisor, asking.more_time(dt.date(2027, 9, 1)))
    asking.decide(database, first, cast.regional_director, words=LONG)
    ended = asking.ask(database, claimed, cast.supervisor, asking.more_time())
    _report_and_claim(database, cast, late, claimed)
    drop = asking.ask(database, late, cast.supervisor, asking.drop())
    with database.reading() as session:
        goal = session.scalars(sa.select(Goal.public_id)).one()
    ids = {"late": late, "claimed": claimed, "far": far, "plan": made.plan, "goal": goal}
    ids |= {"granted": first, "ended": ended, "drop": drop}
    ids |= _rounded_off(database, cast)
    return {name: str(key) for name, key in ids.items()}


def _rounded_off(database: Database, cast: Cast) -> dict[str, uuid.UUID]:
    """A withdrawn draft, and one on a report that was put right, with parts that were dropped; a
    county that was named, spared and named anew."""
    with database.writing() as session:
        lead = invented.actor(session, cast.regional_director)
        given = {"actor": lead, "now": build.NOW}
        withdrawn = invented.draft(session, cast, "A first start")
        invented.move(session, withdrawn, PlanMove.WITHDRAW, cast.regional_director, LONG)
        first = reported.publish(session, cast, cast.round)
        new = actions.NewPlan(cast.region.id, cast.round.id, "A second start", first.id)
        plan = actions.draft_plan(session, new=new, **given)
        wish = actions.NewGoal("Safety looked at again", "SRM", "SRM05", Count(21, 58))
        one, two = (actions.add_goal(session, plan=plan, new=wish, **given) for _ in range(2))
        for title in ("Read together", "Coach on the job"):
            way = actions.add_strategy(session, goal=one, title=title, **given)
        actions.drop_strategy(session, strategy=way, reason=LONG, **given)
        actions.drop_goal(session, goal=two, reason=LONG, **given)
        newest = reported.publish(session, cast, cast.round, at=build.NOW + dt.timedelta(days=1))
        for verb in (actions.name_county, actions.spare_county, actions.name_county):
            report = due.publication(session, lead, newest.public_id)
            naming = actions.Naming(cast.county.id, LONG)
            verb(session, report=report, naming=naming, **given, today=invented.TODAY.day)
        ids = {"begun": plan.public_id, "begun_goal": one.public_id, "told": newest.public_id}
        return ids | {
            "withdrawn": withdrawn.public_id,
            "named": session.get_one(Place, cast.county.id).public_id,
        }


def _report_and_claim(database: Database, cast: Cast, late: uuid.UUID, claimed: uuid.UUID) -> None:
    sent = [evidence.Upload("Minutes of a very long meeting of the whole unit.pdf", files.pdf())]
    judged = evidence.judge(sent, 1).files
    link = "https://www.example.org/" + "minutes-and-logs/" * 12
    claim = StepTaking(StepMove.CLAIM, LONG, helped=True, link=link, files=judged)
    behind = StepTaking(StepMove.BEHIND, LONG, dt.date(2027, 4, 1))
    with database.writing() as session:
        who = invented.actor(session, cast.supervisor)
        for step, taking in ((late, behind), (claimed, claim)):
            found = records.step(session, who, step)
            given = {"actor": who, "now": build.NOW, "today": invented.TODAY.day}
            actions.move_step(session, step=found, taking=taking, **given)
