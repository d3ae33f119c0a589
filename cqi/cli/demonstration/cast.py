"""The demonstration's people and their grants."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import orm

from cqi.access import actions, factors, passwords, policy, queries
from cqi.access.actor import Actor
from cqi.access.models import Person
from cqi.access.permissions import ROLE_WORDS, Role
from cqi.cli.demonstration.timeline import Timeline
from cqi.places import queries as places
from cqi.places.models import Place
from cqi.places.rules import PlaceKind
from cqi.settings import actions as settings
from cqi.settings import registry

# long before the first round, so that every grant is in force in all of them
_SINCE = -1200
ADMINISTRATOR = "administrator"
APP_KEY = "DEMO" * 8  # of an authenticator app; of an invented person, and no secret


@dataclass
class Cast:
    """People by key; `actor` gives one as they could act on a day."""

    session: orm.Session
    people: dict[str, Person] = field(default_factory=dict)
    _known: dict[tuple[str, dt.date], Actor] = field(default_factory=dict)

    def actor(self, key: str, day: dt.date) -> Actor:
        """A person with the grants in force on a day."""
        if (key, day) not in self._known:
            found = queries.actor_for(self.session, self.people[key].id, day)
            assert found is not None  # noqa: S101 - the demonstration made this person
            self._known[key, day] = found
        return self._known[key, day]

    def grant(
        self,
        key: str,
        role: Role,
        since: dt.date,
        now: dt.datetime,
        *,
        place_id: int | None = None,
        round_id: int | None = None,
    ) -> None:
        """Give somebody a role; the first administrator does it."""
        wish = policy.NewGrant(
            self.people[key].id, role, since, "Demonstration", place_id=place_id, round_id=round_id
        )
        actions.grant(self.session, wish, actor=self.actor(ADMINISTRATOR, since), now=now)

    def reviewers(self) -> list[str]:
        """Keys of everybody who reviews."""
        return [key for key in self.people if key.startswith("reviewer")]

    def unit_supervisors(self) -> list[str]:
        """Keys of the supervisors of all units but the home unit."""
        return [key for key in self.people if key.startswith("supervisor_")]


def make(session: orm.Session, told: Mapping[str, Any], timeline: Timeline) -> Cast:
    """All people of the state file, with grants on places; grants on rounds come with rounds.

    The first administrator is made as the command makes one, and makes everybody else.
    """
    cast = Cast(session)
    since = timeline.day(_SINCE)
    now = timeline.at(since, 8)
    _ask_for_passwords_only(session, since, now)
    for one in sorted(told["people"], key=lambda one: bool(one["key"] != ADMINISTRATOR)):
        person = _person(one)
        if one["role"] == Role.ADMINISTRATOR:
            made = actions.create_administrator(session, person, now=now, today=since)
            cast.people[one["key"]] = made
        else:
            boss = cast.actor(ADMINISTRATOR, since)
            cast.people[one["key"]] = actions.create_person(session, person, actor=boss, now=now)
            for place_id in _places(session, one, since):
                cast.grant(one["key"], Role(one["role"]), since, now, place_id=place_id)
        if one.get("app"):
            _has_app(session, cast.people[one["key"]], now)
    _make_supervisors(cast, told, since, now)
    return cast


def _ask_for_passwords_only(session: orm.Session, since: dt.date, now: dt.datetime) -> None:
    """Nobody who tries this out has an app set up for thirteen invented people."""
    reason = "Demonstration: a password is enough, so that every role can be tried."
    off = settings.Change(registry.SECOND_FACTOR.key, "no", since, reason)
    settings.set_value(session, off, actor_id=None, now=now)


def _has_app(session: orm.Session, person: Person, now: dt.datetime) -> None:
    """Who has an app is asked for its code all the same; the page of sign-in says it."""
    code = factors.code_at(APP_KEY, now)
    factors.set_up(session, person, key=APP_KEY, code=code, now=now)


def _make_supervisors(
    cast: Cast, told: Mapping[str, Any], since: dt.date, now: dt.datetime
) -> None:
    """One for the unit of each county in the regions of the rounds, but for the home unit."""
    boss, names = cast.actor(ADMINISTRATOR, since), told["supervisors"]
    [home] = [one["unit_of"] for one in told["people"] if one["key"] == "supervisor"]
    units = _units(cast.session, told, since)
    units.remove(home_unit(cast.session, home, since))
    for number, unit in enumerate(units):
        key = f"supervisor_{unit.code}"
        name = " ".join(one[number % len(one)] for one in (names["names"], names["family_names"]))
        new = policy.NewPerson(email_of(key), name, unit_staff_id(unit.code), demonstration=True)
        cast.people[key] = actions.create_person(cast.session, new, actor=boss, now=now)
        cast.grant(key, Role.SUPERVISOR, since, now, place_id=unit.id)


def _units(session: orm.Session, told: Mapping[str, Any], day: dt.date) -> list[Place]:
    regions = dict.fromkeys(one["region"] for one in told["rounds"])
    found = (places.place(session, PlaceKind.REGION, region).id for region in regions)
    return [county.unit for id_ in found for county in counties_of(session, id_, day)]


def _person(one: Mapping[str, Any]) -> policy.NewPerson:
    return policy.NewPerson(
        email=email_of(one["key"]),
        name=one["name"],
        staff_id=staff_id(one["key"]) if "unit_of" in one else None,
        password=passwords.DEMONSTRATION if signs_in(one) else None,
        demonstration=True,
    )


def signs_in(one: Mapping[str, Any]) -> bool:
    """Those whom the sign-in page shows, administrators, of whom there must be two, and the second
    QA lead: a rating is looked at again by one who had no part in the review."""
    return bool(one.get("shown") or one.get("signs_in")) or one["role"] == Role.ADMINISTRATOR


def email_of(key: str) -> str:
    """The address that a person of the demonstration signs in with."""
    return f"{key.replace('_', '.')}@demo.example"


def staff_id(key: str) -> str:
    """The agency's number of a demonstration person."""
    return {"supervisor": "S-100", "caseworker": "W-100"}[key]


