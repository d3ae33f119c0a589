"""The one action for answers: one or many, with a lock on each value, one event each time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import errors, events
from cqi.core.database import Database
from cqi.reviews import actions, queries, rules
from cqi.reviews.actions import Saved
from cqi.reviews.models import Answer, CaseReview, Narrative, ReviewPerson, TextVersion
from cqi.reviews.rules import Change, NewEvidence, ReviewState
from tests import build
from tests.fixtures.cast import Cast

NOW = build.NOW
FACTS = [
    rules.fact("case_type", "foster_care"),
    rules.fact("household_changed", "yes"),
]


class Desk:
    """One case review open before its reviewer."""

    def __init__(self, session: orm.Session, cast: Cast) -> None:
        self.session = session
        case = build.case(session, cast.county)
        self.review = build.case_review(session, cast.round, case, [cast.reviewer])
        self.reviewer = build.actor(session, cast.reviewer)

    def save(self, *changes: Change, by: Actor | None = None) -> Saved:
        return actions.record_answers(
            self.session, review=self.review, changes=changes, actor=by or self.reviewer, now=NOW
        )

    def events(self) -> list[events.Event]:
        query = sa.select(events.Event).where(events.Event.stream_id == self.review.public_id)
        return list(self.session.scalars(query.order_by(events.Event.sequence)))


@pytest.fixture
def desk(database: Database, cast: Cast) -> Iterator[Desk]:
    with database.writing() as session:
        yield Desk(session, cast)


def test_an_answer_is_rated_as_it_is_saved(desk: Desk) -> None:
    saved = desk.save(*FACTS, rules.answer("SRM05", "a", "yes"), rules.answer("SRM05", "b", "no"))
    assert saved.items["SRM05"].rating == "area_needing_improvement"
    assert saved.items["SRM05"].reason
    assert saved.revisions["SRM05-b"] == 1
    assert set(saved.components) == {"MAS", "SRM", "INV", "SNA", "PCR", "ICP"}
    again = desk.save(rules.answer("SRM05", "b", "yes", 1))
    assert set(again.items) == {"SRM05"}
    assert set(again.components) == {"SRM"}
    assert again.items["SRM05"].rating == "strength"
    assert queries.recheck(desk.session) == []


def test_a_fact_rates_everything_again(desk: Desk) -> None:
    desk.save(rules.fact("report_in_pur", "yes"))
    saved = desk.save(rules.fact("report_in_pur", "no", 1))
    assert len(saved.items) == 48
    assert saved.items["SRM02"].rating == "not_applicable"
    assert queries.recheck(desk.session) == []


def test_the_first_answer_starts_the_review(desk: Desk) -> None:
    before = desk.review.state
    desk.save(FACTS[0])
    assert (before, desk.review.state) == (ReviewState.ASSIGNED, ReviewState.IN_PROGRESS)
    desk.save(FACTS[1])
    [first, second] = desk.events()
    assert first.payload["step"] == "start"
    assert "step" not in second.payload


def test_one_event_a_save_with_codes_and_digests_and_no_text(desk: Desk) -> None:
    text = "The caseworker saw Juniper every month."
    desk.save(*FACTS, rules.answer("SRM05", "b", "na", reason="Too late to be due."))
    desk.save(rules.narrative("SRM05", text))
    found = desk.events()
    assert [event.kind for event in found] == ["review.answered"] * 2
    assert found[0].payload["answers"] == {"SRM05.b": "na"}
    assert found[1].payload == {"texts": {"SRM05": events.digest(text)}}
    assert "Juniper" not in str([event.payload for event in found])
    assert "Too late" not in str([event.payload for event in found])


def test_the_same_value_again_is_no_change_and_no_conflict(desk: Desk) -> None:
    desk.save(rules.answer("SRM05", "a", "yes"))
    again = desk.save(rules.answer("SRM05", "a", "yes", 0))
    assert again.conflicts == ()
    assert again.revisions == {"SRM05-a": 1}
    assert len(desk.events()) == 1


def test_a_conflict_has_both_texts_and_loses_neither(desk: Desk) -> None:
    desk.save(rules.narrative("SRM05", "Theirs."))
    saved = desk.save(rules.narrative("SRM05", "Mine."), rules.narrative("SRM06", "Fine."))
    [conflict] = saved.conflicts
    assert (conflict.place, conflict.saved, conflict.sent) == ("SRM05", "Theirs.", "Mine.")
    assert conflict.revision == 1
    assert saved.revisions == {"SRM06": 1}, "what does not conflict is saved"
    merged = desk.save(rules.narrative("SRM05", "Theirs. Mine.", conflict.revision))
    assert merged.conflicts == ()
    texts = [text.text for text in queries.history(desk.session, desk.review, "SRM05")]
    assert texts == ["Theirs. Mine.", "Theirs."]


def test_an_answer_that_somebody_changed_first_conflicts(desk: Desk) -> None:
    desk.save(rules.answer("SRM05", "a", "yes"))
    desk.save(rules.answer("SRM05", "a", "no", 1))
    [conflict] = desk.save(rules.answer("SRM05", "a", "", 1)).conflicts
    assert (conflict.saved, conflict.sent, conflict.revision) == ("no", "", 2)


def test_the_reason_of_an_na_is_kept_as_a_text(desk: Desk) -> None:
    desk.save(rules.answer("SRM05", "b", "na", reason=" Too late to be due.\r\n"))
    desk.save(rules.answer("SRM05", "b", "na", 1))
    row = desk.session.scalars(sa.select(Answer)).one()
    assert (row.reason, row.revision) == ("Too late to be due.", 1)
    [text] = queries.history(desk.session, desk.review, "SRM05.b")
    assert text.text == "Too late to be due."
    desk.save(rules.answer("SRM05", "b", "yes", 1))
    sheet = queries.sheet(desk.session, desk.review)
    assert sheet.answers["SRM05"]["b"].reason == ""


def test_an_answer_can_be_taken_back(desk: Desk) -> None:
    desk.save(*FACTS, rules.answer("SRM05", "a", "yes"), rules.answer("SRM05", "b", "yes"))
    saved = desk.save(rules.answer("SRM05", "a", "", 1))
    assert saved.items["SRM05"].rating is None
    assert saved.items["SRM05"].missing == ("a",)
    assert saved.components["SRM"].rating is None


def test_narratives_are_encrypted_and_rate_nothing(desk: Desk) -> None:
    saved = desk.save(rules.narrative("SRM05", "mother said <he hit me>\r\nand left"))
    assert saved.items == {}
    assert desk.session.scalar(sa.select(Narrative.text)) == "mother said <he hit me>\nand left"
    raw = desk.session.scalar(sa.text("select text from narratives"))
    assert b"mother" not in bytes(raw)
    assert desk.session.scalar(sa.select(sa.func.count()).select_from(TextVersion)) == 1


@pytest.mark.parametrize(
    "change",
    [
        rules.fact("case_typ", "foster_care"),
        rules.fact("case_type", "yes"),
        rules.answer("SRM5", "a", "yes"),
        rules.answer("SRM05", "x", "yes"),
        rules.answer("SRM05", "a", "na"),
        rules.narrative("XXX", "text"),
    ],
)
def test_what_the_instrument_does_not_have_is_refused(desk: Desk, change: Change) -> None:
    with pytest.raises(errors.BadInput):
        desk.save(FACTS[0], change)
    assert desk.review.state is ReviewState.ASSIGNED


def test_only_the_reviewers_on_it_record(desk: Desk, cast: Cast) -> None:
    others = (cast.qa_lead, cast.other_reviewer, cast.cqi_director, cast.supervisor, cast.outsider)
    for person in others:
        with pytest.raises(errors.Forbidden):
            desk.save(FACTS[0], by=build.actor(desk.session, person))


def test_a_reviewer_taken_off_records_no_more(desk: Desk, cast: Cast) -> None:
    liaison = build.actor(desk.session, cast.cqi_liaison)
    actions.remove_reviewer(
        desk.session, review=desk.review, person_id=cast.reviewer.id, actor=liaison, now=NOW
    )
    with pytest.raises(errors.Forbidden):
        desk.save(FACTS[0])
    person = desk.session.scalars(sa.select(ReviewPerson)).one()
    assert person.until_at == NOW


def test_evidence_is_added_and_taken_away_but_stays_on_record(desk: Desk) -> None:
    new = [
        NewEvidence("SRM05", rules.EvidenceSource.VISIT_LOG, "May to October"),
        NewEvidence("SRM05", rules.EvidenceSource.CHILD, protected=True),
    ]
    ids = actions.add_evidence(
        desk.session, review=desk.review, sources=new, actor=desk.reviewer, now=NOW
    )
    sheet = queries.sheet(desk.session, desk.review)
    assert [each.source for each in sheet.evidence["SRM05"]] == [each.source for each in new]
    assert sheet.evidence["SRM05"][1].kind == "interview"
    assert desk.review.state is ReviewState.IN_PROGRESS
    gone: dict[str, Any] = {
        "review": desk.review,
        "evidence_id": ids[0],
        "actor": desk.reviewer,
        "now": NOW,
    }
    actions.remove_evidence(desk.session, **gone)
    assert len(queries.sheet(desk.session, desk.review).evidence["SRM05"]) == 1
    with pytest.raises(errors.NotFound):
        actions.remove_evidence(desk.session, **gone)
    kept = desk.session.scalar(sa.text("select count(*) from evidence"))
    assert kept == 2
    assert "May to October" not in str([event.payload for event in desk.events()])


def test_saving_one_answer_takes_under_twelve_queries(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        desk = Desk(session, cast)
        desk.save(*FACTS, rules.answer("SRM05", "a", "yes"))
        public_id, who = desk.review.public_id, desk.reviewer
    statements: list[str] = []
    sa.event.listen(
        database.engine, "before_cursor_execute", lambda *given: statements.append(given[2])
    )
    with database.writing() as session:
        review: CaseReview = queries.case_review(session, who, public_id)
        change = rules.answer("SRM05", "a", "no", 1)
        actions.record_answers(session, review=review, changes=[change], actor=who, now=NOW)
    asked = [each for each in statements if not each.startswith(("pragma", "BEGIN"))]
    assert len(asked) < 12, asked
