"""Planning an interview: who may, what stands in the way, what is asked about."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from cqi.access.permissions import Role
from cqi.core import errors, events
from cqi.reviews import queries
from cqi.reviews.rules import ReviewState
from cqi.reviews.rules import planning as rules
from cqi.reviews.rules.interviews import How, Outcome
from cqi.reviews.rules.planning import Slot, Standing
from tests import build
from tests.build import NOW
from tests.fixtures import scoring
from tests.fixtures.scoring import Desk
from tests.reviews import planning
from tests.reviews.planning import TOMORROW

HOUR = dt.timedelta(hours=1)


def test_a_planned_interview_has_its_time_and_starts_nothing(desk: Desk) -> None:
    planning.plan(desk)
    one = planning.stands(desk)
    assert (one.starts_at, one.minutes, one.how) == (TOMORROW, 60, How.IN_PERSON)
    assert (one.place, one.changes, one.names) == ("Room 2", 1, desk.cast.reviewer.name)
    with desk.database.reading() as session:
        assert desk.review(session).state is ReviewState.ASSIGNED
    mother = next(each for each in desk.sheet().interviews if each.label == "Mother")
    assert mother.lacks == "outcome", "a planned time is no interview"


def test_a_later_time_counts_as_a_change_and_the_same_one_does_not(desk: Desk) -> None:
    planning.plan(desk)
    planning.plan(desk, seen=1)
    assert planning.stands(desk).changes == 1
    planning.plan(desk, at=TOMORROW + HOUR, seen=1)
    assert (planning.stands(desk).changes, planning.stands(desk).starts_at) == (2, TOMORROW + HOUR)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"at": NOW - HOUR}, "passed"),
        ({"at": NOW}, "passed"),
        ({"seen": 3}, "overtaken"),
    ],
)
def test_what_stands_in_the_way_says_so(desk: Desk, more: dict[str, Any], code: str) -> None:
    with pytest.raises(errors.Blocked) as refused:
        planning.plan(desk, **more)
    assert [each.code for each in refused.value.blockers] == [code]


def test_a_time_that_has_passed_may_keep_its_hour_while_its_room_changes(desk: Desk) -> None:
    planning.plan(desk)
    new = rules.NewPlan(planning.who(desk), TOMORROW, 60, How.IN_PERSON, "Room 3", 1)
    late = TOMORROW + 2 * HOUR
    stands = rules.Stands(ReviewState.IN_PROGRESS, None, TOMORROW, 1)
    assert rules.plan_blockers(new, stands, late) == []


def test_what_is_recorded_or_handed_in_is_planned_no_more(desk: Desk) -> None:
    planning.hold(desk)
    with pytest.raises(errors.Blocked) as refused:
        planning.plan(desk)
    assert [each.code for each in refused.value.blockers] == ["recorded"]
    with desk.database.writing() as session:
        desk.review(session).state = ReviewState.WITHDRAWN
    with pytest.raises(errors.Blocked) as refused:
        planning.plan(desk, "Father")
    assert [each.code for each in refused.value.blockers] == ["not_open"]


def test_a_length_that_no_form_offers_is_refused(desk: Desk) -> None:
    with pytest.raises(errors.BadInput):
        planning.plan(desk, minutes=7)


def test_whoever_assigns_plans_too_and_qa_does_not(desk: Desk) -> None:
    planning.plan(desk, person=desk.cast.cqi_liaison)
    with pytest.raises(errors.Forbidden):
        planning.plan(desk, "Father", person=desk.cast.qa_lead)
    with pytest.raises(errors.NotFound):
        planning.plan(desk, "Father", person=desk.cast.outsider)


def test_a_cancelled_time_stays_on_record_and_can_be_given_again(desk: Desk) -> None:
    planning.plan(desk)
    planning.cancel(desk)
    assert planning.stands(desk).cancelled
    with pytest.raises(errors.NotFound):
        planning.cancel(desk, seen=2)
    planning.plan(desk, seen=2)
    assert (planning.stands(desk).cancelled, planning.stands(desk).changes) == (False, 3)


def test_planning_keeps_its_place_out_of_the_chain(desk: Desk) -> None:
    planning.plan(desk, place="Maple office, room 2")
    with desk.database.reading() as session:
        kind = events.Event.kind == "review.interview_planned"
        [said] = session.scalars(sa.select(events.Event.payload).where(kind))
    assert said["role"] == "mother"
    assert "Maple" not in str(said)


def test_two_interviews_of_one_reviewer_at_one_time_are_told_of(desk: Desk) -> None:
    planning.plan(desk)
    planning.plan(desk, "Father", TOMORROW + HOUR / 2)
    planning.plan(desk, "Caseworker", TOMORROW + 3 * HOUR)
    father = planning.stands(desk, "Father")
    assert [each.case_number for each in clashes(desk, father)] == [desk.case_number]
    assert clashes(desk, planning.stands(desk, "Caseworker")) == []
    planning.hold(desk)
    assert clashes(desk, father) == [], "the mother is heard already"


def clashes(desk: Desk, one: queries.Planned, person: Any = None) -> list[Any]:
    with desk.database.reading() as session:
        actor = desk.actor(session, person or desk.cast.cqi_liaison)
        return queries.clashes(session, actor, desk.review(session), one)


def test_a_clash_names_no_case_that_one_may_not_see(desk: Desk) -> None:
    """The reviewer is on a case of another region at that time: the liaison sees only that."""
    cast = desk.cast
    with desk.database.writing() as session:
        reviewer = session.merge(cast.reviewer)
        there = session.merge(cast.other_round)
        build.grant(session, reviewer, Role.REVIEWER, round=there)
        case = scoring.case_in(session, session.merge(cast.other_county))
        elsewhere = build.case_review(session, there, case, [reviewer])
        far = Desk(desk.database, cast, elsewhere.public_id, case.case_number)
    planning.plan(far)
    planning.plan(desk)
    one = planning.stands(desk)
    assert [(each.name, each.case_number) for each in clashes(desk, one)] == [
        (cast.reviewer.name, "")
    ]
    [seen] = clashes(desk, one, cast.reviewer)
    assert seen.case_number == far.case_number


@pytest.mark.parametrize(
    ("starts", "overlaps"),
    [(-60, False), (-59, True), (0, True), (59, True), (60, False)],
)
def test_one_after_the_other_is_no_overlap(starts: int, overlaps: bool) -> None:
    one, other = Slot(NOW, 60), Slot(NOW + dt.timedelta(minutes=starts), 60)
    assert one.overlaps(other) is overlaps
    twice = rules.overlapping({1: (one, [7]), 2: (other, [7, 8]), 3: (one, [9])})
    assert twice == (frozenset({1, 2}) if overlaps else frozenset())


@pytest.mark.parametrize(
    ("outcome", "cancelled", "later", "standing"),
    [
        (None, False, -1, Standing.AHEAD),
        (None, False, 60, Standing.PASSED),
        (None, True, 60, Standing.CANCELLED),
        (Outcome.HELD, False, -1, Standing.HELD),
        (Outcome.NOT_HELD, True, 60, Standing.NOT_HELD),
    ],
)
def test_what_became_of_a_time(
    outcome: Outcome | None, cancelled: bool, later: int, standing: Standing
) -> None:
    now = NOW + dt.timedelta(minutes=later)
    assert rules.standing(Slot(NOW, 60), outcome, now, cancelled=cancelled) is standing


def test_a_day_off_site_is_asked_about() -> None:
    on_site = (dt.date(2027, 3, 8), dt.date(2027, 3, 12))
    assert [rules.off_site(dt.date(2027, 3, day), on_site) for day in (7, 8, 12, 13)] == [
        True, False, False, True,
    ]  # fmt: skip


def test_the_number_of_a_calendar_entry_only_grows() -> None:
    """Planned, changed, its reader taken off, put back on, the case review withdrawn."""
    steps = [
        rules.calendar_sequence(1, 1, 0, withdrawn=False),
        rules.calendar_sequence(2, 1, 0, withdrawn=False),
        rules.calendar_sequence(2, 1, 1, withdrawn=False),
        rules.calendar_sequence(2, 2, 1, withdrawn=False),
        rules.calendar_sequence(2, 2, 1, withdrawn=True),
    ]
    assert steps == sorted(set(steps))
    assert steps[0] == 0


def test_who_has_no_time_yet_is_listed(desk: Desk) -> None:
    planning.plan(desk)
    planning.hold(desk, "Father")
    with desk.database.reading() as session:
        actor = desk.actor(session, desk.cast.cqi_liaison)
        [left] = queries.to_plan(session, actor, desk.review(session).round)
        assert queries.to_plan(session, desk.actor(session, desk.cast.outsider)) == []
    labels = {one.label for one in left.people}
    assert {"Mother", "Father"} & labels == set()
    assert {"Target child", "Caseworker", "Supervisor"} <= labels
    assert left.reviewers == desk.cast.reviewer.name
