"""What people do while a region gets ready: the planning checklist, and how far components are
put into practice."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor, Thing
from cqi.access.permissions import Permission
from cqi.core import errors, events
from cqi.notices import actions as notices
from cqi.notices.rules import NoticeKind
from cqi.places.models import Place
from cqi.rounds import policy
from cqi.rounds.models import Benchmark, PlanningItem
from cqi.rounds.policy import ItemChange, NewBenchmark
from cqi.rounds.queries import readiness


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
    if new.item not in {each.key for each in readiness.shipped_checklist()}:
        raise errors.NotFound("there is no such item")
    row = _held(session, region, new.item)
    return _put(session, _Putting(region, actor, now, today), row, new)


@dataclass(frozen=True)
class OwnDone:
    """That somebody's own item is done, or not any more; `seen` is the revision that was shown."""

    item: str
    done_on: dt.date | None
    note: str
    seen: int


def tick_own_item(
    session: orm.Session,
    *,
    region: Place,
    new: OwnDone,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> PlanningItem:
    """Write down that an item is done, as whose it is; owner and day stay. Raises NotFound for
    somebody else's, or Blocked as `change_item`."""
    row = _held(session, region, new.item)
    if row is None or row.owner_id != actor.person_id:
        raise errors.NotFound("there is no such item of yours")
    change = ItemChange(new.item, row.owner_id, row.due_on, new.done_on, new.note, new.seen)
    made = _put(session, _Putting(region, actor, now, today), row, change)
    notices.mark_subject_seen(session, subject=region.public_id, actor=actor, now=now)
    return made


def tell_late_items(session: orm.Session, *, now: dt.datetime, today: dt.date) -> int:
    """Tell the owner of each item that is late, once for the day that it was due; how many are
    late. Whoever has several in a region gets one notice."""
    late = readiness.late_to_tell(session, today)
    theirs: dict[tuple[uuid.UUID, int], list[int]] = {}
    for key, region, owner in late:
        theirs.setdefault((region, owner), []).append(key)
    for (region, owner), keys in theirs.items():
        kind = NoticeKind.PLANNING_ITEM_LATE
        told = notices.tell(session, kind, people=[owner], subject=region, now=now)
        # not through the row: its revision is what somebody's open form was made for
        rows = sa.update(PlanningItem).where(PlanningItem.id.in_(keys))
        session.execute(rows.values(told_late_on=today))
        happening = events.Happening("rollout.item_late", None, now)
        payload = {"items": keys, "told": told}
        events.record(session, events.Stream("rollout", region), happening, payload)
    return len(late)


@dataclass(frozen=True)
class _Putting:
    region: Place
    actor: Actor
    now: dt.datetime
    today: dt.date


def _held(session: orm.Session, region: Place, item: str) -> PlanningItem | None:
    """An item as it stands now, for whoever changes it alone."""
    events.hold(session, _stream(region))
    row = readiness.row(session, region.id, item)
    if row is not None:
        session.refresh(row)
    return row


def _put(
    session: orm.Session, putting: _Putting, row: PlanningItem | None, new: ItemChange
) -> PlanningItem:
    region, actor, now, today = putting.region, putting.actor, putting.now, putting.today
    errors.require(policy.item_blockers(new, today, row.revision if row else 0))
    if row is None:
        row = PlanningItem(region_id=region.id, item=new.item)
        session.add(row)
    if row.done_on != new.done_on:
        row.done_by_id = actor.person_id if new.done_on else None
    if (row.owner_id, row.due_on) != (new.owner_id, new.due_on):
        row.told_late_on = None
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
