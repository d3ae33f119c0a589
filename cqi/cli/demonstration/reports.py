"""The demonstration's reports: most published, one in review with a comment and a story."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from cqi.access.actor import Actor
from cqi.cli.demonstration.rounds import World
from cqi.core import holidays, working_days
from cqi.places import queries as places
from cqi.places.rules import PlaceKind
from cqi.reporting import actions
from cqi.reporting.models import ReportRow
from cqi.reporting.queries import drawing, subjects
from cqi.reporting.queries.subjects import Subject
from cqi.rounds.models import Round
from cqi.rounds.rules import RoundKind

_ANALYST, _DIRECTOR = "analyst", "cqi_director"


@dataclass(frozen=True)
class _Report:
    """A report as the state file tells of it; days are working days after that of its subject."""

    world: World
    told: Mapping[str, Any]
    subject: Subject

    def day(self, name: str) -> dt.date:
        return working_days.after(self.subject.day, self.told[name], holidays.days())

    def doing(self, key: str, day: str, hour: int) -> dict[str, Any]:
        """Who does it and when, as actions take it."""
        on = self.day(day)
        actor: Actor = self.world.people.actor(key, on)
        return {"actor": actor, "now": self.world.timeline.at(on, hour)}


def make(world: World, told: Sequence[Mapping[str, Any]]) -> None:
    """Each report as far as the state file says."""
    for one in told:
        made = _Report(world, one, _subject(world, one))
        row = _written(made)
        _discussed(made, row)
        if "published" in one:
            _published(made, row)


def _subject(world: World, told: Mapping[str, Any]) -> Subject:
    """A region's round, a county's part in it, or the state as of a day."""
    session = world.session
    if "as_of" in told:
        return subjects.of_state(session, world.timeline.day(told["as_of"]))
    region = places.place(session, PlaceKind.REGION, told["region"])
    of = sa.select(Round).where(Round.region_id == region.id, Round.kind == RoundKind(told["kind"]))
    one = session.scalars(of).one()
    if "county" in told:
        return subjects.of_county(session, one, told["county"])
    return subjects.of_region(one)


def _written(made: _Report) -> ReportRow:
    session, doing = made.world.session, made.doing(_ANALYST, "begun", 9)
    row = actions.begin(session, subject=made.subject, **doing, today=made.day("begun"))
    for section, versions in made.told.get("narratives", {}).items():
        for number, text in enumerate(versions):
            writing = actions.Writing(section, text, number)
            actions.write_section(session, report=row, writing=writing, **doing)
    doing = made.doing(_ANALYST, "in_review", 15)
    actions.send_for_review(session, report=row, **doing, today=made.day("in_review"))
    return row


def _discussed(made: _Report, row: ReportRow) -> None:
    for one in made.told.get("comments", ()):
        doing = made.doing(one["by"], "in_review", 16)
        actions.comment(
            made.world.session, report=row, text=one["text"], section=one["section"], **doing
        )


def _published(made: _Report, row: ReportRow) -> None:
    session, asking = made.world.session, drawing.Asking(made.day("published"), True, True)
    found = drawing.made(session, row, asking)
    shown = actions.Shown(found.run, asking)
    actions.approve(session, report=row, shown=shown, **made.doing(_DIRECTOR, "published", 10))
    document = found.document()
    title = f"{document.title}, {document.subtitle}"
    drawn = actions.Drawn(shown, title, drawing.files(document))
    actions.publish(session, report=row, drawn=drawn, **made.doing(_DIRECTOR, "published", 11))
