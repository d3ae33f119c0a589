"""What was recorded on case reviews, as the rules want it, and what the rules make of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.instruments import completeness, definition, rating
from cqi.reviews.models import Answer, Evidence, FactAnswer, Narrative


@dataclass
class Content:
    """Facts, answers and reasons by item and question, narratives, sources counted by item."""

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
    """What the rules make of a content."""

    rating: rating.CaseRating
    missing: tuple[completeness.Missing, ...]
    progress: Progress


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


def assess(instrument: definition.Instrument, content: Content) -> Assessment:
    """Rate a content anew and list what it lacks."""
    rated = rating.rate(instrument, content.facts, content.answers)
    missing = completeness.gaps_of(
        instrument,
        rated,
        content.answers,
        content.narratives,
        content.sources,
        content.reasons,
    )
    return Assessment(rated, missing, _progress(instrument, content, rated, missing))


def _progress(
    instrument: definition.Instrument,
    content: Content,
    rated: rating.CaseRating,
    missing: tuple[completeness.Missing, ...],
) -> Progress:
    lacking = [gap.item for gap in missing if gap.item is not None]
    complete = {
        code
        for code, item in rated.items.items()
        if item.rating is not None and code not in lacking
    }
    components = {
        component.code: Count(
            complete=sum(code in complete for code in component.items),
            of=len(component.items),
            missing=sum(code in component.items for code in lacking),
        )
        for component in instrument.components
    }
    facts = len(missing) - len(lacking)
    answered = sum(bool(content.facts.get(fact.name)) for fact in instrument.facts)
    return Progress(
        items=Count(len(complete), len(instrument.items), len(missing)),
        facts=Count(answered, len(instrument.facts), facts),
        components=components,
    )
