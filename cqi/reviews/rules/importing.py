"""Finished ratings from elsewhere: each row of a file judged, and rows put together to case
reviews. Whatever cannot be used is said with its line, its column and what to do."""

from __future__ import annotations

import datetime as dt
import difflib
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from cqi.cases.rules import CASE_TYPE_WORDS, CaseType, cells
from cqi.cases.rules.lists import Columns, Limits, Line
from cqi.core.errors import BadRow
from cqi.instruments import definition, problems, rating
from cqi.instruments.definition import Rating
from cqi.reviews.rules import STATE_WORDS, ReviewState

NAMES = ("round", "county_fips", "case_number", "case_type", "item", "rating", "final_on")
COLUMNS = Columns(NAMES, NAMES)
LIMITS = Limits(5, 60_000)
RATINGS = (Rating.STRENGTH, Rating.AREA_NEEDING_IMPROVEMENT, Rating.NOT_APPLICABLE)
_NAMED = 6  # rounds, or counties of a round, that a message lists


@dataclass(frozen=True)
class Before:
    """A case that is in a round already: how its case review stands, and by which file it came."""

    state: ReviewState
    digest: str | None = None


@dataclass(frozen=True)
class KnownRound:
    """A round that a file names. `counties` are ids by FIPS code; `instrument` is what it asks for,
    `others` the items of the same version that it does not; `sample` None: no sample was drawn."""

    id: int
    public_id: uuid.UUID
    name: str
    pur_from: dt.date
    counties: Mapping[str, int]
    instrument: definition.Instrument
    others: frozenset[str] = frozenset()
    sample: frozenset[str] | None = None
    before: Mapping[str, Before] = field(default_factory=dict)


@dataclass(frozen=True)
class KnownCase:
    """A case that is there: where and of what kind, or that the importer may not know it."""

    county_fips: str
    case_type: CaseType
    seen: bool = True


@dataclass(frozen=True)
class Known:
    """What a file is checked against: rounds by what it calls them (None: there is none), cases by
    number, and the names of all rounds that the importer may fill."""

    rounds: Mapping[str, KnownRound | None]
    cases: Mapping[str, KnownCase]
    names: tuple[str, ...]
    today: dt.date


@dataclass(frozen=True, slots=True)
class Row:
    """One row that can be read."""

    line: int
    round: KnownRound
    county_fips: str
    case_number: str
    case_type: CaseType
    item: str
    rating: Rating
    final_on: dt.date


@dataclass(frozen=True)
class NewReview:
    """The rows of one case in one round; `ratings` by item as the file has them."""

    first: Row
    ratings: Mapping[str, Rating]

    @cached_property
    def items(self) -> dict[str, Rating | None]:
        """Every item of the instrument: as given, as its parts make it, or None."""
        instrument = self.first.round.instrument
        whole = rating.rate_wholes(instrument, self.ratings, self.facts)
        found = {**whole, **self.ratings}
        return {item.code: found.get(item.code) for item in instrument.items}

    @cached_property
    def components(self) -> dict[str, rating.ComponentRating]:
        """Every component, by the instrument's rule."""
        return rating.rate_components(self.first.round.instrument, self.items, self.facts)

    @property
    def facts(self) -> dict[str, str]:
        """What is known of the face sheet."""
        return facts_of(self.first.round.instrument, self.first.case_type)


@dataclass(frozen=True)
class Judged:
    """What would come in, and everything that is wrong; with that nothing does."""

    reviews: tuple[NewReview, ...]
    problems: tuple[BadRow, ...]


def facts_of(instrument: definition.Instrument, case_type: CaseType) -> dict[str, str]:
    """The kind of case as a fact, where the instrument asks for it."""
    fact = instrument.facts_by_name.get("case_type")
    known = fact is not None and case_type.value in fact.values
    return {"case_type": case_type.value} if known else {}


def judge(lines: Iterable[Line], known: Known) -> Judged:
    """Read every row, put rows of one case together, and check each case against what is there."""
    rows: list[Row] = []
    found: list[BadRow] = []
    for line in lines:
        row, wrong = _read(line, known)
        found += wrong
        rows += [row] if row else []
    found += _different(rows)
    reviews = []
    for together in _by_case(rows).values():
        found += _twice(together)
        review = NewReview(together[0], {row.item: row.rating for row in together})
        found += [*_against_parts(review, together), *_against_what_is_there(review, known)]
        reviews.append(review)
    return Judged(tuple(reviews), tuple(sorted(found, key=lambda bad: bad.line)))


class _Cells(cells.Cells):
    """Reads the columns of one row."""

    def plain(self, column: str) -> str:
        """A text that is no formula."""
        text = self.text(column)
        if text.startswith("="):
            self.wrong(column, "this is a formula: put its value in its place")
            return ""
        return text

    def round(self, known: Known) -> KnownRound | None:
        """The round, by its name or its id."""
        text = self.plain("round")
        one = known.rounds.get(text)
        if text and one is None:
            self.wrong("round", f"“{text}” is no round here: {_instead(text, known.names)}")
        return one

    def county(self, one: KnownRound | None) -> str:
        """The FIPS code of a county of the round."""
        text = self.plain("county_fips")
        if not text or one is None or text in one.counties:
            return text
        some = sorted(one.counties)
        such = "one of its counties, such as " if len(some) > _NAMED else ""
        named = f"{such}{cells.listed(some[:_NAMED])}"
        self.wrong("county_fips", f"“{text}” is no county of {one.name}: use {named}")
        return ""

    def item(self, one: KnownRound | None) -> str:
        """The code of an item that the round asks for."""
        text = self.plain("item")
        if not text or one is None or text in one.instrument.items_by_code:
            return text
        self.wrong("item", _no_item(text, one))
        return ""

    def rating(self) -> Rating | None:
        """What an item can be rated."""
        text = self.plain("rating")
        if text and text not in RATINGS:
            self.wrong("rating", f"“{text}” is no rating of an item: use {cells.listed(RATINGS)}")
            return None
        return Rating(text) if text else None

    def final_on(self, one: KnownRound | None) -> dt.date | None:
        """The day on which the case review became final."""
        day = self.date("final_on") if self.plain("final_on") else None
        if day and one and day < one.pur_from:
            message = f"{day} is before the period under review of {one.name} ({one.pur_from})"
            self.wrong("final_on", f"{message}: correct it")
        return day


