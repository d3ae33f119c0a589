"""The page for whoever has to stand behind the numbers: how they were made, what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from cqi.core import intervals
from cqi.documents import model, numbers, shares
from cqi.instruments import wording
from cqi.instruments.definition import Instrument
from cqi.measures.rules.frozen import FrozenRound, LeftOut
from cqi.measures.rules.tabulation import Comparison, MeasureRow
from cqi.reporting.queries import weights
from cqi.reporting.rules import sentences
from cqi.reporting.rules.content import Report
from cqi.reporting.rules.definition import SectionDefinition
from cqi.sampling.rules.eliminating import ELIMINATION_WORDS, EliminationReason

_EXAMPLE = 30  # cases a round, in the sentence on what the rule can see
_ONE_ROUND = ("shares", "intervals", "left_out", "few_one_round", "causes")
_COMPARED = (
    *("shares", "intervals", "change", "left_out"),
    *("words", "cost", "few", "causes"),
)
Count = Callable[[FrozenRound, tuple[MeasureRow, ...]], int]


def method(report: Report, asked: SectionDefinition) -> list[model.Section]:
    """Tables of what was counted and left out, the rules in words, the run."""
    version = report.measures.frozen.formula_version
    blocks: list[model.Block] = [
        model.Columns((_cases_table(report),), (_ratings_table(report),)),
        *weights.table(report),
        *_overlap(report),
        _two_columns(_notes(report, asked)),
        *_to_confirm(report, asked),
        model.Text((model.Span("Run"), f" {report.measures.run_id}"), "small"),
        model.Text(asked.text("run", formula=version), "small"),
    ]
    return [model.Section("method", asked.text("title"), asked.text("contents"), tuple(blocks))]


def glossary(report: Report, asked: SectionDefinition) -> list[model.Section]:  # noqa: ARG001 - one shape for all
    """The terms, under the method where there is room."""
    facts = tuple(model.Fact(term, meaning) for term, meaning in asked.entries)
    title, contents = asked.text("title"), asked.text("contents")
    return [
        model.Section("glossary", title, "", (model.Glossary(facts),), contents, starts_page=False)
    ]


# ---- tables -------------------------------------------------------------------------------------


def _cases_table(report: Report) -> model.Table:
    lines: list[tuple[str, Count, bool]] = [
        ("Case reviews of the round", lambda one, _: len(one.cases) + len(one.outside), True),
        ("Practice or reliability", _outside(LeftOut.PRACTICE), False),
        ("Withdrawn with a reason", _outside(LeftOut.ELIMINATED), False),
        *_eliminated(report),
        ("Not final yet", _outside(LeftOut.NOT_FINAL), False),
        ("Final case reviews", lambda one, _: len(one.cases), True),
        ("of these, imported", lambda one, _: sum(each.imported for each in one.cases), False),
    ]
    return _table(report, "cases_counted", "From case reviews to figures", lines)


def _eliminated(report: Report) -> Iterator[tuple[str, Count, bool]]:
    """A line for each reason for which cases were eliminated from a sample."""
    there = {each.reason for _, one, _ in _rounds(report) for each in one.outside}
    for reason in EliminationReason:
        if reason in there:
            words = ELIMINATION_WORDS[reason]
            yield f"of these, {words[0].lower()}{words[1:]}", _eliminated_for(reason), False


def _eliminated_for(reason: EliminationReason) -> Count:
    return lambda one, _: sum(each.reason == reason for each in one.outside)


def _ratings_table(report: Report) -> model.Table:
    items = len(_counted(report))
    lines: list[tuple[str, Count, bool]] = [
        (
            f"Item ratings possible (reviews times {items})",
            lambda one, _: len(one.cases) * items,
            True,
        ),
        ("Not applicable", lambda _, rows: sum(r.excluded.not_applicable for r in rows), False),
        ("Not rated", lambda _, rows: sum(r.excluded.not_rated for r in rows), False),
        *_not_asked(report),
        ("Item ratings counted", lambda _, rows: sum(r.applicable for r in rows), True),
        ("Set by QA (overrides)", _set_by_qa(report), False),
    ]
    caption = "Left out of item figures"
    if report.smallest:
        caption += f": the {items} items that have a row of their own"
    return _table(report, "ratings_counted", caption, lines)


def _counted(report: Report) -> list[str]:
    """The items whose ratings the table counts: from those of all, the number behind an item that a
    publication does not print could be had."""
    return [item.code for item in report.instrument.wholes if report.shows(item.code)]


def _not_asked(report: Report) -> list[tuple[str, Count, bool]]:
    """A line where a round asked for named items only."""
    if not any(row.excluded.not_asked for _, _, rows in _rounds(report) for row in rows):
        return []
    words = "Not asked: the round asked for named items only"
    return [(words, lambda _, rows: sum(r.excluded.not_asked for r in rows), False)]


def _outside(why: LeftOut) -> Count:
    return lambda one, _: Counter(each.why for each in one.outside)[why]


def _set_by_qa(report: Report) -> Count:
    """Ratings that QA set, of the items that the table counts, whether figures use them or not."""
    items = set(_counted(report))
    return lambda one, _: sum(code in items for case in one.cases for code in case.computed)


def _table(
    report: Report, key: str, caption: str, lines: list[tuple[str, Count, bool]]
) -> model.Table:
    rounds = _rounds(report)
    columns = (
        model.Column("", data=("what",)),
        *(model.Column(name.capitalize(), "number") for name, _, _ in rounds),
    )
    rows = tuple(
        model.Row((label, *(count(one, rows) for _, one, rows in rounds)), strong, not strong)
        for label, count, strong in lines
    )
    return model.Table(key, caption, columns, rows)


def _rounds(report: Report) -> list[tuple[str, FrozenRound, tuple[MeasureRow, ...]]]:
    """(name, rows that were frozen, item rows) of the baseline, if there is one, and this round."""
    measures, items = report.measures, set(_counted(report))

    def counted(rows: tuple[MeasureRow, ...]) -> tuple[MeasureRow, ...]:
        return tuple(row for row in rows if row.measure.item in items)

    rounds = [(report.current, measures.frozen.round, counted(measures.rows))]
    if measures.frozen.baseline and report.compared:
        baseline = ("baseline", measures.frozen.baseline, counted(measures.baseline_rows))
        rounds.insert(0, baseline)
    return rounds


# ---- cases in both rounds -----------------------------------------------------------------------


def _overlap(report: Report) -> list[model.Block]:
    both = _in_both(report)
    kept = [(each, one) for each, one in report.component_comparisons if _apart(report, one)]
    if not both or both < report.smallest or not kept:
        return []
    columns = (
        model.Column("", data=("code", "label")),
        model.Column("In both", "number", ("overlap",)),
        model.Column("All cases", "number", ("difference",)),
        model.Column("Finding", data=("finding",)),
        model.Column("Without them", "number", ("difference_without",)),
        model.Column("Finding", data=("finding_without",)),
    )
    rows = tuple(_overlap_row(each.code, each.title, one) for each, one in kept)
    caption = f"Components with and without {sentences.cases(both)} reviewed in both rounds"
    return [model.Table("overlap", caption, columns, rows)]


def _apart(report: Report, one: Comparison) -> bool:
    """Whether a component may stand with and without the cases of both rounds: what is left out
    could be had by subtraction."""
    without = one.without_overlap
    left = [without.pair.n0, without.pair.n1] if without else []
    return not report.smallest or min([one.overlap, *left]) >= report.smallest


def _in_both(report: Report) -> int:
    frozen = report.measures.frozen
    if frozen.baseline is None or not report.compared:
        return 0
    first, second = (
        {case.case_number for case in one.cases} for one in (frozen.baseline, frozen.round)
    )
    return len(first & second)


def _overlap_row(code: str, title: str, one: Comparison) -> model.Row:
    apart = one.without_overlap or one
    return model.Row(
        (
            model.Cell(title, (code, title)),
            one.overlap,
            *_difference_cells(one),
            *_difference_cells(apart),
        )
    )


def _difference_cells(one: Comparison) -> tuple[model.Cell, model.Cell]:
    word = sentences.WORDS[one.finding] if one.finding else shares.NOTHING
    said = model.Cell(word, (one.finding.value if one.finding else None,))
    if not one.shown or one.difference is None:
        return model.Cell(shares.NOTHING, (None,)), said
    exact = numbers.four_decimals(one.difference)
    return model.Cell(sentences.difference(one), (exact,)), said


# ---- the rules in words -------------------------------------------------------------------------


def _notes(report: Report, asked: SectionDefinition) -> list[model.Words]:
    """The rules in words, those about changes only where rounds are compared."""
    words = {
        **report.counted_components,
        "fewest": report.fewest,
        "reach": f"{report.measures.frozen.limits.widest_reach:g}",
        "false": f"{_one_false_word(len(report.components)):.0%}",
    }
    names = _COMPARED if report.compared else _ONE_ROUND
    notes = [_bold(asked.text(name, **words)) for name in names]
    notes += map(_bold, weights.note(report, asked))
    if report.smallest:
        notes.append(_bold(report.published_text("method", smallest=report.smallest)))
    return [*notes, *_power(report), *_named(report), *_overrides(report), *_not_compared(report)]


def _one_false_word(components: int) -> float:
    """How likely one word at least is wrong where no component changed."""
    return float(1 - intervals.CONFIDENCE**components)


def _to_confirm(report: Report, asked: SectionDefinition) -> list[model.Block]:
    """What the instrument marks for the agency to confirm."""
    marked = "; ".join(_marked(report.instrument))
    mark = sentences.capital(wording.to_confirm(report.instrument))
    words = _bold(asked.text("to_confirm", mark=mark, marked=marked))
    return [model.Text(words, "small")] if marked else []


def _marked(instrument: Instrument) -> Iterator[str]:
    """ "the rating rules of P1 and WB1", "the items I13 and I14", "two facts of the face sheet"."""
    components = [
        one.code
        for one in instrument.components
        if any(row.confirm for row in instrument.rows_of(one))
    ]
    items = [
        one.code for one in instrument.items if one.confirm or any(r.confirm for r in one.ratings)
    ]
    facts = sum(fact.confirm for fact in instrument.facts)
    if components:
        yield f"the rating rules of {sentences.listing(components)}"
    if items:
        yield f"the {'item' if len(items) == 1 else 'items'} {sentences.listing(items)}"
    if facts:
        number = sentences.number_word(facts)
        yield f"{number} {'fact' if facts == 1 else 'facts'} of the face sheet, marked there"


def _bold(text: str) -> model.Words:
    """What stands before the upright line becomes bold."""
    term, _, rest = text.partition("|")
    return (model.Span(term), rest)


def _power(report: Report) -> list[model.Words]:
    """What gains the rule can see: worked out by the same formula, not typed."""
    if not report.compared:
        return []
    text = f": {_smallest(_EXAMPLE, _EXAMPLE, f'{_EXAMPLE} cases a round')}"
    baseline = report.measures.frozen.baseline
    before, after = len(baseline.cases) if baseline else 0, report.reviews
    if before and after and (before, after) != (_EXAMPLE, _EXAMPLE):
        here = _smallest(before, after, f"{before} cases, then {after}, as here,")
        text += f" {sentences.capital(here)}"
    return [(model.Span("What can be called"), text)]


def _smallest(before: int, after: int, words: str) -> str:
    gain = intervals.smallest_gain(before, after)
    if gain is None:
        return f"with {words} no gain from 50% can be called."
    return f"with {words} the smallest gain from 50% that can be called is {gain * 100:.0f} points."


def _named(report: Report) -> list[model.Words]:
    if not report.named:
        return []
    codes = sentences.listing([item.code for item, _ in report.named])
    return [(model.Span("Named beforehand"), f" by an approved plan: {codes}.")]


def _overrides(report: Report) -> list[model.Words]:
    """How many ratings QA set, and how to have the figures the other way."""
    number = report.measures.overridden
    if not number.all:
        return []
    text = (
        f": {sentences.overridden(number)}. An override has a reason and the name of a QA"
        " lead; a component follows from its items by its rule. The figures without overrides are"
        " one option away: --without-overrides, or the link beside the report's page."
    )
    return [(model.Span("Overrides"), text)]


def _not_compared(report: Report) -> list[model.Words]:
    other = report.measures.frozen.baseline
    if other is None or report.measures.frozen.same_version:
        return []
    version = f"that round was scored with another version ({other.instrument} {other.version})"
    if not report.compared:
        return [(model.Span("Not compared"), f" with {other.name}: {version}.")]
    codes = [row.measure.code for row in report.measures.rows]
    changed = [code for code in codes if not report.measures.frozen.compares(code)]
    rule = "ratings are compared only where the rule, and all that it rests on, is the same"
    which = f"Not compared: {sentences.listing(changed)}" if changed else "That is so everywhere"
    return [(model.Span("Two versions"), f": {version}; {rule}. {which}.")]


def _two_columns(entries: list[model.Words]) -> model.Columns:
    half = (len(entries) + 1) // 2
    left, right = tuple(entries[:half]), tuple(entries[half:])
    return model.Columns((model.Bullets(left),), (model.Bullets(right),))
