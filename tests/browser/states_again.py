"""Pages on which a rating is looked at again, in every state: rows for tests/browser/states.py."""

from __future__ import annotations

import sqlalchemy as sa

from cqi.feedback.policy.reconsidering import Taken
from cqi.instruments.definition import Rating
from cqi.reviews.models import CaseReview
from tests.feedback import invented, reconsidered
from tests.fixtures.scoring import Desk

_ASK = "/feedback/{id}/reconsider"
WHY = "The record and two interviews say the same, with dates. " * 12
# (state, who, path, what is done there)
ROWS = (
    ("what came of requests", "supervisor", "/feedback/{id}"),
    ("what came of requests", "caseworker", "/feedback/{id}"),
    ("to ask", "supervisor", _ASK),
    ("lacks everything", "supervisor", _ASK, "press Ask"),
    ("to take back", "supervisor", "/feedback/reconsiderations/{asked}"),
    ("did QA in it", "qa_lead", "/feedback/reconsiderations/{asked}"),
    ("to decide", "cqi_director", "/feedback/reconsiderations/{asked}"),
    ("not decided", "cqi_director", "/feedback/reconsiderations/{asked}", "press Decide"),
    ("to reopen", "cqi_director", "/feedback/reconsiderations/{changed}"),
    ("upheld", "caseworker", "/feedback/reconsiderations/{upheld}"),
    ("some of each", "qa_lead", "/feedback/reconsiderations"),
    ("some of each", "cqi_director", "/feedback/reconsiderations"),
    ("some", "qa_lead", "/feedback/reconsiderations/items"),
)
_DECIDED = {
    "upheld": ("SRM05", Taken(WHY)),
    "changed": ("SRM03", Taken("Both visits count.", Rating.AREA_NEEDING_IMPROVEMENT)),
}


def make(desk: Desk) -> dict[str, str]:
    """A memo with requests of each kind; whoever approved it is the only QA lead. Their ids."""
    desk.with_qa().approve()
    cast = desk.cast
    with desk.database.writing() as session:
        query = sa.select(CaseReview).where(CaseReview.public_id == desk.public_id)
        invented.release(session, cast, session.scalars(query).one())
    case = reconsidered.Case(desk.database, cast, desk.public_id, cast.cqi_director)
    made = {}
    for name, (item, decided) in _DECIDED.items():
        made[name] = str(case.ask(item=item))
        case.decide(cast.cqi_director, decided)
    return made | {"asked": str(case.ask(item="MAS01"))}
