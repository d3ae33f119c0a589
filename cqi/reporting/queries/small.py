"""Which rows of a publication would show a small number, or let one be worked out from others.

What is published of a place and of those around it is read side by side: from the row that sums
places up, those that are printed can be taken away. So a row stands only where what is left is
nothing or large enough (`rules.merging`), whoever publishes what, and in whatever order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from cqi.measures.rules import tabulation
from cqi.measures.rules.frozen import Frozen, FrozenRound
from cqi.reporting.rules import merging
from cqi.reporting.rules.content import Report

_Cases = Mapping[str, Mapping[str, int]]  # county's code -> measure's code -> applicable cases


def counties(report: Report) -> merging.Merged:
    """Which counties of a region's round have a row of their own beside the region's, by name."""
    codes = [each.code for each in report.components]
    cases = _cases(report, report.measures.frozen.round, report.facts.counties, codes)
    return _merged(cases, codes, report.smallest)


def together(
    rows: Frozen, places: Collection[str], codes: Sequence[str]
) -> list[tabulation.MeasureRow]:
    """The rows of some counties of a round, as if they were one."""
    cases = tuple(case for case in rows.round.cases if case.county in places)
    measures = [tabulation.Measure(code) for code in codes]
    theirs = replace(rows.round, cases=cases)
    return tabulation.tabulate(theirs, measures, [tabulation.WHOLE], rows.limits)


def hidden_of_county(whole: Report, county: str) -> frozenset[str]:
    """What may not stand in a county's publication; `whole` is its region's.

    Nothing may where the county shares a row in the region's table, in any round that is printed;
    an item may not where its counties would share one.
    """
    codes = [row.measure.code for row in whole.measures.rows]
    components = [each.code for each in whole.components]
    rounds = list(_rounds(whole, county, codes))

    def alone(asked: Sequence[str]) -> bool:
        return all(
            county in _merged(cases, kept, whole.smallest).alone
            for cases, known in rounds
            if (kept := [code for code in asked if code in known])
        )

    if not components or not alone(components) or not _alone_before(whole, county):
        return frozenset(codes)
    items = [item.code for item in whole.instrument.items if whole.shows(item.code)]
    return frozenset(codes) - {code for code in items if alone([code])} - set(components)


def hidden_of_sum(
    parts: Iterable[tabulation.Measures], codes: Iterable[str], smallest: int
) -> frozenset[str]:
    """The components and items whose sum over several places may not be printed."""
    given = list(parts)
    return frozenset(
        code
        for code in codes
        if not merging.covers((one.row(code).applicable for one in given), smallest)
    )


def _alone_before(whole: Report, county: str) -> bool:
    """Whether a county keeps a row of its own in the table of the baseline as that was published by
    itself, with all its components."""
    baseline = whole.measures.frozen.baseline
    there = {case.county for case in baseline.cases} if baseline else set()
    if baseline is None or county not in there:
        return True
    codes = [each.code for each in whole.instrument.components]
    cases = _cases(whole, baseline, whole.facts.baseline_counties, codes)
    kept = [c for c in codes if sum(row[c] for row in cases.values()) >= whole.smallest]
    return not kept or county in _merged(cases, kept, whole.smallest).alone


def _rounds(
    whole: Report, county: str, codes: Sequence[str]
) -> Iterator[tuple[_Cases, Collection[str]]]:
    """The applicable cases by county of each round that is printed of one, and of what; a baseline
    that never went to the county prints nothing of it."""
    frozen, facts = whole.measures.frozen, whole.facts
    yield _cases(whole, frozen.round, facts.counties, codes), codes
    there = {case.county for case in frozen.baseline.cases} if frozen.baseline else set()
    compared = [code for code in codes if frozen.compares(code)]
    if frozen.baseline and county in there and compared:
        before = [one for one in facts.baseline_counties if one[0] in there]
        yield _cases(whole, frozen.baseline, before, compared), compared


def _cases(
    report: Report, one: FrozenRound, named: Sequence[tuple[str, str]], codes: Sequence[str]
) -> _Cases:
    places = [code for code, _ in sorted(named, key=lambda county: county[1])]
    groups = [tabulation.Group(place=place) for place in places]
    measures = [tabulation.Measure(code) for code in codes]
    found: dict[str, dict[str, int]] = {place: {} for place in places}
    for row in tabulation.tabulate(one, measures, groups, report.measures.frozen.limits):
        found[str(row.group.place)][row.measure.code] = row.applicable
    return found


def _merged(cases: _Cases, codes: Sequence[str], smallest: int) -> merging.Merged:
    return merging.merge(
        {place: [row[code] for code in codes] for place, row in cases.items()}, smallest
    )
