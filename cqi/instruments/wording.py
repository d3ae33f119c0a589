"""Why a rating is what it is, as English sentences for a caseworker.

Nothing here knows an instrument: every sentence is made from the row that matched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from cqi.instruments import asking, conditions, definition, inputs

_QUESTION_ID = re.compile(r"[a-z]\d*", re.ASCII)
_ONE = {
    definition.Counted.STRENGTH: ("strength", "strengths"),
    definition.Counted.AREA_NEEDING_IMPROVEMENT: (
        "area needing improvement",
        "areas needing improvement",
    ),
    definition.Counted.NOT_APPLICABLE: ("item that does not apply", "items that do not apply"),
    definition.Counted.APPLICABLE: ("item that applies", "items that apply"),
}


def sentence(text: str) -> str:
    """A clause as a sentence; a question's id ("a", "b2") keeps its small letter."""
    first = text.split(" ", 1)[0].rstrip(",")
    start = text[:1] if _QUESTION_ID.fullmatch(first) else text[:1].upper()
    return f"{start}{text[1:]}."


def to_confirm(instrument: definition.Instrument) -> str:
    """ "agency to confirm against the federal instrument", of what is marked so."""
    against = f" against {instrument.confirm_with}" if instrument.confirm_with else ""
    return f"agency to confirm{against}"


def question_notes(
    instrument: definition.Instrument, question: definition.Question
) -> Iterator[str]:
    """What stands beside a question: "or NA", "a number from 1 to 9", "for each parent", ..."""
    if question.answer is definition.Answer.COUNT:
        yield f"a number {inputs.limits(question)}"
    if question.scale is not None:
        yield f"a point of the scale {question.scale.title}"
    if definition.NA in question.values:
        yield "or NA"
    if question.for_each:
        yield f"for each {_small(instrument.subjects_by_kind[question.for_each])}"
    if question.reverse:
        yield "yes is the worse answer"
    if not question.scored:
        yield "not scored"


def not_applicable_by_rule(
    instrument: definition.Instrument, applies_when: definition.Condition, known: Mapping[str, str]
) -> str:
    """ "Not applicable: there was no report in the period under review."""
    clause = conditions.says_outcome(applies_when, known, instrument.facts_by_name)
    return f"Not applicable: {clause}."


def not_rated(
    instrument: definition.Instrument,
    item: definition.Item,
    known: inputs.Known,
    lacks: Iterable[asking.Lack],
) -> str:
    """ "Not rated yet: a and c are not answered."""
    names: dict[asking.LackKind, dict[str, None]] = {}
    for lack in lacks:
        if lack.scored:
            named = names.setdefault(lack.kind, {})
            named[_lack_name(instrument, item, known, lack)] = None
    clauses = [_LACKS[kind](list(named)) for kind, named in names.items()]
    return f"Not rated yet: {'; '.join(clauses)}."


def _lack_name(
    instrument: definition.Instrument,
    item: definition.Item,
    known: inputs.Known,
    lack: asking.Lack,
) -> str:
    if lack.kind is asking.LackKind.FACT:
        return f"“{instrument.fact(lack.name).question}”"
    if lack.kind is asking.LackKind.SUBJECT:
        return not_listed(instrument.subjects_by_kind[lack.name])
    if lack.subject is None:
        return lack.name
    labels = known.subjects[item.question(lack.name).for_each]
    return f"{lack.name} for {labels[lack.subject]}"


def not_listed(kind: definition.SubjectKind) -> str:
    """ "no parent is listed"."""
    if kind.at_least < 2:
        return f"no {_small(kind)} is listed"
    return f"fewer than {kind.at_least} {kind.plural.lower()} are listed"


_LACKS: Mapping[asking.LackKind, Callable[[list[str]], str]] = {
    asking.LackKind.FACT: lambda names: (
        f"the face sheet has no answer to {conditions.in_words(names)}"
    ),
    asking.LackKind.SUBJECT: conditions.in_words,
    asking.LackKind.ANSWER: lambda names: f"{_are(names)} not answered",
    asking.LackKind.PART: lambda names: f"{_are(names)} not rated",
}


def _are(names: list[str]) -> str:
    return f"{conditions.in_words(names)} {'is' if len(names) == 1 else 'are'}"


def _small(kind: definition.SubjectKind) -> str:
    return kind.kind.replace("_", " ")


