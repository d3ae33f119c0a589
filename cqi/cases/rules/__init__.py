"""What a case is (domain.md section 2), and how one line of a case list is read."""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from cqi.cases.rules.lists import REQUIRED, Line
from cqi.core.errors import BadRow


class CaseType(enum.StrEnum):
    """Foster care looks at one target child; in-home at the family with all children."""

    FOSTER_CARE = "foster_care"
    IN_HOME = "in_home"
    IN_HOME_ALTERNATIVE_RESPONSE = "in_home_alternative_response"


CASE_TYPE_WORDS = {
    CaseType.FOSTER_CARE: "Foster care",
    CaseType.IN_HOME: "In-home",
    CaseType.IN_HOME_ALTERNATIVE_RESPONSE: "In-home, alternative response",
}


class Hold(enum.StrEnum):
    """Why a case stays out of samples unless chosen."""

    FATALITY = "fatality"
    LITIGATION = "litigation"


class StaffKind(enum.StrEnum):
    """Who works a case, by the agency's staff number."""

    CASEWORKER = "caseworker"
    SUPERVISOR = "supervisor"


class ConflictKind(enum.StrEnum):
    """Why somebody cannot judge a case freely."""

    WORKED_CASE = "worked_case"
    RELATIVE = "relative"
    FRIEND = "friend"
    PROVIDER = "provider"
    COURT = "court"
    MONEY = "money"
    OTHER = "other"


CONFLICT_WORDS = {
    ConflictKind.WORKED_CASE: "Works or worked the case, or supervises or supervised it",
    ConflictKind.RELATIVE: "A relative or partner of somebody in the case",
    ConflictKind.FRIEND: "A friend, neighbour or member of the same congregation",
    ConflictKind.PROVIDER: "Serves or served the family as a provider",
    ConflictKind.COURT: "Took part in a court case of the family",
    ConflictKind.MONEY: "Business or money with somebody in the case",
    ConflictKind.OTHER: "Something else",
}


DATES = ("opened_on", "closed_on", "entered_care_on", "discharged_on")
LONGEST = {"case_number": 60, "family_id": 60, "caseworker_id": 40, "supervisor_id": 40}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_OLDEST_YEAR = 1900
_LONGEST_CELL = 200
_FORMULA = ("=", "+", "-", "@", "'")  # files would have to change such a number to be safe
_Listed = TypeVar("_Listed", CaseType, Hold)


@dataclass(frozen=True)
class ImportResult:
    """What an import did: data rows read, cases created, and every row that cannot be used."""

    rows: int
    created: int
    problems: tuple[BadRow, ...] = ()


@dataclass(frozen=True)
class Known:
    """What a row is checked against: counties by FIPS code, units by (county id, name or code)."""

    counties: Mapping[str, int]
    units: Mapping[tuple[int, str], int]
    today: dt.date


@dataclass(frozen=True, slots=True)
class NewCase:
    """One row that can be used."""

    line: int
    case_number: str
    case_type: CaseType
    county_id: int
    unit_id: int | None
    dates: Mapping[str, dt.date | None]
    staff: Mapping[StaffKind, str]
    child_initial: str | None
    child_birth_year: str | None
    family_id: str | None
    hold: Hold | None


def read(line: Line, known: Known) -> tuple[NewCase | None, list[BadRow]]:
    """One row as a case, or everything that is wrong with it, each with its remedy."""
    row = _Row(line, known)
    county = row.county()
    dates = {name: row.date(name) for name in DATES}
    row.check_order(dates)
    case_type = row.one_of("case_type", CaseType)
    values = {name: row.text(name) for name in ("case_number", "family_id")}
    staff = {kind: row.text(f"{kind.value}_id") for kind in StaffKind}
    unit, hold = row.unit(county), row.one_of("hold", Hold)
    initial, year = row.initial(), row.birth_year()
    if row.problems or county is None or case_type is None:
        return None, row.problems
    return NewCase(
        line=line.number,
        case_number=values["case_number"],
        case_type=case_type,
        county_id=county,
        unit_id=unit,
        dates=dates,
        staff={kind: staff_id for kind, staff_id in staff.items() if staff_id},
        child_initial=initial,
        child_birth_year=year,
        family_id=values["family_id"] or None,
        hold=hold,
    ), []


def read_all(lines: Iterable[Line], known: Known) -> tuple[list[NewCase], list[BadRow]]:
    """Every row that can be used, and everything that is wrong with the others."""
    new: list[NewCase] = []
    problems: list[BadRow] = []
    for line in lines:
        case, wrong = read(line, known)
        problems += wrong
        new += [case] if case else []
    return new, problems


