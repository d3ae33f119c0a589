"""Do stored ratings still follow from the answers? A few case reviews at a time."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from cqi.core.database import Database
from cqi.reviews import queries
from cqi.reviews.queries import ratings
from tests import build
from tests.fixtures import counting
from tests.fixtures.cast import Cast


def complete(database: Database, cast: Cast, number: int) -> list[queries.CaseReview]:
    with database.writing() as session:
        made = []
        for _ in range(number):
            case = build.case(session, cast.county)
            review = build.case_review(session, cast.round, case, [cast.reviewer])
            made.append(build.complete(session, review, cast.reviewer))
        return made


def test_a_rating_that_was_changed_by_hand_is_found(database: Database, cast: Cast) -> None:
    [review] = complete(database, cast, 1)
    with database.writing() as session:
        session.execute(sa.text("update ratings set rating = 'strength' where code = 'MAS'"))
        [difference] = queries.recheck(session, [review.id])
        assert (difference.review, difference.code) == (review.public_id, "MAS")
        assert (difference.stored, difference.derived) == ("strength", "substantially_achieved")


def test_only_the_case_reviews_asked_for_are_rated(database: Database, cast: Cast) -> None:
    one, other = complete(database, cast, 2)
    with database.reading() as session:
        assert [each.review for each in queries.rechecked(session, [other.id])] == [other.public_id]
        assert [each.review for each in queries.rechecked(session)] == [
            one.public_id,
            other.public_id,
        ]
        assert list(queries.rechecked(session, [])) == []


def test_only_a_few_are_in_memory_at_a_time_and_no_text_is_decrypted(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    complete(database, cast, 3)
    monkeypatch.setattr(ratings, "AT_ONCE", 1)
    with counting.queries(database) as asked, database.reading() as session:
        stream = queries.rechecked(session)
        assert next(stream).differences == ()
        first = len(asked)
        assert len(list(stream)) == 2
    read = ("case_reviews", "fact_answers", "review_subjects", "answers", "ratings")
    assert first == len(read), asked
    assert len(asked) == 1 + 3 * (len(read) - 1)
    assert not any("narratives" in statement or "reason" in statement for statement in asked)
