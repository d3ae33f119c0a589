"""What keeps a case review from being submitted: each gap with its place and a plain sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from cqi.instruments import conditions, definition, rating

_FACT = "fact "
_ITEMS_NAMED = 3
Reasons = Mapping[str, Mapping[str, str]]


class Kind(StrEnum):
    """What sort of thing is missing."""

    FACT = "fact"
    ANSWER = "answer"
    NA_REASON = "na_reason"
    NARRATIVE = "narrative"
    EVIDENCE = "evidence"


@dataclass(frozen=True)
class Missing:
    """One gap. `item` is None for a fact; `name` is a fact, a question's id, or the kind."""

    item: str | None
    kind: Kind
    name: str
    message: str

    @property
    def place(self) -> tuple[str | None, str | None]:
        """Item and question to link to; (None, fact) on the face sheet, (item, None) beside it."""
        beside = self.kind in (Kind.NARRATIVE, Kind.EVIDENCE)
        return self.item, None if beside else self.name


def missing(
    instrument: definition.Instrument,
    facts: Mapping[str, str | bool],
    answers: rating.Answers,
    narratives: Mapping[str, str],
    sources: Mapping[str, int],
    reasons: Reasons | None = None,
) -> tuple[Missing, ...]:
    """All gaps, facts first, then item by item.

    `narratives` are texts and `sources` numbers of evidence sources, by item code; `reasons` are
    texts by item code and question id, for answers of NA.
    """
    case = rating.rate(instrument, facts, answers)
    return gaps_of(instrument, case, answers, narratives, sources, reasons)


def gaps_of(
    instrument: definition.Instrument,
    case: rating.CaseRating,
    answers: rating.Answers,
    narratives: Mapping[str, str],
    sources: Mapping[str, int],
    reasons: Reasons | None = None,
) -> tuple[Missing, ...]:
    """The same for a case that is rated already."""
    gaps = list(facts_gaps(instrument, case))
    for item in instrument.items:
        code = item.code
        beside = Beside(
            narratives.get(code, ""), sources.get(code, 0), (reasons or {}).get(code, {})
        )
        gaps += item_gaps(item, case.items[code], answers.get(code, {}), beside)
    return tuple(gaps)


@dataclass(frozen=True)
class Beside:
    """What stands beside an item's answers: narrative, number of sources, reasons of NAs."""

    narrative: str
    sources: int
    reasons: Mapping[str, str]


def item_gaps(
    item: definition.Item,
    rated: rating.ItemRating,
    answers: rating.ItemAnswers,
    beside: Beside,
) -> tuple[Missing, ...]:
    """The gaps of one item, without those of the facts that it needs."""
    return (
        *_answers(item, rated),
        *_na_reasons(item, rated, answers, beside.reasons),
        *_narrative(item, rated, beside.narrative),
        *_evidence(item, rated, beside.sources),
    )


def facts_gaps(instrument: definition.Instrument, case: rating.CaseRating) -> Iterator[Missing]:
    """The facts that some item waits for, in the order of the face sheet."""
    waiting: dict[str, list[str]] = {}
    for code, rated in case.items.items():
        for name in rated.missing:
            if name.startswith(_FACT):
                waiting.setdefault(name.removeprefix(_FACT), []).append(code)
    for fact in instrument.facts:
        if fact.name in waiting:
            codes = _named(waiting[fact.name])
            message = f"Face sheet: “{fact.question}” is not answered; needed for {codes}."
            yield Missing(None, Kind.FACT, fact.name, message)


def _named(codes: list[str]) -> str:
    if len(codes) <= _ITEMS_NAMED:
        return conditions.in_words(codes)
    return f"{', '.join(codes[:_ITEMS_NAMED])} and {len(codes) - _ITEMS_NAMED} more"


def _answers(item: definition.Item, rated: rating.ItemRating) -> Iterator[Missing]:
    for name in rated.missing:
        if not name.startswith(_FACT):
            message = f"{item.code}: question {name} is not answered."
            yield Missing(item.code, Kind.ANSWER, name, message)


def _na_reasons(
    item: definition.Item,
    rated: rating.ItemRating,
    answers: Mapping[str, str],
    reasons: Mapping[str, str] | None,
) -> Iterator[Missing]:
    for question in rated.asked if rated.applies else ():
        given = (reasons or {}).get(question) or ""
        if answers.get(question) == definition.NA and not given.strip():
            message = f"{item.code}: question {question} is NA and has no reason yet."
            yield Missing(item.code, Kind.NA_REASON, question, message)


def _to_explain(item: definition.Item, rated: rating.ItemRating) -> frozenset[definition.Rating]:
    """The ratings other than NA that the item has or, while it is not rated, may still get.

    What every one of them asks for is named from the start, so that the list only grows shorter.
    """
    if not rated.applies:
        return frozenset()
    possible = {rated.rating} if rated.rating else {row.rating for row in item.ratings}
    return frozenset(possible - {definition.Rating.NOT_APPLICABLE})


def _narrative(item: definition.Item, rated: rating.ItemRating, text: str) -> Iterator[Missing]:
    ratings = _to_explain(item, rated)
    if ratings and ratings <= set(item.evidence.required_for) and not (text or "").strip():
        message = f"{item.code}: the narrative is not written yet."
        yield Missing(item.code, Kind.NARRATIVE, Kind.NARRATIVE.value, message)


def _evidence(item: definition.Item, rated: rating.ItemRating, number: int) -> Iterator[Missing]:
    needed = item.evidence.at_least
    if _to_explain(item, rated) and number < needed:
        sources = "source" if needed == 1 else "sources"
        message = f"{item.code}: {number} of {needed} evidence {sources} named."
        yield Missing(item.code, Kind.EVIDENCE, Kind.EVIDENCE.value, message)
