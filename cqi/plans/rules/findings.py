"""What a plan answers: findings on practice, systemic factors, and strengths to keep."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from cqi.measures.rules import findings


class FindingKind(enum.StrEnum):
    """What a finding is about."""

    PRACTICE = "practice"
    SYSTEMIC = "systemic"
    STRENGTH = "strength"


class SystemicFactor(enum.StrEnum):
    """What stands around casework and helps or hinders it."""

    TRAINING = "training"
    SERVICE_ARRAY = "service_array"
    INFORMATION_SYSTEM = "information_system"
    SUPERVISION_AND_CASELOAD = "supervision_and_caseload"
    POLICY = "policy"
    FOSTER_AND_ADOPTIVE_HOMES = "foster_and_adoptive_homes"
    COURTS_AND_PARTNERS = "courts_and_partners"


class FindingDecision(enum.StrEnum):
    """What the region says of a finding; none vanishes."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    MERGED = "merged"
    DECLINED = "declined"


KIND_WORDS = {
    FindingKind.PRACTICE: "Practice",
    FindingKind.SYSTEMIC: "Systemic factor",
    FindingKind.STRENGTH: "Strength",
}
FACTOR_WORDS = {
    SystemicFactor.TRAINING: "Training",
    SystemicFactor.SERVICE_ARRAY: "Service array",
    SystemicFactor.INFORMATION_SYSTEM: "Information system",
    SystemicFactor.SUPERVISION_AND_CASELOAD: "Supervision and caseload",
    SystemicFactor.POLICY: "Policy",
    SystemicFactor.FOSTER_AND_ADOPTIVE_HOMES: "Foster and adoptive homes",
    SystemicFactor.COURTS_AND_PARTNERS: "Courts and partners",
}
DECISION_WORDS = {
    FindingDecision.PROPOSED: "To decide",
    FindingDecision.ACCEPTED: "Accepted",
    FindingDecision.MERGED: "Merged",
    FindingDecision.DECLINED: "Declined",
}


@dataclass(frozen=True)
class Measured:
    """A component or item in the plan's round: how many cases achieved it, of how many. `pair`
    holds it against the round compared with, where both have cases enough; `word` is what the one
    rule of words says of that, where it may say anything."""

    code: str
    achieved: int
    applicable: int
    pair: findings.Pair | None = None
    word: str = ""

    @property
    def touched(self) -> int:
        """How many cases need improvement."""
        return self.applicable - self.achieved

    @property
    def improved(self) -> bool:
        """Whether the whole interval of the difference lies above 0."""
        return self.pair is not None and self.pair.interval().low > 0

    @property
    def declined(self) -> bool:
        """Whether the whole interval of the difference lies below 0."""
        return self.pair is not None and self.pair.interval().high < 0

    def figures(self) -> dict[str, Any]:
        """As they are kept with a finding."""
        kept: dict[str, Any] = {"achieved": self.achieved, "applicable": self.applicable}
        if self.pair:
            kept["before"] = [self.pair.k0, self.pair.n0]
        return kept | ({"word": self.word} if self.word else {})


@dataclass(frozen=True)
class Proposal:
    """A finding that the figures propose."""

    kind: FindingKind
    measured: Measured


def proposed(measured: Iterable[Measured], below: int, smallest_n: int) -> tuple[Proposal, ...]:
    """What a plan should answer: needs by how many cases they touch, then strengths to keep.

    A need lies below the share (percent) or declined; a strength improved, or reaches the share
    and did not decline. What is low and improved is both. Too few cases propose nothing.
    """
    told = [one for one in measured if one.applicable >= max(smallest_n, 1)]
    needs = [one for one in told if _low(one, below) or one.declined]
    strong = [one for one in told if one.improved or not (_low(one, below) or one.declined)]
    needs.sort(key=lambda one: (-one.touched, one.code))
    strong.sort(key=lambda one: (-one.achieved, one.code))
    return (
        *(Proposal(FindingKind.PRACTICE, one) for one in needs),
        *(Proposal(FindingKind.STRENGTH, one) for one in strong),
    )


def _low(one: Measured, below: int) -> bool:
    return Fraction(one.achieved, one.applicable) * 100 < below
