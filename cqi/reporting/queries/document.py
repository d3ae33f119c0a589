"""A region's report as one Document: title page, then the definition's sections in its order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from cqi.cases.rules import CASE_TYPE_WORDS
from cqi.core import errors, intervals
from cqi.documents import model
from cqi.measures.rules.frozen import FrozenRound
from cqi.reporting.queries import (
    beside,
    method,
    narrative,
    pages,
    process,
    states,
    summary,
    weights,
)
from cqi.reporting.rules import merging, sentences
from cqi.reporting.rules.content import Report, RoundFacts
from cqi.reporting.rules.definition import SectionDefinition

_SECTIONS: dict[str, Callable[[Report, SectionDefinition], list[model.Section]]] = {
    "summary": summary.summary,
    "components": summary.glance,
    "component_pages": pages.component_pages,
    "theme": pages.theme,
    "beside": beside.beside,
    "counties": pages.counties,
    "process": process.process,
    "method": method.method,
    "glossary": method.glossary,
    "narrative": narrative.narrative,
}
_SHORT = 12  # characters of the run id where there is little room


def document(report: Report) -> model.Document:
    """The whole report."""
    texts, heading = report.definition.texts, report.definition.text("heading")
    title = report.place_title
    return model.Document(
        title=title,
        subtitle=f"{heading}: {_rounds(report, ' and ')}",
        kind="report",
        facts=tuple(_facts(report)),
        sections=tuple(_sections(report)),
        running_head=(f"{title} · {heading}", sentences.capital(_rounds(report, " to "))),
        footer_mark=texts["footer_mark"],
        footer_text=f"{texts['footer']} · {_text(report, 'status')} · Run {_short(report)}",
        language=texts["language"],
        series=texts["series"],
        preface=(model.Heading(texts["use_heading"]), model.Text(_text(report, "use"), "small")),
        colophon=_colophon(report),
        author=report.facts.agency,
    )


def _text(report: Report, name: str) -> str:
    """A text that a publication has in other words."""
    return report.published_text(name) if report.smallest else report.definition.text(name)


def _sections(report: Report) -> list[model.Section]:
    asked = report.definition.sections
    return [made for section in asked for made in _made(report, section)]


def _made(report: Report, section: SectionDefinition) -> list[model.Section]:
    if section.kind in states.SECTIONS:
        if not isinstance(report, states.StateReport):
            message = f"a section of kind {section.kind} stands in the state's report only"
            raise errors.BadInput(message)
        return states.SECTIONS[section.kind](report, section)
    return _SECTIONS[section.kind](report, section)


def _colophon(report: Report) -> str:
    texts = report.definition.texts
    few = f"Where fewer than {report.fewest} cases apply, counts stand in place of shares."
    if report.smallest:
        few = report.published_text("small", smallest=report.smallest)
    demonstration = [texts["demonstration"]] if report.facts.demonstration else []
    return " ".join([*demonstration, texts["colophon"], few])


def _short(report: Report) -> str:
    return report.measures.run_id[:_SHORT]


def _rounds(report: Report, between: str) -> str:
    return between.join(one.title for one in _facts_of_rounds(report))


def _facts_of_rounds(report: Report) -> list[RoundFacts]:
    baseline = report.facts.baseline
    return [baseline, report.facts.round] if baseline and report.compared else [report.facts.round]


def _facts(report: Report) -> list[model.Fact]:
    """What the report rests on: a number without these cannot be defended."""
    rounds = _facts_of_rounds(report)
    names = "Rounds" if len(rounds) > 1 else "Round"
    periods = "Periods under review" if len(rounds) > 1 else "Period under review"
    return [
        model.Fact("Agency", report.facts.agency),
        model.Fact(names, "\n".join(_round_words(one) for one in rounds)),
        model.Fact(periods, "\n".join(_period_words(one) for one in rounds)),
        model.Fact("Instrument", _instrument(report)),
        model.Fact("Reviews", _reviews(report)),
        model.Fact("Cases", "\n".join(_case_types(report))),
        model.Fact("Counties", "\n".join(_counties(report))),
        model.Fact("Measures", _measures(report)),
        *_overrides(report),
        model.Fact("Run", f"{_short(report)} (in full under Method); the same data give the same"),
        model.Fact("Status", _status(report)),
    ]


def _counties(report: Report) -> Iterator[str]:
    """Which counties, by which map of counties and regions, and what a comparison has to know."""
    facts = report.facts
    yield sentences.listing(sorted(name for _, name in facts.counties))
    if facts.map.on:
        yield f"By the map of counties and regions as of {sentences.day(facts.map.on)}"
    if not facts.map.confirmed:
        yield "Which counties belong to the region: agency to confirm"
    for county, region, since in facts.map.moved:
        yield f"{county} belongs to {region} since {sentences.day(since)}"
    if not report.compared or set(facts.counties) == set(facts.baseline_counties):
        return
    pairs = (facts.counties, facts.baseline_counties), (facts.baseline_counties, facts.counties)
    for (these, others), where in zip(pairs, ("this round", "the baseline"), strict=True):
        only = sorted(name for _, name in set(these) - set(others))
        if only:
            yield f"Only in {where}: {sentences.listing(only)}"


def _round_words(one: RoundFacts) -> str:
    return f"{one.kind}: {one.name}, {sentences.days(one.on_site_from, one.on_site_to)}"


def _period_words(one: RoundFacts) -> str:
    ends = "the day on which each review was first submitted"
    last = f" (the last on {sentences.day(one.pur_to)})" if one.pur_to else ""
    return f"{sentences.day(one.pur_from)} to {ends}{last}"


def _instrument(report: Report) -> str:
    instrument = report.instrument
    components = sentences.number_word(len(instrument.components))
    same = f"; {_versions(report)}" if report.compared else ""
    counts = f"{components} components, {len(instrument.wholes)} items"
    return f"{instrument.title} {instrument.version}, {counts}{same}"


def _versions(report: Report) -> str:
    frozen = report.measures.frozen
    if frozen.same_version or frozen.baseline is None:
        return "the same version in both rounds"
    items = [item.code for item in report.instrument.wholes]
    compared = sum(map(frozen.compares, items))
    return f"{frozen.baseline.version} at baseline, {compared} of {len(items)} items compared"


def _reviews(report: Report) -> str:
    baseline = report.measures.frozen.baseline
    where = "these rounds" if report.facts.round.titled else "this round"
    parts = [f"{report.reviews} final in {where}"]
    if baseline and report.compared:
        parts = [f"{len(baseline.cases)} final at baseline", f"{report.reviews} at follow-up"]
    return f"{', '.join(parts)}; practice, reliability and unfinished reviews never count"


def _case_types(report: Report) -> list[str]:
    """How many final reviews are of which kind of case, a line a round."""
    frozen = report.measures.frozen
    current = (report.current, frozen.round)
    if not frozen.baseline or not report.compared:
        return [_case_type_words(report, current[1])]
    pairs = (("baseline", frozen.baseline), current)
    return [f"{sentences.capital(name)}: {_case_type_words(report, one)}" for name, one in pairs]


def _case_type_words(report: Report, one: FrozenRound) -> str:
    """Small kinds are counted together in a publication, as small counties are; in a county's all
    are, as those of the counties beside it could be worked out."""
    counts = Counter(case.case_type for case in one.cases)
    kinds = {kind.value: words.lower() for kind, words in CASE_TYPE_WORDS.items()}
    smallest = report.smallest
    found = merging.merge({kind: [counts[kind]] for kind in kinds if counts[kind]}, smallest)
    if smallest and not report.kinds_apart:
        found = merging.Merged(())
    parts = [f"{kinds[kind]} {counts[kind]}" for kind in found.alone]
    if found.together:
        names = " and ".join(kinds[kind] for kind in found.together)
        parts.append(f"{names}, together {sum(counts[kind] for kind in found.together)}")
    if not parts and counts:
        return f"{sentences.cases(counts.total())} of all kinds"
    return sentences.capital("; ".join(parts)) or "None is final yet"


def _measures(report: Report) -> str:
    confidence = f"{intervals.CONFIDENCE:.0%}"
    change = ", changes with those of Newcombe" if report.compared else ""
    version = report.measures.frozen.formula_version
    shares = f"Shares with Wilson {confidence} intervals{change}, {weights.words(report)}"
    return f"{shares}; formula version {version}"


def _overrides(report: Report) -> list[model.Fact]:
    """What QA set stands on the first page: whoever reads a figure must know which it is."""
    if not report.measures.overridden.all:
        return []
    return [
        model.Fact("Overrides", sentences.capital(sentences.overridden(report.measures.overridden)))
    ]


def _status(report: Report) -> str:
    return f"{_text(report, 'status')}, {sentences.day(report.facts.as_of)}"