def unit_staff_id(unit: str) -> str:
    """The agency's number of the supervisor of a unit."""
    return f"S-{unit}"


def _places(session: orm.Session, one: Mapping[str, Any], day: dt.date) -> list[int | None]:
    if "regions" in one:
        return [places.place(session, PlaceKind.REGION, region).id for region in one["regions"]]
    if one["role"] == Role.SUPERVISOR:
        return [home_unit(session, one["unit_of"], day).id]
    if one["role"] in (Role.REVIEWER, Role.SITE_LEADER, Role.STAKEHOLDER):
        return []  # with a round; with a legal basis
    return [None]


def home_unit(session: orm.Session, region: str, day: dt.date) -> Place:
    """The unit of the first county, by name, of a region."""
    found = places.place(session, PlaceKind.REGION, region)
    return counties_of(session, found.id, day)[0].unit


@dataclass(frozen=True)
class County:
    """A county with the one unit that the demonstration gives it."""

    fips: str
    unit: Place


def counties_of(session: orm.Session, region_id: int, day: dt.date) -> list[County]:
    """The counties of a region, by name."""
    inside = places.below(session, [region_id], day)
    units = {unit.code: unit for unit in places.of_kind(session, PlaceKind.UNIT)}
    return [
        County(county.code, units[unit_code(county.code)])
        for county in places.of_kind(session, PlaceKind.COUNTY)
        if county.id in inside
    ]


def unit_code(fips: str) -> str:
    """The code of a county's demonstration unit."""
    return f"{fips}-1"


def sign_ins(told: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(role in words, name, e-mail) of those who are shown on the sign-in page."""
    return [
        (
            ROLE_WORDS[Role(one["role"])],
            one["name"],
            email_of(one["key"]),
        )
        for one in told["people"]
        if one.get("shown")
    ]
