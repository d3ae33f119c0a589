"""Why a rating is what it is, as English sentences for a caseworker.

Nothing here knows an instrument: every sentence is made from the row that matched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cqi.instruments import conditions, definition

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
    """A clause as a sentence; a question's id ("a") keeps its small letter."""
    first = text.split(" ", 1)[0].rstrip(",")
    start = text[:1] if len(first) == 1 else text[:1].upper()
    return f"{start}{text[1:]}."


def not_applicable_by_rule(
    instrument: definition.Instrument, applies_when: definition.Condition, known: Mapping[str, str]
) -> str:
    """ "Not applicable: there was no report in the period under review."""
    clause = conditions.says_outcome(applies_when, known, instrument.facts_by_name)
    return f"Not applicable: {clause}."


def not_rated(
    instrument: definition.Instrument, facts: tuple[str, ...], questions: tuple[str, ...]
) -> str:
    """ "Not rated yet: a and c are not answered."""
    parts = []
    if facts:
        asked = (f"“{instrument.fact(name).question}”" for name in dict.fromkeys(facts))
        parts.append(f"the face sheet has no answer to {conditions.in_words(asked)}")
    if questions:
        verb = "is" if len(questions) == 1 else "are"
        parts.append(f"{conditions.in_words(questions)} {verb} not answered")
    return f"Not rated yet: {'; '.join(parts)}."


def rated(
    instrument: definition.Instrument,
    item: definition.Item,
    row: definition.RatingRow,
    values: Mapping[str, str],
    asked: tuple[str, ...],
) -> str:
    """Why the row that matched gives its rating: "b is No. One No makes the item ..."."""
    if row.when is None:
        return _by_last_row(instrument, item, row, values, asked)
    terms = conditions.deciding(row.when, values)
    questions = [q for q in item.question_ids if any(term.name == q for term in terms)]
    facts = [term for term in terms if term.name not in item.question_ids]
    parts = [conditions.term_says(term, instrument.facts_by_name) for term in facts]
    parts += _answers(questions, values)
    if row.rating is definition.Rating.AREA_NEEDING_IMPROVEMENT:
        return f"{sentence('; '.join(parts))} {_rule(row)}"
    silent = [q for q in item.question_ids if q not in questions and values[q] == definition.NA]
    return sentence("; ".join([*parts, *_answers(silent, values)]))


def _rule(row: definition.RatingRow) -> str:
    assert row.when is not None  # noqa: S101  the caller has dealt with the last row
    answers = {term.literal for term in row.when.terms if term.operator == "="}
    is_any = row.when.quantifier is definition.Quantifier.ANY
    if is_any and len(row.when.terms) > 1 and len(answers) == 1:
        answer = answers.pop()
        one = f"One {definition.ANSWER_WORDS.get(answer, answer)}"
        return f"{one} makes the item {row.rating.noun}."
    return f"That makes the item {row.rating.noun}."


def _answers(questions: Iterable[str], values: Mapping[str, str]) -> list[str]:
    """ "a and b are Yes", one clause for each answer given."""
    by_answer: dict[str, list[str]] = {}
    for question in questions:
        by_answer.setdefault(values[question], []).append(question)
    return [_same_answer(answer, ids) for answer, ids in by_answer.items()]


def _same_answer(answer: str, ids: list[str]) -> str:
    listed = conditions.in_words(ids)
    if answer == definition.NA:
        return f"{listed} {'does' if len(ids) == 1 else 'do'} not apply"
    verb = "is" if len(ids) == 1 else "are"
    return f"{listed} {verb} {definition.ANSWER_WORDS.get(answer, answer)}"


def _by_last_row(
    instrument: definition.Instrument,
    item: definition.Item,
    row: definition.RatingRow,
    values: Mapping[str, str],
    asked: tuple[str, ...],
) -> str:
    clauses = _answers((q for q in item.question_ids if q in asked), values)
    for question in item.questions:
        if question.id not in asked and question.asked_when is not None:
            why = conditions.says_outcome(question.asked_when, values, instrument.facts_by_name)
            clauses.append(f"{question.id} is not asked, because {why}")
    if row.rating is definition.Rating.NOT_APPLICABLE:
        return f"Not applicable: {'; '.join(clauses)}."
    return f"{sentence('; '.join(clauses))} No other rule holds, so the item is {row.rating.noun}."


def count_phrase(term: definition.Count) -> str:
    """One count of a component's row in words: "at most 1 area needing improvement"."""
    one, many = _ONE[term.counted]
    among = _among(term.of)
    if term.at_most == 0:
        return f"no {one}{among}"
    limit = term.at_most if term.at_most is not None else term.at_least
    word = "at most" if term.at_most is not None else "at least"
    return f"{word} {limit} {one if limit == 1 else many}{among}"


def count_condition(condition: definition.CountCondition) -> str:
    """A component row's condition in words."""
    joint = " and " if condition.quantifier is definition.Quantifier.ALL else " or "
    terms = condition.terms
    earlier = (None, *terms)
    return joint.join(
        f"none{_among(term.of)}"
        if term.at_most == 0 and term.of and before and before.counted is term.counted
        else count_phrase(term)
        for before, term in zip(earlier, terms, strict=False)
    )


def _among(of: str | tuple[str, ...] | None) -> str:
    if of is None:
        return ""
    if isinstance(of, str):
        return f" among the {of} items"
    return f" among {conditions.in_words(of)}"


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
    return f", {len(core)} of them core {'item' if len(core) == 1 else 'items'}"


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
