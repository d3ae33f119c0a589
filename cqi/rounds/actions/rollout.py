"""What people do with the roll-out: plan a region's stages, write down that they began, decide the
order of regions. Each change is kept with who made it, when and why."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import orm

from cqi.access.actor import Actor, Thing
from cqi.access.permissions import Permission
from cqi.core import errors, events
from cqi.places.models import Place
from cqi.rounds import policy
from cqi.rounds.models import RegionRollout, RolloutDecision
from cqi.rounds.policy import NewOrder, Overtaking
from cqi.rounds.queries import rollout
from cqi.rounds.rules.rollout import Dates, DecisionKind


@dataclass(frozen=True)
class NewDates:
    """Planned dates of a region; `seen` is the revision that the page showed, 0 for none."""

    dates: Dates
    reason: str = ""
    seen: int = 0


@dataclass(frozen=True)
class Beginnings:
    """The days on which stages began that no round tells of; None: not begun, or not known."""

    planning_on: dt.date | None = None
    implementation_on: dt.date | None = None
    support_on: dt.date | None = None
    reason: str = ""
    seen: int = 0

    @property
    def columns(self) -> dict[str, dt.date | None]:
        """Column of the table -> day."""
        return {
            "planning_began_on": self.planning_on,
            "implementation_began_on": self.implementation_on,
            "support_began_on": self.support_on,
        }


def plan_region(
    session: orm.Session, *, region: Place, new: NewDates, actor: Actor, now: dt.datetime
) -> RegionRollout:
    """Plan a region's stages, or change the plan. Raises Forbidden, or Blocked with every reason:
    stage_order, stage_ends, overtaken, no_reason."""
    _require(actor, frozenset({region.id}))
    row = _held(session, region)
    stands = row.revision if row else 0
    changes = row is not None and row.dates != new.dates
    overtaking = Overtaking(stands, new.seen, changes, new.reason)
    errors.require(policy.date_blockers(new.dates, overtaking))
    if row is None:
        row = RegionRollout(region_id=region.id)
        session.add(row)
    for name, day in dataclasses.asdict(new.dates).items():
        setattr(row, name, day)
    session.flush()
    if changes or not stands:
        content = _iso(dataclasses.asdict(new.dates))
        made = _decision(DecisionKind.DATES, content, new.reason, actor, now)
        _keep(session, _stream(region), made, region.id)
    return row


def write_beginnings(
    session: orm.Session,
    *,
    region: Place,
    new: Beginnings,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> None:
    """Write down on which days stages began. Raises Forbidden, or Blocked with every reason:
    no_plan, to_come, stage_order, overtaken, no_reason."""
    _require(actor, frozenset({region.id}))
    row = _held(session, region)
    before = {name: getattr(row, name, None) for name in new.columns}
    changed = any(day and day != new.columns[name] for name, day in before.items())
    told = dataclasses.replace(
        rollout.told(session, {region.id})[region.id],
        planning_on=new.planning_on,
        implementation_on=new.implementation_on,
        support_on=new.support_on,
    )
    overtaking = Overtaking(row.revision if row else 0, new.seen, changed, new.reason)
    errors.require(policy.began_blockers(told, today, overtaking))
    assert row is not None  # noqa: S101 - a blocker otherwise
    if before == new.columns:
        return
    for name, day in new.columns.items():
        setattr(row, name, day)
    session.flush()
    made = _decision(DecisionKind.BEGAN, _iso(new.columns), new.reason, actor, now)
    _keep(session, _stream(region), made, region.id)


def decide_order(session: orm.Session, *, new: NewOrder, actor: Actor, now: dt.datetime) -> None:
    """Decide in which order regions begin. Raises Forbidden, or Blocked with every reason:
    regions, no_criteria, no_reason, overtaken."""
    regions = rollout.all_regions(session)
    _require(actor, regions)
    events.hold(session, STATE)
    stands = rollout.order(session)
    errors.require(policy.order_blockers(new, regions, stands.number if stands else 0))
    made = _decision(DecisionKind.ORDER, {"regions": list(new.regions)}, new.reason, actor, now)
    made.criteria = new.criteria.strip()
    _keep(session, STATE, made)


STATE = events.Stream("rollout", rollout.STATE_ID)


def _require(actor: Actor, regions: frozenset[int]) -> None:
    for region in regions:
        if not actor.may(Permission.ROUND_OPEN, Thing(places=frozenset({region}))):
            raise errors.Forbidden("You may not plan the roll-out here.")


def _held(session: orm.Session, region: Place) -> RegionRollout | None:
    """What stands, with everybody else who would change it waiting."""
    events.hold(session, _stream(region))
    row = rollout.row(session, region.id)
    if row is not None:
        session.refresh(row)
    return row


def _stream(region: Place) -> events.Stream:
    return events.Stream("rollout", region.public_id)


def _iso(days: Mapping[str, dt.date | None]) -> dict[str, str | None]:
    return {name: day.isoformat() if day else None for name, day in days.items()}


def _decision(
    kind: DecisionKind, content: Mapping[str, Any], reason: str, actor: Actor, now: dt.datetime
) -> RolloutDecision:
    return RolloutDecision(
        kind=kind, content=dict(content), reason=reason.strip(), by_id=actor.person_id, at=now
    )


def _keep(
    session: orm.Session,
    stream: events.Stream,
    made: RolloutDecision,
    region_id: int | None = None,
) -> None:
    made.region_id = region_id
    session.add(made)
    session.flush()
    happening = events.Happening(f"rollout.{made.kind.value}", made.by_id, made.at)
    payload = {"decision": made.id, **made.content, "reason": events.digest(made.reason)}
    if made.criteria:
        payload["criteria"] = events.digest(made.criteria)
    events.record(session, stream, happening, payload)
