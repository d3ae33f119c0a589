"""How far the grant of each role can reach (domain.md section 4)."""

from __future__ import annotations

import enum

from cqi.access.permissions import Role


class Kind(enum.StrEnum):
    """What a grant is for."""

    STATE = "state"
    REGION = "region"
    COUNTY = "county"
    UNIT = "unit"
    ROUND = "round"
    OWN = "own"


_STATE = frozenset({Kind.STATE})

OF_ROLE: dict[Role, frozenset[Kind]] = {
    Role.ADMINISTRATOR: _STATE,
    Role.CQI_DIRECTOR: _STATE,
    Role.CQI_LIAISON: frozenset({Kind.REGION}),
    Role.SITE_LEADER: frozenset({Kind.ROUND}),
    Role.QA_LEAD: frozenset({Kind.STATE, Kind.REGION}),
    Role.REVIEWER: frozenset({Kind.ROUND}),
    Role.ANALYST: _STATE,
    Role.REGIONAL_DIRECTOR: frozenset({Kind.REGION}),
    Role.SUPERVISOR: frozenset({Kind.UNIT}),
    Role.CASEWORKER: frozenset({Kind.OWN}),
    Role.STATE_OFFICE: _STATE,
    Role.STAKEHOLDER: frozenset({Kind.OWN, Kind.REGION, Kind.COUNTY}),
    Role.AUDITOR: _STATE,
}
