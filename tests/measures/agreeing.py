"""Cases that two pairs read and handed in, written as rows and events: agreement needs no answers,
only what the chains of events say of ratings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import orm

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.cases.models import Case
from cqi.core import events
from cqi.places.models import Place
from cqi.reviews.models import CaseReview
from cqi.reviews.rules import ReviewState
from cqi.rounds.models import Round
from tests import build

Handed = tuple[Sequence[Person], Mapping[str, str | None]]  # by whom, with which ratings
STRENGTH, NEED, NA = "strength", "area_needing_improvement", "not_applicable"


def read_twice(
    session: orm.Session, on: Round, county: Place, first: Handed, second: Handed
) -> Case:
    """One case more, each reading by its people and with its ratings as first handed in."""
    case = build.case(session, county)
    for again, (people, ratings) in enumerate((first, second)):
        made = build.case_review(session, on, case, people, second=bool(again))
        _hand_in(session, made, ratings)
    return case


def dozen(session: orm.Session, on: Round, county: Place) -> None:
    """Twelve cases of two pairs: some items always the same, some never, some often too few."""
    people = [build.person(session, f"{name} Reader") for name in ("Ada", "Ben", "Cara", "Dov")]
    for person in people:
        build.grant(session, person, Role.REVIEWER, round=on)
    codes = [each.code for each in (*build.instrument().components, *build.instrument().items)]
    items = [code for code in codes if len(code) > 3]
    for case in range(12):
        first = dict.fromkeys(items, STRENGTH)
        apart = {
            code: NEED for place, code in enumerate(items) if (case * 7 + place) % 13 < place % 5
        }
        rare = {code: NA for code in items[::6] if case > 5}
        achieved = {code: "substantially_achieved" for code in codes if code not in items}
        read_twice(
            session,
            on,
            county,
            (people[:2], achieved | first | rare),
            (people[2:], achieved | first | apart | rare),
        )


def _hand_in(session: orm.Session, review: CaseReview, ratings: Mapping[str, str | None]) -> None:
    stream = events.Stream("review", review.public_id)
    told = {"review.answered": {"ratings": dict(ratings)}, "review.submit_for_qa": {}}
    for kind, payload in told.items():
        events.record(session, stream, events.Happening(kind, None, build.NOW), payload)
    review.pur_to, review.first_submitted_at = build.NOW.date(), build.NOW
    review.state = ReviewState.SUBMITTED
    session.flush()
