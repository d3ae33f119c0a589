"""A publication has no small row, says where each went, and carries the analyst's words."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

import pytest

from cqi.documents import html, model, pdf, table_files
from cqi.measures.rules import frozen
from cqi.reporting.queries import document
from cqi.reporting.rules.content import Report
from tests.reporting import invented

SMALLEST = 11
CHANCE = {"MAS": 0.8, "SRM": 0.85, "INV": 0.6, "SNA": 0.6, "PCR": 0.85, "ICP": 0.9}
STORY = "Two units merged in May.\nTheir caseloads <b>doubled</b> & fell.\n\nEl niño, Łódź, 東京."


def published(report: Report, **more: Any) -> Report:
    return dataclasses.replace(report, smallest=SMALLEST, **more)


def counties_apart(*sizes: int) -> Report:
    """A round whose counties have so many cases each."""
    whole = invented.a_round("I-South baseline", sum(sizes), CHANCE)
    codes = [
        code for (code, _), size in zip(invented.COUNTIES, sizes, strict=False) for _ in range(size)
    ]
    cases = tuple(
        dataclasses.replace(case, county=code)
        for case, code in zip(whole.cases, codes, strict=True)
    )
    return invented.report(invented.rows(dataclasses.replace(whole, cases=cases)))


def tables(made: model.Document) -> dict[str, Any]:
    return {table["key"]: table for table in json.loads(table_files.json(made))["tables"]}


def denominators(made: model.Document) -> Iterator[tuple[str, int]]:
    """(table, n) of every row of figures: what stands in a column of applicable cases."""
    for key, table in tables(made).items():
        for row in table["rows"]:
            for name, value in row.items():
                if name.endswith(("applicable", "_n")) and value is not None:
                    yield key, value


@pytest.mark.parametrize(
    "report", [counties_apart(14, 6, 5, 13), counties_apart(9, 9, 9, 8), invented.two_rounds()]
)
def test_no_row_of_a_publication_rests_on_few_cases(report: Report) -> None:
    drawn = document.document(published(report))
    small = [(key, n) for key, n in denominators(drawn) if n < SMALLEST]
    assert not small
    assert [n for _, n in denominators(document.document(report)) if n < SMALLEST], "a draft has"


def test_small_counties_share_one_row_and_the_note_names_them() -> None:
    made = tables(document.document(published(counties_apart(14, 6, 6, 13))))["counties"]
    assert [row["county"] for row in made["rows"]] == [
        "Benton",
        "Panola",
        "DeSoto and Marshall, together",
        "Region I-South",
    ]
    assert "One row for DeSoto and Marshall" in made["notes"][-1]
    for name in ("MAS_n", "MAS_achieved"):
        *parts, whole = [row[name] for row in made["rows"]]
        assert sum(parts) == whole


def test_where_every_county_is_small_the_regions_row_stands_alone() -> None:
    made = tables(document.document(published(counties_apart(9, 9, 9, 8))))["counties"]
    assert [row["county"] for row in made["rows"]] == ["Region I-South"]
    assert "No two parts of this region" in made["notes"][-1]


def test_a_small_item_has_no_row_and_is_named_where_it_counts() -> None:
    report = invented.one_round(20)
    small = [
        item.code
        for item in report.instrument.items
        if report.measures.row(item.code).applicable < SMALLEST
    ]
    assert small
    made = document.document(published(report))
    printed = [row.get("code") for table in tables(made).values() for row in table["rows"]]
    assert not set(small) & set(printed)
    for code in small:
        [section] = [s for s in made.sections if s.key == f"component_{code[:3]}"]
        texts = [text for block in section.blocks for text in model.texts(block)]
        assert [t for t in texts if "Fewer than 11 applicable cases" in t and code in t]


def test_few_cases_in_both_rounds_are_not_told_apart() -> None:
    report = invented.two_rounds()
    assert "overlap" in tables(document.document(report))
    assert "overlap" not in tables(document.document(published(report)))


def test_small_kinds_of_cases_are_counted_together() -> None:
    def cases(report: Report) -> model.Words:
        return next(f.words for f in document.document(report).facts if f.name == "Cases")

    report = invented.one_round(18)
    assert cases(report) == "Foster care 12; in-home 6"
    assert cases(published(report)) == "18 cases of all kinds"


def test_where_no_component_has_cases_enough_there_is_no_figure() -> None:
    report = invented.report(invented.rows(invented.a_round("I-South baseline", 6, CHANCE)))
    assert not published(report).components


def test_a_publication_does_not_say_that_it_is_a_draft() -> None:
    draft, made = (
        html.page(document.document(each))
        for each in (invented.two_rounds(), published(invented.two_rounds()))
    )
    assert "Draft, inside the agency" in draft
    assert "Draft" not in made
    assert "Published, 9 March 2026" in made


def test_the_run_of_a_publication_is_that_of_its_draft() -> None:
    report = invented.two_rounds()
    assert published(report).measures.run_id == frozen.run_id(report.measures.frozen)


def test_an_analysts_words_stand_in_their_place_and_as_theirs() -> None:
    report = dataclasses.replace(invented.two_rounds(), narratives={"story": STORY})
    made = document.document(report)
    keys = [section.key for section in made.sections]
    assert keys.index("narrative_story") == keys.index("summary") + 1
    assert "narrative_next_steps" not in keys, "nobody wrote one"
    page = html.page(made)
    assert "Words of the agency&#39;s analysts" in page
    assert "<br>Their caseloads &lt;b&gt;doubled&lt;/b&gt; &amp; fell." in page
    assert "El niño, Łódź, 東京." in page
    [section] = [s for s in json.loads(table_files.json(made))["sections"] if s["key"] == keys[1]]
    assert section["texts"][1:] == STORY.split("\n\n")


def test_five_thousand_words_fit_a_report_on_paper() -> None:
    words = " ".join(f"word{number}" for number in range(2_500))
    story = f"{words}\n\n{words}"
    short = invented.one_round()
    pages = [
        pdf.render(document.document(each)).count(b"/Type /Page\n")
        for each in (short, dataclasses.replace(short, narratives={"story": story}))
    ]
    assert pages[1] >= pages[0] + 5
