"""The state's summary: what was added up, how the regions changed, what next."""

from __future__ import annotations

from collections.abc import Iterator

from cqi.documents import model
from cqi.reporting.queries.states.content import StateReport
from cqi.reporting.rules import content, sentences
from cqi.reporting.rules.definition import SectionDefinition


def summary(report: StateReport, asked: SectionDefinition) -> list[model.Section]:
    """The page that many read alone."""
    heads = [
        model.SideHead(asked.text("state_heading"), _components(report, asked)),
        model.SideHead(asked.text("change_heading"), _changes(report, asked)),
    ]
    never = [one.name for one in report.regions if one.measures is None]
    if never:
        words = model.Text(f"{sentences.listing(never)}.")
        heads.append(model.SideHead(asked.text("never_heading"), (words,)))
    todo = tuple(_next(report, asked))
    if todo:
        heads.append(model.SideHead(asked.text("next_heading"), (model.Bullets(todo),)))
    blocks = (
        model.Lead(_lead(report, asked)),
        model.Tiles(_tiles(report)),
        model.SideHeads(tuple(heads)),
    )
    return [model.Section("state_summary", asked.text("title"), asked.text("contents"), blocks)]


def _lead(report: StateReport, asked: SectionDefinition) -> str:
    held = report.regions_with()
    one = report.facts.round
    said = asked.text(
        "lead",
        regions=sentences.capital(sentences.number_word(len(held))),
        all=sentences.number_word(len(report.regions)),
        counted=report.reviews,
        added=sentences.number_word(sum(each.counted for each in held)),
        days=sentences.days(one.on_site_from, one.on_site_to),
    )
    few: list[str] = []
    others: list[str] = []
    for each in held:
        if not each.counted:
            (few if each.few else others).append(each.name)
    if others:
        said += f" {asked.text('not_added', names=sentences.listing(others))}"
    if few:
        names = sentences.listing(few)
        said += f" {asked.text('not_added_few', smallest=report.smallest, names=names)}"
    return said


def _tiles(report: StateReport) -> tuple[model.Tile, ...]:
    held, compared = report.regions_with(), report.regions_with(compared=True)
    counties = {
        case.county for one in held if one.measures for case in one.measures.frozen.round.cases
    }
    return (
        model.Tile(str(report.reviews), "final case reviews added up"),
        model.Tile(str(len(held)), f"of {len(report.regions)} regions reviewed"),
        model.Tile(str(len(compared)), "regions with a second round"),
        model.Tile(str(len(counties)), "counties with a final case review"),
    )


def _components(report: StateReport, asked: SectionDefinition) -> tuple[model.Block, ...]:
    rows = ((each.title, report.measures.row(each.code)) for each in report.components)
    entries = tuple((model.Span(name), f": {sentences.share(row)}.") for name, row in rows)
    return model.Bullets(entries), model.Text(asked.text("state_note"), "small")


def _changes(report: StateReport, asked: SectionDefinition) -> tuple[model.Block, ...]:
    """Component by component, how many regions have which word: every finding counted."""
    compared = report.regions_with(compared=True)
    if not compared:
        return (model.Text(asked.text("change_none")),)
    lines = []
    for component in report.instrument.components:
        line = headline(report, component.code)
        if line:
            lines.append((model.Span(component.title), f": {line[0].lower()}{line[1:]}."))
    return model.Bullets(tuple(lines)), model.Text(asked.text("change_note"), "small")


def headline(report: StateReport, code: str) -> str:
    """ "Of three regions, one improved and two had no clear change"; empty where none compares."""
    found = [each for _, each in report.compared_on(code) if each.finding is not None]
    things = "region" if len(found) == 1 else "regions"
    return sentences.headline(found, things) if found else ""


def _next(report: StateReport, asked: SectionDefinition) -> Iterator[str]:
    never = [one.name for one in report.regions if not one.opened]
    if never:
        yield asked.text("next_never", names=sentences.listing(never))
    late = sorted({line.region for line in report.plans if line.late})
    if late:
        yield asked.text("next_late", names=sentences.listing(late))
    for item, row in content.work_on(report, report.instrument.wholes)[:1]:
        counted = sentences.counted_cases(row)
        yield asked.text("next_need", name=item.title, code=item.code, count=counted)
