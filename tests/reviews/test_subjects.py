"""Questions that are repeated for each child, parent or report of a case."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import errors, events
from cqi.core.database import Database
from cqi.reviews import actions, queries, rules
from cqi.reviews.actions import moving
from cqi.reviews.models import Answer
from cqi.reviews.queries import known
from cqi.reviews.rules import Change, NewSubject, Renaming
from tests import build
from tests.fixtures.cast import Cast

NOW = build.NOW
QUESTIONS = ("a", "b")  # of I15, asked of each parent; b where a applies
FACTS = {"case_type": "foster_care", "permanency_goal": "family"}


class Desk:
    """A case review on the federal instrument, open before its reviewer."""

    def __init__(self, session: orm.Session, cast: Cast) -> None:
        self.session = session
        pages = build.instrument("osri")
        on = build.round(session, cast.region, [cast.county], pages=pages)
        build.grant(session, cast.reviewer, "reviewer", round=on)
        case = build.case(session, cast.county)
        self.review = build.case_review(session, on, case, [cast.reviewer])
        self.given: dict[str, Any] = {
            "review": self.review,
            "actor": build.actor(session, cast.reviewer),
            "now": NOW,
        }
        facts = {fact.name: fact.values[-1] for fact in pages.facts} | FACTS
        self.save(*(rules.fact(name, value) for name, value in facts.items()))

    def save(self, *changes: Change) -> actions.Saved:
        return actions.record_answers(self.session, changes=changes, **self.given)

    def list(self, *subjects: tuple[str, str]) -> list[uuid.UUID]:
        new = [NewSubject(*each) for each in subjects]
        return actions.add_subjects(self.session, subjects=new, **self.given)

    def rename(self, subject_id: uuid.UUID, label: str) -> None:
        new = Renaming(subject_id, label, expected=1)
        actions.rename_subject(self.session, renaming=new, **self.given)

    def rated(self, code: str) -> Any:
        return queries.sheet(self.session, self.review).rating.items[code]


@pytest.fixture
def desk(database: Database, cast: Cast) -> Iterator[Desk]:
    with database.writing() as session:
        yield Desk(session, cast)


def answer(question: str, subject: str, value: str, expected: int = 0) -> Change:
    return rules.answer("I15", rules.asked(question, subject), value, expected)


def test_a_question_is_asked_of_each_and_the_worst_answer_stands(desk: Desk) -> None:
    mother, father = map(str, desk.list(("parent", "Mother"), ("parent", "Father")))
    assert {ask.subject for ask in desk.rated("I15").asks} == {mother, father}
    for question in QUESTIONS:
        desk.save(*(answer(question, subject, "yes") for subject in (mother, father)))
    assert desk.rated("I15").rating == "strength"
    desk.save(answer("a", father, "no", 1))
    assert desk.rated("I15").rating == "area_needing_improvement"
    row = desk.session.scalars(sa.select(Answer).where(Answer.subject == father)).all()
    assert {each.item for each in row} == {"I15"}
    assert queries.recheck(desk.session) == []


def test_who_is_taken_off_counts_no_more_and_stays_on_record(desk: Desk) -> None:
    father, mother = map(str, desk.list(("parent", "Father"), ("parent", "Mother")))
    for question in QUESTIONS:
        desk.save(answer(question, father, "no"), answer(question, mother, "yes"))
    assert desk.rated("I15").rating == "area_needing_improvement"
    actions.remove_subject(desk.session, subject_id=uuid.UUID(father), **desk.given)
    assert desk.rated("I15").rating == "strength"
    assert queries.recheck(desk.session) == []
    newest = queries.changes(desk.session, desk.given["review"], "I15")[0]
    assert (newest.what, newest.before) == ("rating", "area_needing_improvement")
    assert newest.after == "strength", "the history has ratings that a label brought about"
    count = sa.select(sa.func.count()).select_from(Answer).where(Answer.subject == father)
    assert desk.session.scalar(count)
    with pytest.raises(errors.BadInput, match="nobody who is on the face sheet"):
        desk.save(answer("a", father, "yes", 1))
    with pytest.raises(errors.NotFound):
        actions.remove_subject(desk.session, subject_id=uuid.UUID(father), **desk.given)


def test_a_label_can_be_mended_and_two_who_mend_it_both_hear_of_it(desk: Desk) -> None:
    [mother] = desk.list(("parent", "Moter"))
    desk.rename(mother, " Mother ")
    desk.rename(mother, "Mother")
    with pytest.raises(errors.Conflict) as overtaken:
        desk.rename(mother, "Ma")
    assert (overtaken.value.saved, overtaken.value.revision) == ("Mother", 2)
    [listed] = queries.sheet(desk.session, desk.review).subjects["parent"]
    assert (listed.label, listed.revision) == ("Mother", 2)


@pytest.mark.parametrize(
    ("kind", "label", "words"),
    [("dog", "Rex", "parent"), ("parent", "  ", "1 to 60"), ("parent", "x" * 61, "1 to 60")],
)
def test_what_cannot_be_listed_is_refused(desk: Desk, kind: str, label: str, words: str) -> None:
    with pytest.raises(errors.BadInput, match=words):
        desk.list((kind, label))


def test_a_repeated_question_needs_a_subject_and_others_take_none(desk: Desk) -> None:
    [mother] = desk.list(("parent", "Mother"))
    repeated = next(ask.question for ask in desk.rated("I15").asks)
    for change in (
        rules.answer("I15", repeated, "yes"),
        rules.answer("I06", rules.asked("a", str(mother)), "yes"),
        rules.answer("I15", rules.asked(repeated, str(uuid.uuid4())), "yes"),
    ):
        with pytest.raises(errors.BadInput):
            desk.save(change)


def test_labels_are_encrypted_and_in_no_event(desk: Desk) -> None:
    [mother] = desk.list(("parent", "Juniper's mother"))
    desk.rename(mother, "Juniper")
    raw = desk.session.scalar(sa.text("select label from review_subjects"))
    assert b"Juniper" not in bytes(raw)
    stream = sa.select(events.Event).where(events.Event.stream_id == desk.review.public_id)
    payloads = [event.payload for event in desk.session.scalars(stream)]
    assert "Juniper" not in str(payloads)
    assert payloads[-2]["added"] == [["parent", str(mother)]]


def test_what_is_remembered_knows_the_subjects(desk: Desk) -> None:
    desk.list(("parent", "Mother"), ("child", "Child A"))
    head = events.hold(desk.session, moving.stream(desk.review))
    assert known.known(desk.session, desk.review, head) == known.read(desk.session, desk.review)


def test_the_outsider_lists_nobody(desk: Desk, cast: Cast) -> None:
    given = {**desk.given, "actor": build.actor(desk.session, cast.outsider)}
    with pytest.raises(errors.Forbidden):
        actions.add_subjects(desk.session, subjects=[NewSubject("parent", "Mother")], **given)
