"""The memo page: strengths, then needs; opening it is written down."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from cqi.core import events
from cqi.core.database import Database
from tests import build
from tests.feedback import invented
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor


def test_it_reads_like_a_letter_strengths_first(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    review = invented.final_review(database, cast)
    page = client_for(cast.caseworker).get(f"/feedback/{review}").text
    assert page.index("What worked") < page.index("What to work on") < page.index("Acknowledge")
    assert "Invented words about" in page
    need = build.instrument().item("SNA06")
    assert str(need.good_looks_like)[:40] in page
    assert "comes one thing" in page
    assert "the answer is No to:" not in page


def test_ratings_are_for_those_whom_the_round_shows_them(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    review = invented.final_review(database, cast)
    for who, sees in (
        (cast.caseworker, False),
        (cast.supervisor, True),
        (cast.regional_director, True),
    ):
        page = client_for(who).get(f"/feedback/{review}").text
        shown = ("the answer is No to:", "Ratings of all items", "items that applied are strengths")
        assert [words in page for words in shown] == [sees] * 3


def test_nobody_is_named_and_no_source_is_quoted(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    review = invented.final_review(database, cast)
    page = client_for(cast.caseworker).get(f"/feedback/{review}").text
    article = page[page.index("<article") : page.index("</article>")]
    for words in (cast.reviewer.name, cast.qa_lead.name, "Interview", "Case narrative"):
        assert words not in article


def test_opening_it_is_written_down_with_its_purpose(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    review = invented.final_review(database, cast)
    for person in (cast.caseworker, cast.caseworker, cast.regional_director):
        client_for(person).get(f"/feedback/{review}")
    with database.reading() as session:
        query = sa.select(events.Event.actor_id, events.Event.purpose)
        read = session.execute(query.where(events.Event.kind == "review.read")).all()
    assert [tuple(row) for row in read] == [
        (cast.caseworker.id, "feedback"),
        (cast.regional_director.id, "oversight"),
    ]


def test_a_director_reads_and_has_nothing_to_acknowledge(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    review = invented.final_review(database, cast)
    page = client_for(cast.regional_director).get(f"/feedback/{review}").text
    assert "I have read this memo" not in page
    assert "Who has read it" in page


@pytest.mark.parametrize("who", ["supervisor", "caseworker", "regional_director"])
def test_a_review_that_is_not_final_is_not_found(
    client_for: ClientFor, database: Database, cast: Cast, who: str
) -> None:
    review = invented.submitted_review(database, cast)
    assert client_for(getattr(cast, who)).get(f"/feedback/{review}").status_code == 404


def test_staff_of_other_cases_find_nothing(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    review = invented.final_review(database, cast, staff={}, in_unit=False)
    for person in (cast.caseworker, cast.supervisor):
        assert client_for(person).get(f"/feedback/{review}").status_code == 404


def test_the_outsider_is_refused(client_for: ClientFor, database: Database, cast: Cast) -> None:
    review = invented.final_review(database, cast)
    assert client_for(cast.outsider).get(f"/feedback/{review}").status_code == 403
