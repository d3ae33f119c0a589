"""Who of a case list stands in the frame. The rules are data (`data/eligibility.toml`); here are
the five tests that they are made of."""

from __future__ import annotations

import datetime as dt
import enum
import hashlib
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from cqi.cases.rules import CaseType, NewCase
from cqi.sampling.rules.drawing import AS_IN_HOME, Listed


class Test(enum.StrEnum):
    """What a rule asks of a case."""

    IN_ROUND = "in_round"
    NO_HOLD = "no_hold"
    DAYS = "days"
    NOBODY_IN_CARE = "nobody_in_care"
    ONE_A_FAMILY = "one_a_family"


@dataclass(frozen=True)
class Rule:
    """One rule: a case for which `test` fails is left out, with `code` and `words`.

    `needs` are the columns without which it is not applied; `setting` the key of the setting that
    `at_least` (days) follows.
    """

    code: str
    test: Test
    words: str
    case_types: tuple[CaseType, ...] = tuple(CaseType)
    needs: tuple[str, ...] = ()
    begins: str = ""
    ends: str = ""
    at_least: int = 0
    setting: str = ""


@dataclass(frozen=True)
class Period:
    """The sampling period, both days in it."""

    first: dt.date
    last: dt.date

    def days(self, begins: dt.date | None, ends: dt.date | None) -> int:
        """Days of the period between two dates, both counted; without an end it goes on."""
        if begins is None:
            return 0
        last = min(ends or self.last, self.last)
        return max((last - max(begins, self.first)).days + 1, 0)


@dataclass(frozen=True)
class Around:
    """What a case is judged by besides itself. `counties` are FIPS codes of the round."""

    period: Period
    counties: Collection[str]
    with_holds: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One case of the list: as the frame would list it, and what the list says about it."""

    listed: Listed
    case: NewCase

    @property
    def family(self) -> tuple[str, str] | None:
        """What only one case may stand for: a family's children in care, or the family at home."""
        if not self.case.family_id:
            return None
        kind = AS_IN_HOME.get(self.listed.case_type, self.listed.case_type)
        return self.case.family_id, kind.value


@dataclass(frozen=True, slots=True)
class Judged:
    """One case and the code of the rule for which it is left out; empty: it stands in the frame."""

    row: Row
    left_out: str = ""


@dataclass(frozen=True)
class Sifted:
    """A list as a frame. `not_applied`: code of a rule -> the columns that the list lacks."""

    judged: tuple[Judged, ...]
    not_applied: Mapping[str, tuple[str, ...]]

    @property
    def frame(self) -> list[Listed]:
        """The cases that can be drawn."""
        return [each.row.listed for each in self.judged if not each.left_out]

    @property
    def counts(self) -> dict[str, int]:
        """Code -> how many were left out for it."""
        found: dict[str, int] = {}
        for each in self.judged:
            if each.left_out:
                found[each.left_out] = found.get(each.left_out, 0) + 1
        return found


def read(text: str) -> tuple[Rule, ...]:
    """The rules of a TOML text."""
    return tuple(
        Rule(
            code=one["code"],
            test=Test(one["test"]),
            words=one["words"],
            case_types=tuple(CaseType(kind) for kind in one.get("case_types", CaseType)),
            needs=tuple(one.get("needs", ())),
            begins=one.get("from", ""),
            ends=one.get("until", ""),
            at_least=one.get("at_least", 0),
            setting=one.get("setting", ""),
        )
        for one in tomllib.loads(text)["rules"]
    )


def with_settings(rules: Iterable[Rule], values: Mapping[str, int]) -> tuple[Rule, ...]:
    """The rules with the days that the agency has set."""
    return tuple(replace(rule, at_least=values.get(rule.setting, rule.at_least)) for rule in rules)


def sift(
    rows: Sequence[Row], rules: Sequence[Rule], columns: Collection[str], around: Around
) -> Sifted:
    """Judge every case by the rules in their order, the first that fails counts; the order of the
    list does not matter."""
    lacking = {
        rule.code: tuple(name for name in rule.needs if name not in columns) for rule in rules
    }
    left_out: dict[int, str] = {}
    for rule in rules:
        if lacking[rule.code]:
            continue
        asked = [
            (place, row)
            for place, row in enumerate(rows)
            if place not in left_out and row.listed.case_type in rule.case_types
        ]
        passes = _TESTS[rule.test](_Sieve(rule, rows, [row for _, row in asked], around))
        left_out |= {place: rule.code for place, row in asked if not passes(row)}
    judged = tuple(Judged(row, left_out.get(place, "")) for place, row in enumerate(rows))
    return Sifted(judged, {code: names for code, names in lacking.items() if names})


@dataclass(frozen=True)
class _Sieve:
    """A rule with all cases of the list, those that it is asked about, and what is around them."""

    rule: Rule
    rows: Sequence[Row]
    asked: Sequence[Row]
    around: Around


_Passes = Callable[[Row], bool]


def _in_round(sieve: _Sieve) -> _Passes:
    return lambda row: row.listed.county_fips in sieve.around.counties


def _no_hold(sieve: _Sieve) -> _Passes:
    return lambda row: sieve.around.with_holds or row.case.hold is None


def _days(sieve: _Sieve) -> _Passes:
    rule, period = sieve.rule, sieve.around.period

    def passes(row: Row) -> bool:
        return period.days(row.case.dates[rule.begins], row.case.dates[rule.ends]) >= rule.at_least

    return passes


def _nobody_in_care(sieve: _Sieve) -> _Passes:
    period = sieve.around.period
    in_care = {
        row.case.family_id
        for row in sieve.rows
        if row.listed.case_type is CaseType.FOSTER_CARE
        and period.days(row.case.dates["entered_care_on"], row.case.dates["discharged_on"])
    }
    return lambda row: not row.case.family_id or row.case.family_id not in in_care


def _one_a_family(sieve: _Sieve) -> _Passes:
    chosen: dict[tuple[str, str], str] = {}
    for row in sieve.asked:
        if family := row.family:
            told = _told(row)
            chosen[family] = min(chosen.get(family, told), told)
    return lambda row: not row.family or chosen[row.family] == _told(row)


def _told(row: Row) -> str:
    return hashlib.sha256(row.listed.case_number.encode()).hexdigest()


_TESTS: Mapping[Test, Callable[[_Sieve], _Passes]] = {
    Test.IN_ROUND: _in_round,
    Test.NO_HOLD: _no_hold,
    Test.DAYS: _days,
    Test.NOBODY_IN_CARE: _nobody_in_care,
    Test.ONE_A_FAMILY: _one_a_family,
}
