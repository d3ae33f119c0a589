"""What a round is (domain.md section 2)."""

from __future__ import annotations

import enum
import hashlib
from dataclasses import dataclass
from typing import ClassVar


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


class Setting(enum.StrEnum):
    """What a share of a round's cases is drawn for."""

    SECOND_LEVEL = "second_level"
    DOUBLE_READING = "double_reading"


class MemoRatings(enum.StrEnum):
    """Who sees ratings in the feedback memos of a round. Nobody else does there."""

    NOBODY = "nobody"
    SUPERVISORS = "supervisors"
    EVERYBODY = "everybody"


MEMO_RATINGS_WORDS = {
    MemoRatings.NOBODY: "Nobody",
    MemoRatings.SUPERVISORS: "Supervisors, not caseworkers",
    MemoRatings.EVERYBODY: "Caseworkers and supervisors",
}


@dataclass(frozen=True)
class Share:
    """How many of 100 cases of a round are drawn; the seed tells which.

    Of 0 none is, of 100 all are, and neither needs a seed.
    """

    share: int = 0
    seed: str = ""

    setting: ClassVar[Setting]
    label: ClassVar[str]  # what is told beside the seed, so that two settings draw apart
    drawn_are: ClassVar[str]
    none: ClassVar[str]

    @property
    def drawn(self) -> bool:
        """True where only some are."""
        return 0 < self.share < ALL

    def due(self, case_number: str) -> bool:
        """Whether a case is drawn: the same for the same seed and case number, whoever asks and
        whatever other cases are in the round."""
        if not self.drawn:
            return self.share >= ALL
        text = f"{self.seed}\n{self.label}{case_number}"
        told = hashlib.sha256(text.encode()).hexdigest()
        return int(told, 16) * ALL < self.share << (4 * len(told))

    @property
    def words(self) -> str:
        """The share alone: for a list of changes, and where the seed is not for everybody."""
        return f"{self.share}%" if self.drawn else "all" if self.share else self.none

    def __str__(self) -> str:
        if self.drawn:
            return f"{self.share}% of the {self.drawn_are}, drawn by seed {self.seed}"
        return f"all {self.drawn_are}" if self.share else self.none


class SecondLevel(Share):
    """Which case reviews go to second-level QA."""

    setting = Setting.SECOND_LEVEL
    label = ""
    drawn_are = "case reviews"
    none = "on request only"


class DoubleReading(Share):
    """Which cases are read twice, the second time by another pair."""

    setting = Setting.DOUBLE_READING
    label = "second reading\n"
    drawn_are = "cases"
    none = "none"


NONE_DUE = SecondLevel()
NONE_TWICE = DoubleReading()
