"""`cqi instruments recheck`, on both engines: what is kept beside what the answers give."""

from __future__ import annotations

import dataclasses

import pytest
import sqlalchemy as sa

from cqi.core.database import Database
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.commands import Command

BOTH_WRONG = (
    "2 of 2 case reviews: ratings do not follow from the answers;"
    " 1 imported ones have no answers to derive from"
)


@pytest.fixture
def reviews(installed: Command, database: Database, cast: Cast) -> list[str]:
    """The public ids of two complete case reviews and an imported one."""
    with database.writing() as session:
        made = []
        for _ in range(3):
            case = build.case(session, cast.county)
            made.append(build.case_review(session, cast.round, case, [cast.reviewer]))
        for review in made[:2]:
            build.complete(session, review, cast.reviewer)
        made[2].imported_digest = "0" * 64
        return [str(review.public_id) for review in made]


def by_hand(database: Database, statement: str) -> None:
    with database.writing() as session:
        session.execute(sa.text(statement))


def test_all_is_well_where_each_rating_follows_from_the_answers(
    installed: Command, reviews: list[str]
) -> None:
    said = installed("instruments", "recheck").good()
    assert said.out == (
        "2 case reviews: every rating follows from the answers;"
        " 1 imported ones have no answers to derive from\n"
    )
    assert installed("instruments", "recheck", "--format", "json").good().json == {
        "checked": 2,
        "imported": 1,
        "differences": [],
    }


def test_each_difference_is_named_by_review_and_code_and_ends_with_1(
    installed: Command, database: Database, reviews: list[str], cast: Cast
) -> None:
    by_hand(
        database,
        "update ratings set rating = 'not_achieved' where code = 'MAS' and review_id in"
        " (select min(review_id) from ratings)",
    )
    by_hand(
        database,
        "update ratings set rating = null where code = 'SRM05' and review_id in"
        " (select max(review_id) from ratings)",
    )
    ran = installed("instruments", "recheck")
    assert ran.code == 1
    assert ran.out.splitlines() == [
        f"{reviews[0]} MAS: stored is not_achieved, the answers give substantially_achieved",
        f"{reviews[1]} SRM05: stored is no rating, the answers give strength",
        BOTH_WRONG,
    ]
    assert cast.reviewer.name not in ran.out
    ran = installed("instruments", "recheck", "--format", "json")
    assert ran.code == 1
    assert ran.json["differences"] == [
        {
            "review": reviews[0], "code": "MAS", "stored": "not_achieved",
            "derived": "substantially_achieved", "why": None,
        },
        {
            "review": reviews[1], "code": "SRM05", "stored": None, "derived": "strength",
            "why": None,
        },
    ]  # fmt: skip


def test_what_cannot_be_rated_at_all_is_said_and_the_rest_is_still_checked(
    installed: Command, database: Database, reviews: list[str]
) -> None:
    by_hand(
        database,
        "update answers set value = 'maybe' where item = 'SRM05' and question = 'a'"
        " and review_id in (select min(review_id) from ratings)",
    )
    by_hand(
        database,
        "update ratings set code = 'SRM99' where code = 'SRM05'"
        " and review_id in (select max(review_id) from ratings)",
    )
    ran = installed("instruments", "recheck")
    assert ran.code == 1
    first, *others = ran.out.splitlines()
    assert first.startswith(f"{reviews[0]}: cannot be rated: input: answers.SRM05.a: ")
    assert others == [
        f"{reviews[1]} SRM05: stored is no rating, the answers give strength",
        f"{reviews[1]} SRM99: stored is strength, the answers give no rating",
        BOTH_WRONG,
    ]


def test_a_version_that_is_not_what_it_was_when_scored_is_named(
    installed: Command, database: Database, reviews: list[str], cast: Cast
) -> None:
    other = dataclasses.replace(build.instrument(), digest="0" * 64)
    with database.writing() as session:
        elsewhere = build.round(session, cast.region, [cast.county], pages=other)
        scored = build.case_review(session, elsewhere, build.case(session, cast.county))
    ran = installed("instruments", "recheck", "--format", "json")
    assert ran.code == 1
    [found] = ran.json["differences"]
    assert found["review"] == str(scored.public_id)
    assert found["code"] is None
    assert "Restore the published version" in found["why"]
