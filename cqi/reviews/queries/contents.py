"""What was recorded on case reviews, as the rules want it, and what the rules make of it."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.instruments import completeness, definition, rating
from cqi.reviews.models import Answer, Evidence, FactAnswer, Narrative, ReviewSubject

Ask = tuple[str, str | None]  # a question, and whom it is asked of


@dataclass
class Content:
    """Facts; subjects as id -> label by kind; answers and reasons by item and question, of a
    repeated question by subject; narratives (texts, or digests that stand for them); sources
    counted by item."""

    facts: dict[str, str] = field(default_factory=dict)
    subjects: dict[str, dict[str, str]] = field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    reasons: dict[str, dict[str, Any]] = field(default_factory=dict)
    narratives: dict[str, str] = field(default_factory=dict)
    sources: dict[str, int] = field(default_factory=dict)
    last_at: dt.datetime | None = None

    def list_subject(self, kind: str, public_id: str, label: str) -> None:
        """Take a subject in; before the answers, of which only those of listed subjects count."""
        self.subjects.setdefault(kind, {})[public_id] = label

    def answer(self, item: str, ask: Ask, value: str, reason: str) -> None:
        """Take an answer in, with the reason of an NA."""
        question, subject = ask
        if subject is None:
            self.answers.setdefault(item, {})[question] = value
            if reason:
                self.reasons.setdefault(item, {})[question] = reason
        elif any(subject in listed for listed in self.subjects.values()):
            self.answers.setdefault(item, {}).setdefault(question, {})[subject] = value
            if reason:
                self.reasons.setdefault(item, {}).setdefault(question, {})[subject] = reason

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
    """An item is complete when it is rated and nothing is missing beside it; one that has parts,
    when they are complete too: it counts once. What the face sheet lacks stands with the facts."""

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
    """Review id -> what was recorded, in five queries however many they are."""
    found = {review_id: Content() for review_id in review_ids}
    if found:
        _add_facts(session, found)
        _add_subjects(session, found)
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


def _add_subjects(session: orm.Session, found: dict[int, Content]) -> None:
    row = ReviewSubject
    query = (
        sa.select(row.review_id, row.kind, row.public_id, row.label)
        .where(row.review_id.in_(found), row.removed_at.is_(None))
        .order_by(row.id)
    )
    for review_id, kind, public_id, label in session.execute(query):
        found[review_id].list_subject(kind, str(public_id), label)


def _add_answers(session: orm.Session, found: dict[int, Content]) -> None:
    columns = (Answer.review_id, Answer.item, Answer.question, Answer.subject)
    query = sa.select(*columns, Answer.value, Answer.reason, Answer.at)
    for row in session.execute(query.where(Answer.review_id.in_(found))):
        content = found[row.review_id]
        content.answer(row.item, (row.question, row.subject), row.value, row.reason or "")
        content.touched(row.at)


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


def beside_answers(session: orm.Session, review_id: int) -> Content:
    """Subjects and numbers of sources alone."""
    found = {review_id: Content()}
    _add_subjects(session, found)
    _add_sources(session, found)
    return found[review_id]


def assess(instrument: definition.Instrument, content: Content) -> Assessment:
    """Rate a content anew and list what it lacks."""
    rated = rating.rate(instrument, content.facts, content.answers, content.subjects)
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
            complete=sum(complete.issuperset(instrument.family(code)) for code in component.items),
            of=len(component.items),
            missing=sum(len(gaps[item.code]) for item in instrument.items_of(component.code)),
        )
        for component in instrument.components
    }
    items = components.values()
    answered = sum(bool(content.facts.get(fact.name)) for fact in instrument.facts)
    return Progress(
        items=Count(
            sum(each.complete for each in items),
            sum(each.of for each in items),
            sum(each.missing for each in items),
        ),
        facts=Count(answered, len(instrument.facts), len(gaps[""])),
        components=components,
    )
