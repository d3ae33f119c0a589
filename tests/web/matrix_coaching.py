"""What the matrix expects of coaching notes, systemic needs, a unit's view and the roll-up."""

from __future__ import annotations

from typing import Any

from sqlalchemy import orm

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.feedback.models import CoachingNote, SystemicNeed
from cqi.feedback.rules.needs import NeedKind, NeedOwner, NeedState
from cqi.reviews.models import CaseReview
from tests.build import NOW
from tests.web.matrix_grids import Row, grid, of, page

R = Role
# From memos of the unit, and of cases that one's staff number supervises: nobody above does.
COACH = grid(
    "memo",
    """
                      final unassigned same_region other conflict works submitted
    supervisor        yes   404        404         404   yes      yes   404
    """,
)
# The two whose note it is; a draft is the supervisor's alone.
NOTE = grid(
    "coaching",
    """
                      shared draft anothers
    supervisor        yes    yes   404
    caseworker        yes    404   404
    """,
)
# Who raised it, and who answers for the place; those who only read take no step.
NEED = grid(
    "need",
    """
                      raised of_colleague same_region other conflict
    cqi_director      yes    yes          yes         yes   404
    cqi_liaison       yes    yes          yes         404   404
    regional_director yes    yes          yes         404   404
    supervisor        yes    404          404         404   404
    """,
)
REPLY = grid(
    "need",
    """
                      raised of_colleague same_region other conflict
    cqi_director      yes    yes          yes         yes   404
    cqi_liaison       403    403          403         404   404
    regional_director yes    yes          yes         404   404
    supervisor        403    404          404         404   404
    """,
)
OWN = page(R.SUPERVISOR, R.CASEWORKER)
SUPERVISOR = page(R.SUPERVISOR)
NEEDS = page(R.CQI_DIRECTOR, R.CQI_LIAISON, R.REGIONAL_DIRECTOR, R.SUPERVISOR)
ROLL_UP = page(R.CQI_DIRECTOR, R.CQI_LIAISON, R.REGIONAL_DIRECTOR)

ROWS: dict[str, Row] = {
    "feedback.coaching": Row(OWN),
    "feedback.coaching_note": Row(NOTE),
    "feedback.need": Row(NEED),
    "feedback.needs": Row(NEEDS),
    "feedback.raise_need": Row(COACH),
    "feedback.roll_up": Row(ROLL_UP),
    "feedback.take_need_step": of(REPLY, {"answer-step": "answer", "answer-words": "In June."}),
    "feedback.unit": Row(SUPERVISOR),
    "feedback.write_coaching": Row(COACH),
    "feedback.write_on_coaching": of(NOTE, {"entry-kind": "added", "entry-words": "More."}),
}
# reach of a need -> the case review that it was seen in, and who raised it
_NEEDS = {
    "raised": ("final", Role.SUPERVISOR.value),
    "of_colleague": ("final", "colleague"),
    "same_region": ("same_region", "colleague"),
    "other": ("other", "colleague"),
    "conflict": ("conflict", "colleague"),
}


def note(
    session: orm.Session, on: CaseReview, supervisor: Person, worker: Person, *, shared: bool
) -> CoachingNote:
    """A note as it stands, without what led there."""
    made = CoachingNote(
        review_id=on.id,
        supervisor_id=supervisor.id,
        worker_id=worker.id,
        item="SRM05",
        trying="Two visits together.",
        follow_up_on=NOW.date(),
        revision=1,
        written_at=NOW,
        shared_at=NOW if shared else None,
    )
    session.add(made)
    session.flush()
    return made


def need(session: orm.Session, on: CaseReview, by: Person) -> SystemicNeed:
    """A need that waits for its reply."""
    made = SystemicNeed(
        review_id=on.id,
        item="",
        kind=NeedKind.TRAINING,
        words="A day on interviewing.",
        state=NeedState.RAISED,
        owner=NeedOwner.REGION,
        raised_by_id=by.id,
        raised_at=NOW,
        asked_at=NOW,
    )
    session.add(made)
    session.flush()
    return made


def make(making: Any) -> None:
    """Notes of the supervisor with the caseworker and of others; needs near and far."""
    session, people, on = making.session, making.people, making.reviews["final"]
    both = (people[Role.SUPERVISOR.value], people[Role.CASEWORKER.value])
    others = (people["colleague"], people["far_reviewer"])
    for reach, two in {"shared": both, "draft": both, "anothers": others}.items():
        made = note(session, on, *two, shared=reach != "draft")
        making.thing("coaching", reach, public_id=made.public_id)
    for reach, (review, who) in _NEEDS.items():
        its = need(session, making.reviews[review], people[who])
        making.thing("need", reach, public_id=its.public_id)
