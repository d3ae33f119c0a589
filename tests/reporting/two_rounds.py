"""A region of two counties with a baseline and a follow-up, for pages that show figures."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import orm

from cqi.instruments.definition import Rating
from cqi.places.models import Place
from cqi.reviews.rules import ReviewPurpose, ReviewState
from cqi.rounds.models import Round
from cqi.rounds.rules import RoundKind
from tests import build
from tests.fixtures.cast import Cast
from tests.measures import stored
from tests.measures.stored import Review

FULL, NOT = Rating.SUBSTANTIALLY_ACHIEVED, Rating.NOT_ACHIEVED
STRENGTH, ANI, NA = Rating.STRENGTH, Rating.AREA_NEEDING_IMPROVEMENT, Rating.NOT_APPLICABLE


@dataclass(frozen=True)
class Rounds:
    """Both rounds; `near` has most cases, `far` few."""

    baseline: Round
    follow_up: Round
    near: Place
    far: Place


def made(session: orm.Session, cast: Cast, before: int = 30, after: int = 30) -> Rounds:
    """SRM goes from 10 of 30 to 25 of 30, INV stays at half; one in six cases lies in the far
    county; practice, second readings, withdrawn and unfinished reviews stand beside them."""
    region = session.merge(cast.region, load=False)
    near = session.merge(cast.county, load=False)
    far = build.county(session, region, "Farther County")
    first = build.round(session, region, [near, far])
    second = build.round(
        session, region, [near, far], kind=RoundKind.FOLLOW_UP, compares_with=first
    )
    first.on_site_from, first.on_site_to = dt.date(2026, 3, 9), dt.date(2026, 3, 13)
    session.flush()
    for one, number, achieved in ((first, before, before // 3), (second, after, after * 5 // 6)):
        for each in range(number):
            good = each < achieved
            ratings = {
                "SRM": FULL if good else NOT,
                "SRM05": STRENGTH if good else ANI,
                "SRM08": NA,
                "INV": FULL if each % 2 else NOT,
            }
            place = far if each % 6 == 5 else near
            stored.review(session, one, place, Review(f"{one.id}-{each:03}", ratings))
        for name, more in _OUTSIDE.items():
            wanted = Review(f"{one.id}-{name}", {"SRM": FULL, "SRM05": STRENGTH}, **more)
            stored.review(session, one, near, wanted)
    return Rounds(first, second, near, far)


_OUTSIDE = {
    "91": {"purpose": ReviewPurpose.PRACTICE},
    "92": {"purpose": ReviewPurpose.RELIABILITY, "reading": 2},
    "93": {"state": ReviewState.WITHDRAWN},
    "94": {"state": ReviewState.RETURNED},
}
