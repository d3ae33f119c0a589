"""Measures that are declared in data: checked, counted from the database, frozen with a run."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import tomllib
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import errors, folders, identifiers
from cqi.core.database import Database
from cqi.instruments.definition import Rating
from cqi.measures import actions, queries
from cqi.measures.queries import declared as counting
from cqi.measures.queries import pools
from cqi.measures.rules import changes, declared, findings, frozen, output
from cqi.measures.rules.declared import Counted
from cqi.reporting import queries as reporting
from cqi.reviews.models import Answer, CaseReview, InterviewRow, ReviewStep, StoredRating
from cqi.reviews.rules import ReviewPurpose, ReviewState
from cqi.reviews.rules.interviews import InterviewRole, NotHeld, Outcome
from cqi.reviews.workflow import Step
from cqi.rounds.models import Round
from tests import build
from tests.build import NOW
from tests.fixtures.cast import Cast
from tests.measures import stored
from tests.measures.stored import Review

LIMITS = findings.Limits()
GOOD: dict[str, Any] = {
    "id": "held",
    "kind": "interviews",
    "title": "Interviews held",
    "numerator": "held",
    "denominator": "asked for",
    "excluded": "none",
    "direction": "higher",
}


def test_what_is_shipped_holds_and_has_each_kind() -> None:
    found = counting.shipped()
    assert {one.kind for one in found} == set(declared.Kind)
    assert {one.direction for one in found} == set(declared.Direction)
    assert [one.source for one in found if one.target is not None] == ["agency to confirm"]


def test_the_questions_of_shipped_measures_are_asked() -> None:
    raw = tomllib.loads((folders.data_folder("reports") / counting.FILE).read_text("utf-8"))
    [one] = [one for one in raw["measures"] if one["kind"] == "question"]
    instrument = build.instrument()
    assert one["instrument"] == instrument.id
    assert instrument.item(one["item"]).question(one["question"])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "x"}, "kind is 'x'; give one of interviews, returns"),
        ({"direction": None}, "direction is None; give one of higher, lower"),
        ({"title": " "}, "title is missing"),
        ({"target": 120, "source": "x"}, "whole number from 0 to 100"),
        ({"target": True, "source": "x"}, "whole number from 0 to 100"),
        ({"target": 90}, "a target needs its source"),
        ({"source": "x"}, "a target needs its source"),
        ({"kind": "question"}, "question is missing"),
        ({"kind": "question", "answer": "Yes"}, "answer is 'Yes'; give yes or no"),
        ({"colour": "red"}, "colour is not known"),
    ],
)
def test_a_wrong_declaration_is_named_with_what_to_do(change: dict[str, Any], words: str) -> None:
    with pytest.raises(errors.BadInput, match=r"measures\.toml: held: ") as refused:
        declared.parse({"measures": [{**GOOD, **change}]}, "measures.toml")
    assert words in str(refused.value)


def test_every_problem_is_told_at_once_and_ids_stand_once() -> None:
    with pytest.raises(errors.BadInput) as refused:
        declared.parse({"measures": [GOOD, GOOD, {}, "x"]}, "measures.toml")
    said = str(refused.value)
    assert "measure 4 is 'x'" in said
    assert "held stands twice" in said
    assert "measure 3: kind is None" in said
    with pytest.raises(errors.BadInput, match="there are no measures"):
        declared.parse({}, "measures.toml")


def a_round(*pairs: tuple[int, int]) -> frozen.FrozenRound:
    cases = tuple(
        frozen.FrozenCase(f"C-{n}", "28001", "in_home", {}, process={"held": pair})
        for n, pair in enumerate(pairs)
    )
    return frozen.FrozenRound(
        "A round", "one", "1.0", "d", (*cases, frozen.FrozenCase("X", "", "", {}))
    )


def test_a_share_stands_from_ten_cases_on_and_an_interval_where_each_counts_once() -> None:
    [held] = declared.parse({"measures": [{**GOOD, "target": 75, "source": "x"}]}, "f")
    returns = dataclasses.replace(held, kind=declared.Kind.RETURNS)
    [few] = declared.rows((held,), a_round(*[(1, 2)] * 9), LIMITS)
    assert (few.achieved, few.applicable, few.cases, few.rate, few.meets) == (9, 18, 9, None, None)
    [many] = declared.rows((held,), a_round(*[(3, 4)] * 10), LIMITS)
    assert (many.rate, many.interval, many.meets) == (declared.Fraction(3, 4), None, True)
    [once] = declared.rows((returns,), a_round(*[(1, 1)] * 4, *[(0, 1)] * 8), LIMITS)
    assert once.interval is not None
    assert once.interval.low < 1 / 3 < once.interval.high
    lower = dataclasses.replace(held, direction=declared.Direction.LOWER)
    assert declared.rows((lower,), a_round(*[(3, 4)] * 10), LIMITS)[0].meets is True
    assert declared.rows((lower,), a_round(*[(4, 4)] * 10), LIMITS)[0].meets is False


def test_a_question_is_of_one_instrument() -> None:
    one = {**GOOD, "kind": "question", "instrument": "two", "item": "A", "question": "a"}
    [found] = declared.parse({"measures": [{**one, "answer": "yes"}]}, "f")
    assert declared.rows((found,), a_round((1, 1)), LIMITS) == ()


# ---- from the database --------------------------------------------------------------------------


def interview(
    session: orm.Session, review: CaseReview, outcome: Outcome | None, **more: Any
) -> None:
    session.add(
        InterviewRow(
            public_id=identifiers.uuid7(), review_id=review.id, role=InterviewRole.MOTHER,
            label="x", outcome=outcome, revisions={}, by_id=1, at=NOW, **more,
        )
    )  # fmt: skip


def fill(session: orm.Session, cast: Cast) -> Round:
    """Two final case reviews with interviews, a return, an override and answers; and a practice."""
    one = session.get_one(Round, cast.round.id)
    ratings = {"SRM": Rating.SUBSTANTIALLY_ACHIEVED, "SRM05": Rating.STRENGTH, "SRM01": None}
    made = [
        stored.review(session, one, cast.county, Review(number, ratings, ReviewState.IN_PROGRESS))
        for number in ("A-1", "A-2")
    ]
    made.append(
        stored.review(
            session,
            one,
            cast.county,
            Review("P-3", ratings, ReviewState.IN_PROGRESS, ReviewPurpose.PRACTICE),
        )
    )
    for review in made:
        interview(session, review, Outcome.HELD, held_on=dt.date(2027, 3, 1))
        interview(session, review, Outcome.NOT_HELD, reason=NotHeld.DECLINED)
        interview(session, review, Outcome.NOT_HELD, reason=NotHeld.NOBODY)
        interview(session, review, None)
        interview(session, review, Outcome.HELD, removed_at=NOW)
    first, second, practice = made
    for review, value in ((first, "yes"), (second, "na"), (practice, "yes")):
        place = {"item": "ICP01", "question": "c", "value": value, "by_id": 1, "at": NOW}
        session.add(Answer(review_id=review.id, **place))
    session.add(
        ReviewStep(
            review_id=first.id, step=Step.RETURN_TO_REVIEWERS.value, at=NOW,
            from_state=ReviewState.FIRST_LEVEL_QA, to_state="returned",
        )
    )  # fmt: skip
    session.execute(
        sa.update(StoredRating)
        .where(StoredRating.review_id == second.id, StoredRating.code == "SRM05")
        .values(overridden=Rating.AREA_NEEDING_IMPROVEMENT)
    )
    for review in made:
        review.state, review.final_at, review.pur_to = ReviewState.FINAL, NOW, one.on_site_to
    session.flush()
    return one


EXPECTED = (
    Counted("interviews_held", 2, 4, 2),
    Counted("overridden", 1, 2, 2),
    Counted("parent_apart_planned_for", 1, 1, 1),
    Counted("returned", 1, 2, 2),
)


def test_each_final_review_counts_and_a_practice_never_does(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        one = fill(session, cast)
        assert declared.counted(queries.freeze_round(session, one)) == EXPECTED


def test_imported_case_reviews_do_not_count(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        one = fill(session, cast)
        session.execute(sa.update(CaseReview).values(state=ReviewState.REOPENED))
        session.execute(sa.update(CaseReview).values(imported_digest="0" * 64))
        session.execute(sa.update(CaseReview).values(state=ReviewState.FINAL))
        assert declared.counted(queries.freeze_round(session, one)) == ()


def test_a_run_keeps_them_and_prints_them_for_ever(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        asked = queries.asked_of(fill(session, cast))
        run = actions.freeze_run(session, asked, actor=None, now=NOW)
        again = pools.figures_of(session, run)
        assert again.run_id == run.run_id
        said = output.as_json(again, NOW.date())["declared"]
        assert said[0] == {"id": "interviews_held", "achieved": 2, "applicable": 4, "cases": 2}
        assert len(json.dumps(run.frozen["round"]["process"])) > 10


def test_a_run_that_was_frozen_before_has_not_changed_for_that(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        one = queries.freeze_round(session, fill(session, cast))
    bare = dataclasses.replace(
        one, cases=tuple(dataclasses.replace(c, process={}) for c in one.cases)
    )
    before, after = (frozen.Frozen(each, ()) for each in (bare, one))
    assert not changes.between(before, after).any
    assert changes.between(before, after).words == "other measures are declared"
    fewer = frozen.Frozen(_without(one, "returned"), ())
    assert not changes.between(fewer, after).any
    other = frozen.Frozen(_without(one, "returned", interviews_held=(3, 4)), ())
    assert changes.between(other, after).rated == 2
    assert frozen.run_id(before) != frozen.run_id(after)
    assert "process" not in frozen.as_json(before)["round"]


def _without(one: frozen.FrozenRound, id_: str, **more: tuple[int, int]) -> frozen.FrozenRound:
    cases = (
        dataclasses.replace(
            c, process={**{i: pair for i, pair in c.process.items() if i != id_}, **more}
        )
        for c in one.cases
    )
    return dataclasses.replace(one, cases=tuple(cases))


def test_a_report_shows_them_with_their_meaning_and_target(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        wanted = reporting.Wanted(fill(session, cast), NOW.date())
        document = reporting.region_report(session, wanted)
        published = dataclasses.replace(wanted, smallest=11)
        none = reporting.region_report(session, published)
    [table] = [each for each in document.tables() if each.key == "process"]
    held = next(row for row in table.rows if row.cells[0].values[0] == "interviews_held")
    assert held.cells[1].values == (2, 4, 2)
    assert held.cells[-1].text == "90% or more (agency to confirm)"
    assert any("left out: parts that nobody has in the case" in note for note in table.notes)
    assert "process" not in {each.key for each in none.tables()}, "too few to publish"
