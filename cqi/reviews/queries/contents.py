"""What was recorded on case reviews, as the rules want it, and what the rules make of it."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVarTuple

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.instruments import completeness, definition, rating
from cqi.reviews.models import Answer, Evidence, FactAnswer, Narrative, ReviewSubject
from cqi.reviews.queries import interviews
from cqi.reviews.queries.interviews import About
from cqi.reviews.rules import interviews as hearing
from cqi.reviews.rules.interviews import Interview

_Columns = TypeVarTuple("_Columns")
Ask = tuple[str, str | None]  # a question, and whom it is asked of
INTERVIEWS = "interviews"  # where the gaps of people who should be heard stand


@dataclass
class Content:
    """Facts; subjects as id -> label by kind; answers and reasons by item and question, of a
    repeated question by subject; narratives (texts, or digests that stand for them); sources
    counted by item; interviews as far as recorded, and what says whom else to hear."""

    facts: dict[str, str] = field(default_factory=dict)
    subjects: dict[str, dict[str, str]] = field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    reasons: dict[str, dict[str, Any]] = field(default_factory=dict)
    narratives: dict[str, str] = field(default_factory=dict)
    sources: dict[str, int] = field(default_factory=dict)
    interviews: list[Interview] = field(default_factory=list)
    about: About | None = None

    @property
    def people(self) -> tuple[Interview, ...]:
        """Everybody who should be heard, recorded or not; nobody where no case is known."""
        if self.about is None:
            return ()
        asked = hearing.proposed(self.about.review, self.about.case_type, self.facts)
        return hearing.people(asked, self.interviews)

    def list_subject(self, kind: str, public_id: str, label: str) -> None:
        """Take a subject in; before the answers, of which only those of listed subjects count."""
        self.subjects.setdefault(kind, {})[public_id] = label

    def answer(self, item: str, ask: Ask, value: str, reason: str = "") -> None:
        """Take an answer in, with the reason of an NA."""
        self._put(self.answers, item, ask, value)
        if reason:
            self._put(self.reasons, item, ask, reason)

    def reason(self, item: str, ask: Ask, reason: str) -> None:
        """Take the reason of an NA in."""
        self._put(self.reasons, item, ask, reason)

    def _put(self, places: dict[str, dict[str, Any]], item: str, ask: Ask, value: str) -> None:
        question, subject = ask
        if subject is None:
            places.setdefault(item, {})[question] = value
        elif any(subject in listed for listed in self.subjects.values()):
            places.setdefault(item, {}).setdefault(question, {})[subject] = value


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
    interviews: Count
    components: Mapping[str, Count]

    @property
    def missing(self) -> int:
        """How much is missing in all."""
        return self.items.missing + self.facts.missing + self.interviews.missing


@dataclass(frozen=True)
class Assessment:
    """What the rules make of a content; `gaps` by item code, those of the face sheet under "", of
    people to hear under INTERVIEWS."""

    rating: rating.CaseRating
    gaps: Mapping[str, tuple[completeness.Missing, ...]]
    progress: Progress

    @property
    def missing(self) -> tuple[completeness.Missing, ...]:
        """All gaps, facts first, then item by item, then people to hear."""
        return tuple(itertools.chain.from_iterable(self.gaps.values()))


def contents(session: orm.Session, review_ids: Collection[int]) -> dict[int, Content]:
    """Review id -> what was recorded, in seven queries however many they are."""
    found = to_rate(session, review_ids)
    if found:
        add_interviews(session, found)
        _add_reasons(session, found)
        _add_narratives(session, found)
        _add_sources(session, found)
    return found


def to_rate(session: orm.Session, review_ids: Collection[int]) -> dict[int, Content]:
    """Review id -> facts, subjects and answers alone, all that a rating looks at.

    Three queries that decrypt no text but labels of subjects.
    """
    found = {review_id: Content() for review_id in review_ids}
    if found:
        add_facts(session, found)
        _add_subjects(session, found)
        _add_answers(session, found)
    return found


def last_saved(session: orm.Session, review_ids: Collection[int]) -> dict[int, dt.datetime]:
    """Review id -> when a fact, an answer or a narrative was saved last; without those none."""
    saved = sa.union_all(
        *(
            sa.select(model.review_id, model.at).where(model.review_id.in_(review_ids))
            for model in (FactAnswer, Answer, Narrative)
        )
    ).subquery()
    query = sa.select(saved.c.review_id, sa.func.max(saved.c.at)).group_by(saved.c.review_id)
    return dict(session.execute(query).all())


def _rows(session: orm.Session, query: sa.Select[*_Columns]) -> sa.CursorResult[*_Columns]:
    """Plain rows: a session would look at each of many thousand for objects that are not there."""
    session.flush()
    return session.connection().execute(query)


def add_facts(session: orm.Session, found: dict[int, Content]) -> None:
    """The facts of those that are there: one query."""
    query = sa.select(FactAnswer.review_id, FactAnswer.name, FactAnswer.value)
    for review_id, name, value in _rows(session, query.where(FactAnswer.review_id.in_(found))):
        found[review_id].facts[name] = value


def _add_subjects(session: orm.Session, found: dict[int, Content]) -> None:
    row = ReviewSubject
    query = (
        sa.select(row.review_id, row.kind, row.public_id, row.label)
        .where(row.review_id.in_(found), row.removed_at.is_(None))
        .order_by(row.id)
    )
    for review_id, kind, public_id, label in _rows(session, query):
        found[review_id].list_subject(kind, str(public_id), label)


def _add_answers(session: orm.Session, found: dict[int, Content]) -> None:
    query = sa.select(Answer.review_id, Answer.item, Answer.question, Answer.subject, Answer.value)
    rows = _rows(session, query.where(Answer.review_id.in_(found)))
    for review_id, item, question, subject, value in rows:
        found[review_id].answer(item, (question, subject), value)


def _add_reasons(session: orm.Session, found: dict[int, Content]) -> None:
    query = sa.select(Answer.review_id, Answer.item, Answer.question, Answer.subject, Answer.reason)
    given = Answer.review_id.in_(found), Answer.reason.is_not(None)
    for review_id, item, question, subject, reason in _rows(session, query.where(*given)):
        found[review_id].reason(item, (question, subject), reason or "")


def _add_narratives(session: orm.Session, found: dict[int, Content]) -> None:
    query = sa.select(Narrative.review_id, Narrative.item, Narrative.text)
    for review_id, item, text in _rows(session, query.where(Narrative.review_id.in_(found))):
        found[review_id].narratives[item] = text


def _add_sources(session: orm.Session, found: dict[int, Content]) -> None:
    query = (
        sa.select(Evidence.review_id, Evidence.item, sa.func.count())
        .where(Evidence.review_id.in_(found), Evidence.removed_at.is_(None))
        .group_by(Evidence.review_id, Evidence.item)
    )
    for review_id, item, number in _rows(session, query):
        found[review_id].sources[item] = number


def add_interviews(session: orm.Session, found: dict[int, Content]) -> None:
    """Who was heard, and what says who else should be: one query, for those that are there."""
    for review_id, about, one in interviews.recorded(session, found):
        found[review_id].about = about
        if one is not None:
            found[review_id].interviews.append(one)


def beside_answers(session: orm.Session, review_id: int) -> Content:
    """Subjects, numbers of sources and interviews alone."""
    found = {review_id: Content()}
    _add_subjects(session, found)
    _add_sources(session, found)
    add_interviews(session, found)
    return found[review_id]


def assess(instrument: definition.Instrument, content: Content) -> Assessment:
    """Rate a content anew and list what it lacks."""
    rated = rating.rate(instrument, content.facts, content.answers, content.subjects)
    gaps = {"": tuple(completeness.facts_gaps(instrument, rated))}
    gaps |= {item.code: _gaps(item, rated, content) for item in instrument.items}
    gaps[INTERVIEWS] = tuple(_to_hear(content))
    counts = {each.code: _count(instrument, each, rated, gaps) for each in instrument.components}
    heard = _heard(content, len(gaps[INTERVIEWS]))
    return Assessment(rated, gaps, _progress(instrument, content, gaps, (counts, heard)))


def assess_again(
    instrument: definition.Instrument,
    content: Content,
    before: Assessment,
    items: Collection[str],
) -> Assessment:
    """The same, from what stood before some items changed, or with none of them the interviews: the
    others need no second look.

    `content` holds the facts, and what stands on these items at least.
    """
    if len(items) == len(instrument.items):
        return assess(instrument, content)
    rated = rating.rate_again(instrument, before.rating, content.answers, items)
    gaps, counts = dict(before.gaps), dict(before.progress.components)
    heard = before.progress.interviews
    if not items:
        gaps[INTERVIEWS] = tuple(_to_hear(content))
        heard = _heard(content, len(gaps[INTERVIEWS]))
    for code in items:
        gaps[code] = _gaps(instrument.item(code), rated, content)
    for code in {instrument.item(code).component for code in items}:
        counts[code] = _count(instrument, instrument.component(code), rated, gaps)
    return Assessment(rated, gaps, _progress(instrument, content, gaps, (counts, heard)))


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


def _count(
    instrument: definition.Instrument,
    component: definition.Component,
    rated: rating.CaseRating,
    gaps: Mapping[str, tuple[completeness.Missing, ...]],
) -> Count:
    """How much of a component is complete."""
    codes = [item.code for item in instrument.items_of(component.code)]
    complete = {code for code in codes if rated.items[code].rating and not gaps[code]}
    return Count(
        complete=sum(complete.issuperset(instrument.family(code)) for code in component.items),
        of=len(component.items),
        missing=sum(len(gaps[code]) for code in codes),
    )


def _to_hear(content: Content) -> Iterator[completeness.Missing]:
    """Who should be heard, and is neither held nor has a reason."""
    for one in content.people:
        if one.lacks:
            message = f"Interview, {one.label}: {hearing.LACKS_WORDS[one.lacks]}."
            name = f"{one.id}-{one.lacks}"
            yield completeness.Missing(None, completeness.Kind.INTERVIEW, name, message)


def _progress(
    instrument: definition.Instrument,
    content: Content,
    gaps: Mapping[str, tuple[completeness.Missing, ...]],
    counts: tuple[Mapping[str, Count], Count],
) -> Progress:
    """`counts` are those of the components, then that of the interviews."""
    components, heard = counts
    items = components.values()
    answered = sum(bool(content.facts.get(fact.name)) for fact in instrument.facts)
    return Progress(
        items=Count(
            sum(each.complete for each in items),
            sum(each.of for each in items),
            sum(each.missing for each in items),
        ),
        facts=Count(answered, len(instrument.facts), len(gaps[""])),
        interviews=heard,
        components=components,
    )


def _heard(content: Content, missing: int) -> Count:
    number = len(content.people)
    return Count(number - missing, number, missing)