def _read(line: Line, known: Known) -> tuple[Row | None, list[BadRow]]:
    row = _Cells(line, known.today, NAMES)
    one = row.round(known)
    county, number = row.county(one), row.plain("case_number")
    case_type = row.one_of("case_type", CaseType)
    item, rated, day = row.item(one), row.rating(), row.final_on(one)
    wrong = list(dict.fromkeys(row.problems))  # two looks at one cell say the same
    if wrong or one is None or case_type is None or rated is None or day is None:
        return None, wrong
    return Row(line.number, one, county, number, case_type, item, rated, day), []


def _instead(text: str, names: tuple[str, ...]) -> str:
    """What to do about a round that is none."""
    opens = "or open it first (cqi rounds create)"
    if not names:
        return "open it first (cqi rounds create)"
    folded = {name.casefold(): name for name in names}
    near = difflib.get_close_matches(text.casefold(), folded, n=1)
    if near:
        return f"did you mean “{folded[near[0]]}”? Use a round’s name or id, {opens}"
    return f"use a round’s name or id, {opens}"


def _no_item(text: str, one: KnownRound) -> str:
    instrument = one.instrument
    if text in instrument.components_by_code:
        return f"“{text}” is a component: it is rated from its items by rule, so remove the row"
    if text in one.others:
        asked = cells.listed([item.code for item in instrument.wholes][:_NAMED])
        return f"{one.name} does not ask for {text}, only for {asked}: remove the row"
    near = problems.did_you_mean(text, instrument.items_by_code)
    return f"“{text}” is no item of {instrument.title} {instrument.version}. {near}"


def _by_case(rows: Iterable[Row]) -> dict[tuple[int, str], list[Row]]:
    found: dict[tuple[int, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row.round.id, row.case_number), []).append(row)
    return found


def _different(rows: Iterable[Row]) -> Iterator[BadRow]:
    """A case has one county and one kind, and in a round one day on which it became final."""
    first: dict[str, Row] = {}
    in_round: dict[tuple[int, str], Row] = {}
    for row in rows:
        case = first.setdefault(row.case_number, row)
        here = in_round.setdefault((row.round.id, row.case_number), row)
        said = (
            ("county_fips", row.county_fips, case.county_fips, case.line),
            ("case_type", row.case_type, case.case_type, case.line),
            ("final_on", str(row.final_on), str(here.final_on), here.line),
        )
        for column, now, before, line in said:
            if now != before:
                message = f"case {row.case_number} has {before} on line {line}, here {now}"
                yield BadRow(row.line, column, f"{message}: make them the same")


def _twice(rows: Iterable[Row]) -> Iterator[BadRow]:
    first: dict[str, int] = {}
    for row in rows:
        before = first.setdefault(row.item, row.line)
        if before != row.line:
            message = f"{row.item} of case {row.case_number} stands on line {before} already"
            yield BadRow(row.line, "item", f"{message}: remove one")


def _against_parts(review: NewReview, rows: Iterable[Row]) -> Iterator[BadRow]:
    """A whole item is what its parts make it."""
    instrument = review.first.round.instrument
    whole = rating.rate_wholes(instrument, review.ratings, review.facts)
    for row in rows:
        made = whole.get(row.item)
        if made is not None and made is not row.rating:
            parts = ", ".join(instrument.item(row.item).parts)
            message = f"{row.item} follows from {parts} of this case as {made}, not {row.rating}"
            yield BadRow(row.line, "rating", f"{message}: correct one, or leave this row out")


def _against_what_is_there(review: NewReview, known: Known) -> Iterator[BadRow]:
    first = review.first
    number, one, case = first.case_number, first.round, known.cases.get(first.case_number)
    if case is not None and not case.seen:
        yield BadRow(first.line, "case_number", cells.NO_USE)
        return
    if case is not None:
        yield from _another_case(first, case)
    if before := one.before.get(number):
        message = f"case {number} {_how_before(before)} in {one.name}: leave its rows out"
        yield BadRow(first.line, "case_number", message)
    elif one.sample is not None and number not in one.sample:
        message = f"case {number} is not in the sample of {one.name}"
        yield BadRow(first.line, "case_number", f"{message}: leave its rows out")


def _another_case(row: Row, case: KnownCase) -> Iterator[BadRow]:
    remedy = "correct the row, or the case number"
    if case.county_fips != row.county_fips:
        message = f"case {row.case_number} is of county {case.county_fips} here: {remedy}"
        yield BadRow(row.line, "county_fips", message)
    if case.case_type is not row.case_type:
        message = f"case {row.case_number} is {case.case_type.value} here"
        words = CASE_TYPE_WORDS[case.case_type].lower()
        yield BadRow(row.line, "case_type", f"{message} ({words}): {remedy}")


def _how_before(before: Before) -> str:
    state = STATE_WORDS[before.state].lower()
    if before.digest is None:
        return f"is reviewed already ({state})"
    return f"was imported from another file ({before.digest[:12]}, {state})"
