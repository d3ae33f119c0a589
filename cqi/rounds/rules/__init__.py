"""What a round is (domain.md section 2)."""

from __future__ import annotations

import enum
import hashlib
from dataclasses import dataclass


class RoundKind(enum.StrEnum):
    """Which review event in a region's cycle."""

    BASELINE = "baseline"
    FOLLOW_UP = "follow_up"
    ONGOING = "ongoing"
    INTERIM_PEER = "interim_peer"
    INTERIM_COUNTY_TEAM = "interim_county_team"


ROUND_KIND_WORDS = {
    RoundKind.BASELINE: "Baseline",
    RoundKind.FOLLOW_UP: "Follow-up",
    RoundKind.ONGOING: "Ongoing",
    RoundKind.INTERIM_PEER: "Interim review by peers",
    RoundKind.INTERIM_COUNTY_TEAM: "Interim review by a county team",
}
# for regions that have not begun, and between scheduled rounds; the same protocol
INTERIM = frozenset({RoundKind.INTERIM_PEER, RoundKind.INTERIM_COUNTY_TEAM})
ALL = 100  # percent


@dataclass(frozen=True)
class SecondLevel:
    """How many of 100 case reviews of a round go to second-level QA; the seed tells which.

    Of 0 none has to, of 100 all do, and neither needs a seed.
    """

    share: int = 0
    seed: str = ""

    @property
    def drawn(self) -> bool:
        """True where only some go there."""
        return 0 < self.share < ALL

    def due(self, case_number: str) -> bool:
        """Whether a case review goes there: the same for the same seed and case number, whoever
        asks and whatever other cases are in the round."""
        if not self.drawn:
            return self.share >= ALL
        told = hashlib.sha256(f"{self.seed}\n{case_number}".encode()).hexdigest()
        return int(told, 16) * ALL < self.share << (4 * len(told))

    @property
    def words(self) -> str:
        """The share alone, for a list of changes."""
        return f"{self.share}%" if self.drawn else "all" if self.share else "on request only"

    def __str__(self) -> str:
        if self.drawn:
            return f"{self.share}% of the case reviews, drawn by seed {self.seed}"
        return "all case reviews" if self.share else "on request only"


NONE_DUE = SecondLevel()