@dataclass
class _Row:
    """Reads one row, column by column, and keeps what is wrong."""

    line: Line
    known: Known
    problems: list[BadRow] = field(default_factory=list)

    def text(self, column: str) -> str:
        """A value as it stands; missing or too long ones are problems."""
        value = " ".join(self.line.values.get(column, "").split())  # a line break is a blank
        if not value and column in REQUIRED:
            self._wrong(column, "this is required: fill it in")
        longest = LONGEST.get(column, _LONGEST_CELL)
        if column == "case_number" and (len(value) > longest or not value.isprintable()):
            self._wrong(column, NO_USE)
            return ""
        if column == "case_number" and value.startswith(_FORMULA):
            message = f"“{value[0]}” at its beginning makes it a formula in spreadsheets: remove it"
            self._wrong(column, message)
            return ""
        if len(value) > longest:
            self._wrong(column, f"this is longer than {longest} characters: shorten it")
            return ""
        if not value.isprintable():
            self._wrong(column, "this holds an invisible character: type it anew")
            return ""
        return value

    def one_of(self, column: str, values: type[_Listed]) -> _Listed | None:
        """A value of a closed list, or None."""
        text = self.text(column)
        if text and text not in list(values):
            self._wrong(column, f"“{text}” is not known: use {_listed(list(values))}")
            return None
        return values(text) if text else None

    def county(self) -> int | None:
        """The county's id."""
        text = self.text("county_fips")
        if text and text not in self.known.counties:
            remedy = "use the five digits of a county on the places page"
            self._wrong("county_fips", f"“{text}” is no county's FIPS code: {remedy}")
        return self.known.counties.get(text)

    def unit(self, county: int | None) -> int | None:
        """The unit's id, by code or name within the county."""
        text = self.text("unit")
        if not text or county is None:
            return None
        if (county, text) not in self.known.units:
            remedy = "use a unit of this county, or leave it empty"
            self._wrong("unit", f"“{text}” is no unit of the county: {remedy}")
        return self.known.units.get((county, text))

    def date(self, column: str) -> dt.date | None:
        """A date as YYYY-MM-DD that is not in the future, or None."""
        text = self.text(column)
        if not text:
            return None
        day = _day(text)
        if day is None:
            self._wrong(column, f"“{text}” is no date: write it as YYYY-MM-DD")
        elif day > self.known.today:
            self._wrong(column, f"{text} lies in the future: correct it or leave it empty")
        return day

    def check_order(self, dates: Mapping[str, dt.date | None]) -> None:
        """Nothing ends before it began."""
        for begin, end in (("opened_on", "closed_on"), ("entered_care_on", "discharged_on")):
            first, last = dates[begin], dates[end]
            if first and last and last < first:
                self._wrong(end, f"{last} is before {begin} ({first}): correct one of them")

    def initial(self) -> str | None:
        """One letter, with or without its full stop."""
        text = self.text("child_initial").rstrip(".")
        if len(text) > 1 or (text and not text.isalpha()):
            self._wrong("child_initial", "give the first letter only, never a name")
        return text.upper() or None

    def birth_year(self) -> str | None:
        """Four digits."""
        text = self.text("child_birth_year")
        good = len(text) == 4 and text.isascii() and text.isdigit()
        if text and not (good and _OLDEST_YEAR <= int(text) <= self.known.today.year):
            self._wrong("child_birth_year", f"“{text}” is no year of birth: write four digits")
        return text or None

    def _wrong(self, column: str, message: str) -> None:
        self.problems.append(BadRow(self.line.number, column, message))


def _day(text: str) -> dt.date | None:
    if not _DATE.fullmatch(text):
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _listed(values: list[str]) -> str:
    return f"{', '.join(values[:-1])} or {values[-1]}"


NO_USE = "this case number cannot be used: check it against the case file, or remove the row"


def repeated(new: list[NewCase], there: frozenset[str], seen: frozenset[str]) -> Iterator[BadRow]:
    """Case numbers that stand twice in the file or are `there` already; of those that the importer
    has not `seen`, the words are those for any number that is of no use."""
    first: dict[str, int] = {}
    for case in new:
        before = first.setdefault(case.case_number, case.line)
        if before != case.line:
            message = f"“{case.case_number}” stands on line {before} already: remove one"
            yield BadRow(case.line, "case_number", message)
        elif case.case_number in there:
            known = f"“{case.case_number}” is there already: remove the row"
            message = known if case.case_number in seen else NO_USE
            yield BadRow(case.line, "case_number", message)
