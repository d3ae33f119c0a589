"""The demonstration's register of reviewers: all are trained and certified for the round that asks
for it; since then one certification has lapsed, and one lapses soon."""

from __future__ import annotations

import datetime as dt
import uuid

from cqi.cli.demonstration.rounds import World
from cqi.rounds.actions import ledger as actions
from cqi.rounds.policy import NewEntry
from cqi.rounds.rules.ledger import LedgerKind

_DIRECTOR = "cqi_director"
_LAST_DAYS = {"reviewer": 48, "reviewer_6": -1}  # others: 200 and more
_LEADERS = ("reviewer_2", "reviewer_3")
_YEAR = 365


def write(world: World, day: dt.date) -> None:
    """Written down on one day, from the papers of earlier ones."""
    for place, key in enumerate(world.people.reviewers()):
        new = key == "reviewer"
        _entry(world, key, LedgerKind.TRAINED, day, since=40 if new else 900)
        kind = LedgerKind.LED if key in _LEADERS else LedgerKind.SHADOWED
        _entry(world, key, kind, day, since=5 if new else 700 - place)
        last = world.timeline.day(_LAST_DAYS.get(key, 200 + 20 * place))
        _entry(world, key, LedgerKind.CERTIFIED, day, until=last)
    _withdrawn(world, day)


def _entry(
    world: World,
    key: str,
    kind: LedgerKind,
    day: dt.date,
    *,
    since: int = 0,
    until: dt.date | None = None,
) -> uuid.UUID:
    begins = day - dt.timedelta(days=since)
    if until is not None:
        begins = min(until - dt.timedelta(days=_YEAR), day)
    person = world.people.people[key].id
    made = actions.write_entry(
        world.session,
        new=NewEntry(person, kind, begins, until, note="From the list of the training unit."),
        actor=world.people.actor(_DIRECTOR, day),
        now=world.timeline.at(day, 13),
        today=day,
    )
    return made.public_id


def _withdrawn(world: World, day: dt.date) -> None:
    """Somebody was written down for a review that another one led."""
    entry = _entry(world, "reviewer_4", LedgerKind.LED, day, since=300)
    actions.withdraw_entry(
        world.session,
        entry_id=entry,
        reason="They shadowed this review. It was led by somebody else.",
        actor=world.people.actor(_DIRECTOR, day),
        now=world.timeline.at(day, 14),
        today=day,
    )
