"""QA of the demonstration's case reviews: notes, one override, second-level QA, the decision."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.instruments.definition import Rating
from cqi.reviews import actions, queries, rules
from cqi.reviews.models import CaseReview

_RETURNED = "SNA06 says the assessment was updated, the narrative names no date. Which is it?"
_ASKED = rules.NewNote("SNA06", "a", "The narrative names no date for this. Which one is it?")
_ASKED_FACT = rules.NewNote(
    "", "report_in_pur", "The record of the hotline: did you look at it for the whole period?"
)
_SETTLED = rules.NewNote("MAS03", "a", "How often was the service provider there too?")
_SETTLED_BY = "Twice, in the spring. The visit log says so, and I named it as a source."
_ANSWERED = rules.NewNote("SRM05", "a", "The log has no visit in the second month. Was there one?")
_ANSWERED_BY = "There was one at school, noted a week later. The narrative says so now."
_OVERRIDE_OF = ("SRM05", "SRM03", "MAS03", "SNA06", "ICP03")  # items that always apply
_OVERRIDDEN = "The record shows a change in the home that nobody looked at for two months."


@dataclass(frozen=True)
class Desk:
    """A submitted case review, who checks it and when it was begun."""

    session: orm.Session
    review: CaseReview
    lead: Actor
    second: Actor
    reviewer: Actor
    now: dt.datetime

    def later(self, minutes: int) -> dt.datetime:
        """Minutes after QA was begun."""
        return self.now + dt.timedelta(minutes=minutes)


def begin(desk: Desk) -> None:
    """First-level QA."""
    actions.begin_qa(desk.session, review=desk.review, actor=desk.lead, now=desk.now)


def give_back(desk: Desk) -> None:
    """With three notes: one settled, two that wait for the reviewers, one of them on a fact."""
    settled = _ask(desk, _SETTLED, 5)
    _answer(desk, settled, _SETTLED_BY, 40)
    seen = rules.NoteSeen(settled, 2)
    actions.resolve_note(
        desk.session, review=desk.review, seen=seen, actor=desk.lead, now=desk.later(50)
    )
    _ask(desk, _ASKED, 55)
    _ask(desk, _ASKED_FACT, 57)
    actions.return_to_reviewers(
        desk.session,
        review=desk.review,
        reason=_RETURNED,
        actor=desk.lead,
        now=desk.later(60),
    )


def leave_an_answered_note(desk: Desk) -> None:
    """A note that the reviewers answered: it waits for the QA lead."""
    _answer(desk, _ask(desk, _ANSWERED, 5), _ANSWERED_BY, 45)


def override_one(desk: Desk) -> None:
    """Set the first strength that always applies to an area needing improvement."""
    rated = queries.assessment(desk.session, desk.review).rating.items
    item = next(code for code in _OVERRIDE_OF if rated[code].rating is Rating.STRENGTH)
    new = rules.NewOverride(item, Rating.AREA_NEEDING_IMPROVEMENT, _OVERRIDDEN)
    actions.override_rating(
        desk.session, review=desk.review, new=new, actor=desk.lead, now=desk.later(10)
    )


def approve(desk: Desk) -> None:
    """Make it final, at the second level where the round sends it there."""
    session, review = desk.session, desk.review
    if not review.round.second_level.due(review.case.case_number):
        actions.approve(session, review=review, actor=desk.lead, now=desk.later(20))
        return
    actions.send_to_second_level(session, review=review, actor=desk.lead, now=desk.later(20))
    actions.approve(session, review=review, actor=desk.second, now=desk.later(120))


def _ask(desk: Desk, new: rules.NewNote, minutes: int) -> uuid.UUID:
    return actions.open_note(
        desk.session, review=desk.review, new=new, actor=desk.lead, now=desk.later(minutes)
    )


def _answer(desk: Desk, note_id: uuid.UUID, text: str, minutes: int) -> None:
    actions.answer_note(
        desk.session,
        review=desk.review,
        reply=actions.NoteReply(note_id, text),
        actor=desk.reviewer,
        now=desk.later(minutes),
    )
