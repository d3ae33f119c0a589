"""What stands in the way of a draw and of an elimination."""

from __future__ import annotations

from dataclasses import dataclass

from cqi.core.errors import Blocker
from cqi.sampling.rules.eliminating import IN_SAMPLE, STANDING_WORDS, Standing


@dataclass(frozen=True)
class Before:
    """How many draws the round has already, and why there is to be another."""

    draws: int
    reason: str


def draw_blockers(before: Before) -> list[Blocker]:
    """A second draw for the same round needs a reason, and stands beside the first for ever."""
    if not before.draws or before.reason.strip():
        return []
    message = (
        "This round has a draw already. Say why there is to be another: both stay, side by side,"
        " with the reason."
    )
    return [Blocker("second_draw", message, "reason")]


def proposing_blockers(
    standing: Standing, evidence: str, *, waits: bool, final: bool
) -> list[Blocker]:
    """Why a case cannot be proposed for elimination now."""
    found: list[Blocker] = []
    if standing not in IN_SAMPLE:
        words = STANDING_WORDS[standing].lower()
        found.append(Blocker("not_in_sample", f"This case is not in the sample: {words}."))
    if waits:
        message = "An elimination of this case waits for its decision already."
        found.append(Blocker("waits", message))
    if final:
        message = "Its case review is final: a case that was reviewed is not eliminated."
        found.append(Blocker("final", message))
    if not evidence.strip():
        message = "Write what shows it: who was asked and when, or where it stands in the record."
        found.append(Blocker("no_evidence", message, "evidence"))
    return found


@dataclass(frozen=True)
class Deciding:
    """A proposed elimination, as far as a decision rests on it. `final`: its case review is;
    `stands`: so does the draw that it is about."""

    decided: bool
    own: bool
    final: bool
    stands: bool


def deciding_blockers(deciding: Deciding, reason: str, *, approve: bool) -> list[Blocker]:
    """Why an elimination cannot be decided so. Nobody decides on what they proposed themselves."""
    found: list[Blocker] = []
    if deciding.decided:
        found.append(Blocker("decided", "This elimination was decided already."))
    if deciding.own:
        message = "You proposed it: the site leader, or the CQI director, decides."
        found.append(Blocker("own_proposal", message))
    if approve and not deciding.stands:
        message = "Another draw stands by now: decline this one, and propose it anew where needed."
        found.append(Blocker("another_draw", message))
    if approve and deciding.final:
        message = "The case review was finished meanwhile: decline the elimination."
        found.append(Blocker("final", message))
    if not approve and not reason.strip():
        found.append(Blocker("no_reason", "Say why it stays in the sample.", "reason"))
    return found
