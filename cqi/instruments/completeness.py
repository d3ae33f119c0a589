"""What keeps a case review from being submitted: each gap with its place and a plain sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from cqi.instruments import conditions, definition, inputs, rating, wording
from cqi.instruments.asking import Ask, LackKind

_ITEMS_NAMED = 3
ItemReasons = Mapping[str, str | Mapping[str, str]]
Reasons = Mapping[str, ItemReasons]


class Kind(StrEnum):
    """What sort of thing is missing."""

    FACT = "fact"
    SUBJECT = "subject"
    INTERVIEW = "interview"
    ANSWER = "answer"
    NA_REASON = "na_reason"
    NARRATIVE = "narrative"
    EVIDENCE = "evidence"


@dataclass(frozen=True)
class Missing:
    """One gap. `name` is a fact, a kind of subjects, an interview's id and field, a question's
    id, or the kind of gap.

    `item` is None on the face sheet and among the interviews; `subject` is whose answer it is
    where a question is repeated.
    """

    item: str | None
    kind: Kind
    name: str
    message: str
    subject: str | None = None

    @property
    def place(self) -> tuple[str | None, str | None]:
        """Item and question to link to; (None, fact) on the face sheet, (item, None) beside it."""
        beside = self.kind in (Kind.NARRATIVE, Kind.EVIDENCE)
        return self.item, None if beside else self.name


def missing(
    instrument: definition.Instrument,
    facts: inputs.FactValues,
    answers: rating.Answers,
    narratives: Mapping[str, str],
    sources: Mapping[str, int],
    reasons: Reasons | None = None,
) -> tuple[Missing, ...]:
    """All gaps, facts first, then item by item; subjects are those that the answers name.

    `narratives` are texts and `sources` numbers of evidence sources, by item code; `reasons` are
    texts for answers of NA, by item code and question id, of a repeated question by subject.
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
        gaps += item_gaps(item, case, answers.get(code, {}), beside)
    return tuple(gaps)


@dataclass(frozen=True)
class Beside:
    """What stands beside an item's answers: narrative, number of sources, reasons of NAs."""

    narrative: str
    sources: int
    reasons: ItemReasons


def item_gaps(
    item: definition.Item,
    case: rating.CaseRating,
    answers: rating.ItemAnswers,
    beside: Beside,
) -> tuple[Missing, ...]:
    """The gaps of one item, without those of the facts that it needs."""
    rated = case.items[item.code]
    return (
        *_Answered(item, case, answers, beside.reasons).gaps(rated),
        *_narrative(item, rated, beside.narrative),
        *_evidence(item, rated, beside.sources),
    )


def facts_gaps(instrument: definition.Instrument, case: rating.CaseRating) -> Iterator[Missing]:
    """The facts and subjects that some item waits for, in the order of the face sheet."""
    waiting: dict[tuple[LackKind, str], dict[str, None]] = {}
    for code, rated in case.items.items():
        for lack in rated.lacks:
            waiting.setdefault((lack.kind, lack.name), {})[code] = None
    for fact in instrument.facts:
        if codes := waiting.get((LackKind.FACT, fact.name)):
            message = f"“{fact.question}” is not answered; needed for {_named([*codes])}."
            yield Missing(None, Kind.FACT, fact.name, f"Face sheet: {message}")
    for kind in instrument.subjects:
        if codes := waiting.get((LackKind.SUBJECT, kind.kind)):
            message = f"{wording.not_listed(kind)}; needed for {_named([*codes])}."
            yield Missing(None, Kind.SUBJECT, kind.kind, f"Face sheet: {message}")


def _named(codes: list[str]) -> str:
    if len(codes) <= _ITEMS_NAMED:
        return conditions.in_words(codes)
    return f"{', '.join(codes[:_ITEMS_NAMED])} and {len(codes) - _ITEMS_NAMED} more"


@dataclass(frozen=True)
class _Answered:
    """What was answered to the questions of one item, and the reasons given for NA."""

    item: definition.Item
    case: rating.CaseRating
    answers: inputs.ItemAnswers
    reasons: ItemReasons

    def gaps(self, rated: rating.ItemRating) -> Iterator[Missing]:
        """Answers that are missing, then reasons that are."""
        for ask in rated.unanswered:
            yield self._gap(Kind.ANSWER, ask, "is not answered")
        for ask in rated.asks if rated.applies else ():
            reason = _of(ask, self.reasons) or ""
            if _of(ask, self.answers) == definition.NA and not str(reason).strip():
                yield self._gap(Kind.NA_REASON, ask, "is NA and has no reason yet")

    def _gap(self, kind: Kind, ask: Ask, what: str) -> Missing:
        whose = ""
        if ask.subject is not None:
            labels = self.case.known.subjects[self.item.question(ask.question).for_each]
            whose = f" for {labels[ask.subject]}"
        message = f"{self.item.code}: question {ask.question}{whose} {what}."
        return Missing(self.item.code, kind, ask.question, message, ask.subject)


def _of(ask: Ask, by_question: Mapping[str, object]) -> object:
    given = by_question.get(ask.question)
    if ask.subject is None:
        return given
    return given.get(ask.subject) if isinstance(given, Mapping) else None


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
