"""A component or item over rounds: of one place round by round, of several regions by year."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import orm

from cqi.documents import charts, model, trends
from cqi.instruments.definition import Instrument
from cqi.measures import queries as measures
from cqi.measures.queries import tallies as counts
from cqi.measures.rules import tabulation, tallies
from cqi.reporting.queries import figures
from cqi.reporting.queries.dashboards import places
from cqi.reporting.queries.dashboards.focus import Focus
from cqi.reporting.rules import apart, sentences
from cqi.rounds import queries as round_queries
from cqi.rounds.models import Round
from cqi.rounds.rules import INTERIM

_ITEM = "Share of cases rated a strength, of those to which the item applies"
_COMPONENT = "Share of cases in which it is substantially achieved"
_BROKEN = "A line joins rounds that are compared with each other."
_YEARS = (
    "The rounds of each year added up, each case once, whatever the size of its region. Each year"
    " other regions were reviewed, so no line joins the years: compare a region with itself."
)


@dataclass(frozen=True)
class Trend:
    """A measure over rounds or years: no figure for fewer than two of them. `apart` says which
    rounds do not stand in it, and why."""

    figure: model.Figure | None = None
    apart: tuple[str, ...] = ()
    points: int = 0


NONE = Trend()


@dataclass(frozen=True)
class Over:
    """What a trend is of: the focus that its figures are made by, a code, a place's name."""

    here: Focus
    code: str
    place: str

    def apart(self, rounds: Sequence[Round]) -> dict[int, str]:
        """Round id -> why it does not stand beside the focus; empty where it does."""
        used = {one.instrument_digest: round_queries.instrument_of(one) for one in rounds}
        found = {d: apart.why(self.code, self.instrument, one) for d, one in used.items()}
        return {one.id: found[one.instrument_digest] for one in rounds}

    @property
    def instrument(self) -> Instrument:
        """What the code means."""
        return self.here.asked.instrument

    def asked(self, one: Round) -> bool:
        """Whether a round asked for it."""
        return not one.items or self.code in measures.asked_items(one)

    def row(self, one: Round, tallied: tallies.Tallied) -> tabulation.MeasureRow:
        """The figure of a round, or of several counted together."""
        what = self.here.measure(self.code)
        return tabulation.row_of(what, self.here.group, self.here.counted(one, tallied))

    def figure(self, points: Sequence[trends.Point], *notes: str) -> model.Figure:
        """The drawing with its table."""
        title = f"{self.here.title(self.code)} ({self.code}) over time"
        said = _ITEM if self.here.measure(self.code).item else _COMPONENT
        caption = charts.Caption("trend", title, f"{said}, {self.place}.").noted(*notes)
        panel = trends.Panel(self.code, "", tuple(points))
        return trends.trend(caption, [panel], fewest=self.here.asked.limits.smallest_n)


def of_place(session: orm.Session, rounds: Sequence[Round], over: Over) -> Trend:
    """Every round of a place with a final case review that asked for the measure."""
    part = counts.Part(over.here.group, [over.code])
    found = counts.tallied(session, rounds, part)
    there = [one for one in rounds if counts.of(found, one).cases and over.asked(one)]
    there.sort(key=lambda one: (one.on_site_to, one.id))
    why = over.apart(there)
    points = list(_points(over, [one for one in there if not why[one.id]], found))
    named = [(places.words(one).title, why[one.id]) for one in there]
    if len(points) < 2:
        return Trend(None, apart.words(named), len(points))
    notes = (_BROKEN if _broken(points) else "", _versions(over, there, why))
    return Trend(over.figure(points, *notes), apart.words(named), len(points))


def _points(over: Over, rounds: Sequence[Round], found: counts.Found) -> Iterator[trends.Point]:
    """`rounds` from the oldest on."""
    before: Round | None = None
    for one in rounds:
        compared = one.kind not in INTERIM
        yield trends.Point(
            label=places.words(one).title,
            on=one.on_site_to,
            share=figures.share(over.row(one, counts.of(found, one))),
            compared=compared,
            joined=before is None or _first(before) == _first(one),
        )
        before = one if compared else before


def _first(one: Round) -> int:
    """The id of the round that those which are compared go back to."""
    seen = {one.id}
    while one.compares_with is not None and one.compares_with.id not in seen:
        one = one.compares_with
        seen.add(one.id)
    return one.id


def _broken(points: Sequence[trends.Point]) -> bool:
    return any(one.compared and not one.joined for one in points)


def _versions(over: Over, rounds: Sequence[Round], why: Mapping[int, str]) -> str:
    used = [round_queries.instrument_of(one) for one in rounds if not why[one.id]]
    return apart.several_versions(over.code, used)


def by_year(
    rounds: Sequence[Round], over: Over, found: counts.Found, name: Callable[[Round], str]
) -> Trend:
    """Rounds of several regions, added up by the year of their last day on site. `name` says which
    round it is, `found` are their counts."""
    there = [one for one in rounds if counts.of(found, one).cases and over.asked(one)]
    there.sort(key=lambda one: (one.on_site_to, one.id))
    why = over.apart(there)
    kept = [one for one in there if not why[one.id]]
    years = itertools.groupby(kept, key=lambda one: one.on_site_to.year)
    points = [_year(over, list(group), found) for _, group in years]
    named = [(name(one), why[one.id]) for one in there]
    if len(points) < 2:
        return Trend(None, apart.words(named), len(points))
    figure = over.figure(points, _YEARS, _versions(over, there, why))
    return Trend(figure, apart.words(named), len(points))


def _year(over: Over, rounds: Sequence[Round], found: counts.Found) -> trends.Point:
    whole = tallies.together(counts.of(found, one) for one in rounds)
    number = len({one.region_id for one in rounds})
    regions = sentences.capital(sentences.number_word(number))
    return trends.Point(
        label=f"{regions} {'region' if number == 1 else 'regions'}",
        on=max(one.on_site_to for one in rounds),
        share=figures.share(over.row(rounds[-1], whole)),
        joined=False,
    )
