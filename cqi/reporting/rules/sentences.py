"""The only sentences that may state a change, and how counts and dates are said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cqi.documents import numbers
from cqi.measures.rules.findings import Finding
from cqi.measures.rules.tabulation import Comparison, MeasureRow, Overridden

_NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six",
    "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
_COUNTED = {
    Finding.IMPROVED: "improved",
    Finding.DECLINED: "declined",
    Finding.NO_CLEAR_CHANGE: "had no clear change",
    Finding.TOO_FEW: "had too few cases to tell",
    Finding.NOT_COMPARED: "could not be compared",
}
WORDS = {
    Finding.IMPROVED: "Improved",
    Finding.DECLINED: "Declined",
    Finding.NO_CLEAR_CHANGE: "No clear change",
    Finding.TOO_FEW: "Too few cases to tell",
    Finding.NOT_COMPARED: "Not compared",
}


@dataclass(frozen=True)
class Sentence:
    """What is said, and of what: the name is printed in bold."""

    name: str
    rest: str

    def __str__(self) -> str:
        return self.name + self.rest


def of_change(name: str, one: Comparison) -> Sentence:
    """The sentence of a comparison that has a word."""
    finding = one.finding or Finding.NOT_COMPARED
    if finding is Finding.TOO_FEW:
        counts = f"{one.pair.n0} cases at baseline, {one.pair.n1} at follow-up"
        return Sentence(name, f": too few cases to tell ({counts}).")
    if finding is Finding.NOT_COMPARED:
        return Sentence(name, ": not compared, as its rule is another one than at baseline.")
    return Sentence(name, _said(one, finding))


def _said(one: Comparison, finding: Finding) -> str:
    pair = one.pair
    before, after = numbers.percent(pair.k0, pair.n0), numbers.percent(pair.k1, pair.n1)
    shares = f"{before} of {pair.n0} cases at baseline, {after} of {pair.n1} at follow-up"
    interval = f"(95% interval {span(one)})"
    size = numbers.points(one.size).lstrip("+")
    if finding is Finding.IMPROVED:
        return f" improved: {shares}, a rise of {size} points {interval}."
    if finding is Finding.DECLINED:
        return f" declined: {shares}, a fall of {size} points {interval}."
    signed = numbers.points(one.difference or 0)
    chance = "is within what chance alone can produce"
    return (
        f" shows no clear change: {shares}; the difference of {signed} points {interval} {chance}."
    )


def span(one: Comparison) -> str:
    """A difference's interval in points, signed; nothing where none may be shown."""
    interval = one.interval
    return numbers.span(interval.low, interval.high) if interval else ""


def difference(one: Comparison) -> str:
    """Figures without a word: the difference in points, then its interval in brackets."""
    return f"{numbers.points(one.difference or 0)} ({span(one)})"


def headline(comparisons: Iterable[Comparison], things: str) -> str:
    """ "Of six components, two improved and four had no clear change": every finding counted."""
    findings = [one.finding for one in comparisons]
    counts = ((findings.count(finding), words) for finding, words in _COUNTED.items())
    parts = [f"{number_word(count)} {words}" for count, words in counts if count]
    return f"Of {number_word(len(findings))} {things}, {listing(parts)}"


def share(row: MeasureRow) -> str:
    """ "63.3% of 30 cases", or "2 of 3 cases" where only counts may be shown."""
    if row.counts_only:
        return f"{row.achieved} of {cases(row.applicable)}"
    return f"{numbers.percent(row.achieved, row.applicable)} of {row.applicable} cases"


def counted(row: MeasureRow) -> str:
    """ "19 of 30 (63.3%)", or "2 of 3" where only counts may be shown."""
    counts = f"{row.achieved} of {row.applicable}"
    if row.counts_only:
        return counts
    return f"{counts} ({numbers.percent(row.achieved, row.applicable)})"


def counted_cases(row: MeasureRow) -> str:
    """ "19 of 30 cases (63.3%)", or "2 of 3 cases" where only counts may be shown."""
    counts = f"{row.achieved} of {cases(row.applicable)}"
    if row.counts_only:
        return counts
    return f"{counts} ({numbers.percent(row.achieved, row.applicable)})"


def overridden(number: Overridden) -> str:
    """ "2 item ratings were set by QA leads, 1 of them at baseline; these figures use them"."""
    ratings = "1 item rating was" if number.all == 1 else f"{number.all} item ratings were"
    before = f", {number.baseline} of them at baseline" if number.baseline else ""
    used = "use what they set" if number.used else "leave that out and use the computed ratings"
    return f"{ratings} set by QA leads{before}; these figures {used}"


def cases(count: int) -> str:
    """ "1 case", "30 cases"."""
    return f"{count} case" if count == 1 else f"{count} cases"


def reviews(count: int) -> str:
    """ "1 case review", "30 case reviews"."""
    return f"{count} case review" if count == 1 else f"{count} case reviews"


def number_word(number: int) -> str:
    """Whole numbers up to twelve in words."""
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def capital(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def listing(names: Sequence[str]) -> str:
    """ "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def day(on: dt.date) -> str:
    """ "2 February 2026"."""
    return f"{on.day} {on:%B %Y}"


def days(first: dt.date, last: dt.date) -> str:
    """ "2 to 20 February 2026": what both share is said once."""
    if first == last:
        return day(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day(last)}"
    start = f"{first.day} {first:%B}" if first.year == last.year else day(first)
    return f"{start} to {day(last)}"
