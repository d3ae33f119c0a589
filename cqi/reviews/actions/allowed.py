"""Are these names and values the instrument's?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cqi.core import errors
from cqi.instruments import definition, inputs, problems
from cqi.reviews.rules import Change, ChangeKind


def require(
    instrument: definition.Instrument, changes: Sequence[Change], subjects: inputs.Listed
) -> None:
    """Raise BadInput with every name and value that the instrument does not have, and every
    subject that is not listed."""
    found = list(_problems(instrument, changes, subjects))
    if found:
        raise errors.BadInput("; ".join(found))


def require_items(instrument: definition.Instrument, codes: Sequence[str]) -> None:
    """Raise BadInput for a code that is no item."""
    found = [_no_item(instrument, code) for code in codes if not _has(instrument, code)]
    if found:
        raise errors.BadInput("; ".join(found))


def require_fact(instrument: definition.Instrument, name: str) -> None:
    """Raise BadInput for a name that is no fact."""
    if name not in instrument.facts_by_name:
        remedy = problems.did_you_mean(name, list(instrument.facts_by_name))
        raise errors.BadInput(f'The face sheet has no fact "{name}". {remedy}')


def _problems(
    instrument: definition.Instrument, changes: Sequence[Change], subjects: inputs.Listed
) -> Iterator[str]:
    for change in changes:
        if change.kind is ChangeKind.FACT:
            yield from _fact(instrument, change)
        elif not _has(instrument, change.item):
            yield _no_item(instrument, change.item)
        elif change.kind is ChangeKind.ANSWER:
            yield from _answer(instrument.item(change.item), change, subjects)


def _fact(instrument: definition.Instrument, change: Change) -> Iterator[str]:
    fact = instrument.facts_by_name.get(change.name)
    if fact is None or change.value not in ("", *fact.values):
        yield _words(inputs.fact_problem(instrument, change.name, change.value))


def _answer(item: definition.Item, change: Change, subjects: inputs.Listed) -> Iterator[str]:
    name, subject = change.ask
    if name not in item.question_ids:
        yield _words(inputs.answer_problem(item, name, change.value))
        return
    question = item.question(name)
    listed = subjects.get(question.for_each, {}) if question.for_each else {}
    if subject is not None and subject not in listed:
        yield "This question is asked of nobody who is on the face sheet now. Open the page anew."
    elif bool(question.for_each) is (subject is None) or (
        change.value and not question.allows(change.value)
    ):
        yield _words(inputs.answer_problem(item, name, change.value, subject))


def _has(instrument: definition.Instrument, code: str) -> bool:
    return any(item.code == code for item in instrument.items)


def _no_item(instrument: definition.Instrument, code: str) -> str:
    remedy = problems.did_you_mean(code, [item.code for item in instrument.items])
    return f'The instrument has no item "{code}". {remedy}'


def _words(problem: problems.Problem) -> str:
    return f"{problem.message} {problem.remedy}".strip()
