"""Bringing places in from a file, moving a county to another region, and adding units."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import errors, events
from cqi.core.errors import Blocker
from cqi.places import queries, rules
from cqi.places.models import Place, PlaceMembership
from cqi.places.rules import PlaceKind

_STREAM = uuid.uuid5(uuid.NAMESPACE_URL, "cqi:places")


@dataclass(frozen=True)
class Source:
    """Where the rows are from, and whether the agency has confirmed them."""

    words: str
    from_on: dt.date
    confirmed: bool = False


@dataclass(frozen=True)
class Imported:
    """What an import did, or with a dry run would do."""

    state: str
    regions: int
    counties: int
    added: int
    moved: int
    unchanged: int
    digest: str


def import_places(
    session: orm.Session,
    text: str,
    source: Source,
    *,
    actor_id: int | None,
    now: dt.datetime,
    dry_run: bool = False,
) -> Imported:
    """Counties with their regions from CSV (`county,fips,region`, optional `from`).

    All or nothing. Raises BadInput with every bad row. A county that stands in another region from
    its date on is moved: the earlier membership ends on that day and stays readable.
    """
    rows = rules.read_rows(text, source.from_on)
    bad = _cannot_move(session, rows)
    if bad:
        raise errors.BadInput("the file was not imported: nothing was changed", bad)
    digest = hashlib.sha256(text.encode()).hexdigest()
    with session.begin_nested() as attempt:
        done = _Import(session, source).run(rows)
        if dry_run:
            attempt.rollback()
    if not dry_run and (done.added or done.moved):
        payload = {"digest": digest, "added": done.added, "moved": done.moved}
        happening = events.Happening("places.imported", actor_id, now)
        events.record(session, events.Stream("places", _STREAM), happening, payload)
    return Imported(
        rules.state_of(rows)[1],
        len({row.region for row in rows}),
        len(rows),
        done.added,
        done.moved,
        done.unchanged,
        digest,
    )


def _cannot_move(session: orm.Session, rows: list[rules.CountyRow]) -> list[errors.BadRow]:
    """Rows that put a county elsewhere on a day before, or on which, it was put somewhere."""
    above = orm.aliased(Place)
    query = (
        sa.select(Place.code, above.code, PlaceMembership.from_on)
        .join(PlaceMembership, PlaceMembership.place_id == Place.id)
        .join(above, above.id == PlaceMembership.parent_id)
        .where(Place.kind == PlaceKind.COUNTY, PlaceMembership.until_on.is_(None))
    )
    stands = {fips: (region, since) for fips, region, since in session.execute(query)}
    bad = []
    for row in rows:
        region, since = stands.get(row.fips, (row.region, row.from_on))
        if region != row.region and since >= row.from_on:
            message = f"{row.county} is in {region} since {since}: give a later date"
            bad.append(errors.BadRow(row.line, "from", message))
    return bad


class _Import:
    """One import: finds or makes each place and ties it to the one above."""

    def __init__(self, session: orm.Session, source: Source) -> None:
        self.session, self.source = session, source
        self.added = self.moved = self.unchanged = 0
        self.known = {
            (place.kind, place.code): place for place in session.scalars(sa.select(Place))
        }
        query = sa.select(PlaceMembership).where(PlaceMembership.until_on.is_(None))
        self.open = {row.place_id: row for row in session.scalars(query)}

    def run(self, rows: list[rules.CountyRow]) -> _Import:
        code, name = rules.state_of(rows)
        state = self._place(PlaceKind.STATE, code, name)
        for row in rows:
            region = self._place(PlaceKind.REGION, row.region, row.region)
            self._tie(region, state, row.from_on)
            county = self._place(PlaceKind.COUNTY, row.fips, row.county)
            self._tie(county, region, row.from_on)
        self.session.flush()
        return self

    def _place(self, kind: PlaceKind, code: str, name: str) -> Place:
        place = self.known.get((kind, code))
        if place is None:
            place = Place(kind=kind, code=code, name=name)
            self.session.add(place)
            self.session.flush()
            self.known[(kind, code)] = place
            self.added += 1
        return place

    def _tie(self, place: Place, above: Place, from_on: dt.date) -> None:
        row = self.open.get(place.id)
        if row is not None and row.parent_id == above.id:
            self.unchanged += place.kind is PlaceKind.COUNTY
            return
        if row is not None:
            row.until_on = from_on
            self.moved += 1
        self.open[place.id] = _membership(place, above, from_on, self.source)
        self.session.add(self.open[place.id])


def _membership(place: Place, above: Place, from_on: dt.date, source: Source) -> PlaceMembership:
    return PlaceMembership(
        place_id=place.id,
        parent_id=above.id,
        from_on=from_on,
        confirmed=source.confirmed,
        source=source.words,
    )


@dataclass(frozen=True)
class Move:
    """A county belongs to another region from a day on; `source` is where that was decided."""

    county: Place
    region: Place
    from_on: dt.date
    source: str
    confirmed: bool = False


def move_county(
    session: orm.Session, move: Move, *, actor_id: int | None, today: dt.date, now: dt.datetime
) -> PlaceMembership:
    """Put a county into another region from a day on; what was before that day stays as it was.

    Raises Blocked: no_region, source_missing, in_the_past, planned_already, same_region,
    before_last.
    """
    session.scalar(sa.select(Place.id).where(Place.id == move.county.id).with_for_update())
    open_row = queries.open_membership(session, move.county)
    stands = (open_row.parent_id, open_row.from_on) if open_row else None
    wanted = rules.Wanted(move.region.kind, move.region.id, move.from_on, move.source)
    errors.require(rules.move_blockers(wanted, stands, today))
    if open_row is not None:
        open_row.until_on = move.from_on
    source = Source(move.source.strip(), move.from_on, move.confirmed)
    row = _membership(move.county, move.region, move.from_on, source)
    session.add(row)
    session.flush()
    payload = {"to": move.region.code, "from_on": move.from_on.isoformat()}
    _record_of_county(session, "places.county_moved", move.county, payload, (actor_id, now))
    return row


def take_move_back(
    session: orm.Session, county: Place, *, actor_id: int | None, today: dt.date, now: dt.datetime
) -> None:
    """Take back a move that has not begun: the county stays where it is. Raises Blocked: begun.

    The only row of places that ever goes, because it was never in force; the event keeps it.
    """
    session.scalar(sa.select(Place.id).where(Place.id == county.id).with_for_update())
    row = queries.open_membership(session, county)
    before = queries.membership_until(session, county, row.from_on) if row else None
    if row is None or before is None or row.from_on <= today:
        message = "No move of this county is still to come: give it another region from a later day"
        raise errors.Blocked([Blocker("begun", f"{message}.", "from_on")])
    to = session.get_one(Place, row.parent_id).code
    payload = {"to": to, "from_on": row.from_on.isoformat()}
    session.delete(row)
    session.flush()
    before.until_on = None
    _record_of_county(session, "places.move_taken_back", county, payload, (actor_id, now))


def _record_of_county(
    session: orm.Session,
    kind: str,
    county: Place,
    payload: dict[str, str],
    by: tuple[int | None, dt.datetime],
) -> None:
    payload = {"county": county.code, **payload}
    stream = events.Stream("places", _STREAM)
    events.record(session, stream, events.Happening(kind, *by), payload)


@dataclass(frozen=True)
class NewUnit:
    """A unit of a county, by its short code and its name."""

    county_id: int
    code: str
    name: str
    from_on: dt.date


def add_unit(
    session: orm.Session, new: NewUnit, *, actor_id: int | None, now: dt.datetime
) -> Place:
    """Add a unit below a county. Raises NotFound or Blocked."""
    county = session.get(Place, new.county_id)
    if county is None or county.kind is not PlaceKind.COUNTY:
        raise errors.NotFound(f"there is no county {new.county_id}")
    if not new.code.strip() or not new.name.strip():
        raise errors.Blocked([Blocker("name_missing", "A unit has a code and a name", "name")])
    if queries.exists(session, PlaceKind.UNIT, new.code.strip()):
        raise errors.Blocked([Blocker("code_taken", "Another unit has this code", "code")])
    unit = Place(kind=PlaceKind.UNIT, code=new.code.strip(), name=new.name.strip())
    session.add(unit)
    session.flush()
    session.add(_membership(unit, county, new.from_on, Source("entered", new.from_on, True)))
    session.flush()
    payload = {"unit": str(unit.public_id), "county": county.code}
    happening = events.Happening("places.unit_added", actor_id, now)
    events.record(session, events.Stream("places", _STREAM), happening, payload)
    return unit
