"""Whom a case review should hear, what is recorded of it, and what keeps a submission."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.models import Person
from cqi.cases.rules import CaseType
from cqi.core import errors, events
from cqi.core.database import Database
from cqi.reviews import actions, queries, rules
from cqi.reviews.actions import moving
from cqi.reviews.models import InterviewRow, TextVersion
from cqi.reviews.queries import known
from cqi.reviews.rules import interviews
from cqi.reviews.rules.interviews import InterviewChange, InterviewRole
from tests import build
from tests.fixtures.cast import Cast

REVIEW = uuid.UUID(int=7)


class Desk:
    """A case review, open before its reviewer."""

    def __init__(
        self, session: orm.Session, cast: Cast, kind: CaseType = CaseType.FOSTER_CARE
    ) -> None:
        self.session = session
        case = build.case(session, cast.county, case_type=kind)
        self.review = build.case_review(session, cast.round, case, [cast.reviewer])
        self.given: dict[str, Any] = {
            "review": self.review,
            "actor": build.actor(session, cast.reviewer),
            "now": build.NOW,
        }

    def people(self) -> dict[str, interviews.Interview]:
        return {one.label: one for one in queries.sheet(self.session, self.review).interviews}

    def save(self, person: str, expected: int = 0, **values: str) -> actions.Recorded:
        one = self.people()[person].id
        changes = [InterviewChange(one, name, value, expected) for name, value in values.items()]
        return actions.record_interviews(
            self.session, changes=changes, today=build.NOW.date(), **self.given
        )

    def missing(self) -> list[str]:
        gaps = queries.sheet(self.session, self.review).missing
        return [gap.message for gap in gaps if gap.kind == "interview"]


@pytest.fixture
def desk(database: Database, cast: Cast) -> Iterator[Desk]:
    with database.writing() as session:
        yield Desk(session, cast)


def labels(kind: CaseType, **facts: str) -> list[str]:
    return [one.label for one in interviews.proposed(REVIEW, kind, facts)]


def test_whom_to_hear_follows_from_the_case() -> None:
    assert labels(CaseType.FOSTER_CARE) == [
        "Target child", "Mother", "Father", "Foster caregiver", "Caseworker", "Supervisor",
        "Service provider",
    ]  # fmt: skip
    at_home = labels(CaseType.IN_HOME, services_in_place="no")
    assert at_home == ["Child A", "Mother", "Father", "Caseworker", "Supervisor"]
    assert "Service provider" in labels(CaseType.IN_HOME, services_in_place="yes")


@pytest.mark.parametrize(
    ("role", "label", "beside"),
    [
        (InterviewRole.CHILD, "Target child", ""),
        (InterviewRole.MOTHER, "Mother", ""),
        (InterviewRole.RELATIVE, "Grandmother", "Relative"),
        (InterviewRole.CHILD, "A.", "Child"),
    ],
)
def test_a_role_stands_beside_a_label_that_does_not_say_it(
    role: InterviewRole, label: str, beside: str
) -> None:
    assert interviews.Interview(REVIEW, role, label).role_beside == beside


def test_every_role_is_a_source_of_evidence_that_is_an_interview() -> None:
    assert {rules.kind_of(rules.EvidenceSource(role)) for role in InterviewRole} == {"interview"}


def test_a_person_has_a_row_from_the_first_word_on(desk: Desk) -> None:
    rows = sa.select(sa.func.count()).select_from(InterviewRow)
    before = desk.people()
    assert desk.session.scalar(rows) == 0
    saved = desk.save("Mother", outcome="held")
    assert saved.revisions == {interviews.place(before["Mother"].id, "outcome"): 1}
    assert desk.session.scalar(rows) == 1
    assert desk.people()["Mother"].proposed
    assert [*desk.people()] == [*before]


def test_what_changes_nothing_leaves_no_row_behind(desk: Desk) -> None:
    """A row without an event would make the memory of the case review lie."""
    assert desk.save("Mother", outcome="", notes="").revisions == {
        interviews.place(desk.people()["Mother"].id, name): 0 for name in ("outcome", "notes")
    }
    [conflict] = desk.save("Father", 3, outcome="held").conflicts
    assert conflict.revision == 0
    assert desk.session.scalar(sa.select(sa.func.count()).select_from(InterviewRow)) == 0
    assert desk.session.scalar(sa.select(sa.func.count()).select_from(events.Event)) == 0


def test_what_is_missing_is_said_step_by_step(desk: Desk) -> None:
    assert len(desk.missing()) == 7
    for values, left in (
        ({"outcome": "held"}, ["Interview, Father: the date is missing."]),
        ({"held_on": "2027-03-09"}, ["Interview, Father: how it was held is missing."]),
        ({"how": "video"}, []),
        ({"outcome": "not_held"}, ["Interview, Father: the reason is missing."]),
        ({"reason": "not_found"}, []),
    ):
        name = next(iter(values))
        desk.save("Father", desk.people()["Father"].revision(name), **values)
        assert [words for words in desk.missing() if "Father" in words] == left
    assert desk.people()["Father"].words == "Not held: could not be found or reached"


def test_a_case_review_is_not_submitted_before_everybody_is_heard_or_has_a_reason(
    desk: Desk,
) -> None:
    build.complete(desk.session, desk.review, _person(desk))
    desk.save("Mother", 1, outcome="")
    with pytest.raises(errors.Blocked) as refused:
        _submit(desk)
    [blocker] = refused.value.blockers
    assert blocker.code == "missing_interview"
    place = interviews.place(desk.people()["Mother"].id, "outcome")
    assert blocker.place == place
    desk.save("Mother", 2, outcome="not_held")
    desk.save("Mother", reason="declined")
    _submit(desk)
    assert desk.review.state == "submitted"


def test_what_was_submitted_before_interviews_were_recorded_can_still_end(
    desk: Desk, cast: Cast
) -> None:
    build.submitted(desk.session, desk.review, cast.reviewer)
    desk.session.execute(sa.delete(InterviewRow))
    lead: dict[str, Any] = {**desk.given, "actor": build.actor(desk.session, cast.qa_lead)}
    actions.begin_qa(desk.session, **lead)
    actions.approve(desk.session, **lead)
    assert desk.review.state == "final"


def test_two_people_on_different_fields_do_not_disturb_each_other(desk: Desk) -> None:
    desk.save("Mother", outcome="held")
    assert not desk.save("Mother", how="telephone").conflicts
    [conflict] = desk.save("Mother", outcome="not_held").conflicts
    assert (conflict.saved, conflict.sent, conflict.revision) == ("held", "not_held", 1)
    assert desk.people()["Mother"].outcome == "held"


def test_notes_are_encrypted_and_every_version_stays(desk: Desk) -> None:
    desk.save("Mother", notes="First words.")
    desk.save("Mother", 1, notes="Second words.")
    one = desk.people()["Mother"].id
    assert queries.interview_notes(desk.session, desk.review)[one].text == "Second words."
    raw = desk.session.scalar(sa.text("select notes from interviews"))
    assert b"words" not in bytes(raw)
    place = interviews.place(one, "notes")
    assert [text.text for text in queries.history(desk.session, desk.review, place)] == [
        "Second words.", "First words.",
    ]  # fmt: skip
    [conflict] = desk.save("Mother", 1, notes="Third words.").conflicts
    assert conflict.saved == "Second words."


def test_no_word_of_it_is_in_an_event(desk: Desk) -> None:
    desk.save("Mother", label="Ms. Invented", notes="She said so.", outcome="held")
    payloads = desk.session.scalars(
        sa.select(events.Event.payload).where(events.Event.stream_id == desk.review.public_id)
    ).all()
    [said] = payloads[-1]["interviews"].values()
    assert said["outcome"] == "held"
    assert "Invented" not in str(payloads)
    assert "said so" not in str(payloads)
    assert desk.session.scalar(sa.select(sa.func.count()).select_from(TextVersion)) == 2


def test_somebody_else_is_added_and_taken_off_again(desk: Desk) -> None:
    added = actions.add_interview(
        desk.session, role=InterviewRole.RELATIVE, label=" Grandmother ", **desk.given
    )
    assert desk.people()["Grandmother"].id == added
    assert "Interview, Grandmother: not recorded yet." in desk.missing()
    actions.remove_interview(desk.session, interview_id=added, **desk.given)
    assert "Grandmother" not in desk.people()
    with pytest.raises(errors.NotFound):
        actions.remove_interview(desk.session, interview_id=added, **desk.given)


def test_whom_the_case_asks_for_cannot_be_taken_off(desk: Desk) -> None:
    mother = desk.people()["Mother"].id
    with pytest.raises(errors.Blocked, match="give the reason instead"):
        actions.remove_interview(desk.session, interview_id=mother, **desk.given)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("outcome", "perhaps"),
        ("held_on", "yesterday"),
        ("held_on", "2027-03-11"),
        ("label", " "),
        ("age", "9"),
    ],
)
def test_a_value_that_a_field_cannot_have_is_refused(desk: Desk, name: str, value: str) -> None:
    with pytest.raises(errors.BadInput):
        desk.save("Mother", **{name: value})


def test_a_provider_leaves_the_list_when_no_service_is_in_place(desk: Desk) -> None:
    fact = rules.fact("services_in_place", "no")
    actions.record_answers(desk.session, changes=[fact], **desk.given)
    assert "Service provider" not in desk.people()
    assert "Service provider" not in str(desk.missing())


def test_whom_the_case_asks_for_again_is_there_with_all_that_was_recorded(desk: Desk) -> None:
    desk.save("Service provider", outcome="held", notes="Saw the family weekly.")
    one = desk.people()["Service provider"].id
    changes = [rules.fact("services_in_place", "no")]
    actions.record_answers(desk.session, changes=changes, **desk.given)
    actions.remove_interview(desk.session, interview_id=one, **desk.given)
    assert "Service provider" not in desk.people()
    saved = actions.record_answers(
        desk.session, changes=[rules.fact("services_in_place", "yes", 1)], **desk.given
    )
    again = desk.people()["Service provider"]
    assert (again.outcome, again.revision("outcome"), again.proposed) == ("held", 1, True)
    assert queries.interview_notes(desk.session, desk.review)[one].text == "Saw the family weekly."
    assert saved.known == known.read(desk.session, desk.review)
    assert not desk.save("Service provider", how="telephone").conflicts
    assert desk.people()["Service provider"].outcome == "held"


def test_what_is_remembered_is_what_stands(desk: Desk) -> None:
    """A saved answer after an interview must not read everything anew, nor miss the interview."""
    saved = desk.save("Mother", outcome="held")
    head = events.hold(desk.session, moving.stream(desk.review))
    assert known.known(desk.session, desk.review, head) is saved.known
    anew = known.read(desk.session, desk.review)
    assert saved.known.assessment.missing == anew.assessment.missing
    assert saved.known.assessment.progress == anew.assessment.progress


def test_the_outsider_records_nothing(desk: Desk, cast: Cast) -> None:
    given = {**desk.given, "actor": build.actor(desk.session, cast.outsider)}
    one = InterviewChange(desk.people()["Mother"].id, "outcome", "held")
    with pytest.raises(errors.Forbidden):
        actions.record_interviews(desk.session, changes=[one], today=build.NOW.date(), **given)


def _person(desk: Desk) -> Person:
    return desk.session.get_one(Person, desk.given["actor"].person_id)


def _submit(desk: Desk) -> None:
    actions.submit_for_qa(desk.session, today=build.NOW.date(), **desk.given)
