"""The matrix's part about ratings that are looked at again."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.permissions import Role
from cqi.core import identifiers
from cqi.feedback.models import MemoRelease, Reconsideration
from cqi.feedback.rules.reconsidering import Ground, ReconsiderationState
from cqi.instruments.definition import Rating
from cqi.reviews.models import CaseReview
from cqi.rounds.rules import MemoRatings
from tests.build import NOW
from tests.web.matrix_grids import Row, grid, of, page

# With the memo, for those who ask or are told; those who decide reach the case by place.
REQUEST = grid(
    "request",
    """
                      final unassigned same_region other conflict works
    cqi_director      yes   yes        yes         yes   404      yes
    cqi_liaison       yes   yes        yes         404   404      yes
    qa_lead           yes   yes        yes         404   404      yes
    supervisor        yes   404        404         404   yes      yes
    caseworker        yes   404        404         404   yes      yes
    """,
)
DECIDE = grid(
    "request",
    """
                      final unassigned same_region other conflict works
    cqi_director      yes   yes        yes         yes   404      yes
    qa_lead           yes   yes        yes         404   404      yes
    """,
)
WITHDRAW = grid(
    "request",
    """
                      final unassigned same_region other conflict works
    supervisor        yes   404        404         404   yes      yes
    """,
)
ASK = grid(
    "memo",
    """
                      final unassigned same_region other conflict works submitted
    supervisor        yes   404        404         404   yes      yes   404
    """,
)
_R = Role
SEE = page(_R.CQI_DIRECTOR, _R.CQI_LIAISON, _R.QA_LEAD, _R.SUPERVISOR, _R.CASEWORKER)
COUNTS = page(_R.CQI_DIRECTOR, _R.QA_LEAD)
ROWS = {
    "feedback.ask_to_reconsider": of(
        ASK, {"item": "SRM05", "ground": "reason", "words": "Look at the visits."}
    ),
    "feedback.decide_reconsideration": of(DECIDE, {"decision": "stays", "words": "Fair."}),
    "feedback.reconsideration": Row(REQUEST),
    "feedback.reconsiderations": Row(SEE),
    "feedback.reconsidered_items": Row(COUNTS),
    "feedback.withdraw_reconsideration": Row(WITHDRAW),
}
REACHES = ("final", "unassigned", "same_region", "other", "conflict", "works")


def request(session: orm.Session, review: CaseReview, by: int) -> Reconsideration:
    """A request about a case review's memo, made plainly, with its memo where it has none."""
    made = Reconsideration(
        public_id=identifiers.uuid7(),
        review_id=review.id,
        release_id=_release(session, review).id,
        item="SRM03",
        rating=Rating.STRENGTH,
        ground=Ground.REASON,
        words="x",
        state=ReconsiderationState.ASKED,
        asked_by_id=by,
        asked_at=NOW,
    )
    session.add(made)
    session.flush()
    return made


def _release(session: orm.Session, review: CaseReview) -> MemoRelease:
    query = sa.select(MemoRelease).where(MemoRelease.review_id == review.id)
    found = session.scalars(query).first()
    if found is not None:
        return found
    made = MemoRelease(
        review_id=review.id,
        number=1,
        final_at=review.final_at or NOW,
        ratings=MemoRatings.SUPERVISORS,
        released_at=NOW,
    )
    session.add(made)
    session.flush()
    return made
