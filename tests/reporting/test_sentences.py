"""The sentences that may state a change, word for word, and how counts and dates are said."""

from __future__ import annotations

import datetime as dt

import pytest

from cqi.measures.rules import findings
from cqi.measures.rules.findings import Finding, Pair
from cqi.measures.rules.tabulation import Comparison, Measure
from cqi.reporting.rules import sentences

SRM = Measure("SRM")


def compared(*counts: int) -> Comparison:
    pair = Pair(*counts)
    return Comparison(SRM, pair, findings.DEFAULT_LIMITS, findings.finding(pair))


def test_improved_says_both_shares_and_the_rise() -> None:
    assert str(sentences.of_change("Safety", compared(10, 30, 25, 30))) == (
        "Safety improved: 33.3% of 30 cases at baseline, 83.3% of 30 at follow-up,"
        " a rise of 50.0 points (95% interval +25.4 to +66.9)."
    )


def test_declined_says_the_fall_without_a_sign() -> None:
    assert str(sentences.of_change("Safety", compared(25, 30, 10, 30))) == (
        "Safety declined: 83.3% of 30 cases at baseline, 33.3% of 30 at follow-up,"
        " a fall of 50.0 points (95% interval \N{MINUS SIGN}66.9 to \N{MINUS SIGN}25.4)."
    )


def test_no_clear_change_says_that_chance_alone_can_do_it() -> None:
    assert str(sentences.of_change("Safety", compared(15, 36, 22, 40))) == (
        "Safety shows no clear change: 41.7% of 36 cases at baseline, 55.0% of 40 at follow-up;"
        " the difference of +13.3 points (95% interval \N{MINUS SIGN}8.8 to +33.7)"
        " is within what chance alone can produce."
    )


def test_too_few_cases_says_counts_and_no_share() -> None:
    assert str(sentences.of_change("Safety", compared(3, 9, 22, 40))) == (
        "Safety: too few cases to tell (9 cases at baseline, 40 at follow-up)."
    )


def test_the_headline_counts_every_finding() -> None:
    found = [
        compared(10, 30, 25, 30),
        compared(11, 30, 26, 30),
        compared(25, 30, 10, 30),
        compared(15, 36, 22, 40),
        compared(3, 9, 22, 40),
        compared(0, 0, 0, 0),
    ]
    assert sentences.headline(found, "components") == (
        "Of six components, two improved, one declined, one had no clear change"
        " and two had too few cases to tell"
    )


def test_every_finding_has_words() -> None:
    assert set(sentences.WORDS) == set(Finding)


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (dt.date(2026, 2, 2), dt.date(2026, 2, 20), "2 to 20 February 2026"),
        (dt.date(2026, 1, 28), dt.date(2026, 2, 3), "28 January to 3 February 2026"),
        (dt.date(2025, 12, 28), dt.date(2026, 1, 3), "28 December 2025 to 3 January 2026"),
        (dt.date(2026, 2, 2), dt.date(2026, 2, 2), "2 February 2026"),
    ],
)
def test_what_two_dates_share_is_said_once(first: dt.date, last: dt.date, said: str) -> None:
    assert sentences.days(first, last) == said
