"""Figures that rest on a rating which is looked at again, or was changed after that, say so."""

from __future__ import annotations

import pytest

from cqi.core.database import Database
from cqi.feedback import queries
from cqi.feedback.policy.reconsidering import Taken
from cqi.feedback.queries import Marks
from cqi.instruments.definition import Rating
from cqi.measures import actions as measures
from cqi.measures import queries as measure_queries
from cqi.measures.models import MeasureRun
from cqi.measures.rules.tabulation import WHOLE, Group
from cqi.rounds.models import Round
from tests.feedback import reconsidered
from tests.feedback.reconsidered import LATER, Case
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.web import matrix_reports

CHANGE = Taken("It counts.", Rating.STRENGTH)
ASKED = "1 rating in these figures is being looked at again."
CHANGED = "1 rating in these figures was changed after this run."


@pytest.fixture
def case(database: Database, cast: Cast) -> Case:
    return reconsidered.case(database, cast)


def freeze(database: Database, cast: Cast) -> MeasureRun:
    with database.writing() as session:
        asked = measure_queries.asked_of(session.get_one(Round, cast.round.id))
        return measures.freeze_run(session, asked, actor=None, now=LATER)


def marks(database: Database, run: MeasureRun) -> Marks:
    with database.reading() as session:
        return queries.marks(session, session.get_one(MeasureRun, run.id))


def test_a_run_is_marked_while_a_rating_in_it_is_looked_at_and_after_it_was_changed(
    database: Database, cast: Cast, case: Case
) -> None:
    run = freeze(database, cast)
    assert marks(database, run) == Marks()
    case.ask()
    assert marks(database, run) == Marks(open=1)
    case.decide(case.other_lead, CHANGE)
    case.reopen()
    assert marks(database, run) == Marks(open=1)
    case.final_again(strength=True)
    assert marks(database, run) == Marks(changed=1)
    assert marks(database, freeze(database, cast)) == Marks()


def test_a_rating_that_was_upheld_or_came_out_the_same_marks_nothing(
    database: Database, cast: Cast, case: Case
) -> None:
    run = freeze(database, cast)
    case.ask()
    case.decide(case.other_lead, Taken("Fair."))
    assert marks(database, run) == Marks()
    case.ask()
    case.decide(case.other_lead, CHANGE)
    case.reopen()
    case.final_again(strength=False)
    assert marks(database, run) == Marks()


def test_two_ratings_are_said_in_the_plural() -> None:
    assert Marks(2, 3).words == (
        "2 ratings in these figures are being looked at again.",
        "3 ratings in these figures were changed after this run.",
    )
    assert Marks().words == ()


def test_a_run_of_another_round_is_not_marked(database: Database, cast: Cast, case: Case) -> None:
    case.ask()
    with database.writing() as session:
        asked = measure_queries.asked_of(session.get_one(Round, cast.other_round.id))
        other = measures.freeze_run(session, asked, actor=None, now=LATER)
    assert marks(database, other) == Marks()


def test_what_counts_now_is_counted_by_place_and_kind_of_case(
    database: Database, cast: Cast, case: Case
) -> None:
    case.ask(item="SNA06")
    case.ask(item="SRM05")
    rounds = [cast.round.id]
    with database.reading() as session:
        assert queries.in_question(session, rounds, WHOLE) == 2
        assert queries.in_question(session, rounds, Group(place=cast.county.code)) == 2
        assert queries.in_question(session, rounds, Group(place=cast.other_county.code)) == 0
        assert queries.in_question(session, rounds, Group(case_type="in_home")) == 0
        assert queries.in_question(session, [cast.other_round.id], WHOLE) == 0
    case.reopen()
    with database.reading() as session:
        assert queries.in_question(session, rounds, WHOLE) == 0


def test_pages_of_runs_and_of_a_publication_say_so(
    client_for: ClientFor, database: Database, cast: Cast, case: Case
) -> None:
    run = freeze(database, cast)
    with database.writing() as session:
        place, on = session.merge(cast.region), session.get_one(Round, cast.round.id)
        there = matrix_reports.publication(session, place, on, cast.cqi_director.id, run=run)
        address = f"/reports/published/{there.public_id}"
    case.ask()
    client = client_for(cast.regional_director)
    pages = (
        address,
        f"/reports/rounds/{cast.round.public_id}/runs",
        f"/reports/rounds/{cast.round.public_id}/runs?first={run.run_id}&second=now",
    )
    for page in pages:
        assert ASKED in client.get(page).text, page
    case.decide(case.other_lead, CHANGE)
    case.reopen()
    case.final_again(strength=True)
    for page in pages:
        assert CHANGED in client.get(page).text, page
        assert ASKED not in client.get(page).text, page


def test_dashboards_say_it_among_what_their_numbers_rest_on(
    client_for: ClientFor, cast: Cast, case: Case
) -> None:
    client = client_for(cast.regional_director)
    board = f"/reports/regions/{cast.region.public_id}"
    assert "being looked at again" not in client.get(board).text
    case.ask()
    assert "1 rating is being looked at again" in client.get(board).text
