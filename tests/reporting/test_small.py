"""Nobody works a small number out of what is published, by taking what is printed of some places
from what is printed of all: counties from their region, regions from their state."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator

import pytest

from cqi.documents import html, model
from cqi.measures.rules import frozen, pooled
from cqi.reporting.queries import definitions, document, region, small, states
from cqi.reporting.queries.states.content import RegionResult
from cqi.reporting.rules.content import Report
from cqi.reporting.rules.merging import covers
from tests.reporting import invented
from tests.reporting.test_published import SMALLEST, denominators, published, tables

CHANCE = {"MAS": 0.8, "SRM": 0.85, "INV": 0.6, "SNA": 0.6, "PCR": 0.85, "ICP": 0.9}
SIZES = [(14, 6, 5, 13), (30, 12, 18, 25), (40, 12, 12, 3), (60, 55, 45, 50), (9, 9, 9, 8)]


def a_round(name: str, sizes: tuple[int, ...], seed: int) -> frozen.FrozenRound:
    """So many cases in each county; some are not rated on a component, and none on its items."""
    draw = random.Random(f"{name}{sizes}{seed}")  # noqa: S311 - invented data, not secrets
    whole = invented.a_round(name, sum(sizes), CHANCE, seed)
    codes = [
        code for (code, _), size in zip(invented.COUNTIES, sizes, strict=True) for _ in range(size)
    ]
    drop = [c.code for c in invented.instrument().components if draw.random() < 0.5]
    cases = []
    for case, code in zip(whole.cases, codes, strict=True):
        without = {one for one in drop if draw.random() < 0.3}
        ratings = {
            key: None if any(key.startswith(one) for one in without) else value
            for key, value in case.ratings.items()
        }
        cases.append(dataclasses.replace(case, county=code, ratings=ratings))
    return dataclasses.replace(whole, cases=tuple(cases))


def a_region(name: str, sizes: tuple[int, ...], seed: int, *, compared: bool = False) -> Report:
    before = a_round(f"{name} before", sizes[::-1], seed + 100) if compared else None
    rows = invented.rows(a_round(name, sizes, seed), before)
    return published(invented.report(rows))


def counties_of(whole: Report) -> dict[str, Report]:
    rows = whole.measures.frozen
    return {code: region.part_of(whole, rows, code) for code, _ in whole.facts.counties}


def shown(report: Report) -> dict[str, int]:
    """Code -> applicable cases of what has a row of its own."""
    return {
        row.measure.code: row.applicable
        for row in report.measures.rows
        if report.shows(row.measure.code)
    }


def shown_before(report: Report) -> dict[str, int]:
    """The same of the other round, where its rows are printed."""
    found = {code: report.measures.baseline_row(code) for code in shown(report)}
    return {code: row.applicable for code, row in found.items() if row and report.compared}


def left(whole: dict[str, int], parts: list[dict[str, int]]) -> Iterator[tuple[str, int]]:
    """What anybody can work out: of each row, what is left when the parts' are taken from it."""
    for code, cases in whole.items():
        yield code, cases - sum(part.get(code, 0) for part in parts)


@pytest.mark.parametrize("compared", [False, True])
@pytest.mark.parametrize("sizes", SIZES)
def test_no_countys_small_number_follows_from_its_region_and_the_counties_beside_it(
    sizes: tuple[int, ...], compared: bool
) -> None:
    for seed in range(1, 4):
        whole = a_region("I-South", sizes, seed, compared=compared)
        parts = list(counties_of(whole).values())
        for taken in (shown, shown_before):
            found = left(taken(whole), [taken(part) for part in parts])
            assert not [pair for pair in found if 0 < pair[1] < SMALLEST]


def test_a_county_is_published_where_it_stands_alone_in_its_regions_table() -> None:
    whole = a_region("I-South", (60, 55, 45, 5), 1)
    table = tables(document.document(whole))["counties"]
    alone = {row["county_fips"] for row in table["rows"]} - {""}
    parts = counties_of(whole)
    assert {code for code, part in parts.items() if part.components} == alone
    assert len(alone) == 2, "the next smallest shares a row with the small one"


def test_a_countys_publication_has_no_small_row_and_names_what_it_left_out() -> None:
    whole = a_region("I-South", (60, 18, 45, 30), 3, compared=True)
    [part] = [one for code, one in counties_of(whole).items() if code == "28009"]
    made = document.document(part)
    assert not [pair for pair in denominators(made) if pair[1] < SMALLEST]
    assert "beside_components" in tables(made)
    texts = [t for s in made.sections for block in s.blocks for t in model.texts(block)]
    assert [t for t in texts if "or too few in the counties around" in t]
    facts = {fact.name: fact.words for fact in made.facts}
    assert "of all kinds" in str(facts["Cases"])
    assert made.facts[-1].words == "Published, 9 March 2026"