def rated(
    instrument: definition.Instrument,
    item: definition.Item,
    row: definition.RatingRow,
    known: inputs.Known,
    walk: asking.Walk,
) -> str:
    """Why the row that matched gives its rating: "b is No. One No makes the item ..."."""
    if row.when is None:
        return _by_last_row(instrument, item, row, known, walk)
    terms = conditions.deciding(row.when, walk.values)
    looked_at = {term.name for term in terms}
    own = [name for name in (*item.parts, *item.scored_ids) if name in looked_at]
    facts = [term for term in terms if term.name in instrument.facts_by_name]
    clauses = [conditions.term_says(term, instrument.facts_by_name) for term in facts]
    clauses += _answers(item, own, walk.values)
    if row.rating is definition.Rating.AREA_NEEDING_IMPROVEMENT:
        return f"{sentence('; '.join(clauses))} {_rule(row, row.when)}"
    silent = [q for q in item.scored_ids if q not in own and walk.values[q] == definition.NA]
    return sentence("; ".join([*clauses, *_answers(item, silent, walk.values)]))


def _rule(row: definition.RatingRow, when: definition.Condition) -> str:
    literals = {term.literal if term.operator == "=" else "" for term in when.terms}
    is_any = when.quantifier is definition.Quantifier.ANY
    if not is_any or len(when.terms) < 2 or len(literals) > 1 or "" in literals:
        return f"That makes the item {row.rating.noun}."
    answer = definition.ANSWER_WORDS.get(literals.pop(), "of these")
    return f"One {answer} makes the item {row.rating.noun}."


def _answers(item: definition.Item, names: Iterable[str], values: Mapping[str, str]) -> list[str]:
    """ "a and b are Yes", one clause for each value that these parts and questions have."""
    by_value: dict[tuple[str, str], list[str]] = {}
    for name in names:
        by_value.setdefault(_has(item, name, values[name]), []).append(name)
    return [
        f"{conditions.in_words(named)} {one if len(named) == 1 else many}"
        for (one, many), named in by_value.items()
    ]


def _has(item: definition.Item, name: str, value: str) -> tuple[str, str]:
    """What is said of one, and of several, that have a value: "is Yes" and "are Yes"."""
    if value in (definition.NA, definition.Rating.NOT_APPLICABLE):
        return "does not apply", "do not apply"
    if name in item.parts:
        return f"is {definition.Rating(value).noun}", f"are {_ONE[definition.Counted(value)][1]}"
    words = item.question(name).words(value)
    return f"is {words}", f"are {words}"


def _by_last_row(
    instrument: definition.Instrument,
    item: definition.Item,
    row: definition.RatingRow,
    known: inputs.Known,
    walk: asking.Walk,
) -> str:
    asked = {ask.question for ask in walk.asks}
    names = [*item.parts, *(q for q in item.scored_ids if q in asked)]
    clauses = _answers(item, names, walk.values)
    for question in item.questions:
        if question.scored and question.id not in asked:
            clauses.append(_not_asked(instrument, question, known, walk.values))
    if row.rating is definition.Rating.NOT_APPLICABLE and clauses:
        return f"Not applicable: {'; '.join(clauses)}."
    rule = f"No other rule holds, so the item is {row.rating.noun}."
    return f"{sentence('; '.join(clauses))} {rule}" if clauses else rule


def _not_asked(
    instrument: definition.Instrument,
    question: definition.Question,
    known: inputs.Known,
    values: Mapping[str, str],
) -> str:
    if question.for_each:
        kind = instrument.subjects_by_kind[question.for_each]
        if known.subjects.get(kind.kind):
            return f"{question.id} is asked of no {_small(kind)}"
        return f"{question.id} is not asked, because {not_listed(kind)}"
    assert question.asked_when is not None  # noqa: S101  every other question is asked
    why = conditions.says_outcome(question.asked_when, values, instrument.facts_by_name)
    return f"{question.id} is not asked, because {why}"


def count_phrase(term: definition.Count) -> str:
    """One count of a component's row in words: "at most 1 area needing improvement"."""
    one, many = _ONE[term.counted]
    among = _among(term.of)
    if _is_of_one(term):
        return f"{among} {_OF_ONE[term.counted][term.at_most == 0]}"
    if term.at_most == 0:
        return f"no {one} among {among}" if among else f"no {one}"
    limit = term.at_most if term.at_most is not None else term.at_least
    word = "at most" if term.at_most is not None else "at least"
    number = f"{word} {limit} {one if limit == 1 else many}"
    return f"{number} among {among}" if among else number


def _is_of_one(term: definition.Count) -> bool:
    """Whether a count only says whether one item has a rating or not."""
    one = isinstance(term.of, tuple) and len(term.of) == 1
    return one and (term.at_most == 0 or term.at_least == 1)


