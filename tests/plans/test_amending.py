"""What changes in a plan in force: asked for, decided by somebody else, and applied."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.core import errors, events
from cqi.core.database import Database
from cqi.notices.models import Notice
from cqi.plans.actions import Wish
from cqi.plans.models import Amendment, Goal, Plan, Step
from cqi.plans.queries import sheets
from cqi.plans.rules import StepState, TargetKind, amendments
from cqi.plans.rules.amendments import AmendmentKind, AmendmentState
from cqi.plans.workflow import AmendmentMove, PlanMove
from cqi.rounds.models import Round
from tests import build
from tests.fixtures.cast import Cast
from tests.plans import asking, invented
from tests.plans.invented import Made

REFUSE, WITHDRAW = AmendmentMove.REFUSE, AmendmentMove.WITHDRAW


@pytest.fixture
def own(database: Database, cast: Cast) -> Made:
    """Steps of a supervisor: one late, one due far away."""
    return invented.active(database, cast, cast.supervisor, (invented.LATE, invented.FAR))


def codes(refused: pytest.ExceptionInfo[errors.Blocked]) -> list[str]:
    return [blocker.code for blocker in refused.value.blockers]


def step(database: Database, made: Made, number: int = 0) -> Step:
    with database.reading() as session:
        query = sa.select(Step).where(Step.public_id == made.steps[number])
        return session.scalars(query).one()


def row(database: Database, person: Person, made: Made, number: int = 0) -> sheets.StepRow:
    with database.reading() as session:
        who = invented.actor(session, person)
        return sheets.step(session, who, made.steps[number], invented.TODAY)


def told(database: Database) -> list[tuple[str, int]]:
    with database.reading() as session:
        query = sa.select(Notice).where(Notice.kind.like("amendment_%")).order_by(Notice.id)
        return [(one.kind, one.person_id) for one in session.scalars(query)]


def happened(database: Database) -> list[events.Event]:
    with database.reading() as session:
        query = sa.select(events.Event).where(events.Event.kind.like("plan.amendment_%"))
        assert events.verify(session).problem == ""
        return list(session.scalars(query.order_by(events.Event.id)))


def test_a_step_that_is_granted_more_time_is_no_longer_late(
    database: Database, cast: Cast, own: Made
) -> None:
    assert row(database, cast.supervisor, own).timing.late
    asked = asking.ask(database, own.steps[0], cast.supervisor, asking.more_time())
    assert row(database, cast.supervisor, own).timing.late, "asking changes nothing"
    asking.decide(database, asked, cast.regional_director)
    found = row(database, cast.supervisor, own)
    assert not found.timing.late
    assert found.due_on == asking.LATER
    assert found.extended == "extended once"
    with database.reading() as session:
        one = session.scalars(sa.select(Amendment)).one()
        assert (one.old, one.new) == ({"due_on": "2027-02-17"}, {"due_on": "2027-04-15"})
        assert one.decided_by_id == cast.regional_director.id


def test_each_step_on_the_way_is_one_event_and_tells_whoever_is_next(
    database: Database, cast: Cast, own: Made
) -> None:
    asked = asking.ask(database, own.steps[0], cast.supervisor, asking.more_time())
    assert told(database) == [("amendment_asked", cast.regional_director.id)]
    asking.decide(database, asked, cast.regional_director, words="Until April.")
    assert told(database)[1:] == [("amendment_decided", cast.supervisor.id)]
    first, second = happened(database)
    assert (first.kind, second.kind) == ("plan.amendment_asked", "plan.amendment_granted")
    assert second.payload["new"] == {"due_on": "2027-04-15"}
    assert "ill" not in str(first.payload)
    assert "April" not in str(second.payload)


def test_titles_and_evidence_stand_in_events_as_digests(
    database: Database, cast: Cast, own: Made
) -> None:
    wish = asking.changed(step(database, own), title="Ann B. reads", owner_id=cast.cqi_liaison.id)
    asked = asking.ask(database, own.steps[0], cast.supervisor, wish)
    asking.decide(database, asked, cast.cqi_director)
    found = step(database, own)
    assert (found.title, found.owner_id) == ("Ann B. reads", cast.cqi_liaison.id)
    assert found.evidence_asked == "Logs for two months"
    for event in happened(database):
        assert "Ann" not in str(event.payload)
        assert event.payload["new"]["owner_id"] == cast.cqi_liaison.id
    with database.reading() as session:
        one = session.scalars(sa.select(Amendment)).one()
        assert one.old == {
            "title": "Supervisors read one assessment a month",
            "owner_id": cast.supervisor.id,
        }


def test_a_target_is_changed_by_the_director_alone(
    database: Database, cast: Cast, own: Made
) -> None:
    asked = asking.ask_target(database, cast.regional_director)
    assert told(database) == [("amendment_asked", cast.cqi_director.id)]
    with pytest.raises(errors.Blocked) as refused:
        asking.decide(database, asked, cast.regional_director)
    assert codes(refused) == ["not_decider", "own_request"]
    asking.decide(database, asked, cast.cqi_director)
    with database.reading() as session:
        goal = session.scalars(sa.select(Goal)).one()
        assert (goal.negotiated_target, goal.target_kind) == (7000, TargetKind.NEGOTIATED)
        one = session.scalars(sa.select(Amendment)).one()
        assert one.old == {"negotiated_target": None}


def begins(database: Database, cast: Cast, days: int) -> None:
    """A follow-up that begins so many days from today."""
    with database.writing() as session:
        own, region = session.get_one(Round, cast.round.id), session.merge(cast.region)
        later = build.round(session, region, [session.merge(cast.county)], compares_with=own)
        later.on_site_from = invented.TODAY.day + dt.timedelta(days=days)
        later.on_site_to = later.on_site_from


def test_a_target_stands_from_the_day_on_which_the_round_that_measures_it_begins(
    database: Database, cast: Cast, own: Made
) -> None:
    begins(database, cast, 0)  # on the day of the approval: it does not measure the plan
    begins(database, cast, 1)
    asked = asking.ask_target(database, cast.regional_director)
    with database.writing() as session:
        session.scalars(sa.select(Plan)).one().approved_on = dt.date(2027, 3, 1)
    with pytest.raises(errors.Blocked) as refused:
        asking.decide(database, asked, cast.cqi_director)
    assert codes(refused) == ["measured"]
    assert "began on Wed 10 Mar and measures this goal" in str(refused.value)
    asking.decide(database, asked, cast.cqi_director, AmendmentMove.REFUSE, "It is being measured.")
    with pytest.raises(errors.Blocked) as refused:
        asking.ask_target(database, cast.regional_director)
    assert codes(refused) == ["measured"]


@pytest.mark.parametrize("target", [3000, 0, 10001])
def test_a_target_that_cannot_stand_is_refused(
    database: Database, cast: Cast, own: Made, target: int
) -> None:
    with pytest.raises(errors.Blocked):
        asking.ask_target(database, cast.regional_director, target)


def test_a_step_is_dropped_by_the_director_alone_and_its_other_requests_end(
    database: Database, cast: Cast, own: Made
) -> None:
    more = asking.ask(database, own.steps[0], cast.regional_director, asking.more_time())
    asked = asking.ask(database, own.steps[0], cast.supervisor, asking.drop())
    with pytest.raises(errors.Blocked) as refused:
        asking.decide(database, asked, cast.regional_director)
    assert codes(refused) == ["not_decider"]
    asking.decide(database, asked, cast.cqi_director)
    assert step(database, own).state is StepState.DROPPED
    found = row(database, cast.supervisor, own)
    assert [(one.kind, one.words) for one in found.entries] == [("dropped", "The unit is closed.")]
    assert asking.state(database, more) is AmendmentState.WITHDRAWN
    assert happened(database)[-1].payload["ended"] == [str(more)]
    assert ("amendment_decided", cast.regional_director.id) in told(database)


def test_a_claim_ends_what_was_asked_for_with_a_word(
    database: Database, cast: Cast, own: Made
) -> None:
    asked = asking.ask(database, own.steps[0], cast.supervisor, asking.more_time())
    invented.claim(database, own.steps[0], cast.supervisor)
    with database.reading() as session:
        one = session.scalars(sa.select(Amendment)).one()
        assert one.state is AmendmentState.WITHDRAWN
        assert one.answer == "Ended: the step was claimed as done."
    with pytest.raises(errors.Blocked) as refused:
        asking.decide(database, asked, cast.regional_director)
    assert codes(refused) == ["wrong_state", "step_not_open"]


def test_nobody_decides_on_their_own_request_or_step(database: Database, cast: Cast) -> None:
    own = invented.active(database, cast, cast.regional_director, (invented.LATE, invented.FAR))
    asked = asking.ask(database, own.steps[0], cast.regional_director, asking.more_time())
    assert told(database) == [("amendment_asked", cast.cqi_director.id)]
    with pytest.raises(errors.Blocked) as refused:
        asking.decide(database, asked, cast.regional_director)
    assert codes(refused) == ["own_request"]
    with database.writing() as session:
        other = build.person(session, "Second Director")
        build.grant(session, other, Role.REGIONAL_DIRECTOR, place=session.merge(cast.region))
    later = asking.ask(database, own.steps[1], other, asking.more_time(dt.date(2027, 9, 1)))
    with pytest.raises(errors.Blocked) as refused:
        asking.decide(database, later, cast.regional_director)
    assert codes(refused) == ["own_step"]
    asking.decide(database, later, cast.cqi_director)
    asking.decide(database, asked, cast.cqi_director)


def test_who_neither_owns_nor_leads_does_not_ask_nor_decide(
    database: Database, cast: Cast, own: Made
) -> None:
    with pytest.raises(errors.Blocked) as refused:
        asking.ask(database, own.steps[0], cast.cqi_liaison, asking.more_time())
    assert codes(refused) == ["not_owner_or_lead"]
    asked = asking.ask(database, own.steps[0], cast.supervisor, asking.more_time())
    with pytest.raises(errors.Blocked) as refused:
        asking.decide(database, asked, cast.cqi_liaison)
    assert codes(refused) == ["not_decider"]
    with pytest.raises(errors.NotFound):
        asking.decide(database, asked, cast.reviewer)


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (asking.more_time(invented.LATE), "not_later"),
        (asking.more_time(dt.date(2027, 3, 1)), "not_later"),
        (Wish(AmendmentKind.EXTENSION, "Why"), "not_later"),
        (Wish(AmendmentKind.EXTENSION, " ", due_on=asking.LATER), "no_words"),
        (Wish(AmendmentKind.DROP, ""), "no_words"),
    ],
)
def test_what_is_asked_for_has_to_make_sense(
    database: Database, cast: Cast, own: Made, wish: Wish, code: str
) -> None:
    with pytest.raises(errors.Blocked) as refused:
        asking.ask(database, own.steps[0], cast.supervisor, wish)
    assert codes(refused) == [code]


@pytest.mark.parametrize(
    ("parts", "code"),
    [({}, "nothing_changes"), ({"title": " "}, "empty"), ({"owner_id": 999_999}, "owner_unknown")],
)
def test_a_change_of_a_step_has_to_change_something_and_leave_nothing_empty(
    database: Database, cast: Cast, own: Made, parts: dict[str, Any], code: str
) -> None:
    wish = asking.changed(step(database, own), **parts)
    with pytest.raises(errors.Blocked) as refused:
        asking.ask(database, own.steps[0], cast.supervisor, wish)
    assert codes(refused) == [code]


def test_one_request_of_a_kind_waits_at_a_time(database: Database, cast: Cast, own: Made) -> None:
    asked = asking.ask(database, own.steps[0], cast.supervisor, asking.more_time())
    asking.ask(database, own.steps[0], cast.supervisor, asking.drop())
    with pytest.raises(errors.Blocked) as refused:
        asking.ask(database, own.steps[0], cast.regional_director, asking.more_time())
    assert codes(refused) == ["asked_already"]
    asking.decide(database, asked, cast.supervisor, WITHDRAW)
    asking.ask(database, own.steps[0], cast.supervisor, asking.more_time())


def test_refusing_needs_a_reason_and_changes_nothing(
    database: Database, cast: Cast, own: Made
) -> None:
    asked = asking.ask(database, own.steps[0], cast.supervisor, asking.more_time())
    with pytest.raises(errors.Blocked) as refused:
        asking.decide(database, asked, cast.regional_director, REFUSE)
    assert codes(refused) == ["no_words"]
    asking.decide(database, asked, cast.regional_director, REFUSE, "Somebody else can read.")
    assert asking.state(database, asked) is AmendmentState.REFUSED
    assert step(database, own).due_on == invented.LATE
    assert row(database, cast.supervisor, own).extended == ""


def test_only_the_asker_withdraws(database: Database, cast: Cast, own: Made) -> None:
    asked = asking.ask(database, own.steps[0], cast.supervisor, asking.more_time())
    with pytest.raises(errors.Blocked) as refused:
        asking.decide(database, asked, cast.regional_director, WITHDRAW)
    assert codes(refused) == ["not_the_asker"]


def test_what_changed_meanwhile_is_said_and_not_overwritten(
    database: Database, cast: Cast, own: Made
) -> None:
    asked = asking.ask(database, own.steps[0], cast.supervisor, asking.more_time())
    with database.writing() as session:
        found = session.scalars(sa.select(Step).where(Step.public_id == own.steps[0])).one()
        found.due_on = dt.date(2027, 5, 3)
    with pytest.raises(errors.Blocked, match="“Due” changed") as refused:
        asking.decide(database, asked, cast.regional_director)
    assert codes(refused) == ["changed_meanwhile"]
    asking.decide(database, asked, cast.regional_director, REFUSE, "It is due in May already.")


def test_how_an_open_step_is_doing_does_not_matter_to_dropping_it() -> None:
    old, now = {"state": "not_started"}, {"state": "behind"}
    assert amendments.meanwhile(AmendmentKind.DROP, old, now) == ()


def test_a_plan_that_ended_is_not_changed(database: Database, cast: Cast, own: Made) -> None:
    asked = asking.ask(database, own.steps[0], cast.supervisor, asking.more_time())
    with database.writing() as session:
        plan = session.merge(session.scalars(sa.select(Amendment)).one().plan)
        invented.move(session, plan, PlanMove.CLOSE_UNMET, cast.cqi_director, "A new plan comes.")
    with pytest.raises(errors.Blocked) as refused:
        asking.decide(database, asked, cast.regional_director)
    assert codes(refused) == ["wrong_state", "plan_not_in_force"]


def test_extensions_are_counted(database: Database, cast: Cast, own: Made) -> None:
    for day in (dt.date(2027, 4, 1), dt.date(2027, 5, 3), dt.date(2027, 6, 1)):
        asked = asking.ask(database, own.steps[0], cast.supervisor, asking.more_time(day))
        asking.decide(database, asked, cast.regional_director)
    assert row(database, cast.supervisor, own).extended == "extended 3 times"
    assert row(database, cast.supervisor, own, 1).extended == ""
    with database.reading() as session:
        who = invented.actor(session, cast.cqi_director)
        sheet = sheets.plan(session, who, own.plan, invented.TODAY)
        assert sheet.extensions == 3
        news = [one.new for one in session.scalars(sa.select(Amendment).order_by(Amendment.id))]
        assert amendments.due_on(invented.LATE, news) == sheet.steps[0].due_on
