"""Who of a list stands in the frame, rule by rule, by the rules as they are shipped."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib

import hypothesis
import pytest
from hypothesis import strategies

from cqi.cases.rules import CaseType, Hold, NewCase
from cqi.cases.rules.lists import COLUMNS
from cqi.sampling import queries
from cqi.sampling.rules import eligibility
from cqi.sampling.rules.drawing import Listed
from cqi.sampling.rules.eligibility import Around, Period, Row

D = dt.date.fromisoformat
PERIOD = Period(D("2026-04-01"), D("2026-09-30"))
AROUND = Around(PERIOD, {"28001"})
NO_DATES = dict.fromkeys(("opened_on", "closed_on", "entered_care_on", "discharged_on"))


def row(
    number: str, kind: CaseType = CaseType.FOSTER_CARE, fips: str = "28001", **more: object
) -> Row:
    """A case that was in care, or open, all through the period, unless it says otherwise."""
    begins = "entered_care_on" if kind is CaseType.FOSTER_CARE else "opened_on"
    dates = NO_DATES | {begins: D("2025-01-01")}
    dates |= {name: D(str(more.pop(name))) for name in NO_DATES if name in more}
    case = NewCase(1, number, kind, 1, None, dates, {}, None, None, None, None)
    return Row(Listed(number, fips, kind), dataclasses.replace(case, **more))


def codes(*rows: Row, columns: tuple[str, ...] = COLUMNS, around: Around = AROUND) -> list[str]:
    sifted = eligibility.sift(rows, queries.shipped_rules(), columns, around)
    return [each.left_out for each in sifted.judged]


HOME, ALTERNATIVE = CaseType.IN_HOME, CaseType.IN_HOME_ALTERNATIVE_RESPONSE


@pytest.mark.parametrize(
    ("case", "code"),
    [
        (row("a"), ""),
        (row("a", fips="28003"), "out_of_area"),
        (row("a", hold=Hold.FATALITY), "on_hold"),
        (row("a", hold=Hold.LITIGATION), "on_hold"),
        (row("a", entered_care_on="2026-09-30"), ""),  # one day, the last
        (row("a", entered_care_on="2026-10-01"), "not_in_care"),
        (row("a", discharged_on="2026-04-01"), ""),  # one day, the first
        (row("a", discharged_on="2026-03-31"), "not_in_care"),
        (row("a", HOME), ""),
        (row("a", ALTERNATIVE), ""),
        (row("a", HOME, opened_on="2026-08-17"), ""),  # 45 days to 30 September
        (row("a", HOME, opened_on="2026-08-18"), "too_short"),
        (row("a", HOME, closed_on="2026-05-15"), ""),  # 45 days from 1 April
        (row("a", HOME, closed_on="2026-05-14"), "too_short"),
        (row("a", ALTERNATIVE, closed_on="2026-05-14"), "too_short"),
    ],
)
def test_a_case_is_judged_by_its_place_its_hold_and_its_days(case: Row, code: str) -> None:
    assert codes(case) == [code]


def test_a_case_without_the_date_that_counts_is_left_out() -> None:
    bare = dataclasses.replace(row("a").case, dates=NO_DATES)
    assert codes(Row(row("a").listed, bare)) == ["not_in_care"]


def test_a_family_with_a_child_in_care_is_no_in_home_case() -> None:
    child = row("a", family_id="F")
    assert codes(child, row("b", HOME, family_id="F")) == ["", "child_in_care"]
    gone = row("a", family_id="F", discharged_on="2026-03-31")
    assert codes(gone, row("b", HOME, family_id="F")) == ["not_in_care", ""]
    elsewhere = row("a", family_id="F", fips="28003")
    assert codes(elsewhere, row("b", HOME, family_id="F")) == ["out_of_area", "child_in_care"]


def test_of_a_family_the_lowest_hash_stands_in_the_frame() -> None:
    numbers = [f"C-{number}" for number in range(6)]
    lowest = min(numbers, key=lambda one: hashlib.sha256(one.encode()).hexdigest())
    found = codes(*(row(number, family_id="F") for number in numbers))
    assert dict(zip(numbers, found, strict=True)) == {
        number: "" if number == lowest else "same_family" for number in numbers
    }


def test_a_sibling_that_cannot_be_drawn_does_not_take_the_place_of_one_that_can() -> None:
    first, second = sorted(("C-1", "C-2"), key=lambda one: hashlib.sha256(one.encode()).digest())
    held = row(first, family_id="F", hold=Hold.FATALITY)
    assert codes(held, row(second, family_id="F")) == ["on_hold", ""]


def test_held_cases_can_be_chosen() -> None:
    assert codes(
        row("a", hold=Hold.FATALITY), around=dataclasses.replace(AROUND, with_holds=True)
    ) == [""]


def test_a_rule_whose_column_is_absent_is_not_applied_and_says_so() -> None:
    columns = ("case_number", "county_fips", "case_type")
    sifted = eligibility.sift([row("a")], queries.shipped_rules(), columns, AROUND)
    assert sifted.not_applied == {
        "on_hold": ("hold",),
        "not_in_care": ("entered_care_on",),
        "too_short": ("opened_on",),
        "child_in_care": ("family_id", "entered_care_on"),
        "same_family": ("family_id",),
    }
    assert [each.left_out for each in sifted.judged] == [""]


def test_the_days_follow_the_setting() -> None:
    rules = eligibility.with_settings(queries.shipped_rules(), {"sampling.in_home_days": 60})
    case = row("a", HOME, opened_on="2026-08-17")
    assert eligibility.sift([case], rules, COLUMNS, AROUND).counts == {"too_short": 1}


FAMILIES = strategies.lists(
    strategies.tuples(
        strategies.sampled_from(list(CaseType)),
        strategies.sampled_from((None, "F", "G")),
        strategies.sampled_from(("28001", "28003")),
        strategies.sampled_from((None, Hold.FATALITY)),
    ),
    max_size=8,
)


@hypothesis.given(FAMILIES, strategies.randoms(use_true_random=False))
def test_the_order_of_a_list_changes_nothing_and_no_family_stands_twice(drawn, chance) -> None:
    rows = [
        row(f"C-{place}", kind, fips, family_id=family, hold=hold)
        for place, (kind, family, fips, hold) in enumerate(drawn)
    ]
    judged = dict(zip([one.listed.case_number for one in rows], codes(*rows), strict=True))
    mixed = rows[:]
    chance.shuffle(mixed)
    again = dict(zip([one.listed.case_number for one in mixed], codes(*mixed), strict=True))
    assert again == judged
    families = [one.family for one in rows if one.family and not judged[one.listed.case_number]]
    assert len(families) == len(set(families))
