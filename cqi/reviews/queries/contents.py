"""What was recorded on case reviews, as the rules want it, and what the rules make of it."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.instruments import completeness, definition, rating
from cqi.reviews.models import Answer, Evidence, FactAnswer, Narrative


@dataclass
class Content:
    """Facts, answers and reasons by item and question, narratives (texts, or digests that stand
    for them), sources counted by item."""

    facts: dict[str, str] = field(default_factory=dict)
    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    reasons: dict[str, dict[str, str]] = field(default_factory=dict)
    narratives: dict[str, str] = field(default_factory=dict)
    sources: dict[str, int] = field(default_factory=dict)
    last_at: dt.datetime | None = None

    def touched(self, at: dt.datetime) -> None:
        """Keep the newest instant at which anything was saved."""
        self.last_at = at if self.last_at is None else max(at, self.last_at)


@dataclass(frozen=True)
class Count:
    """How much of something is complete: items of a component, facts, items of the review."""

    complete: int
    of: int
    missing: int


@dataclass(frozen=True)
class Progress:
    """An item is complete when it is rated and nothing is missing beside it."""

    items: Count
    facts: Count
    components: Mapping[str, Count]


@dataclass(frozen=True)
class Assessment:
    """What the rules make of a content; `gaps` by item code, those of the face sheet under ""."""

    rating: rating.CaseRating
    gaps: Mapping[str, tuple[completeness.Missing, ...]]
    progress: Progress

    @property
    def missing(self) -> tuple[completeness.Missing, ...]:
        """All gaps, facts first, then item by item."""
        return tuple(itertools.chain.from_iterable(self.gaps.values()))


def contents(session: orm.Session, review_ids: Collection[int]) -> dict[int, Content]:
    """Review id -> what was recorded, in four queries however many they are."""
    found = {review_id: Content() for review_id in review_ids}
    if found:
        _add_facts(session, found)
        _add_answers(session, found)
        _add_narratives(session, found)
        _add_sources(session, found)
    return found


def _add_facts(session: orm.Session, found: dict[int, Content]) -> None:
    columns = (FactAnswer.review_id, FactAnswer.name, FactAnswer.value, FactAnswer.at)
    query = sa.select(*columns).where(FactAnswer.review_id.in_(found))
    for review_id, name, value, at in session.execute(query):
        found[review_id].facts[name] = value
        found[review_id].touched(at)


def _add_answers(session: orm.Session, found: dict[int, Content]) -> None:
    columns = (Answer.review_id, Answer.item, Answer.question, Answer.value, Answer.reason)
    query = sa.select(*columns, Answer.at).where(Answer.review_id.in_(found))
    for review_id, item, question, value, reason, at in session.execute(query):
        content = found[review_id]
        content.answers.setdefault(item, {})[question] = value
        content.touched(at)
        if reason:
            content.reasons.setdefault(item, {})[question] = reason


def _add_narratives(session: orm.Session, found: dict[int, Content]) -> None:
    columns = (Narrative.review_id, Narrative.item, Narrative.text, Narrative.at)
    query = sa.select(*columns).where(Narrative.review_id.in_(found))
    for review_id, item, text, at in session.execute(query):
        found[review_id].narratives[item] = text
        found[review_id].touched(at)


def _add_sources(session: orm.Session, found: dict[int, Content]) -> None:
    query = (
        sa.select(Evidence.review_id, Evidence.item, sa.func.count())
        .where(Evidence.review_id.in_(found), Evidence.removed_at.is_(None))
        .group_by(Evidence.review_id, Evidence.item)
    )
    for review_id, item, number in session.execute(query):
        found[review_id].sources[item] = number


def sources_of(session: orm.Session, review_id: int) -> Mapping[str, int]:
    """Item code -> how many evidence sources it has."""
    found = {review_id: Content()}
    _add_sources(session, found)
    return found[review_id].sources


def assess(instrument: definition.Instrument, content: Content) -> Assessment:
    """Rate a content anew and list what it lacks."""
    rated = rating.rate(instrument, content.facts, content.answers)
    gaps = {item.code: _gaps(item, rated, content) for item in instrument.items}
    return _assessment(instrument, content, rated, gaps)


def assess_again(
    instrument: definition.Instrument,
    content: Content,
    before: Assessment,
    items: Collection[str],
) -> Assessment:
    """The same, from what stood before some items changed: the others need no second look."""
    if len(items) == len(instrument.items):
        return assess(instrument, content)
    rated = rating.rate_again(instrument, before.rating, content.answers, items)
    gaps = dict(before.gaps)
    for code in items:
        gaps[code] = _gaps(instrument.item(code), rated, content)
    return _assessment(instrument, content, rated, gaps)


def _gaps(
    item: definition.Item, rated: rating.CaseRating, content: Content
) -> tuple[completeness.Missing, ...]:
    code = item.code
    beside = completeness.Beside(
        content.narratives.get(code, ""),
        content.sources.get(code, 0),
        content.reasons.get(code, {}),
    )
    answers = content.answers.get(code, {})
    return completeness.item_gaps(item, rated, answers, beside)


def _assessment(
    instrument: definition.Instrument,
    content: Content,
    rated: rating.CaseRating,
    items: Mapping[str, tuple[completeness.Missing, ...]],
) -> Assessment:
    facts = tuple(completeness.facts_gaps(instrument, rated))
    gaps = {"": facts, **{item.code: items[item.code] for item in instrument.items}}
    return Assessment(rated, gaps, _progress(instrument, content, rated, gaps))


def _progress(
    instrument: definition.Instrument,
    content: Content,
    rated: rating.CaseRating,
    gaps: Mapping[str, tuple[completeness.Missing, ...]],
) -> Progress:
    complete = {
        code for code, item in rated.items.items() if item.rating is not None and not gaps[code]
    }
    components = {
        component.code: Count(
            complete=sum(code in complete for code in component.items),
            of=len(component.items),
            missing=sum(len(gaps[code]) for code in component.items),
        )
        for component in instrument.components
    }
    answered = sum(bool(content.facts.get(fact.name)) for fact in instrument.facts)
    return Progress(
        items=Count(len(complete), len(instrument.items), sum(map(len, gaps.values()))),
        facts=Count(answered, len(instrument.facts), len(gaps[""])),
        components=components,
    )
