"""What a case is (domain.md section 2), and how one line of a case list is read."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from cqi.cases.rules.cells import LONGEST as LONGEST
from cqi.cases.rules.cells import NO_USE, Cells
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
_OLDEST_YEAR = 1900


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
    row = _Row(line, known.today, REQUIRED, known=known)
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
class _Row(Cells):
    """Reads one row of a list of cases."""

    known: Known = field(kw_only=True)

    def county(self) -> int | None:
        """The county's id."""
        text = self.text("county_fips")
        if text and text not in self.known.counties:
            remedy = "use the five digits of a county on the places page"
            self.wrong("county_fips", f"“{text}” is no county's FIPS code: {remedy}")
        return self.known.counties.get(text)

    def unit(self, county: int | None) -> int | None:
        """The unit's id, by code or name within the county."""
        text = self.text("unit")
        if not text or county is None:
            return None
        if (county, text) not in self.known.units:
            remedy = "use a unit of this county, or leave it empty"
            self.wrong("unit", f"“{text}” is no unit of the county: {remedy}")
        return self.known.units.get((county, text))

    def check_order(self, dates: Mapping[str, dt.date | None]) -> None:
        """Nothing ends before it began."""
        for begin, end in (("opened_on", "closed_on"), ("entered_care_on", "discharged_on")):
            first, last = dates[begin], dates[end]
            if first and last and last < first:
                self.wrong(end, f"{last} is before {begin} ({first}): correct one of them")

    def initial(self) -> str | None:
        """One letter, with or without its full stop."""
        text = self.text("child_initial").rstrip(".")
        if len(text) > 1 or (text and not text.isalpha()):
            self.wrong("child_initial", "give the first letter only, never a name")
        return text.upper() or None

    def birth_year(self) -> str | None:
        """Four digits."""
        text = self.text("child_birth_year")
        good = len(text) == 4 and text.isascii() and text.isdigit()
        if text and not (good and _OLDEST_YEAR <= int(text) <= self.known.today.year):
            self.wrong("child_birth_year", f"“{text}” is no year of birth: write four digits")
        return text or None


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
