"""One component or item of a place: what lies inside it, by county and by kind of case."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from sqlalchemy import orm

from cqi.cases.rules import CASE_TYPE_WORDS
from cqi.core import errors
from cqi.measures.rules import lines
from cqi.measures.rules.tabulation import By
from cqi.places.models import Place
from cqi.reporting.queries.dashboards import boards, focus, places, trend
from cqi.reporting.queries.dashboards.boards import Look
from cqi.reporting.queries.dashboards.focus import Focus
from cqi.reporting.queries.dashboards.trend import Over, Trend
from cqi.reporting.rules import dashboards, sentences
from cqi.reporting.rules.dashboards import Board, Row
from cqi.rounds.models import Round


@dataclass(frozen=True)
class Below:
    """A table under a figure: a row a place or kind of case. `urls` are public ids by key."""

    rows: tuple[Row, ...] = ()
    public_ids: dict[str, str] | None = None


@dataclass(frozen=True)
class MeasurePage:
    """Everything about one figure. `row` is it; `inside` are its items, or its parts."""

    board: Board
    round: Round
    code: str
    component: str
    title: str
    said: str
    region: Place | None = None
    inside: tuple[Row, ...] = ()
    counties: Below = Below()
    case_types: Below = Below()
    neighbours: tuple[str | None, str | None] = (None, None)
    trend: Trend = trend.NONE

    @property
    def row(self) -> Row:
        """The figure itself."""
        return self.board.rows[0]

    @property
    def is_item(self) -> bool:
        """Whether it is an item's."""
        return self.code != self.component


def region_measure(session: orm.Session, one: Place, code: str, look: Look) -> MeasurePage:
    """A figure of a region, with its counties side by side. Raises NotFound."""
    rounds = places.rounds_of_regions(session, look.actor, [one])
    here = _focus(session, rounds, code, look)
    inside = _inside(here, code)
    found = focus.found(session, here, [code, *inside], By.COUNTY)
    sides = focus.with_overlap(session, here, boards.summed(here, found), [code])
    names = places.counties(session, look.actor, here.round, {key for _, key in found})
    rows = [here.row(code, here.sides(found, key), key, name) for key, (name, _) in names.items()]
    known = {key: public_id for key, (_, public_id) in names.items()}
    below = Below(tuple(dashboards.in_order(rows)), known)
    made = _page(session, rounds, here, sides, [code, *inside])
    return dataclasses.replace(
        made,
        counties=below,
        case_types=_case_types(session, here, code),
        trend=trend.of_place(session, rounds, Over(here, code, one.name)),
    )


def county_measure(session: orm.Session, one: Place, code: str, look: Look) -> MeasurePage:
    """A figure of a county. Raises NotFound."""
    rounds = places.rounds_of_county(session, one)
    whole = _focus(session, rounds, code, look)
    here = Focus(whole.asked, look.wanted, one.code)
    inside = _inside(here, code)
    counted = here.sides(focus.found(session, here, [code, *inside]))
    sides = focus.with_overlap(session, here, counted, [code])
    made = _page(session, rounds, here, sides, [code, *inside])
    above = places.region_above(session, look.actor, one, look.today)
    return dataclasses.replace(
        made,
        region=above,
        case_types=_case_types(session, here, code),
        trend=trend.of_place(session, rounds, Over(here, code, one.name)),
    )


def _focus(session: orm.Session, rounds: list[Round], code: str, look: Look) -> Focus:
    chosen = focus.chosen(session, rounds, look.wanted)
    if chosen is None:
        raise errors.NotFound("no round looked at this place")
    here = focus.of_round(session, chosen, look.wanted, look.today)
    known = here.instrument
    if code not in known.components_by_code and code not in known.items_by_code:
        raise errors.NotFound("this round has no such component or item")
    return here


def _inside(here: Focus, code: str) -> list[str]:
    """The codes of a component's items, each before its parts; of an item, its parts."""
    instrument = here.instrument
    if code in instrument.components_by_code:
        return [item.code for item in instrument.items_of(code)]
    return [part for part in instrument.item(code).parts if part in instrument.items_by_code]


def _case_types(session: orm.Session, here: Focus, code: str) -> Below:
    everything = focus.without_case_type(here)
    found = focus.found(session, everything, [code], By.CASE_TYPE)
    rows = [
        everything.row(code, everything.sides(found, kind.value), kind.value, words)
        for kind, words in CASE_TYPE_WORDS.items()
        if any(key == kind.value for _, key in found)
    ]
    return Below(tuple(rows))


def _page(
    session: orm.Session, rounds: list[Round], here: Focus, sides: lines.Sides, codes: list[str]
) -> MeasurePage:
    row, *inside = here.rows(codes, sides)
    code = row.key
    component = here.measure(code).component
    made = boards.board(session, rounds, here, (row,), sides)
    around_it = [one.code for one in here.instrument.components]
    if code != component:
        around_it = [item.code for item in here.instrument.items_of(component)]
    at = around_it.index(code)
    before, after = around_it[:at], around_it[at + 1 :]
    around = (before[-1] if before else None, after[0] if after else None)
    said = _said(row)
    return MeasurePage(
        made, here.round, code, component, row.title, said, inside=tuple(inside), neighbours=around
    )


def _said(row: Row) -> str:
    """The sentence of a change, where the rules give a word; else the share."""
    change = row.line.change
    if change and change.finding:
        return str(sentences.of_change(row.title, change))
    what = "a strength" if row.now.measure.item else "substantially achieved"
    share = f"{row.title}: {what} in {sentences.counted_cases(row.now)}"
    if row.points and row.before:
        share += f", {sentences.counted_cases(row.before)} at baseline"
        share += f"; a difference of {row.points} points (95% interval {row.span})"
    return f"{share}."