_OF_ONE = {
    definition.Counted.STRENGTH: ("is a strength", "is not a strength"),
    definition.Counted.AREA_NEEDING_IMPROVEMENT: (
        "is an area needing improvement",
        "is not an area needing improvement",
    ),
    definition.Counted.NOT_APPLICABLE: ("does not apply", "applies"),
    definition.Counted.APPLICABLE: ("applies", "does not apply"),
}


def count_condition(condition: definition.CountCondition) -> str:
    """A component row's condition in words."""
    joint = " and " if condition.quantifier is definition.Quantifier.ALL else " or "
    terms = condition.terms
    return joint.join(
        f"none among {_among(term.of)}" if _repeats(before, term) else count_phrase(term)
        for before, term in zip((None, *terms), terms, strict=False)
    )


def _repeats(before: definition.Count | None, term: definition.Count) -> bool:
    """Whether a term that allows none counts what the one before it counted."""
    counts_none = term.at_most == 0 and term.of is not None and not _is_of_one(term)
    return counts_none and before is not None and before.counted is term.counted


def _among(of: str | tuple[str, ...] | None) -> str:
    if of is None:
        return ""
    return f"the {of} items" if isinstance(of, str) else conditions.in_words(of)


def component_rated(
    instrument: definition.Instrument,
    component: definition.Component,
    row: definition.ComponentRatingRow,
    ratings: Mapping[str, definition.Rating],
) -> str:
    """ "8 of 9 items apply: 7 strengths, 1 area needing improvement (SRM03), ..." and the rule."""
    total = len(component.items)
    applicable = total - _number(ratings, definition.Rating.NOT_APPLICABLE)
    if not applicable:
        return (
            f"None of the {total} items applies." if total > 1 else "Its one item does not apply."
        )
    counts = [_strengths(ratings), _needs(instrument, component, ratings)]
    first = f"{_how_many_apply(applicable, total)}: {', '.join(counts)}."
    return f"{first} {_component_rule(instrument, component, row)}".rstrip()


def _how_many_apply(applicable: int, total: int) -> str:
    if applicable == total:
        return f"All {total} items apply" if total > 1 else "Its one item applies"
    return f"{applicable} of {total} items {'applies' if applicable == 1 else 'apply'}"


NOT_WHOLE = "Not rated: this round asks for named items only."


def component_not_rated(missing: tuple[str, ...]) -> str:
    """ "Not rated yet: SRM01 and SRM02 are not rated."""
    verb = "is" if len(missing) == 1 else "are"
    return f"Not rated yet: {conditions.in_words(missing)} {verb} not rated."


def _number(ratings: Mapping[str, definition.Rating], rating: definition.Rating) -> int:
    return sum(1 for value in ratings.values() if value is rating)


def _strengths(ratings: Mapping[str, definition.Rating]) -> str:
    number = _number(ratings, definition.Rating.STRENGTH)
    return f"{number or 'no'} {'strength' if number < 2 else 'strengths'}"


def _needs(
    instrument: definition.Instrument,
    component: definition.Component,
    ratings: Mapping[str, definition.Rating],
) -> str:
    need = definition.Rating.AREA_NEEDING_IMPROVEMENT
    codes = [code for code in component.items if ratings[code] is need]
    if not codes:
        return "no area needing improvement"
    one, many = _ONE[definition.Counted.AREA_NEEDING_IMPROVEMENT]
    text = f"{len(codes)} {one if len(codes) == 1 else many} ({conditions.in_words(codes)})"
    return f"{text}{_core_note(instrument, component, codes)}"


def _core_note(
    instrument: definition.Instrument, component: definition.Component, needs: list[str]
) -> str:
    has_core = any(instrument.item(code).core for code in component.items)
    if not has_core:
        return ""
    core = [code for code in needs if instrument.item(code).core]
    if not core:
        return ", no core item"
    if len(needs) == 1:
        return ", a core item"
    return f", {len(core)} of them {'a core item' if len(core) == 1 else 'core items'}"


def _component_rule(
    instrument: definition.Instrument,
    component: definition.Component,
    row: definition.ComponentRatingRow,
) -> str:
    if row.when is not None:
        return f"{row.rating.label} means {count_condition(row.when)}."
    rows = instrument.rows_of(component)
    before = rows[-2] if len(rows) > 1 else None
    if before is None or before.when is None:
        return ""
    return f"{before.rating.label} would take {count_condition(before.when)}."
