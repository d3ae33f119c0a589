"""One case review as a page shows it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.models import Person
from cqi.instruments import completeness, definition, rating
from cqi.instruments.rating import CaseRating
from cqi.reviews import policy, rules
from cqi.reviews.models import (
    Answer,
    CaseReview,
    Evidence,
    FactAnswer,
    Narrative,
    ReviewPerson,
    ReviewStep,
    ReviewSubject,
    TextVersion,
)
from cqi.reviews.queries import contents, imported, notes, overrides, visibility
from cqi.reviews.queries.contents import Assessment, Progress
from cqi.reviews.rules import OPEN_STATES, EvidenceKind, EvidenceSource, Part, ReviewState
from cqi.reviews.rules.interviews import Interview
from cqi.reviews.workflow import Step


@dataclass(frozen=True)
class Entry:
    """One saved value: a fact, an answer (with the reason of an NA) or a narrative."""

    value: str
    revision: int
    by: str
    by_id: int
    at: dt.datetime
    reason: str = ""


@dataclass(frozen=True)
class Source:
    """One evidence source of an item."""

    public_id: uuid.UUID
    item: str
    kind: EvidenceKind
    source: EvidenceSource
    detail: str
    protected: bool
    by: str
    at: dt.datetime
    interview: uuid.UUID | None = None


@dataclass(frozen=True)
class Subject:
    """One whom repeated questions are asked of; `id` is its public id, as answers name it."""

    id: str
    label: str
    revision: int


@dataclass(frozen=True)
class Involved:
    """Somebody on a case review, and what they do there."""

    name: str
    part: Part


@dataclass(frozen=True)
class StepTaken:
    """One step of the workflow: who, when, why."""

    step: Step
    from_state: ReviewState
    to_state: ReviewState
    reason: str
    by: str
    at: dt.datetime


@dataclass(frozen=True)
class ScoredSheet:
    """What was scored and what the rules make of it; mappings are by fact name, kind of subject,
    item code and question (`rules.asked`)."""

    instrument: definition.Instrument
    facts: Mapping[str, Entry]
    subjects: Mapping[str, tuple[Subject, ...]]
    answers: Mapping[str, Mapping[str, Entry]]
    narratives: Mapping[str, Entry]
    evidence: Mapping[str, tuple[Source, ...]]
    interviews: tuple[Interview, ...]
    rating: CaseRating
    missing: tuple[completeness.Missing, ...]
    progress: Progress


@dataclass(frozen=True)
class ReviewSheet(ScoredSheet):
    """Everything that is on a case review. `counted` is the rating with QA's `overrides`; where it
    was `imported` there are ratings alone."""

    standing: policy.Standing
    steps: tuple[StepTaken, ...]
    notes: tuple[notes.Note, ...]
    overrides: Mapping[str, overrides.Given]
    counted: CaseRating
    imported: imported.Arrival | None = None

    @property
    def returned(self) -> StepTaken | None:
        """The return that the reviewers work on: who returned it, when and why."""
        last = self.steps[-1] if self.steps else None
        return last if last and last.to_state is ReviewState.RETURNED else None


@dataclass(frozen=True)
class TextSaved:
    """One version of a text; `text` is None where retention has emptied it."""

    revision: int
    text: str | None
    by: str
    at: dt.datetime


def sheet(session: orm.Session, review: CaseReview) -> ReviewSheet:
    """All of a case review, rated anew, in six queries; seven where questions are repeated, one
    more for QA notes from submission on, and one for overrides while the reviewers are done."""
    instrument = visibility.instrument_of(review)
    standing = visibility.standing(session, review)
    entries = _Entries(session, review)
    entries.load(subjects=bool(instrument.subjects))
    came = imported.arrival(session, review)
    if came is None:
        assessed = contents.assess(instrument, entries.content)
    else:
        assessed = imported.assess(session, review, instrument)
    given = _overrides(session, review)
    return ReviewSheet(
        instrument=instrument,
        standing=standing,
        facts=entries.facts,
        subjects={kind: tuple(listed) for kind, listed in entries.subjects.items()},
        answers=entries.answers,
        narratives=entries.narratives,
        evidence={item: tuple(sources) for item, sources in entries.evidence.items()},
        interviews=() if came else entries.content.people,
        rating=assessed.rating,
        missing=assessed.missing,
        progress=assessed.progress,
        steps=_steps(session, review),
        notes=notes.notes_of(session, review) if review.pur_to else (),
        overrides=given,
        counted=counted(instrument, assessed.rating, entries.content, given),
        imported=came,
    )


def _overrides(session: orm.Session, review: CaseReview) -> dict[str, overrides.Given]:
    """There are none while the reviewers may change answers: returning withdraws them."""
    with_reviewers = review.state in OPEN_STATES
    return {} if with_reviewers else overrides.overrides_of(session, review)


def counted(
    instrument: definition.Instrument,
    case: CaseRating,
    content: contents.Content,
    given: Mapping[str, overrides.Given],
) -> CaseRating:
    """What counts where QA set some ratings."""
    if not given:
        return case
    set_to = {code: one.rating for code, one in given.items()}
    return rating.rate_with(instrument, case, content.answers, set_to)


def assessment(session: orm.Session, review: CaseReview) -> Assessment:
    """Rating, gaps and progress alone, in seven queries: what a page shows anew after a save."""
    content = contents.contents(session, [review.id])[review.id]
    return contents.assess(visibility.instrument_of(review), content)


def subjects_of(session: orm.Session, review: CaseReview) -> dict[str, list[Subject]]:
    """Whom repeated questions are asked of now, by kind, in the order in which they were listed."""
    one = ReviewSubject
    query = (
        sa.select(one.kind, one.public_id, one.label, one.revision)
        .where(one.review_id == review.id, one.removed_at.is_(None))
        .order_by(one.id)
    )
    found: dict[str, list[Subject]] = {}
    for kind, public_id, label, revision in session.execute(query):
        found.setdefault(kind, []).append(Subject(str(public_id), label, revision))
    return found


def people(session: orm.Session, review: CaseReview) -> tuple[Interview, ...]:
    """Everybody who should be heard, recorded or not, in two queries."""
    found = {review.id: contents.Content()}
    contents.add_facts(session, found)
    contents.add_interviews(session, found)
    return found[review.id].people


def _saved(model: Any, *columns: Any) -> sa.Select[*tuple[Any, ...]]:
    saved = (model.revision, Person.name, model.by_id, model.at)
    query = sa.select(*columns, *saved).join(Person, Person.id == model.by_id)
    return query.where(model.review_id == sa.bindparam("review"))


# (item, question, subject, value, text, and who saved it): narratives, answers, facts as questions
# of no item; the first says of which types the columns are
_NONE, _NO_TEXT = sa.literal(""), sa.cast(sa.null(), sa.LargeBinary())
_SAVED = sa.union_all(
    _saved(Narrative, Narrative.item, _NONE, _NONE, _NONE, Narrative.text),
    _saved(Answer, Answer.item, Answer.question, Answer.subject, Answer.value, Answer.reason),
    _saved(FactAnswer, _NONE, FactAnswer.name, _NONE, FactAnswer.value, _NO_TEXT),
)


class _Entries:
    """Collects what is saved on one case review, with who saved it."""

    def __init__(self, session: orm.Session, review: CaseReview) -> None:
        self.session, self.review = session, review
        self.content = contents.Content()
        self.facts: dict[str, Entry] = {}
        self.subjects: dict[str, list[Subject]] = {}
        self.answers: dict[str, dict[str, Entry]] = {}
        self.narratives: dict[str, Entry] = {}
        self.evidence: dict[str, list[Source]] = {}

    def load(self, *, subjects: bool) -> None:
        """Fill everything; subjects before the answers of which they are asked."""
        if subjects:
            self._load_subjects()
        self._load_saved()
        self._load_evidence()
        contents.add_interviews(self.session, {self.review.id: self.content})

    def _load_subjects(self) -> None:
        self.subjects = subjects_of(self.session, self.review)
        for kind, listed in self.subjects.items():
            for each in listed:
                self.content.list_subject(kind, each.id, each.label)

    def _load_saved(self) -> None:
        rows = self.session.execute(_SAVED, {"review": self.review.id})
        for item, question, subject, value, text, *saved in rows:
            revision, by, by_id, at = saved
            if item and question:
                kept = (text or "") if value == definition.NA else ""
                entry = Entry(value, revision, by, by_id, at, kept)
                self.answers.setdefault(item, {})[rules.asked(question, subject)] = entry
                self.content.answer(item, (question, subject), value, kept)
            elif item:
                self.narratives[item] = Entry(text, revision, by, by_id, at)
                self.content.narratives[item] = text
            else:
                self.facts[question] = Entry(value, revision, by, by_id, at)
                self.content.facts[question] = value

    def _load_evidence(self) -> None:
        one = Evidence
        query = (
            sa.select(one.public_id, one.item, one.kind, one.source, one.protected)
            .add_columns(Person.name, one.at, one.detail, one.interview)
            .join(Person, Person.id == one.by_id)
            .where(one.review_id == self.review.id, one.removed_at.is_(None))
            .order_by(one.id)
        )
        for public_id, item, *what, by, at, detail, interview in self.session.execute(query):
            kind, source, protected = what
            said = (detail or "", protected, by, at, interview)
            named = Source(public_id, item, kind, source, *said)
            self.evidence.setdefault(item, []).append(named)
        self.content.sources = {item: len(sources) for item, sources in self.evidence.items()}


def involved(session: orm.Session, review: CaseReview) -> list[Involved]:
    """Who reviews it and does its QA now."""
    query = (
        sa.select(Person.name, ReviewPerson.part)
        .join(Person, Person.id == ReviewPerson.person_id)
        .where(ReviewPerson.review_id == review.id, ReviewPerson.until_at.is_(None))
        .order_by(ReviewPerson.id)
    )
    return [Involved(name, part) for name, part in session.execute(query)]


def _steps(session: orm.Session, review: CaseReview) -> tuple[StepTaken, ...]:
    query = (
        sa.select(ReviewStep, Person.name)
        .outerjoin(Person, Person.id == ReviewStep.by_id)
        .where(ReviewStep.review_id == review.id)
        .order_by(ReviewStep.id)
    )
    return tuple(
        StepTaken(
            step=Step(row.step),
            from_state=row.from_state,
            to_state=ReviewState(row.to_state),
            reason=row.reason or "",
            by=name or "",
            at=row.at,
        )
        for row, name in session.execute(query)
    )


def saved_by(session: orm.Session, review: CaseReview, place: tuple[str, str]) -> int | None:
    """Whose value stands at a place (`rules.Change.place`), a person's id; None for nobody's."""
    item, name = place
    question, subject = rules.ask(name)
    asked = (Answer.item == item, Answer.question == question, Answer.subject == subject)
    model: Any = Answer if item and name else Narrative if item else FactAnswer
    where = {Answer: asked, Narrative: (Narrative.item == item,)}.get(
        model, (FactAnswer.name == name,)
    )
    found: int | None = session.scalar(
        sa.select(model.by_id).where(model.review_id == review.id, *where)
    )
    return found


def history(session: orm.Session, review: CaseReview, place: str) -> list[TextSaved]:
    """Every version of a text, newest first; `place` is "SRM05" or "SRM05.b" (an NA's reason)."""
    query = (
        sa.select(TextVersion.revision, TextVersion.text, Person.name, TextVersion.at)
        .join(Person, Person.id == TextVersion.by_id)
        .where(TextVersion.review_id == review.id, TextVersion.place == place)
        .order_by(TextVersion.revision.desc())
    )
    return [TextSaved(*row) for row in session.execute(query)]
