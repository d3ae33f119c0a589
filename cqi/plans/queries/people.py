"""Who leads, helps with and decides on the plans of a place, on a day."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.permissions import Role
from cqi.places import queries as places


def leads(session: orm.Session, place_id: int, today: dt.date) -> frozenset[int]:
    """Regional Directors of a place."""
    return _holders(session, Role.REGIONAL_DIRECTOR, place_id, today)


def liaisons(session: orm.Session, place_id: int, today: dt.date) -> frozenset[int]:
    """CQI liaisons of a place."""
    return _holders(session, Role.CQI_LIAISON, place_id, today)


def deciders(session: orm.Session, place_id: int, today: dt.date) -> frozenset[int]:
    """CQI directors."""
    near = _holders(session, Role.CQI_DIRECTOR, place_id, today)
    return near | access.holders_in_state(session, Role.CQI_DIRECTOR, today)


def _holders(session: orm.Session, role: Role, place_id: int, today: dt.date) -> frozenset[int]:
    above = places.above(session, [place_id], today)
    return access.holders(session, role, above, today)
