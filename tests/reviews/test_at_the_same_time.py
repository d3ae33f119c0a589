"""Two reviewers save at the same moment: nothing is lost, and the ratings follow from both."""

from __future__ import annotations

import threading
import uuid

import sqlalchemy as sa

from cqi.access.actor import Actor
from cqi.core import events
from cqi.core.database import Database
from cqi.reviews import actions, queries, rules
from cqi.reviews.actions import Saved
from cqi.reviews.models import Answer
from cqi.reviews.rules import Change
from tests import build
from tests.fixtures.cast import Cast

NOW = build.NOW


def save(database: Database, who: Actor, public_id: uuid.UUID, change: Change) -> Saved:
    with database.writing() as session:
        review = queries.case_review(session, who, public_id)
        return actions.record_answers(session, review=review, changes=[change], actor=who, now=NOW)


def at_once(database: Database, who: Actor, public_id: uuid.UUID, *changes: Change) -> list[Saved]:
    saved: list[Saved] = []
    threads = [
        threading.Thread(target=lambda c=change: saved.append(save(database, who, public_id, c)))
        for change in changes
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return saved


def begun(database: Database, cast: Cast) -> tuple[Actor, uuid.UUID]:
    with database.writing() as session:
        case = build.case(session, cast.county)
        review = build.case_review(session, cast.round, case, [cast.reviewer])
        who = build.actor(session, cast.reviewer)
        facts = [rules.fact("case_type", "foster_care"), rules.fact("household_changed", "yes")]
        actions.record_answers(session, review=review, changes=facts, actor=who, now=NOW)
        return who, review.public_id


def test_answers_to_two_questions_of_one_item(database: Database, cast: Cast) -> None:
    who, public_id = begun(database, cast)
    changes = [rules.answer("SRM05", "a", "yes"), rules.answer("SRM05", "b", "no")]
    assert len(at_once(database, who, public_id, *changes)) == 2
    with database.reading() as session:
        assert queries.recheck(session) == []
        review = queries.case_review(session, who, public_id)
        rated = queries.assessment(session, review).rating.items["SRM05"]
        assert rated.rating == "area_needing_improvement"
        assert not events.verify(session).problem


def test_two_answers_to_one_question(database: Database, cast: Cast) -> None:
    who, public_id = begun(database, cast)
    changes = [rules.answer("SRM05", "a", "yes"), rules.answer("SRM05", "a", "no")]
    saved = at_once(database, who, public_id, *changes)
    assert sorted(len(each.conflicts) for each in saved) == [0, 1]
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Answer)) == 1
        assert queries.recheck(session) == []
