"""What a place is."""

from __future__ import annotations

import enum


class PlaceKind(enum.StrEnum):
    """The four levels, from above."""

    STATE = "state"
    REGION = "region"
    COUNTY = "county"
    UNIT = "unit"
