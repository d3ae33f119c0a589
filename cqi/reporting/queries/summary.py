"""The summary, and the components at a glance."""

from __future__ import annotations

from cqi.documents import charts, model, numbers, shares
from cqi.instruments.definition import Item
from cqi.measures.rules.findings import Finding
from cqi.measures.rules.frozen import LeftOut
from cqi.measures.rules.tabulation import Comparison, MeasureRow
from cqi.reporting.queries import figures
from cqi.reporting.rules import content, sentences
from cqi.reporting.rules.content import Report
from cqi.reporting.rules.definition import SectionDefinition

_TILES = {
    Finding.IMPROVED: "improved",
    Finding.DECLINED: "declined",
    Finding.NO_CLEAR_CHANGE: "with no clear change",
    Finding.TOO_FEW: "with too few cases to tell",
}


def summary(report: Report, asked: SectionDefinition) -> list[model.Section]:
    """The page that many read alone: counts, then what each finding rests on, then what next."""
    if report.compared:
        title, tiles, heads = asked.text("title"), _finding_tiles(report), _findings(report, asked)
    else:
        title, tiles = asked.text("title_one_round"), _round_tiles(report)
        heads = _picked(report, asked)
    heads = [*heads, model.SideHead(asked.text("next_heading"), (_next(report, asked),))]
    blocks = (model.Lead(_lead(report)), model.Tiles(tiles), model.SideHeads(tuple(heads)))
    return [model.Section("summary", title, asked.text("contents"), blocks)]


def glance(report: Report, asked: SectionDefinition) -> list[model.Section]:
    """All components in one figure, and how to read it."""
    things = "components"
    title = sentences.capital(asked.text("title_one_round", **report.counted_components))
    if report.compared:
        found = [one for _, one in report.component_comparisons]
        title = sentences.headline(found, things)
    measure = figures.when_and_where(report)
    labels = [(each.code, each.title) for each in report.components]
    caption = charts.Caption(things, asked.text("figure"), measure)
    figure = figures.figure(report, caption, labels, charts.COMPONENTS)
    suffix = "" if report.compared else "_one_round"
    notes = model.Columns(
        (model.Heading(asked.text("read_heading")), model.Text(asked.text("read"))),
        (
            model.Heading(asked.text(f"words_heading{suffix}")),
            model.Text(asked.text(f"words{suffix}")),
        ),
    )
    apart = report.compared or not report.counts_only
    contents = sentences.capital(asked.text("contents", **report.counted_components))
    merged = report.merged(each.code for each in report.instrument.components)
    blocks = (figure, *merged_note(report, "components", merged), notes)
    return [model.Section("components", title, contents, blocks, starts_page=apart)]


def merged_note(report: Report, text: str, codes: list[str]) -> list[model.Block]:
    """What has no row of its own in a publication, and where it counts."""
    if not codes:
        return []
    words = {"smallest": report.smallest, "names": sentences.listing(codes)}
    return [model.Text(report.published_text(text, **words), "small")]


def _lead(report: Report) -> str:
    one = report.facts.round
    on_site = sentences.days(one.on_site_from, one.on_site_to)
    said = f"{sentences.reviews(report.reviews)} of this round ({on_site})"
    verb = "is" if report.reviews == 1 else "are"
    baseline = report.measures.frozen.baseline
    if baseline is None or not report.compared:
        return f"{said} {verb} final."
    before = sentences.reviews(len(baseline.cases))
    same = "They looked for the same things as" if _same(report) else "They followed"
    return f"{said} {verb} final. {same} the {before} at baseline."


def _same(report: Report) -> bool:
    return report.measures.frozen.same_version


def _finding_tiles(report: Report) -> tuple[model.Tile, ...]:
    findings = [one.finding for _, one in report.component_comparisons]
    not_compared = findings.count(Finding.NOT_COMPARED)
    apart = {Finding.NOT_COMPARED: "not compared"} if not_compared else {}
    return tuple(
        model.Tile(str(count), f"{_plural(count, 'component')} {words}", figures.mark(finding))
        for finding, words in {**_TILES, **apart}.items()
        for count in [findings.count(finding)]
    )


def _round_tiles(report: Report) -> tuple[model.Tile, ...]:
    wholes, fewest = report.instrument.wholes, max(report.fewest, report.smallest)
    few = sum(
        report.measures.row(item.code).applicable < fewest or not report.shows(item.code)
        for item in wholes
    )
    shown, said = len(wholes) - few, "merged" if report.smallest else "counts"
    counties = {case.county for case in report.measures.frozen.round.cases}
    reviewed = _plural(len(counties), "county", "counties")
    return (
        model.Tile(str(report.reviews), f"final {_plural(report.reviews, 'case review')}"),
        model.Tile(str(len(counties)), f"{reviewed} with a final case review"),
        model.Tile(str(shown), f"{_plural(shown, 'item')} with {fewest} or more cases"),
        model.Tile(
            str(few), f"{_plural(few, 'item')} with fewer than {fewest}: {said}", "too_few_cases"
        ),
    )


def _plural(count: int, one: str, many: str = "") -> str:
    return one if count == 1 else many or f"{one}s"


