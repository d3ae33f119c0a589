"""Builders: each adds one thing, with plain defaults, and returns it with its id.

with database.writing() as session:
    region = build.region(session, "Region One")
    somebody = build.person(session, "Ada Juniper")
    build.grant(session, somebody, Role.CQI_LIAISON, place=region)
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools

from sqlalchemy import orm

from cqi.access import passwords
from cqi.access.models import GrantRow, Person, new_uniquifier
from cqi.access.permissions import Role
from cqi.cases.models import Case, CaseStaff
from cqi.cases.rules import CaseType, StaffKind
from cqi.places.models import Place, PlaceMembership
from cqi.places.rules import PlaceKind
from cqi.rounds.models import Round, RoundCounty
from cqi.rounds.rules import RoundKind

PASSWORD = "three invented words"
NOW = dt.datetime(2027, 3, 10, 16, 0, tzinfo=dt.UTC)
LONG_AGO = dt.date(2020, 1, 1)
_numbers = itertools.count(1)


@functools.cache
def password_hash() -> str:
    """The hash of PASSWORD, made once: argon2 is slow on purpose."""
    return passwords.hashed(PASSWORD)


def person(
    session: orm.Session, name: str = "", *, staff_id: str | None = None, password: bool = True
) -> Person:
    """Somebody who can sign in with PASSWORD."""
    number = next(_numbers)
    made = Person(
        email=f"person{number}@example.org",
        name=name or f"Person {number}",
        staff_id=staff_id,
        password=password_hash() if password else None,
        fs_uniquifier=new_uniquifier(),
        created_at=NOW,
    )
    session.add(made)
    session.flush()
    return made


def state(session: orm.Session, name: str = "State of Examples", code: str = "99") -> Place:
    """The whole agency."""
    return _place(session, PlaceKind.STATE, code, name, None)


def region(session: orm.Session, name: str = "", *, above: Place | None = None) -> Place:
    """A region, of a state where one is given."""
    number = next(_numbers)
    return _place(
        session, PlaceKind.REGION, name or f"R{number}", name or f"Region {number}", above
    )


def county(session: orm.Session, above: Place, name: str = "") -> Place:
    """A county of a region."""
    number = next(_numbers)
    code = f"{99000 + number % 1000}"
    return _place(session, PlaceKind.COUNTY, code, name or f"County {number}", above)


def unit(session: orm.Session, above: Place, name: str = "") -> Place:
    """A unit of a county."""
    number = next(_numbers)
    return _place(session, PlaceKind.UNIT, f"U{number}", name or f"Unit {number}", above)


def _place(
    session: orm.Session, kind: PlaceKind, code: str, name: str, above: Place | None
) -> Place:
    made = Place(kind=kind, code=code, name=name)
    session.add(made)
    session.flush()
    if above is not None:
        session.add(
            PlaceMembership(
                place_id=made.id, parent_id=above.id, from_on=LONG_AGO, source="invented"
            )
        )
        session.flush()
    return made


def grant(
    session: orm.Session,
    person: Person,
    role: Role,
    *,
    place: Place | None = None,
    round: Round | None = None,  # noqa: A002 - the house's word
    from_on: dt.date = LONG_AGO,
    until_on: dt.date | None = None,
) -> GrantRow:
    """A grant in force. Without place and round it reaches the state, or own things only."""
    made = GrantRow(
        person_id=person.id,
        role=role,
        place_id=place.id if place else None,
        round_id=round.id if round else None,
        from_on=from_on,
        until_on=until_on,
        reason="invented",
        granted_at=NOW,
    )
    session.add(made)
    session.flush()
    return made


def round(  # noqa: A001 - the house's word
    session: orm.Session,
    region: Place,
    counties: list[Place],
    *,
    kind: RoundKind = RoundKind.BASELINE,
    compares_with: Round | None = None,
    digest: str = "0" * 64,
) -> Round:
    """A round in counties of a region. `digest` is the instrument's, where it matters."""
    made = Round(
        name=f"Round {next(_numbers)}",
        kind=kind,
        region_id=region.id,
        instrument="mississippi_practice_model",
        instrument_version="1.0",
        instrument_digest=digest,
        pur_from=dt.date(2026, 3, 1),
        on_site_from=dt.date(2027, 3, 8),
        on_site_to=dt.date(2027, 3, 12),
        compares_with_id=compares_with.id if compares_with else None,
        created_at=NOW,
    )
    session.add(made)
    session.flush()
    session.add_all(RoundCounty(round_id=made.id, county_id=each.id) for each in counties)
    session.flush()
    return made


def case(
    session: orm.Session,
    county: Place,
    *,
    unit: Place | None = None,
    case_type: CaseType = CaseType.FOSTER_CARE,
    staff: dict[StaffKind, str] | None = None,
) -> Case:
    """A case; `staff` maps who they are to the case (StaffKind) to staff ids."""
    made = Case(
        case_number=f"C{next(_numbers):06}",
        case_type=case_type,
        county_id=county.id,
        unit_id=unit.id if unit else None,
        opened_on=dt.date(2026, 1, 15),
        imported_at=NOW,
    )
    session.add(made)
    session.flush()
    for kind, staff_id in (staff or {}).items():
        session.add(CaseStaff(case_id=made.id, kind=kind, staff_id=staff_id, from_on=LONG_AGO))
    session.flush()
    return made
