"""What a report asks of the measures: limits of the day, items that a plan named beforehand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from sqlalchemy import orm

from cqi.core import errors
from cqi.core.database import Database
from cqi.plans.models import Goal, Plan
from cqi.plans.rules import PlanState, TargetKind
from cqi.reporting import queries
from cqi.rounds.models import Round
from cqi.rounds.rules import RoundKind
from cqi.settings import registry
from cqi.settings.models import SettingValue
from tests import build
from tests.fixtures.cast import Cast

BEFORE = dt.date(2027, 3, 7)  # the follow-up's first day on site is 8 March 2027


@pytest.fixture
def session(database: Database) -> Iterator[orm.Session]:
    with database.writing() as session:
        yield session


@pytest.fixture
def follow_up(cast: Cast, session: orm.Session) -> Round:
    return build.round(
        session, cast.region, [cast.county], kind=RoundKind.FOLLOW_UP, compares_with=cast.round
    )


def named(session: orm.Session, cast: Cast, follow_up: Round, today: dt.date) -> frozenset[str]:
    wanted = queries.Wanted(session.merge(follow_up), today)
    return queries.asked_of(session, wanted).named_items


def plan(session: orm.Session, cast: Cast, state: PlanState, approved_on: dt.date | None) -> None:
    made = Plan(
        place_id=cast.region.id,
        round_id=cast.round.id,
        name="A plan",
        state=state,
        approved_on=approved_on,
        state_since=build.NOW,
        created_at=build.NOW,
    )
    session.add(made)
    session.flush()
    for position, item in enumerate(("INV04", None), 1):
        session.add(
            Goal(
                plan_id=made.id,
                position=position,
                title="A goal",
                component="INV",
                item=item,
                baseline_achieved=10,
                baseline_applicable=30,
                target_kind=TargetKind.PIP_ARITHMETIC,
            )
        )
    session.flush()


@pytest.mark.parametrize(
    ("state", "approved_on", "items"),
    [
        (PlanState.ACTIVE, BEFORE, {"INV04"}),
        (PlanState.COMPLETED, BEFORE, {"INV04"}),
        (PlanState.ACTIVE, BEFORE + dt.timedelta(days=1), set()),
        (PlanState.DRAFT, None, set()),
    ],
)
def test_only_a_plan_approved_before_the_follow_up_names_items(
    session: orm.Session,
    cast: Cast,
    follow_up: Round,
    state: PlanState,
    approved_on: dt.date | None,
    items: set[str],
) -> None:
    plan(session, cast, state, approved_on)
    assert named(session, cast, follow_up, BEFORE) == items


def test_a_plan_on_another_instrument_names_nothing(session: orm.Session, cast: Cast) -> None:
    plan(session, cast, PlanState.ACTIVE, BEFORE)
    other = build.instrument("osri")
    for pages, items in ((build.instrument(), {"INV04"}), (other, set())):
        one = build.round(session, session.merge(cast.region), [cast.county], pages=pages)
        one.compares_with = build.round(session, cast.region, [cast.county], pages=pages)
        assert named(session, cast, one, BEFORE) == items


def test_the_limits_are_those_of_the_day(session: orm.Session, cast: Cast) -> None:
    session.add(
        SettingValue(
            key=registry.SMALLEST_N.key,
            value=12,
            from_on=dt.date(2027, 1, 1),
            reason="a test",
            set_at=build.NOW,
        )
    )
    session.flush()
    one = session.merge(cast.round)
    later = queries.asked_of(session, queries.Wanted(one, dt.date(2027, 1, 1)))
    earlier = queries.asked_of(session, queries.Wanted(one, dt.date(2026, 12, 31)))
    assert (later.limits.smallest_n, earlier.limits.smallest_n) == (12, 10)


def test_a_round_that_does_not_exist_is_not_found(session: orm.Session, cast: Cast) -> None:
    with pytest.raises(errors.NotFound):
        queries.round_of(session, None, cast.region.public_id)
    assert queries.round_of(session, None, cast.round.public_id).id == cast.round.id
