"""A page a component, a theme across components, and counties side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cqi.documents import charts, model, shares
from cqi.instruments.definition import Component, Rating
from cqi.measures.rules import tabulation
from cqi.measures.rules.tabulation import MeasureRow
from cqi.reporting.queries import figures, small, summary
from cqi.reporting.rules import content, merging, sentences
from cqi.reporting.rules.content import Report
from cqi.reporting.rules.definition import SectionDefinition

_RATINGS = (
    Rating.SUBSTANTIALLY_ACHIEVED,
    Rating.PARTIALLY_ACHIEVED,
    Rating.NOT_ACHIEVED,
)


def component_pages(report: Report, asked: SectionDefinition) -> list[model.Section]:
    """A section for each component, in order; short ones share a page."""
    made = [_component(report, asked, each) for each in report.components]
    return [*made[:1], *(replace(each, starts_page=False) for each in made[1:])]


def _component(report: Report, asked: SectionDefinition, one: Component) -> model.Section:
    counted = _counted_words(report)
    items = report.items_of(one.code)
    labels = [(item.code, item.title) for item in items]
    few = figures.counts_alone(report, labels)
    measure = asked.text("measure_counts") if few else asked.text("measure", **counted)
    notes = (asked.text("parts"),) if any(item.parts for item in items) else ()
    caption = charts.Caption(f"items_{one.code}", asked.text("figure"), measure, notes)
    blocks: list[model.Block] = [
        model.Lead(_finding(report, one)),
        model.Text(_ratings(report, one), "small"),
        *([figures.figure(report, caption, labels, charts.ITEMS)] if items else []),
        *_without_row(report, one),
        *_strengths_and_needs(report, asked, one),
        *_closer_look(report, asked, one),
    ]
    kicker = f"{one.title} ({one.code})"
    key = f"component_{one.code}"
    return model.Section(key, _title(report, one), kicker, tuple(blocks), contents=one.title)


def _without_row(report: Report, one: Component) -> list[model.Block]:
    """Which items of a publication count in their component alone, as few cases are behind them."""
    merged = report.merged(item.code for item in report.instrument.items_of(one.code))
    return summary.merged_note(report, "items", merged)


def _counted_words(report: Report) -> dict[str, int]:
    return {"fewest": report.fewest, "from": report.definition.settings.build_on_from}


def _title(report: Report, one: Component) -> str:
    compared = report.measures.comparison(one.code) if report.compared else None
    if compared and compared.finding:
        return f"{one.short_title}: {sentences.WORDS[compared.finding].lower()}"
    return f"{one.short_title}: {sentences.share(report.measures.row(one.code))}"


def _finding(report: Report, one: Component) -> model.Words:
    compared = report.measures.comparison(one.code) if report.compared else None
    if compared:
        return figures.words(one.title, compared)
    said = sentences.share(report.measures.row(one.code))
    return (model.Span(one.title), f": substantially achieved in {said}.")


def _ratings(report: Report, one: Component) -> str:
    """How the cases of this round are rated, those that the share does not show too."""
    row = report.measures.row(one.code)
    counts = dict(row.ratings)
    possible = {each.rating for each in report.instrument.rows_of(one)}
    ratings = [each for each in _RATINGS if each in possible or each in counts]
    parts = [f"{counts.get(each, 0)} {each.label.lower()}" for each in ratings]
    left_out = row.excluded
    parts += [f"{left_out.not_applicable} not applicable"] if left_out.not_applicable else []
    parts += [f"{left_out.not_rated} not rated"] if left_out.not_rated else []
    if left_out.not_asked:
        return "Components are not rated: this round asked for named items only."
    return f"Cases of this round: {', '.join(parts)}."


def _strengths_and_needs(
    report: Report, asked: SectionDefinition, one: Component
) -> list[model.Block]:
    items, counted = report.items_of(one.code), _counted_words(report)
    if not report.rows_of(items):  # the table of counts says why nothing is picked out
        return [model.Text(asked.text("few", **counted))] if report.compared else []
    left = summary.item_list(content.build_on(report, items), asked.text("no_strengths", **counted))
    right = _needs(content.work_on(report, items), asked.text("no_needs", **counted))
    first = (model.Heading(asked.text("strengths_heading")), left)
    return [model.Columns(first, (model.Heading(asked.text("needs_heading")), right))]


def _needs(found: list[content.ItemRow], nothing: str) -> model.Block:
    """Needs, the first with what good looks like."""
    if not found:
        return model.Text(nothing)
    (item, row), *rest = found
    first = (*model.spans(summary.item_words(item, row)), f" {item.good_looks_like}")
    return model.Bullets((first, *(summary.item_words(*pair) for pair in rest)))


def _closer_look(report: Report, asked: SectionDefinition, one: Component) -> list[model.Block]:
    found = content.closer_look(report, report.instrument.items_of(one.code))
    if not found:
        return []
    parts = [f"{item.title} ({item.code}) {sentences.difference(each)}" for item, each in found]
    words = f": {'; '.join(parts)}. {asked.text('look')}"
    return [model.Text((model.Span(asked.text("look_heading")), words), "small")]


def theme(report: Report, asked: SectionDefinition) -> list[model.Section]:
    """The items of a theme, once across components; nothing where one component has them all."""
    name = asked.text("theme")
    themed = (item for item in report.instrument.items if name in item.themes)
    items = [item for item in themed if report.shows(item.code)]
    across = len({item.component for item in items})
    if across < 2:
        return []
    component = report.instrument.component
    labels = [(i.code, f"{component(i.component).short_title} ({i.code})") for i in items]
    measure, notes = figures.when_and_where(report), (asked.text("note"),)
    caption = charts.Caption(f"theme_{name}", asked.text("figure"), measure, notes)
    figure = figures.figure(report, caption, labels, charts.COMPONENTS)
    lead = asked.text("lead", components=sentences.number_word(across))
    blocks = (model.Lead(lead), figure)
    return [model.Section(f"theme_{name}", asked.text("title"), asked.text("contents"), blocks)]


def counties(report: Report, asked: SectionDefinition) -> list[model.Section]:
    """Counts by county in name order, the region last; nothing where there is one county.

    They follow on the page before, where there is room. In a publication small counties are merged.
    """
    if len(report.facts.counties) < 2 or not report.components:
        return []
    side = small.counties(report)
    columns = (
        model.Column("County", data=("county_fips", "county")),
        *(
            model.Column(each.short_title, "number", (f"{each.code}_achieved", f"{each.code}_n"))
            for each in report.components
        ),
    )
    notes = (asked.text("note", **_counted_words(report)), *_merged_words(report, side))
    table = model.Table("counties", asked.text("table"), columns, _rows(report, side), notes=notes)
    blocks = (model.Lead(asked.text("lead")), table)
    title, contents = asked.text("title"), asked.text("contents")
    return [model.Section("counties", title, contents, blocks, starts_page=False)]


def _merged_words(report: Report, side: merging.Merged) -> list[str]:
    names = dict(report.facts.counties)
    if not side.alone:
        return [report.published_text("no_county", smallest=report.smallest)]
    if not side.together:
        return []
    merged = sentences.listing([names[code] for code in side.together])
    return [report.published_text("counties", smallest=report.smallest, names=merged)]


def _of_components(report: Report) -> list[tabulation.Measure]:
    return [tabulation.Measure(each.code) for each in report.components]


def _rows(report: Report, side: merging.Merged) -> tuple[model.Row, ...]:
    measures, names = _of_components(report), dict(report.facts.counties)
    rows = [_row_of(report, (code, names[code]), [code]) for code in side.alone]
    if side.together:
        merged = sentences.listing([names[code] for code in side.together])
        rows.append(_row_of(report, ("", f"{merged}, together"), side.together))
    total = [report.measures.row(each.code) for each in measures]
    return (*rows, _county_row(("", report.place_title), total, strong=True))


def _row_of(report: Report, county: tuple[str, str], codes: Sequence[str]) -> model.Row:
    """The row of some counties, as if they were one."""
    components = [each.code for each in report.components]
    return _county_row(county, small.together(report.measures.frozen, codes, components))


def _county_row(
    county: tuple[str, str], rows: list[MeasureRow], *, strong: bool = False
) -> model.Row:
    cells = [
        model.Cell(
            sentences.counted(row) if row.applicable else shares.NOTHING,
            (row.achieved, row.applicable),
        )
        for row in rows
    ]
    return model.Row((model.Cell(county[1], county), *cells), strong=strong)
