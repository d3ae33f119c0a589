"""Why a drawn case may not be reviewed, and who stands in the sample after eliminations."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable
from dataclasses import dataclass


class EliminationReason(enum.StrEnum):
    """The list is closed: what is none of these is no reason. Agency to confirm."""

    KEY_PERSON_UNAVAILABLE = "key_person_unavailable"
    CASE_TYPE_WRONG = "case_type_wrong"
    OUT_OF_AREA = "out_of_area"
    TOO_SHORT = "too_short"
    CLOSED_BEFORE_PERIOD = "closed_before_period"
    FAMILY_IN_SAMPLE = "family_in_sample"
    REVIEWED_RECENTLY = "reviewed_recently"
    HOLD = "hold"
    RECORD_SEALED = "record_sealed"


ELIMINATION_WORDS = {
    EliminationReason.KEY_PERSON_UNAVAILABLE: (
        "Key people cannot be heard, and the others do not suffice"
    ),
    EliminationReason.CASE_TYPE_WRONG: "It is another kind of case than the list says",
    EliminationReason.OUT_OF_AREA: "The family or child lives, or the case is served, elsewhere",
    EliminationReason.TOO_SHORT: "It was not open long enough in the sampling period",
    EliminationReason.CLOSED_BEFORE_PERIOD: "It was closed before the sampling period",
    EliminationReason.FAMILY_IN_SAMPLE: "Another case of the family is in the sample",
    EliminationReason.REVIEWED_RECENTLY: "It was reviewed in a recent round",
    EliminationReason.HOLD: "A fatality or litigation hold was put on it",
    EliminationReason.RECORD_SEALED: "The record is sealed: an adoption, or a court's order",
}


class Standing(enum.StrEnum):
    """Where a drawn case stands now."""

    DRAWN = "drawn"
    STEPPED_IN = "stepped_in"
    RESERVE = "reserve"
    ELIMINATED = "eliminated"


STANDING_WORDS = {
    Standing.DRAWN: "Drawn",
    Standing.STEPPED_IN: "Stepped in",
    Standing.RESERVE: "Reserve",
    Standing.ELIMINATED: "Eliminated",
}
IN_SAMPLE = frozenset({Standing.DRAWN, Standing.STEPPED_IN})


@dataclass(frozen=True)
class Place:
    """One case in its stratum's order."""

    id: int
    stratum: str
    position: int
    reserve: bool


def standing(place: Place, eliminated: Collection[int], stepped_in: Collection[int]) -> Standing:
    """How one case stands, by the ids of those eliminated and of those that stepped in."""
    if place.id in eliminated:
        return Standing.ELIMINATED
    if place.id in stepped_in:
        return Standing.STEPPED_IN
    return Standing.RESERVE if place.reserve else Standing.DRAWN


def next_in_line(
    places: Iterable[Place], stratum: str, eliminated: Collection[int], stepped_in: Collection[int]
) -> Place | None:
    """The first case of a stratum that still stands by; None where the reserve is used up."""
    waiting = [
        place
        for place in places
        if place.stratum == stratum and standing(place, eliminated, stepped_in) is Standing.RESERVE
    ]
    return min(waiting, key=lambda place: place.position, default=None)
