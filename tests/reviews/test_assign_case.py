"""Putting a case into a round and people on it."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
import sqlalchemy as sa

from cqi.cases.rules import StaffKind
from cqi.core import errors, events
from cqi.core.database import Database
from cqi.reviews import actions, queries
from cqi.reviews.models import ReviewPerson
from cqi.reviews.rules import ReviewState
from tests import build
from tests.fixtures.cast import Cast

NOW = build.NOW


def codes(error: pytest.ExceptionInfo[errors.Blocked]) -> list[str]:
    return [blocker.code for blocker in error.value.blockers]


def test_a_liaison_assigns_a_case_to_the_rounds_team(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        case = build.case(session, cast.county)
        liaison = build.actor(session, cast.cqi_liaison)
        team = queries.team(session, cast.round, NOW.date())
        assert [each.person_id for each in team] == [cast.reviewer.id]
        assert queries.cases_to_assign(session, liaison, cast.round) == [case]
        review = actions.assign_case(
            session, in_round=cast.round, case=case, reviewers=team, actor=liaison, now=NOW
        )
        assert review.state is ReviewState.ASSIGNED
        assert review.instrument_digest == cast.round.instrument_digest
        assert queries.cases_to_assign(session, liaison, cast.round) == []
        event = session.scalars(
            sa.select(events.Event).where(events.Event.stream_id == review.public_id)
        ).one()
        assert event.kind == "review.assigned"
        who = build.actor(session, cast.reviewer)
        assert [line.case_number for line in queries.my_reviews(session, who, NOW)] == [
            case.case_number
        ]


def test_a_case_goes_into_a_round_once_and_only_from_its_counties(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        director = build.actor(session, cast.cqi_director)
        case = build.case(session, cast.county)
        build.case_review(session, cast.round, case)
        given: dict[str, Any] = {"reviewers": [], "actor": director, "now": NOW}
        with pytest.raises(errors.Blocked) as refused:
            actions.assign_case(session, in_round=cast.round, case=case, **given)
        assert codes(refused) == ["already_in_round"]
        with pytest.raises(errors.Blocked) as refused:
            actions.assign_case(session, in_round=cast.other_round, case=case, **given)
        assert codes(refused) == ["county_not_in_round"]


def test_case_staff_and_strangers_are_not_assigned(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        case = build.case(session, cast.county, staff={StaffKind.CASEWORKER: "W-7"})
        liaison = build.actor(session, cast.cqi_liaison)
        worker = dataclasses.replace(build.actor(session, cast.reviewer), staff_id="W-7")
        stranger = build.actor(session, cast.other_reviewer)
        with pytest.raises(errors.Blocked) as refused:
            actions.assign_case(
                session,
                in_round=cast.round,
                case=case,
                reviewers=[worker, stranger],
                actor=liaison,
                now=NOW,
            )
        assert codes(refused) == ["conflict", "not_on_team"]
        assert session.scalar(sa.select(sa.func.count()).select_from(ReviewPerson)) == 0


def test_reviewers_come_and_go_while_the_review_is_open(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        review = build.case_review(session, cast.round, build.case(session, cast.county))
        liaison, reviewer = (build.actor(session, p) for p in (cast.cqi_liaison, cast.reviewer))
        given: dict[str, Any] = {"review": review, "actor": liaison, "now": NOW}
        actions.add_reviewer(session, reviewer=reviewer, **given)
        with pytest.raises(errors.Blocked) as refused:
            actions.add_reviewer(session, reviewer=reviewer, **given)
        assert codes(refused) == ["already_on_it"]
        actions.remove_reviewer(session, person_id=reviewer.person_id, **given)
        with pytest.raises(errors.Blocked) as refused:
            actions.remove_reviewer(session, person_id=reviewer.person_id, **given)
        assert codes(refused) == ["not_on_it"]


def test_what_outsiders_get(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        review = build.case_review(session, cast.round, build.case(session, cast.county))
        case = build.case(session, cast.county)
        for person in (cast.outsider, cast.reviewer, cast.qa_lead, cast.supervisor):
            who = build.actor(session, person)
            with pytest.raises(errors.Forbidden):
                actions.assign_case(
                    session, in_round=cast.round, case=case, reviewers=[], actor=who, now=NOW
                )
            with pytest.raises(errors.Forbidden):
                actions.add_reviewer(session, review=review, reviewer=who, actor=who, now=NOW)
            with pytest.raises(errors.Forbidden):
                actions.withdraw(session, review=review, reason="x", actor=who, now=NOW)
            with pytest.raises(errors.Forbidden):
                queries.cases_to_assign(session, who, cast.round)