def elsewhere(number: int, one: Report) -> Report:
    """The same region with four counties that no other one has."""
    codes = {
        code: f"28{1 + 2 * (4 * number + place):03}"
        for place, (code, _) in enumerate(one.facts.counties)
    }
    round_ = one.measures.frozen.round
    cases = tuple(dataclasses.replace(c, county=codes[c.county]) for c in round_.cases)
    rows = dataclasses.replace(
        one.measures.frozen, round=dataclasses.replace(round_, cases=cases), baseline=None
    )
    counties = tuple((codes[code], f"{name} {number}") for code, name in one.facts.counties)
    return published(invented.report(rows, invented.facts(False, counties=counties)))


def a_state(*regions: Report, smallest: int = SMALLEST) -> states.StateReport:
    """These regions added up, as the state's report does it."""
    regions = tuple(elsewhere(number, one) for number, one in enumerate(regions))
    names = [f"Region {number}" for number, _ in enumerate(regions)]
    added = {
        name: dataclasses.replace(one.measures.frozen, baseline=None)
        for name, one in zip(names, regions, strict=True)
    }
    measures = pooled.measure("The state", added)
    results = tuple(
        RegionResult(
            code=name,
            name=name,
            counties=one.facts.counties,
            round=one.facts.round,
            measures=one.measures,
            counted=True,
            opened=True,
            round_counties=one.facts.counties,
        )
        for name, one in zip(names, regions, strict=True)
    )
    codes = [row.measure.code for row in measures.rows]
    return states.StateReport(
        facts=invented.facts(compared=False, place="The state"),
        measures=measures,
        instrument=invented.instrument(),
        definition=definitions.shipped("state"),
        smallest=smallest,
        hidden=small.hidden_of_sum([one.measures for one in regions], codes, smallest),
        regions=results,
    )


@pytest.mark.parametrize(
    "sizes",
    [
        [(30, 12, 18, 25), (4, 4, 5, 5)],
        [(30, 12, 18, 25), (4, 4, 5, 5), (3, 3, 4, 4), (40, 12, 12, 3)],
        [(2, 2, 2, 1), (60, 55, 45, 50), (30, 12, 18, 25)],
    ],
)
def test_no_regions_small_number_follows_from_the_states(sizes: list[tuple[int, ...]]) -> None:
    regions = [a_region("I-South", one, seed) for seed, one in enumerate(sizes, 1)]
    whole = a_state(*regions)
    found = list(left(shown(whole), [shown(one) for one in regions]))
    assert found
    assert not [pair for pair in found if 0 < pair[1] < SMALLEST]
    draft = dict(left(shown(a_state(*regions, smallest=0)), [shown(one) for one in regions]))
    assert [n for n in draft.values() if 0 < n < SMALLEST], "a draft lets it be worked out"


def test_the_states_publication_has_no_small_row_and_says_where_they_went() -> None:
    regions = [a_region("I-South", one, seed) for seed, one in enumerate(SIZES, 1)]
    made = document.document(a_state(*regions))
    assert not [pair for pair in denominators(made) if pair[1] < SMALLEST]
    draft = document.document(a_state(*regions, smallest=0))
    assert [pair for pair in denominators(draft) if pair[1] < SMALLEST]
    notes = tables(made)["map_counties"]["notes"]
    assert any("Counties that stand together" in note for note in notes)
    assert any("A region without counties here" in note for note in notes)
    printed = html.page(made)
    assert "few cases, counted with others" in printed
    assert "few cases, counted with others" not in html.page(draft)


def test_of_a_state_a_kind_of_case_is_counted_apart_only_where_no_region_has_few() -> None:
    def cases(*sizes: tuple[int, ...]) -> str:
        regions = [a_region("I-South", one, seed) for seed, one in enumerate(sizes, 1)]
        made = document.document(a_state(*regions))
        return str({fact.name: fact.words for fact in made.facts}["Cases"])

    assert "of all kinds" not in cases((30, 12, 18, 25), (60, 55, 45, 50))
    assert "of all kinds" in cases((30, 12, 18, 25), (4, 4, 5, 5))


def test_a_sum_may_be_printed_where_what_is_left_is_nothing_or_large() -> None:
    assert covers([20, 30, 0], 11)
    assert not covers([20, 5], 11), "the five follow"
    assert not covers([20, 5, 5], 11), "ten of two are few"
    assert covers([20, 5, 6], 11)
    assert covers([], 11)


def test_in_a_draft_nothing_is_hidden() -> None:
    whole = dataclasses.replace(a_region("I-South", SIZES[0], 1), smallest=0)
    assert not any(part.hidden for part in counties_of(whole).values())