def _findings(report: Report, asked: SectionDefinition) -> list[model.SideHead]:
    """A head for each finding, doubt as large as success, also where nothing stands under it."""
    heads = [
        model.SideHead(sentences.WORDS[finding], _said(report, asked, finding), mark)
        for finding, mark in figures.MARKS.items()
    ]
    if any(one.finding is Finding.NOT_COMPARED for _, one in report.component_comparisons):
        not_compared = _said(report, asked, Finding.NOT_COMPARED)
        heads.append(model.SideHead(sentences.WORDS[Finding.NOT_COMPARED], not_compared))
    if not report.named:
        return heads
    return [*heads, model.SideHead(asked.text("named_heading"), (_named(report, asked),))]


def _named(report: Report, asked: SectionDefinition) -> model.Table:
    """The items that a plan named beforehand, a line each."""
    columns = (
        model.Column("Item", data=("code", "item")),
        model.Column("Baseline", "number", ("baseline_strength", "baseline_n")),
        model.Column("Follow-up", "number", ("follow_up_strength", "follow_up_n")),
        model.Column("Points (95% int.)", "number", ("difference",)),
        model.Column("Finding", data=("finding",)),
    )
    rows = tuple(_named_row(report, item, one) for item, one in report.named)
    return model.Table("named_items", asked.text("named"), columns, rows)


def _named_row(report: Report, item: Item, one: Comparison) -> model.Row:
    finding = one.finding or Finding.NOT_COMPARED
    before, after = report.measures.baseline_row(item.code), report.measures.row(item.code)
    change, exact = model.Cell(shares.NOTHING, (None,)), one.difference
    if one.shown and exact is not None:
        change = model.Cell(sentences.difference(one), (numbers.four_decimals(exact),))
    return model.Row(
        (
            model.Cell(f"{item.title} ({item.code})", (item.code, item.title)),
            *(_share(row) for row in (before, after)),
            change,
            model.Cell(sentences.WORDS[finding], (finding.value,), figures.mark(finding)),
        )
    )


def _share(row: MeasureRow | None) -> model.Cell:
    if row is None or not row.applicable:
        return model.Cell(shares.NOTHING, (0, 0))
    return model.Cell(sentences.counted(row), (row.achieved, row.applicable))


def _said(report: Report, asked: SectionDefinition, finding: Finding) -> tuple[model.Block, ...]:
    found = [(each.title, one) for each, one in report.component_comparisons]
    found = [(name, one) for name, one in found if one.finding is finding]
    if not found:
        return (model.Text("None of the components.", "small"),)
    texts = [model.Text(figures.words(name, one)) for name, one in found]
    if finding is Finding.NO_CLEAR_CHANGE:
        texts.append(model.Text(asked.text("doubt"), "small"))
    return tuple(texts)


def _picked(report: Report, asked: SectionDefinition) -> list[model.SideHead]:
    """One round's components, and what stands out over all items."""
    items = report.instrument.wholes
    pages = next(s for s in report.definition.sections if s.kind == "component_pages")
    counted = {"fewest": report.fewest, "from": report.definition.settings.build_on_from}
    few = "" if report.rows_of(items) else pages.text("few", **counted)
    kinds = (
        ("strengths_heading", "no_strengths", content.build_on(report, items)),
        ("needs_heading", "no_needs", content.work_on(report, items)),
    )
    picked = [
        model.SideHead(
            pages.text(heading), (item_list(found, few or pages.text(nothing, **counted)),)
        )
        for heading, nothing, found in kinds
    ]
    return [_components(report, asked), *picked]


def _components(report: Report, asked: SectionDefinition) -> model.SideHead:
    rows = ((each.title, report.measures.row(each.code)) for each in report.components)
    entries = tuple((model.Span(name), f": {sentences.share(row)}") for name, row in rows)
    return model.SideHead(asked.text("components_heading"), (model.Bullets(entries),))


def item_list(found: list[content.ItemRow], nothing: str) -> model.Block:
    """Items with their counts, or the words for none."""
    if not found:
        return model.Text(nothing)
    return model.Bullets(tuple(item_words(*pair) for pair in found))


def item_words(item: Item, row: MeasureRow) -> model.Words:
    """ "Title (SRM05): a strength in 26 of 40 cases (65.0%)."."""
    counted = sentences.counted_cases(row)
    return (model.Span(item.title), f" ({item.code}): a strength in {counted}.")


def _next(report: Report, asked: SectionDefinition) -> model.Block:
    entries = [*_unfinished(report, asked), *_from_findings(report, asked), *_needs(report, asked)]
    return model.Bullets(tuple(entries or [asked.text("next_few")]))


def _unfinished(report: Report, asked: SectionDefinition) -> list[str]:
    outside = [each.why for each in report.measures.frozen.round.outside]
    count = outside.count(LeftOut.NOT_FINAL)
    return [asked.text("next_unfinished", count=sentences.reviews(count))] if count else []


def _from_findings(report: Report, asked: SectionDefinition) -> list[str]:
    texts = ((Finding.DECLINED, "next_declined"), (Finding.IMPROVED, "next_improved"))
    entries = [
        asked.text(text, name=sentences.listing([name for name, _ in found]))
        for finding, text in texts
        if (found := report.with_finding(finding))
    ]
    few = report.with_finding(Finding.TOO_FEW)
    return [*entries, asked.text("next_few")] if few else entries


def _needs(report: Report, asked: SectionDefinition) -> list[str]:
    return [
        asked.text("next_need", name=item.title, code=item.code, count=sentences.counted_cases(row))
        for item, row in content.work_on(report, report.instrument.wholes)[:1]
    ]
