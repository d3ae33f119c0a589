"""Finished ratings from elsewhere: they come in as final case reviews, all of a file or nothing."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.cases import queries as cases
from cqi.cases.rules import CaseType
from cqi.core import errors, events
from cqi.core.database import Database
from cqi.feedback import queries as feedback
from cqi.instruments.definition import Rating
from cqi.measures import queries as measures
from cqi.reviews import actions, queries, workflow
from cqi.reviews.models import CaseReview, ReviewPerson, StoredRating
from cqi.reviews.rules import ReviewPurpose, ReviewState
from cqi.rounds.models import Round
from tests import build
from tests.fixtures.cast import Cast
from tests.reviews import importing
from tests.reviews.importing import bring_in, csv, row, whole_case

NEEDS = {"SRM01": "area_needing_improvement", "SRM02": "area_needing_improvement"}


def only_review(session: orm.Session) -> CaseReview:
    return session.scalars(sa.select(CaseReview)).one()


def count(session: orm.Session, model: type) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_a_case_comes_in_as_final_with_the_files_digest(database: Database, cast: Cast) -> None:
    content = csv(whole_case(cast.round, cast.county, ratings=NEEDS))
    with database.writing() as session:
        done = bring_in(session, content)
        assert (done.rows, done.reviews, done.new_cases, done.unrated) == (48, 1, 1, 0)
        assert done.rounds == ((cast.round.name, 1),)
    with database.reading() as session:
        one = only_review(session)
        assert (one.state, one.purpose, one.reading) == (
            ReviewState.FINAL,
            ReviewPurpose.SCORED,
            1,
        )
        assert one.imported_digest == hashlib.sha256(content.encode()).hexdigest()
        assert one.instrument_digest == build.instrument().digest
        assert one.pur_to == dt.date(2026, 11, 20)
        assert one.final_at is not None
        assert one.final_at.date() == dt.date(2026, 11, 20)
        assert one.case.case_type is CaseType.FOSTER_CARE
        assert (one.case.county_id, one.case.unit_id) == (cast.county.id, None)
        assert one.case.opened_on is None
        assert count(session, ReviewPerson) == 0


def test_components_follow_from_the_items_by_the_instruments_rule(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        bring_in(session, csv(whole_case(cast.round, cast.county, ratings=NEEDS)))
        rows = queries.stored_ratings(session, cast.round.id)
        found = {each.code: each.rating for each in rows}
    assert len(rows) == 48 + 6
    assert found["SRM01"] is Rating.AREA_NEEDING_IMPROVEMENT
    assert found["SRM"] is Rating.PARTIALLY_ACHIEVED, "two core items need improvement"
    assert found["MAS"] is Rating.SUBSTANTIALLY_ACHIEVED


def test_a_component_that_lacks_an_item_stays_without_a_rating(
    database: Database, cast: Cast
) -> None:
    rows = [each for each in whole_case(cast.round, cast.county) if each["item"] != "SRM05"]
    with database.writing() as session:
        assert bring_in(session, csv(rows)).unrated == 1
        found = {one.code: one for one in session.scalars(sa.select(StoredRating))}
        assert "SRM05" not in found
        assert (found["SRM"].rating, found["SRM"].missing) == (None, ["SRM05"])
        assert found["MAS"].rating is Rating.SUBSTANTIALLY_ACHIEVED


def test_the_same_file_a_second_time_changes_nothing_and_says_so(
    database: Database, cast: Cast
) -> None:
    content = csv(whole_case(cast.round, cast.county))
    with database.writing() as session:
        bring_in(session, content)
        before = count(session, events.Event)
        again = bring_in(session, content)
        assert again.before is not None
        assert (again.before.reviews, again.before.at, again.reviews) == (1, build.NOW, 0)
        assert count(session, events.Event) == before
        other = bring_in(session, content + "\n")
        [problem] = other.problems
        assert "was imported from another file" in problem.message


def test_a_dry_run_says_what_would_come_in_and_changes_nothing(
    database: Database, cast: Cast
) -> None:
    rows = whole_case(cast.round, cast.county) + whole_case(
        cast.other_round, cast.other_county, "E-2"
    )
    with database.writing() as session:
        done = bring_in(session, csv(rows), dry_run=True)
        assert (done.rows, done.reviews, done.new_cases) == (96, 2, 2)
        assert dict(done.rounds) == {cast.round.name: 1, cast.other_round.name: 1}
        assert count(session, CaseReview) == count(session, events.Event) == 0
        assert not cases.known_numbers(session, {"E-1", "E-2"})


def test_one_bad_row_keeps_out_the_whole_file(database: Database, cast: Cast) -> None:
    rows = whole_case(cast.round, cast.county)
    rows[-1]["rating"] = "good"
    with database.writing() as session:
        [problem] = bring_in(session, csv(rows)).problems
        assert (problem.line, problem.column) == (49, "rating")
        assert count(session, CaseReview) == 0


def test_a_case_that_is_here_is_taken_as_it_is(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        case = build.case(session, cast.county, unit=cast.unit, case_type=CaseType.FOSTER_CARE)
        rows = whole_case(cast.round, cast.county, case.case_number)
        assert bring_in(session, csv(rows)).new_cases == 0
        assert only_review(session).case_id == case.id
        assert session.get_one(type(case), case.id).unit_id == cast.unit.id


def test_each_case_review_and_each_round_has_one_event(database: Database, cast: Cast) -> None:
    rows = whole_case(cast.round, cast.county) + whole_case(cast.round, cast.county, "E-2")
    with database.writing() as session:
        director = build.actor(session, cast.cqi_director)
        bring_in(session, csv(rows), director)
        found = list(session.scalars(sa.select(events.Event).order_by(events.Event.id)))
        assert [each.kind for each in found] == [
            "review.imported",
            "review.imported",
            "round.ratings_imported",
        ]
        assert {each.purpose for each in found} == {"import"}
        assert {each.actor_id for each in found} == {director.person_id}
        assert found[0].payload["ratings"]["SRM05"] == "strength"
        assert found[2].payload["reviews"] == 2
        assert "E-1" not in str([each.payload for each in found])
        assert not events.verify(session).problem


def test_its_events_fold_back_to_its_state(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        director = build.actor(session, cast.cqi_director)
        bring_in(session, csv(whole_case(cast.round, cast.county)))
        one = only_review(session)
        begins = workflow.BEGINNINGS["review.imported"]
        assert workflow.fold([], begins) is one.state
        actions.reopen(session, review=one, reason="Wrong file.", actor=director, now=build.NOW)
        actions.withdraw(session, review=one, reason="Wrong file.", actor=director, now=build.NOW)
        assert workflow.fold(["reopen", "withdraw"], begins) is one.state is ReviewState.WITHDRAWN
        assert not events.verify(session).problem


def test_nobody_scores_anew_what_came_in(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        director = build.actor(session, cast.cqi_director)
        bring_in(session, csv(whole_case(cast.round, cast.county)))
        one = only_review(session)
        actions.reopen(session, review=one, reason="Wrong file.", actor=director, now=build.NOW)
        reviewer = build.actor(session, cast.reviewer)
        with pytest.raises(errors.Blocked) as blocked:
            actions.add_reviewer(
                session, review=one, reviewer=reviewer, actor=director, now=build.NOW
            )
        assert [each.code for each in blocked.value.blockers] == ["imported"]
        [line] = queries.round_overview(session, director, one.round, build.NOW)
        assert (line.imported, line.progress) == (True, None)
        assert "withdraw it" in line.stuck


def test_its_ratings_stay_as_they_came(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        bring_in(session, csv(whole_case(cast.round, cast.county)))
    with pytest.raises(sa.exc.DBAPIError), database.writing() as session:
        session.execute(sa.update(StoredRating).values(rating=Rating.NOT_APPLICABLE))


def test_recheck_and_finished_know_it(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        bring_in(session, csv(whole_case(cast.round, cast.county)))
        [checked] = queries.rechecked(session)
        assert checked.imported
        assert not checked.differences
        assert queries.finished(session, [cast.round.id]) == {cast.round.id}


def test_it_counts_in_measures_and_says_that_it_was_imported(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        bring_in(session, csv(whole_case(cast.round, cast.county, ratings=NEEDS)))
        asked = measures.asked_of(session.get_one(Round, cast.round.id))
        [case] = measures.freeze(session, asked).round.cases
        assert (case.case_number, case.imported) == ("E-1", True)
        found = measures.measures(session, asked)
        assert (found.row("SRM05").achieved, found.row("SRM05").applicable) == (1, 1)


def test_no_feedback_and_no_comparison_of_reviewers_comes_of_it(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        bring_in(session, csv(whole_case(cast.round, cast.county)))
        director, lead = (build.actor(session, p) for p in (cast.cqi_director, cast.qa_lead))
        assert queries.case_review(session, lead, only_review(session).public_id)
        assert queries.same_item(session, lead, cast.round, "SRM05") == []
        assert feedback.readable(session, director, None, importing.TODAY) == []


@pytest.mark.parametrize("who", ["cqi_liaison", "qa_lead", "reviewer", "administrator"])
def test_only_a_cqi_director_brings_ratings_in(database: Database, cast: Cast, who: str) -> None:
    content = csv([row(cast.round, cast.county)])
    with database.writing() as session:
        actor = build.actor(session, getattr(cast, who))
        with pytest.raises(errors.Forbidden):
            bring_in(session, content, actor)


def test_a_round_may_be_named_by_its_id(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        rows = [row(cast.round, cast.county, round=str(cast.round.public_id))]
        assert bring_in(session, csv(rows)).rounds == ((cast.round.name, 1),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_file_as_spreadsheets_write_it_comes_in(
    database: Database, cast: Cast, encoding: str
) -> None:
    rows = [row(cast.round, cast.county, case_number="É-1")]
    with database.writing() as session:
        assert bring_in(session, csv(rows).encode(encoding)).reviews == 1
        assert only_review(session).case.case_number == "É-1"


def test_a_workbook_comes_in(database: Database, cast: Cast) -> None:
    content = importing.xlsx(whole_case(cast.round, cast.county))
    with database.writing() as session:
        assert bring_in(session, content).rows == 48
        assert only_review(session).imported_digest == hashlib.sha256(content).hexdigest()


def test_many_cases_come_in_with_one_file(database: Database, cast: Cast) -> None:
    rows = [one for n in range(40) for one in whole_case(cast.round, cast.county, f"E-{n}")]
    with database.writing() as session:
        done = bring_in(session, csv(rows))
        assert (done.rows, done.reviews) == (len(rows), 40)
        assert count(session, StoredRating) == 40 * (48 + 6)
