"""A region's report says what its measures say, in every form, and nothing more."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import json
import re
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest
from pypdf import PdfReader

from cqi.documents import html, model, numbers, pdf, table_files
from cqi.measures.rules import frozen, output, tabulation
from cqi.reporting.queries import document
from cqi.reporting.rules import sentences
from cqi.reporting.rules.content import CountyMap, Report
from tests.reporting import invented

STRANGE = "mother said <he hit me> & left"
CHANGES = re.compile(r"\b(improved|declined|rise|fall|fell|rose|better|worse|increased)\b", re.I)
FORBIDDEN = re.compile(r"significant|trend|because of|proves|\bstable\b", re.I)


@pytest.fixture(scope="module")
def two() -> Report:
    return invented.two_rounds()


@pytest.fixture(scope="module")
def one() -> Report:
    return invented.one_round()


@pytest.fixture(scope="module")
def nine() -> Report:
    return invented.one_round(9)


def text_of(made: model.Document) -> str:
    """All that a reader reads: titles, blocks, tables, notes."""
    parts = [made.title, made.subtitle]
    for section in made.sections:
        parts += [section.title, *(text for b in section.blocks for text in model.texts(b))]
    parts += [model.shown(c) for t in made.tables() for row in t.rows for c in row.cells]
    return "\n".join(parts)


def pdf_text(made: model.Document, folder: Path) -> str:
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext is not installed")
    file = folder / "report.pdf"
    file.write_bytes(pdf.render(made))
    found = subprocess.run([tool, "-layout", file, "-"], capture_output=True, check=True)
    return re.sub(r"\s+", " ", found.stdout.decode())


def test_the_pdf_holds_the_components_and_the_percentages_of_the_measures(
    two: Report, tmp_path: Path
) -> None:
    said = pdf_text(document.document(two), tmp_path)
    measures = output.as_json(two.measures, invented.AS_OF)
    for component in two.instrument.components:
        assert component.title in said
    for row in measures["rows"]:
        achieved = row["strength"] if row["item"] else row["substantially_achieved"]
        if row["applicable"] >= 10:
            assert numbers.percent(achieved, row["applicable"]) in said
        else:
            assert f"{achieved} of {row['applicable']}" in said
    assert measures["run_id"] in said


def test_every_number_of_the_measures_stands_in_the_data_file(two: Report) -> None:
    tables = {t["key"]: t for t in json.loads(table_files.json(document.document(two)))["tables"]}
    found = {row["code"]: row for row in tables["components"]["rows"]}
    for comparison in output.as_json(two.measures, invented.AS_OF)["comparisons"]:
        if comparison["item"] is None:
            row = found[comparison["component"]]
            assert row["difference"] == comparison["difference"]
            assert row["follow_up_achieved"] == comparison["follow_up"]["achieved"]


def test_strengths_stand_before_needs_on_each_component_page(two: Report) -> None:
    for component in two.instrument.components:
        page = next(
            s for s in document.document(two).sections if s.key == f"component_{component.code}"
        )
        said = "\n".join(text for block in page.blocks for text in model.texts(block))
        assert said.index("What to build on") < said.index("What to work on")


def test_only_the_agreed_sentences_state_a_change(one: Report) -> None:
    """A single round has no sentence on change at all; its glossary and advice have none either."""
    sections = [s for s in document.document(one).sections if s.key not in {"glossary", "method"}]
    for section in sections:
        for block in section.blocks:
            for said in model.texts(block):
                assert not CHANGES.search(said.replace("going better", "")), said


def test_nothing_says_more_than_the_numbers_can(two: Report, one: Report) -> None:
    for each in (two, one):
        said = text_of(document.document(each))
        for item in each.instrument.items:  # advice on practice, not about figures
            said = said.replace(item.good_looks_like, "")
        assert not FORBIDDEN.search(said)


def test_words_stand_for_components_and_named_items_only(two: Report) -> None:
    tables = {table.key: table for table in document.document(two).tables()}
    findings = {}
    for key in ("components", "items_INV", "items_SRM"):
        heads = [column.heading for column in tables[key].columns]
        at = heads.index("Finding") if "Finding" in heads else None
        findings[key] = [
            model.shown(row.cells[0])
            for row in tables[key].rows
            if at is not None and model.shown(row.cells[at]) != "\N{EN DASH}"
        ]
    assert len(findings["components"]) == 6
    assert findings["items_INV"] == [two.instrument.item("INV04").title]
    assert findings["items_SRM"] == []


def test_named_items_stand_in_a_table_of_the_summary_with_their_word(two: Report) -> None:
    table = next(t for t in document.document(two).tables() if t.key == "named_items")
    assert [model.shown(row.cells[0]) for row in table.rows] == [
        f"{two.instrument.item('INV04').title} (INV04)"
    ]
    words = {sentences.WORDS[one.finding] for _, one in two.named if one.finding}
    assert {model.shown(row.cells[-1]) for row in table.rows} == words


def test_without_a_plan_the_summary_names_no_items() -> None:
    made = document.document(invented.two_rounds(frozenset()))
    assert "named_items" not in {table.key for table in made.tables()}


def test_the_title_page_says_how_many_cases_are_of_which_kind(two: Report, nine: Report) -> None:
    facts = {fact.name: str(fact.words) for fact in document.document(nine).facts}
    numbers = [int(found) for found in re.findall(r"\d+", facts["Cases"])]
    assert sum(numbers) == 9
    lines = next(f for f in document.document(two).facts if f.name == "Cases").words
    assert [line.partition(":")[0] for line in str(lines).splitlines()] == ["Baseline", "Follow-up"]


def pages_of(report: Report) -> list[str]:
    content = pdf.render(document.document(report))
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


def test_no_page_is_nearly_empty(two: Report, one: Report, nine: Report) -> None:
    three = invented.two_rounds(frozenset({"INV04", "SRM05", "SNA06"}))
    for each, most in ((two, 11), (three, 11), (one, 11), (nine, 7)):
        pages = pages_of(each)
        assert len(pages) <= most
        assert min(len(page) for page in pages) > 900


def test_under_ten_reviews_there_is_no_percentage_of_cases(nine: Report) -> None:
    made = document.document(nine)
    pages = [s for s in made.sections if s.key not in {"method", "glossary"}]
    rows = [model.shown(c) for t in made.tables() for row in t.rows for c in row.cells]
    assert not [cell for cell in rows if "%" in cell]
    titles = [section.title for section in pages]
    assert "Safety and risk: 3 of 9 cases" in titles
    assert not [title for title in titles if "%" in title]


def test_counties_under_ten_cases_show_counts(two: Report) -> None:
    table = next(t for t in document.document(two).tables() if t.key == "counties")
    assert [model.shown(row.cells[0]) for row in table.rows] == [
        "Benton", "DeSoto", "Marshall", "Panola", "Region I-South",
    ]  # fmt: skip
    cells = [model.shown(cell) for row in table.rows[:-1] for cell in row.cells[1:]]
    for cell in cells:
        applicable = int(re.findall(r"of (\d+)", cell)[0])
        assert ("%" in cell) == (applicable >= 10)


def test_counties_add_up_to_the_region(two: Report) -> None:
    table = next(t for t in document.document(two).tables() if t.key == "counties")
    values = [[c.values for c in row.cells if isinstance(c, model.Cell)] for row in table.rows]
    *counties, region = [row[1:] for row in values]
    for at, (achieved, applicable) in enumerate(region):
        assert sum(int(str(row[at][0])) for row in counties) == achieved
        assert sum(int(str(row[at][1])) for row in counties) == applicable


def test_visits_stand_once_across_components(two: Report) -> None:
    table = next(t for t in document.document(two).tables() if t.key == "theme_caseworker_visits")
    codes = [row.cells[0].values[0] for row in table.rows if isinstance(row.cells[0], model.Cell)]
    assert sorted(str(c) for c in codes) == ["ICP03", "INV03", "MAS03", "PCR03", "SNA03", "SRM03"]


def test_the_method_says_what_was_left_out_and_what_can_be_called(two: Report) -> None:
    said = text_of(document.document(two))
    assert (
        "with 30 cases a round the smallest gain from 50% that can be called is 27 points" in said
    )
    assert "with 34 cases, then 38, as here, the smallest gain" in said.replace(
        "With 34", "with 34"
    )
    overlap = next(t for t in document.document(two).tables() if t.key == "overlap")
    assert "2 cases reviewed in both rounds" in overlap.caption


def test_another_version_is_named_and_not_compared() -> None:
    rows = invented.rows(
        invented.a_round("F", 20, {}),
        dataclasses.replace(invented.a_round("Old round", 20, {}), version="0.9"),
    )
    made = document.document(invented.report(rows))
    said = text_of(made)
    assert "Not compared with Old round" in said
    assert not [t for t in made.tables() if "baseline_achieved" in str(t.columns)]


def test_of_two_versions_the_report_compares_what_keeps_its_rule(tmp_path: Path) -> None:
    after = invented.a_round("F", 40, {"SRM": 0.95})
    before = dataclasses.replace(invented.a_round("Old round", 40, {"SRM": 0.4}), version="0.9")
    codes = {row.measure.code for row in tabulation.measure(invented.rows(after)).rows}
    rows = dataclasses.replace(
        invented.rows(after, before), same_rule=frozenset(codes - {"ICP", "ICP01", "INV01"})
    )
    made = document.document(invented.report(rows))
    said = text_of(made)
    assert "could not be compared" in said
    assert "1 component not compared" in " ".join(said.split())
    assert any("0.9 at baseline, 46 of 48 items compared" in str(fact.words) for fact in made.facts)
    assert "Not compared: INV01, ICP and ICP01" in said
    assert "looked for the same things" not in said
    plotted = next(t for t in made.tables() if t.key == "items_ICP")
    cells = {row.cells[0].values[0]: row.cells for row in plotted.rows}
    assert cells["ICP01"][1].values == (None, None)
    assert cells["ICP02"][1].values != (None, None)
    assert "not compared" in pdf_text(made, tmp_path)


def test_text_in_names_is_printed_as_it_stands(tmp_path: Path) -> None:
    about = dataclasses.replace(
        invented.facts(compared=False),
        place=STRANGE,
        round=dataclasses.replace(invented.BASELINE, name=STRANGE),
        counties=(("28009", STRANGE), ("28033", "DeSoto")),
    )
    rows = invented.rows(invented.a_round("B", 12, {}))
    made = document.document(invented.report(rows, about))
    assert STRANGE in pdf_text(made, tmp_path)
    assert "<he hit me>" not in html.render(made)
    assert "&lt;he hit me&gt;" in html.render(made)


def test_a_round_without_reviews_still_makes_a_report(tmp_path: Path) -> None:
    empty = frozen.FrozenRound("Empty", "model", "1.0", "d" * 64)
    made = document.document(invented.report(invented.rows(empty)))
    assert "0 case reviews" in pdf_text(made, tmp_path)


def test_two_empty_rounds_still_make_a_report(tmp_path: Path) -> None:
    empty = frozen.FrozenRound("Empty", "model", "1.0", "d" * 64)
    made = document.document(invented.report(invented.rows(empty, empty)))
    assert "six had too few cases to tell" in pdf_text(made, tmp_path)


def test_a_demonstration_says_so(one: Report) -> None:
    about = dataclasses.replace(one.facts, demonstration=True)
    made = document.document(dataclasses.replace(one, facts=about))
    assert made.colophon.startswith("Demonstration data")


def test_the_same_rows_make_the_same_file(one: Report) -> None:
    again = dataclasses.replace(one, measures=tabulation.measure(one.measures.frozen))
    assert pdf.render(document.document(one)) == pdf.render(document.document(again))


def test_the_counties_are_told_with_their_map_and_what_the_rounds_do_not_share(two: Report) -> None:
    moved = (("DeSoto", "I-North", dt.date(2026, 1, 5)),)
    about = dataclasses.replace(
        two.facts,
        map=CountyMap(dt.date(2025, 2, 3), True, moved),
        counties=invented.COUNTIES[:3],
    )
    facts = document.document(dataclasses.replace(two, facts=about)).facts
    assert str(next(fact.words for fact in facts if fact.name == "Counties")).split("\n") == [
        "Benton, DeSoto and Marshall",
        "By the map of counties and regions as of 3 February 2025",
        "DeSoto belongs to I-North since 5 January 2026",
        "Only in the baseline: Panola",
    ]
    named = dataclasses.replace(two.facts, map=CountyMap(None, False))
    facts = document.document(dataclasses.replace(two, facts=named)).facts
    words = str(next(fact.words for fact in facts if fact.name == "Counties"))
    assert words.split("\n")[1:] == ["Which counties belong to the region: agency to confirm"]


def weighed(one: Report, weights: tuple[Fraction | None, Fraction | None]) -> Report:
    """Its cases weigh in turn."""
    frozen_ = one.measures.frozen
    cases = tuple(
        dataclasses.replace(case, weight=weights[number % 2])
        for number, case in enumerate(frozen_.round.cases)
    )
    return invented.report(
        dataclasses.replace(frozen_, round=dataclasses.replace(frozen_.round, cases=cases))
    )


def test_a_report_says_whether_shares_are_weighted_and_shows_both_where_weights_differ(
    two: Report,
) -> None:
    report = weighed(two, (Fraction(2), Fraction(7)))
    differ = document.document(report)
    table = next(t for t in differ.tables() if t.key == "weighted")
    assert len(table.rows) == 6
    values = [value for cell in table.rows[0].cells for value in cell.values]
    found = report.measures.row(str(values[0])).weighted
    assert found is not None
    assert values[3] == numbers.four_decimals(found.rate)
    words = {fact.name: str(fact.words) for fact in differ.facts}["Measures"]
    assert "not weighted (weighted by the draw: under Method)" in words
    for weights, said in {
        (Fraction(2), Fraction(2)): "each case stands for as many as any other",
        (Fraction(2), None): "not weighted;",
        (None, None): "not weighted;",
    }.items():
        made = document.document(weighed(two, weights))
        assert not [t for t in made.tables() if t.key == "weighted"]
        assert said in {fact.name: str(fact.words) for fact in made.facts}["Measures"]


def test_the_method_counts_eliminations_by_reason(two: Report) -> None:
    frozen_ = two.measures.frozen
    gone = [
        frozen.FrozenOutside(f"E-{n}", "28009", "in_home", frozen.LeftOut.ELIMINATED, reason)
        for n, reason in enumerate(("hold", "too_short", "hold", ""))
    ]
    round_ = dataclasses.replace(frozen_.round, outside=tuple(gone))
    rows = dataclasses.replace(frozen_, round=round_)
    assert set(frozen.from_json(frozen.as_json(rows)).round.outside) == set(gone)
    table = next(
        t for t in document.document(invented.report(rows)).tables() if t.key == "cases_counted"
    )
    lines = [list(map(str, row.cells)) for row in table.rows]
    after = next(n for n, line in enumerate(lines) if line[0] == "Withdrawn with a reason")
    assert lines[after][2] == "4"
    assert [(line[0][:30], line[2]) for line in lines[after + 1 : after + 3]] == [
        ("of these, it was not open long", "1"),
        ("of these, a fatality or litiga", "2"),
    ]
