"""What a round is (domain.md section 2)."""

from __future__ import annotations

import enum


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
