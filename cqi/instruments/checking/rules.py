"""Second pass, rules: do questions and rating rows hang together, and do rows cover everything?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cqi.instruments import definition, loading, problems
from cqi.instruments.checking import reach, terms
from cqi.instruments.checking.terms import Scope
from cqi.instruments.problems import Problem, Rule, Where


def item_problems(
    instrument: definition.Instrument, item: definition.Item, top: Where
) -> Iterator[Problem]:
    """Conditions and rating rows of one item."""
    found = [
        *_references(instrument, item, top),
        *_item_conditions(instrument, item, top),
        *last_row(item.ratings, top.at("ratings")),
    ]
    yield from found
    if not (found or _inherited_problems(instrument, item)):
        yield from _unreachable(instrument, item, top.at("ratings"))


def _references(
    instrument: definition.Instrument, item: definition.Item, top: Where
) -> Iterator[Problem]:
    """Whether scales, kinds of subjects and limits of questions are there and make sense."""
    scales = [scale.id for scale in instrument.scales]
    for question in item.questions:
        where = top.at(f"questions[{question.id}]")
        if question.scale and question.scale.id not in scales:
            message = f'There is no scale "{question.scale.id}".'
            remedy = problems.did_you_mean(question.scale.id, scales) or _DECLARE
            yield where.at("scale").problem(Rule.UNKNOWN_SCALE, message, remedy)
        if question.for_each and question.for_each not in instrument.subjects_by_kind:
            message = f'There is no kind of subjects "{question.for_each}".'
            remedy = problems.did_you_mean(question.for_each, instrument.subjects_by_kind)
            yield where.at("for_each").problem(Rule.UNKNOWN_SUBJECT, message, remedy or _DECLARE)
        if question.most is not None and question.least > question.most:
            message = f"No number is from {question.least} to {question.most}."
            yield where.at("most").problem(Rule.LEAST_MOST, message, "Write least <= most.")


_DECLARE = f"Declare it in {loading.INSTRUMENT_FILE}."


def _item_conditions(
    instrument: definition.Instrument, item: definition.Item, top: Where
) -> Iterator[Problem]:
    facts_only = Scope(instrument, item)
    yield from terms.problems_of(item.applies_when, facts_only, top.at("applies_when"))
    for position, question in enumerate(item.questions):
        earlier = Scope(instrument, item, item.question_ids[:position])
        where = top.at(f"questions[{question.id}]").at("asked_when")
        yield from terms.problems_of(question.asked_when, earlier, where)
    everything = Scope(instrument, item, item.question_ids, item.parts)
    for number, row in enumerate(item.ratings, start=1):
        yield from terms.problems_of(row.when, everything, top.at(f"ratings[{number}].when"))


def _inherited_problems(instrument: definition.Instrument, item: definition.Item) -> list[Problem]:
    """Problems, told elsewhere, of what must hold for the component or the whole."""
    scope, nowhere = Scope(instrument), Where("")
    return [
        problem
        for condition in instrument.applies_when(item)
        for problem in terms.problems_of(condition, scope, nowhere)
    ]


def last_row(
    rows: Sequence[definition.RatingRow | definition.ComponentRatingRow], where: Where
) -> Iterator[Problem]:
    """Exactly one row has no condition, and it is the last: so every case gets one rating."""
    for number, row in enumerate(rows, start=1):
        if row.when is None and number < len(rows):
            message = f"Row {number} has no condition, so that no row after it can match."
            remedy = "Move it to the end, or give it a when."
            yield where.at(f"[{number}]").problem(Rule.LAST_ROW, message, remedy)
    if rows[-1].when is not None:
        message = "The last row has a condition, so that some answers would have no rating."
        yield where.at(f"[{len(rows)}]").problem(
            Rule.LAST_ROW, message, "Add a last row with a rating and no when."
        )


def _unreachable(
    instrument: definition.Instrument, item: definition.Item, where: Where
) -> Iterator[Problem]:
    for number in reach.unreachable_item_rows(instrument, item):
        message = "No answers lead to this row: an earlier row always matches, or none can."
        remedy = "Change its condition, move it up, or remove it."
        yield where.at(f"[{number}]").problem(Rule.UNREACHABLE_ROW, message, remedy)


def component_conditions(instrument: definition.Instrument) -> Iterator[Problem]:
    """What must hold for components to apply: only facts decide it."""
    for component in instrument.components:
        where = Where(loading.INSTRUMENT_FILE).at(f"components[{component.code}].applies_when")
        yield from terms.problems_of(component.applies_when, Scope(instrument), where)


def component_problems(instrument: definition.Instrument) -> Iterator[Problem]:
    """Rating rows of the components; only for an instrument whose items are all there."""
    top = Where(loading.INSTRUMENT_FILE)
    shared = top.at("component_ratings")
    found = list(_rows(instrument, instrument.component_ratings, shared, None))
    for component in instrument.components:
        where = top.at(f"components[{component.code}]")
        found += _rows(instrument, component.ratings, where.at("ratings"), component)
        if not instrument.rows_of(component):
            message = "There are no rating rows for this component."
            remedy = "Add [[component_ratings]] for all, or ratings of its own."
            found.append(where.problem(Rule.COMPONENT_WITHOUT_RATINGS, message, remedy))
    yield from found
    if not found:
        yield from _unreachable_component_rows(instrument, top)


def _rows(
    instrument: definition.Instrument,
    rows: Sequence[definition.ComponentRatingRow],
    where: Where,
    component: definition.Component | None,
) -> Iterator[Problem]:
    if not rows:
        return
    known = component.items if component else [c for e in instrument.components for c in e.items]
    for number, row in enumerate(rows, start=1):
        for count in row.when.terms if row.when else ():
            for code in count.of if isinstance(count.of, tuple) else ():
                if code not in known:
                    message = f'"{code}" is not an item that is rated here.'
                    remedy = problems.did_you_mean(code, known)
                    place = where.at(f"[{number}]").at("when")
                    yield place.problem(Rule.UNKNOWN_ITEM, message, remedy)
    yield from last_row(rows, where)


def _unreachable_component_rows(instrument: definition.Instrument, top: Where) -> Iterator[Problem]:
    message = "No ratings of items lead to this row."
    remedy = "Change its condition, move it up, or remove it."
    sharing = [component for component in instrument.components if not component.ratings]
    for number in reach.unreachable_component_rows(instrument, sharing):
        where = top.at(f"component_ratings[{number}]")
        yield where.problem(Rule.UNREACHABLE_ROW, message, remedy)
    for component in instrument.components:
        if component.ratings:
            for number in reach.unreachable_component_rows(instrument, [component]):
                where = top.at(f"components[{component.code}].ratings[{number}]")
                yield where.problem(Rule.UNREACHABLE_ROW, message, remedy)
