"""What a process remembers of a case review is what a fresh reading and rating would say."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import orm

from cqi.core import events
from cqi.core.database import Database
from cqi.instruments import definition
from cqi.reviews import actions, queries, rules
from cqi.reviews.actions import moving
from cqi.reviews.queries import known
from cqi.reviews.rules import Change, NewEvidence
from tests import build
from tests.fixtures import counting
from tests.fixtures.cast import Cast

NOW = build.NOW
ITEMS = ("SRM05", "MAS01", "PCR08")


@pytest.fixture
def public_id(database: Database, cast: Cast) -> uuid.UUID:
    with database.writing() as session:
        case = build.case(session, cast.county)
        review = build.case_review(session, cast.round, case, [cast.reviewer])
        return review.public_id


def save(database: Database, cast: Cast, public_id: uuid.UUID, *changes: Change) -> actions.Saved:
    with database.writing() as session:
        who = build.actor(session, cast.reviewer)
        review = queries.case_review_to_score(session, who, public_id)
        given = {"review": review, "changes": changes, "actor": who, "now": NOW}
        return actions.record_answers(session, **given)


def both(session: orm.Session, review: queries.CaseReview) -> tuple[known.Known, known.Known]:
    """What is remembered of a case review, and the same read and rated anew."""
    head = events.hold(session, moving.stream(review))
    remembered = known.known(session, review, head)
    session.info["remembered"].remember(head.hash, None)
    return remembered, known.known(session, review, head)


def test_after_any_changes_in_any_order_it_says_what_a_fresh_look_says(
    database: Database, cast: Cast, public_id: uuid.UUID
) -> None:
    chance = random.Random(20261125)  # noqa: S311 - a replay, not a secret
    for _ in range(25):
        with database.writing() as session:
            who = build.actor(session, cast.reviewer)
            review = queries.case_review_to_score(session, who, public_id)
            step(session, review, who, chance)
        with database.writing() as session:
            review = queries.case_review_to_score(session, who, public_id)
            remembered, fresh = both(session, review)
        assert remembered == fresh


def step(
    session: orm.Session, review: queries.CaseReview, who: object, chance: random.Random
) -> None:
    given = {"review": review, "actor": who, "now": NOW}
    sources = queries.sheet(session, review).evidence
    kind = chance.choice(["answer", "answer", "write", "write", "add", "remove"])
    if kind == "add":
        new = NewEvidence(chance.choice(ITEMS), chance.choice(list(rules.EvidenceSource)))
        actions.add_evidence(session, sources=[new], **given)
    elif kind == "remove" and sources:
        gone = chance.choice([each for named in sources.values() for each in named])
        actions.remove_evidence(session, evidence_id=gone.public_id, **given)
    else:
        chosen = texts_of if kind == "write" else answers_of
        changes = list(chosen(queries.instrument_of(review), chance))
        head = events.hold(session, moving.stream(review))
        stands = known.known(session, review, head).rows
        seen = [
            replace(c, expected=stands[c.place].revision) if c.place in stands else c
            for c in changes
        ]
        assert actions.record_answers(session, changes=seen, **given).conflicts == ()


def answers_of(instrument: definition.Instrument, chance: random.Random) -> Iterator[Change]:
    for code in chance.sample(ITEMS, 2):
        for question in instrument.item(code).questions:
            value = chance.choice(["", *question.values])
            reason = chance.choice(["Too late to be due.", ""]) if value == "na" else None
            yield rules.answer(code, question.id, value, reason=reason)
    if chance.random() < 0.3:
        yield rules.fact("case_type", chance.choice(["foster_care", "in_home"]))
        yield rules.fact("household_changed", chance.choice(["yes", "no"]))
        yield rules.fact("school_age", chance.choice(["yes", "no"]))


def texts_of(_instrument: definition.Instrument, chance: random.Random) -> Iterator[Change]:
    yield rules.narrative(chance.choice(ITEMS), chance.choice(["", "  ", "Each child was seen."]))


def test_a_second_save_reads_nothing_of_the_content(
    database: Database, cast: Cast, public_id: uuid.UUID
) -> None:
    save(database, cast, public_id, rules.fact("case_type", "foster_care"))
    with counting.queries(database) as statements:
        save(database, cast, public_id, rules.answer("SRM05", "a", "yes"))
    contents = ("from fact_answers", "from answers", "from narratives", "from evidence")
    assert not [each for each in statements if any(table in each.lower() for table in contents)]
    assert len([each for each in statements if not each.startswith("SELECT grants")]) <= 10


def test_what_another_process_saved_is_seen(
    database: Database, cast: Cast, public_id: uuid.UUID
) -> None:
    save(database, cast, public_id, rules.answer("SRM05", "a", "yes"))
    elsewhere = Database(database.engine, database.keys, *database.engines[1:])
    save(elsewhere, cast, public_id, rules.answer("SRM05", "a", "no", 1))
    late = save(database, cast, public_id, rules.answer("SRM05", "a", "", 1))
    [conflict] = late.conflicts
    assert (conflict.saved, conflict.revision) == ("no", 2)


def test_what_was_rolled_back_is_not_known(
    database: Database, cast: Cast, public_id: uuid.UUID
) -> None:
    save(database, cast, public_id, rules.answer("SRM05", "a", "yes"))

    def fail() -> None:
        with database.writing() as session:
            who = build.actor(session, cast.reviewer)
            review = queries.case_review_to_score(session, who, public_id)
            change = rules.answer("SRM05", "a", "no", 1)
            given = {"review": review, "changes": [change], "actor": who, "now": NOW}
            actions.record_answers(session, **given)
            raise RuntimeError("later")

    with pytest.raises(RuntimeError):
        fail()
    again = save(database, cast, public_id, rules.answer("SRM05", "a", "yes", 1))
    assert (again.conflicts, again.revisions) == ((), {"SRM05-a": 1})
