"""What stands in the way of a person or a grant, as reasons."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cqi.access import passwords, reach
from cqi.access.actor import Actor, Thing
from cqi.access.permissions import ROLE_WORDS, Permission, Role
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
class PersonChange:
    """What somebody is called and known by from now on; `seen` is when they were changed last,
    as whoever changes them saw it."""

    email: str
    name: str
    staff_id: str | None = None
    seen: dt.datetime | None = None


def person_blockers(
    new: NewPerson | PersonChange, *, email_taken: bool, staff_id_taken: bool
) -> list[Blocker]:
    """Why somebody cannot be added, or be known so."""
    found = []
    if not new.name.strip():
        found.append(Blocker("name_missing", "Write the person's name", "name"))
    if new.email.count("@") != 1 or " " in new.email.strip():
        found.append(Blocker("email_bad", "Write an e-mail address: name@agency.gov", "email"))
    if email_taken:
        found.append(Blocker("email_taken", "Somebody has this e-mail address already", "email"))
    if staff_id_taken:
        found.append(Blocker("staff_id_taken", "Somebody has this staff number", "staff_id"))
    password = new.password if isinstance(new, NewPerson) else None
    return found + (passwords.blockers(password) if password is not None else [])


def seen_blockers(seen: dt.datetime | None, changed: dt.datetime | None) -> list[Blocker]:
    """Why a change is made on what is no longer so."""
    if seen == changed:
        return []
    message = "Somebody else changed this person while you had the page open. Look at it again"
    return [Blocker("changed", message)]


def own_blockers(person_id: int, actor_id: int) -> list[Blocker]:
    """Why an administrator cannot change this person: nobody changes what they themselves are."""
    if person_id != actor_id:
        return []
    return [Blocker("own_record", "Nobody changes their own record: ask another administrator")]


def last_two_blockers(person_id: int, administrators: frozenset[int]) -> list[Blocker]:
    """Why somebody must stay an administrator; `administrators` are all that there are today."""
    if person_id not in administrators or len(administrators) > FIRST_ADMINISTRATORS:
        return []
    message = (
        "The last two administrators stay: without them nobody could let people in. Make another"
        " administrator first"
    )
    return [Blocker("last_two", message)]


def link_blockers(
    *, active: bool, has_password: bool, administrator: bool, by_command: bool
) -> list[Blocker]:
    """Why nobody gets a link to set this person's password. With an administrator's password in
    hand, one person would be two."""
    found = []
    if not active:
        message = "This person is disabled: enable them first"
        found.append(Blocker("disabled", message))
    if administrator and has_password and not by_command:
        message = (
            "An administrator's password is set anew by whoever runs the server:"
            " cqi people set-up-link"
        )
        found.append(Blocker("administrator", message))
    return found


def grant_blockers(new: NewGrant, *, actor: Actor, place_kind: str | None) -> list[Blocker]:
    """Why a grant cannot be given. `place_kind` is the kind of the grant's place, if it has one."""
    found = []
    if new.person_id == actor.person_id:
        found.append(Blocker("own_grant", "Nobody gives themselves a grant: ask a colleague"))
    if new.role is Role.ADMINISTRATOR:
        message = "A further administrator takes two people: propose it, and another one confirms"
        found.append(Blocker("two_people", message, "role"))
    if not _within_reach(new, actor):
        message = "Nobody grants beyond their own reach: ask an administrator of the whole state"
        found.append(Blocker("beyond_reach", message, "place"))
    if not _reaches_right(new, place_kind):
        kinds = " or ".join(sorted(reach.OF_ROLE[new.role]))
        message = f"{ROLE_WORDS[new.role]} is granted for: {kinds}"
        found.append(Blocker("reach_wrong", message, "place"))
    if new.until_on is not None and new.until_on < new.from_on:
        found.append(Blocker("dates_wrong", "A grant ends on or after its first day", "until_on"))
    return found + reason_blockers(new.reason)


def _within_reach(new: NewGrant, actor: Actor) -> bool:
    """A grant without place and round reaches the state, or own things wherever they lie: so only
    whoever manages people everywhere gives one."""
    place = frozenset({new.place_id} if new.place_id is not None else ())
    return actor.may(Permission.PEOPLE_MANAGE, Thing(place, new.round_id))


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


@dataclass(frozen=True)
class Proposal:
    """What decides about a proposed administrator: who is meant, who proposed it, until when it
    waits, whether somebody decided."""

    person_id: int
    proposed_by: int
    expires_at: dt.datetime
    decided: bool


def proposing_blockers(
    person_id: int, actor_id: int, *, active: bool, administrator: bool, waits: bool
) -> list[Blocker]:
    """Why somebody cannot be proposed as an administrator."""
    found = []
    if person_id == actor_id:
        found.append(Blocker("own_grant", "Nobody gives themselves a grant: ask a colleague"))
    if not active:
        found.append(Blocker("disabled", "This person is disabled: enable them first"))
    if administrator:
        found.append(Blocker("administrator", "This person is an administrator already"))
    if waits:
        message = "This person is proposed already: another administrator decides on that"
        found.append(Blocker("proposed", message))
    return found


def confirming_blockers(proposal: Proposal, actor_id: int, now: dt.datetime) -> list[Blocker]:
    """Why this administrator cannot confirm or decline: it takes a second person."""
    found = waiting_blockers(proposal, now)
    if actor_id in (proposal.proposed_by, proposal.person_id):
        message = "It takes two people: another administrator decides on your proposal"
        found.append(Blocker("two_people", message))
    return found


def withdrawing_blockers(proposal: Proposal, actor_id: int, now: dt.datetime) -> list[Blocker]:
    """Why this administrator cannot take the proposal back."""
    found = waiting_blockers(proposal, now)
    if actor_id != proposal.proposed_by:
        found.append(Blocker("not_yours", "Whoever proposed it takes it back: decline it instead"))
    return found


def waiting_blockers(proposal: Proposal, now: dt.datetime) -> list[Blocker]:
    """Why nothing can be decided any more."""
    if proposal.decided:
        return [Blocker("decided", "This proposal is decided already")]
    if proposal.expires_at <= now:
        return [Blocker("lapsed", "This proposal waited too long and has lapsed: propose it anew")]
    return []
