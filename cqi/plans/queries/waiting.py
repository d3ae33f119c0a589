"""How much of plans waits for a person, as their first page lists it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import TypeVar

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.plans import rules
from cqi.plans.queries import ladders, owed, records, standings
from cqi.plans.queries.sheets import Wait

_Owed = TypeVar("_Owed", Wait, owed.Coming)


def number(session: orm.Session, actor: Actor, today: rules.Today) -> int:
    """What is to be approved, decided, looked at, claimed, written and acknowledged."""
    where, most = records.visible(actor), standings.SHOWN
    late = ladders.outstanding(session, actor, today, where, most=most)
    waits = (*standings.waits(session, actor, today), *owed.owed(session, actor, today))
    return len(waits) + len(ladders.once(late))


def of_plan(found: Iterable[_Owed], plan: uuid.UUID) -> tuple[_Owed, ...]:
    """What is owed beside steps on the pages of one plan."""
    return tuple(one for one in found if one.address == plan)
