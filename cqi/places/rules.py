"""What a place is, and how a file of counties is read."""

from __future__ import annotations

import csv
import datetime as dt
import enum
import functools
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cqi.core.errors import BadInput, BadRow, Blocker

_DATA = Path(__file__).parent / "data"
_COLUMNS = ("county", "fips", "region")
MOST_ROWS = 5_000  # all states together have about 3,200 counties
_LONGEST_LINE = 1_000


class PlaceKind(enum.StrEnum):
    """The four levels, from above."""

    STATE = "state"
    REGION = "region"
    COUNTY = "county"
    UNIT = "unit"


@dataclass(frozen=True)
class CountyRow:
    """One line of a file: a county belongs to a region from a date."""

    line: int
    county: str
    fips: str
    region: str
    from_on: dt.date


@dataclass(frozen=True)
class Wanted:
    """To which place, of which kind, a county is to go, from when, and where that was decided."""

    kind: PlaceKind
    region_id: int
    from_on: dt.date
    source: str


def move_blockers(
    wanted: Wanted, stands: tuple[int, dt.date] | None, today: dt.date
) -> list[Blocker]:
    """Why a county cannot go there from that day. `stands`: where it last is put, since when.

    A move counts from today or later: figures and reach of the days before stay as they were.
    """
    if wanted.kind is not PlaceKind.REGION:
        return [Blocker("no_region", "Choose a region of the list.", "region")]
    found = []
    if not wanted.source.strip():
        message = "Say where this was decided, such as an order and its date."
        found.append(Blocker("source_missing", message, "source"))
    if wanted.from_on < today:
        message = "What was stays as it was: give today or a later day."
        found.append(Blocker("in_the_past", message, "from_on"))
    if stands is None:
        return found
    region_id, since = stands
    if since > today:
        message = f"A move from {since} is planned already: take it back first, on this page."
        found.append(Blocker("planned_already", message, "region"))
    elif region_id == wanted.region_id:
        found.append(Blocker("same_region", "It is in this region: choose another.", "region"))
    elif since >= wanted.from_on:
        message = f"It came to its region on {since} only: give a later day."
        found.append(Blocker("before_last", message, "from_on"))
    return found


def shipped(name: str) -> str:
    """The text of a data file that comes with the product: "counties.csv"."""
    return (_DATA / name).read_text(encoding="utf-8")


def read_rows(text: str, from_on: dt.date) -> list[CountyRow]:
    """The rows of a counties file; `from_on` stands where a row gives no date.

    Raises BadInput with every bad row.
    """
    lines = list(itertools.islice(_lines(text), MOST_ROWS + 2))
    if len(lines) > MOST_ROWS + 1:
        raise BadInput(f"the file has more than {MOST_ROWS:,} rows: is it a list of counties?")
    header = [cell.strip().lower() for cell in lines[0][1]] if lines else []
    missing = [column for column in _COLUMNS if column not in header]
    if missing:
        message = f"the first line must name the columns county,fips,region: {missing} missing"
        raise BadInput(message)
    read = [
        _row(number, dict(zip(header, cells, strict=False)), from_on) for number, cells in lines[1:]
    ]
    bad = [problem for _row_, problems in read for problem in problems]
    rows = [row for row, problems in read if not problems]
    bad += list(_repeated(rows))
    if not bad and rows:
        bad += list(_of_several_states(rows))
    if bad or not rows:
        message = "the file was not imported: nothing was changed" if bad else "the file is empty"
        raise BadInput(message, sorted(bad, key=lambda each: each.line))
    return rows


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        if len(line) > _LONGEST_LINE:
            message = f"longer than {_LONGEST_LINE} characters: is this a list of counties?"
            raise BadInput("the file was not imported", [BadRow(number, "", message)])
        if line.strip() and not line.startswith("#"):
            yield number, next(csv.reader([line]))


def _row(line: int, cells: dict[str, str], from_on: dt.date) -> tuple[CountyRow, list[BadRow]]:
    county, fips, region = (cells.get(column, "").strip() for column in _COLUMNS)
    bad = []
    if not county:
        bad.append(BadRow(line, "county", "the county's name is empty"))
    if not (len(fips) == 5 and fips.isascii() and fips.isdigit()):
        bad.append(BadRow(line, "fips", f"{fips!r} is no FIPS code: five digits, such as 28001"))
    elif fips[:2] not in states():
        bad.append(BadRow(line, "fips", f"no state has the code {fips[:2]}"))
    if not region:
        bad.append(BadRow(line, "region", "the region is empty"))
    given = cells.get("from", "").strip()
    try:
        from_on = dt.date.fromisoformat(given) if given else from_on
    except ValueError:
        bad.append(BadRow(line, "from", f"{given!r} is no date: write 2027-03-31"))
    return CountyRow(line, county, fips, region, from_on), bad


def _repeated(rows: Iterable[CountyRow]) -> Iterator[BadRow]:
    first: dict[str, int] = {}
    for row in rows:
        line = first.setdefault(row.fips, row.line)
        if line != row.line:
            yield BadRow(row.line, "fips", f"{row.fips} stands in line {line} already")


def _of_several_states(rows: list[CountyRow]) -> Iterator[BadRow]:
    state = rows[0].fips[:2]
    for row in rows:
        if row.fips[:2] != state:
            yield BadRow(row.line, "fips", "it lies in another state: one database is one agency")


@functools.cache
def states() -> dict[str, str]:
    """Two digits of a FIPS code -> the state's name."""
    lines = shipped("states.csv").splitlines()[1:]
    return dict(csv.reader(lines))


def state_of(rows: list[CountyRow]) -> tuple[str, str]:
    """The state's code and name that all rows lie in."""
    code = rows[0].fips[:2]
    return code, states()[code]
