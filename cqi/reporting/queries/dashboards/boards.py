"""The dashboards of a region and of a county."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.measures.queries import tallies as counts
from cqi.measures.rules import lines, tallies
from cqi.measures.rules.tabulation import By
from cqi.measures.rules.tallies import Tallied
from cqi.places.models import Place
from cqi.reporting.queries import rounds as rounds_queries
from cqi.reporting.queries.dashboards import focus, places
from cqi.reporting.queries.dashboards.focus import Focus
from cqi.reporting.rules import dashboards
from cqi.reporting.rules.dashboards import Board, Row, Wanted
from cqi.rounds.models import Round


@dataclass(frozen=True)
class RegionBoard:
    """A region's dashboard; `counties` are those of its round: code, name and public id."""

    board: Board
    counties: dict[str, tuple[str, str]] = field(default_factory=dict)
    case_types: tuple[str, ...] = ()


@dataclass(frozen=True)
class CountyBoard:
    """A county's dashboard: its rows, and the whole round's where that is within reach, with how
    the county stands to the rest of it."""

    board: Board
    region: Place | None
    whole: tuple[Row, ...] = ()
    beside: tuple[str, ...] = ()
    whole_name: str = ""


@dataclass(frozen=True)
class Look:
    """Who looks, on which day, and what they ask for."""

    actor: Actor
    today: dt.date
    wanted: Wanted


def region_board(session: orm.Session, one: Place, look: Look) -> RegionBoard:
    """A region in the round that is asked for."""
    rounds = places.rounds_of_regions(session, look.actor, [one])
    chosen = focus.chosen(session, rounds, look.wanted)
    if chosen is None:
        return RegionBoard(Board(()))
    here = focus.of_round(session, chosen, look.wanted, look.today)
    found = focus.found(session, here, here.at_first)
    sides = focus.with_overlap(session, here, here.sides(found), here.at_first)
    rows = here.rows(here.at_first, sides)
    counties = places.counties(session, look.actor, chosen)
    return RegionBoard(board(session, rounds, here, rows, sides), counties)


def county_board(session: orm.Session, one: Place, look: Look) -> CountyBoard:
    """A county in the round that is asked for, beside all of that round."""
    rounds = places.rounds_of_county(session, one)
    chosen = focus.chosen(session, rounds, look.wanted)
    region = places.region_above(session, look.actor, one, look.today)
    if chosen is None:
        return CountyBoard(Board(()), region)
    everywhere = focus.of_round(session, chosen, look.wanted, look.today)
    here = focus.Focus(everywhere.asked, look.wanted, one.code)
    found = focus.found(session, everywhere, here.at_first, By.COUNTY)
    sides = focus.with_overlap(session, here, here.sides(found, one.code), here.at_first)
    own = here.rows(here.at_first, sides)
    made = board(session, rounds, here, own, sides)
    if not rounds_queries.reaches(session, look.actor, chosen.public_id):
        return CountyBoard(made, region)
    whole = everywhere.rows(everywhere.at_first, summed(everywhere, found))
    name = "the region" if chosen.region_id else "the round"
    beside = tuple(
        dashboards.beside(mine.now, all_of_it.now, name)
        for mine, all_of_it in zip(own, whole, strict=True)
    )
    return CountyBoard(made, region, whole, beside, name)


def summed(one: Focus, found: counts.Found) -> lines.Sides:
    """All counties of both rounds together."""

    def of(wanted: Round) -> Tallied:
        return tallies.together(
            each for (round_id, _), each in found.items() if round_id == wanted.id
        )

    return one.sides_of(of(one.round), of(one.baseline) if one.baseline else None)


def board(
    session: orm.Session,
    rounds: list[Round],
    here: Focus,
    rows: tuple[Row, ...],
    sides: lines.Sides,
) -> Board:
    """What the dashboards of all places hold."""
    now, before = here.words()
    return Board(
        choices=tuple(places.words(each) for each in rounds),
        round=now,
        baseline=before,
        rows=rows,
        rests=focus.rests(session, here, sides),
        overlap=sides.overlap.cases,
        things="components" if here.instrument.whole else "items",
    )
