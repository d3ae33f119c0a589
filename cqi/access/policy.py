"""What stands in the way of a person or a grant, as reasons."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cqi.access import passwords, reach
from cqi.access.permissions import ROLE_WORDS, Role
from cqi.core.errors import Blocker

FIRST_ADMINISTRATORS = 2


@dataclass(frozen=True)
class NewPerson:
    """Somebody to add. Without a password nobody can sign in as them yet."""

    email: str
    name: str
    staff_id: str | None = None
    password: str | None = None
    demonstration: bool = False


@dataclass(frozen=True)
class NewGrant:
    """A role with its reach, from a date. With neither place nor round it reaches the state
    (roles of the state) or own things (caseworker, stakeholder)."""

    person_id: int
    role: Role
    from_on: dt.date
    reason: str
    place_id: int | None = None
    round_id: int | None = None
    until_on: dt.date | None = None


@dataclass(frozen=True)
class Standing:
    """How somebody stands who is to be disabled or enabled. `last_administrators`: without them
    there would be fewer than two."""

    own: bool
    active: bool
    last_administrators: bool = False


def disabling_blockers(person: Standing) -> list[Blocker]:
    """Why somebody cannot be disabled."""
    found = []
    if person.own:
        found.append(Blocker("own_person", "Nobody disables themselves: ask a colleague"))
    if not person.active:
        found.append(Blocker("disabled", "This person is disabled already"))
    if person.last_administrators:
        message = "Two administrators must remain: make another one first"
        found.append(Blocker("last_administrators", message))
    return found


def enabling_blockers(person: Standing) -> list[Blocker]:
    """Why somebody cannot be enabled again."""
    return [Blocker("enabled", "This person can sign in already")] if person.active else []


def person_blockers(new: NewPerson, *, email_taken: bool, staff_id_taken: bool) -> list[Blocker]:
    """Why somebody cannot be added."""
    found = []
    if not new.name.strip():
        found.append(Blocker("name_missing", "Write the person's name", "name"))
    if new.email.count("@") != 1 or " " in new.email.strip():
        found.append(Blocker("email_bad", "Write an e-mail address: name@agency.gov", "email"))
    if email_taken:
        found.append(Blocker("email_taken", "Somebody has this e-mail address already", "email"))
    if staff_id_taken:
        found.append(Blocker("staff_id_taken", "Somebody has this staff number", "staff_id"))
    return found + (passwords.blockers(new.password) if new.password is not None else [])


def grant_blockers(new: NewGrant, *, actor_id: int, place_kind: str | None) -> list[Blocker]:
    """Why a grant cannot be given. `place_kind` is the kind of the grant's place, if it has one."""
    found = []
    if new.person_id == actor_id:
        found.append(Blocker("own_grant", "Nobody gives themselves a grant: ask a colleague"))
    if new.role is Role.ADMINISTRATOR:
        message = "A further administrator takes two people; that step does not exist yet"
        found.append(Blocker("two_people", message, "role"))
    if not _reaches_right(new, place_kind):
        kinds = " or ".join(sorted(reach.OF_ROLE[new.role]))
        message = f"{ROLE_WORDS[new.role]} is granted for: {kinds}"
        found.append(Blocker("reach_wrong", message, "place"))
    if new.until_on is not None and new.until_on < new.from_on:
        found.append(Blocker("dates_wrong", "A grant ends on or after its first day", "until_on"))
    return found + reason_blockers(new.reason)


def _reaches_right(new: NewGrant, place_kind: str | None) -> bool:
    allowed = reach.OF_ROLE[new.role]
    if new.place_id is not None and new.round_id is not None:
        return False
    if new.round_id is not None:
        return reach.Kind.ROUND in allowed
    if new.place_id is not None:
        return place_kind in set(allowed)
    return bool(allowed & {reach.Kind.STATE, reach.Kind.OWN})


def reason_blockers(reason: str) -> list[Blocker]:
    """A reason is asked for, so that somebody can read it later."""
    if reason.strip():
        return []
    return [Blocker("reason_missing", "Say why, for those who read it later", "reason")]
