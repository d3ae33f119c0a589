"""Cases and who works them."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.cases.models import Case


def case(session: orm.Session, actor: Actor, public_id: uuid.UUID) -> Case:
    """A case whose county `actor` imports or assigns cases for. Raises NotFound."""
    raise NotImplementedError


def by_number(session: orm.Session, case_number: str) -> Case:
    """For commands and demonstrations: a case by its number. Raises NotFound."""
    raise NotImplementedError


def of_counties(session: orm.Session, county_ids: Collection[int]) -> list[Case]:
    """The cases of these counties, by number; the caller has checked that they may be seen."""
    raise NotImplementedError


def staff_ids(session: orm.Session, case_id: int) -> frozenset[str]:
    """Staff numbers of everybody who works or worked, supervises or supervised a case."""
    raise NotImplementedError
