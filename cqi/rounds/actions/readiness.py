"""What people do while a region gets ready: the planning checklist, and how far components are
put into practice."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import orm

from cqi.access.actor import Actor, Thing
from cqi.access.permissions import Permission
from cqi.core import errors, events
from cqi.places.models import Place
from cqi.rounds import policy
from cqi.rounds.models import Benchmark, PlanningItem
from cqi.rounds.policy import ItemChange, NewBenchmark
from cqi.rounds.queries import readiness
from cqi.rounds.rules import rollout


def change_item(
    session: orm.Session,
    *,
    region: Place,
    new: ItemChange,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> PlanningItem:
    """Give an item its owner and day, or write down that it is done. Raises Forbidden, NotFound
    for an item that is none, or Blocked with every reason: overtaken, to_come, no_note."""
    _require(actor, region)
    if new.item not in {each.key for each in rollout.checklist()}:
        raise errors.NotFound("there is no such item")
    events.hold(session, _stream(region))
    row = readiness.row(session, region.id, new.item)
    if row is not None:
        session.refresh(row)
    errors.require(policy.item_blockers(new, today, row.revision if row else 0))
    if row is None:
        row = PlanningItem(region_id=region.id, item=new.item)
        session.add(row)
    if row.done_on != new.done_on:
        row.done_by_id = actor.person_id if new.done_on else None
    row.owner_id, row.due_on, row.done_on = new.owner_id, new.due_on, new.done_on
    row.note = new.note.strip()
    session.flush()
    payload = {
        "item": new.item,
        "owner": new.owner_id,
        "due_on": new.due_on.isoformat(),
        "done_on": new.done_on.isoformat() if new.done_on else None,
        "note": events.digest(row.note),
    }
    happening = events.Happening("rollout.item", actor.person_id, now)
    events.record(session, _stream(region), happening, payload)
    return row


def set_benchmark(
    session: orm.Session,
    *,
    region: Place,
    new: NewBenchmark,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> Benchmark:
    """Write down how far a component is put into practice; earlier ones stay. Raises Forbidden, or
    Blocked with every reason: unknown_component, to_come, no_note."""
    _require(actor, region)
    components = readiness.components(session, today)
    errors.require(policy.benchmark_blockers(new, components, today))
    row = Benchmark(
        region_id=region.id,
        component=new.component,
        degree=new.degree,
        from_on=new.from_on,
        note=new.note.strip(),
        by_id=actor.person_id,
        at=now,
    )
    session.add(row)
    session.flush()
    payload = {
        "component": new.component,
        "degree": new.degree.value,
        "from_on": new.from_on.isoformat(),
        "note": events.digest(row.note),
    }
    happening = events.Happening("rollout.benchmark", actor.person_id, now)
    events.record(session, _stream(region), happening, payload)
    return row


def _require(actor: Actor, region: Place) -> None:
    if not actor.may(Permission.ROUND_OPEN, Thing(places=frozenset({region.id}))):
        raise errors.Forbidden("You may not plan the roll-out here.")


def _stream(region: Place) -> events.Stream:
    return events.Stream("rollout", region.public_id)
