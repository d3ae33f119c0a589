"""The demonstration's people and their grants."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import orm

from cqi.access import actions as access_actions
from cqi.access import queries as access_queries
from cqi.access.actor import Actor
from cqi.access.models import Person
from cqi.access.permissions import ROLE_WORDS, Role
from cqi.cli.demonstration.timeline import Timeline
from cqi.places import queries as places

# long before the first round, so that every grant is in force in all of them
_SINCE = -1200
_EMAIL = "{key}@demo.example"


@dataclass
class Cast:
    """People by key; `actor` gives one as they could act on a day."""

    session: orm.Session
    people: dict[str, Person] = field(default_factory=dict)
    _known: dict[tuple[str, dt.date], Actor] = field(default_factory=dict)

    def actor(self, key: str, day: dt.date) -> Actor:
        """A person with the grants in force on a day."""
        if (key, day) not in self._known:
            found = access_queries.actor_for(self.session, self.people[key].id, day)
            assert found is not None  # noqa: S101 - the demonstration made this person
            self._known[key, day] = found
        return self._known[key, day]

    def reviewers(self) -> list[str]:
        """Keys of everybody who reviews."""
        return [key for key in self.people if key.startswith("reviewer")]


def make(session: orm.Session, told: Mapping[str, Any], timeline: Timeline) -> Cast:
    """All people of the state file, with grants on places; grants on rounds come with rounds."""
    cast = Cast(session)
    since = timeline.day(_SINCE)
    for one in told["people"]:
        cast.people[one["key"]] = _person(session, one, told["password"], timeline, since)
        for place_id in _places(session, one, since):
            access_actions.grant(
                session,
                person=cast.people[one["key"]],
                role=Role(one["role"]),
                place_id=place_id,
                from_on=since,
                reason="Demonstration",
                actor=None,
                now=timeline.at(since, 8),
            )
    return cast


def _person(
    session: orm.Session, one: Mapping[str, Any], password: str, timeline: Timeline, since: dt.date
) -> Person:
    return access_actions.create_person(
        session,
        name=one["name"],
        email=_EMAIL.format(key=one["key"].replace("_", ".")),
        password=password,
        staff_id=staff_id(one["key"]) if "unit_of" in one else None,
        demonstration=True,
        actor=None,
        now=timeline.at(since, 8),
    )


def staff_id(key: str) -> str:
    """The agency's number of a demonstration person."""
    return {"supervisor": "S-100", "caseworker": "W-100"}[key]


def _places(session: orm.Session, one: Mapping[str, Any], day: dt.date) -> list[int | None]:
    if one.get("state"):
        return [places.state(session).id]
    if one["role"] == Role.CASEWORKER:
        return [None]
    if "unit_of" in one:
        return [home_unit(session, one["unit_of"], day)]
    return [places.region(session, region).id for region in one.get("regions", ())]


def home_unit(session: orm.Session, region: str, day: dt.date) -> int:
    """The unit of the first county, by name, of a region."""
    county = places.counties_of(session, places.region(session, region).id, day)[0]
    return places.units_of(session, county.id, day)[0].id


def sign_ins(told: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(role in words, name, e-mail) of those who are shown on the sign-in page."""
    return [
        (
            ROLE_WORDS[Role(one["role"])],
            one["name"],
            _EMAIL.format(key=one["key"].replace("_", ".")),
        )
        for one in told["people"]
        if one.get("shown")
    ]
