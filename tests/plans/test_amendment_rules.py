"""Amendments, asked of the pure rules."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqi.access.permissions import Role
from cqi.plans.policy import amending
from cqi.plans.policy.amending import Request, Subject
from cqi.plans.rules import PlanState, StepState, amendments
from cqi.plans.rules.amendments import AmendmentKind, AmendmentState
from cqi.plans.workflow import AmendmentMove
from tests.plans import test_policy as people

TODAY = dt.date(2027, 3, 10)
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2032, 1, 1))
OPEN = Subject(people.ACTIVE, people.OWNER, StepState.ON_SCHEDULE)
ASKED = Request(OPEN, AmendmentKind.EXTENSION, AmendmentState.ASKED, people.OWNER)


@given(DAYS, st.lists(st.tuples(DAYS, st.booleans())), DAYS)
def test_the_due_date_is_always_the_last_one_that_was_granted(
    first: dt.date, wishes: list[tuple[dt.date, bool]], today: dt.date
) -> None:
    due, granted = first, []
    for wish, grants in wishes:
        if amending.extension_blockers(due, wish, today) or not grants:
            continue
        old, new = amendments.changed({"due_on": due.isoformat()}, {"due_on": wish.isoformat()})
        assert dt.date.fromisoformat(old["due_on"]) < dt.date.fromisoformat(new["due_on"])
        granted.append(new)
        due = wish
    assert amendments.due_on(first, granted) == due
    assert due >= first


PARTS = st.dictionaries(st.sampled_from(["title", "owner_id", "evidence_asked"]), st.integers(0, 3))


@given(PARTS, PARTS, PARTS)
def test_what_is_asked_for_fits_as_long_as_its_own_parts_stay_what_they_were(
    now: dict[str, int], wish: dict[str, int], later: dict[str, int]
) -> None:
    old, new = amendments.changed(now, wish)
    assert set(old) == set(new)
    assert amendments.meanwhile(AmendmentKind.STEP, old, now) == ()
    gone = amendments.meanwhile(AmendmentKind.STEP, old, now | later)
    assert set(gone) == {part for part in old if (now | later).get(part) != now.get(part)}


@pytest.mark.parametrize("kind", list(AmendmentKind))
@pytest.mark.parametrize("state", list(AmendmentState))
def test_only_what_was_asked_moves(kind: AmendmentKind, state: AmendmentState) -> None:
    request = replace(ASKED, kind=kind, state=state)
    moves = amending.moves(request, people.director)
    both = (AmendmentMove.GRANT, AmendmentMove.REFUSE)
    assert moves == (both if state is AmendmentState.ASKED else ())


def test_who_may_decide_by_kind() -> None:
    for kind in AmendmentKind:
        request = replace(ASKED, kind=kind)
        lead = AmendmentMove.GRANT in amending.moves(request, people.leader)
        assert lead is (kind in {AmendmentKind.EXTENSION, AmendmentKind.STEP})
        assert amending.moves(request, people.liaison) == ()
        assert amending.moves(request, people.owner) == (AmendmentMove.WITHDRAW,)


def test_a_director_elsewhere_decides_on_nothing() -> None:
    elsewhere = people.actor(99, Role.REGIONAL_DIRECTOR, people.ELSEWHERE)
    assert amending.moves(ASKED, elsewhere) == ()


@pytest.mark.parametrize("state", [StepState.CLAIMED, StepState.VERIFIED, StepState.DROPPED])
def test_nobody_asks_for_a_change_of_a_step_that_is_not_open(state: StepState) -> None:
    subject = replace(OPEN, step_state=state)
    assert amending.may_ask(subject, people.owner) == ()
    assert amending.may_ask(OPEN, people.owner) == amending.OF_STEP


@pytest.mark.parametrize("state", list(PlanState))
def test_a_plan_changes_in_force_alone(state: PlanState) -> None:
    subject = replace(OPEN, plan=replace(people.ACTIVE, state=state))
    in_force = state in {PlanState.APPROVED, PlanState.ACTIVE}
    assert bool(amending.may_ask(subject, people.owner)) is in_force
    granted = amending.moves(replace(ASKED, subject=subject), people.director)
    assert (AmendmentMove.GRANT in granted) is in_force


def test_extensions_in_words() -> None:
    assert amendments.extension_words(2) == "Second extension of this step"
    assert amendments.extension_words(12) == "Extension number 12 of this step"
    words = [amendments.extended_words(count) for count in range(4)]
    assert words == ["", "extended once", "extended twice", "extended 3 times"]
