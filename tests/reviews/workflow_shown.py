"""What pages show of a case review, what is stored and remembered of it: what the model says."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.cases import queries as cases
from cqi.core import events
from cqi.instruments.completeness import Kind, Missing
from cqi.reviews import models, queries, workflow
from cqi.reviews.actions import moving
from cqi.reviews.queries import known
from cqi.reviews.rules import Part
from tests.fixtures.scoring import TODAY
from tests.reviews.workflow_model import Model
from tests.reviews.workflow_oracle import Gap

FIELDS = ("label", "outcome", "held_on", "how", "reason")
Told = Iterator[tuple[str, Any, Any]]  # what, as it is found, as it should be


@dataclass
class Since:
    """When it was first submitted, and since when it is final."""

    submitted: dt.datetime | None = None
    final: dt.datetime | None = None

    def reached(self, state: str, now: dt.datetime) -> None:
        if state == "submitted":
            self.submitted = self.submitted or now
        self.final = now if state == "final" else None

    def compare(self, review: queries.CaseReview) -> Told:
        """The period under review ends with the first submission, whatever comes after."""
        yield "first submission", review.first_submitted_at, self.submitted
        yield "final since", review.final_at, self.final
        yield "end of the period", review.pur_to, TODAY if self.submitted else None


def compare(
    session: orm.Session, review: queries.CaseReview, model: Model, people: dict[str, int]
) -> Told:
    """Everything, read and rated anew."""
    sheet = queries.sheet(session, review)
    yield "state", sheet.standing.state, model.state
    yield "steps", workflow.fold(each.step.value for each in sheet.steps), model.state
    yield from _content(sheet, model)
    yield from _gaps(sheet, model)
    yield from _interviews(sheet, model)
    yield from _ratings(session, review, sheet, model)
    yield from _quality(session, review, model)
    yield from _people(session, review, model, people)
    yield from _memory(session, review)


def listed(
    session: orm.Session, review: queries.CaseReview, model: Model, reader: Actor, now: dt.datetime
) -> Told:
    """The round's page, of which this is the one case review."""
    [line] = queries.round_overview(session, reader, review.round, now)
    yield "state in the list", line.state, model.state
    if line.progress is not None:
        yield "missing in the list", line.progress.missing, len(model.gaps())
    counted = model.ratings(counted=True)
    components = {code: one for code, one in line.components.items() if one}
    yield "ratings in the list", components, {code: counted[code] for code in components}


def _content(sheet: queries.ReviewSheet, model: Model) -> Told:
    shown: dict[tuple[str, str], Any] = {("", name): one for name, one in sheet.facts.items()}
    shown |= {(item, ""): one for item, one in sheet.narratives.items()}
    for item, answers in sheet.answers.items():
        shown |= {(item, name): one for name, one in answers.items()}
    yield "values", {place: one.value for place, one in shown.items()}, model.content.values
    yield "revisions", {place: one.revision for place, one in shown.items()}, model.revisions
    kept = {place: one.reason for place, one in shown.items() if one.value == "na"}
    reasons = {place: model.content.reasons.get(place, "") for place in kept}
    yield "reasons", kept, reasons
    sources = [each for named in sheet.evidence.values() for each in named]
    yield "sources", {each.public_id: each.item for each in sources}, model.sources


def _gaps(sheet: queries.ReviewSheet, model: Model) -> Told:
    """Completeness never lies: what is said to be missing is, and nothing else is."""
    gaps, progress = model.gaps(), sheet.progress
    yield "what is missing", sorted(map(_gap, sheet.missing)), sorted(gaps)
    yield "how much is missing", progress.missing, len(gaps)
    facts = sum(gap[0] == "fact" for gap in gaps)
    yield "facts missing", progress.facts.missing, facts
    lacking = sum(gap[0] == "interview" for gap in gaps)
    yield "interviews missing", progress.interviews.missing, lacking
    with_gaps = {gap[1] for gap in gaps if gap[0] not in ("fact", "interview")}
    ratings = model.ratings(counted=False)
    complete = {item for item in model.items if ratings[item]} - with_gaps
    yield "complete items", progress.items.complete, len(complete)


def _gap(one: Missing) -> Gap:
    if one.kind is Kind.INTERVIEW:
        person, _, name = one.name.rpartition("-")
        return "interview", person, name
    names = () if one.kind in (Kind.NARRATIVE, Kind.EVIDENCE) else (one.name,)
    return (one.kind.value, *([one.item] if one.item else ()), *names)


def _interviews(sheet: queries.ReviewSheet, model: Model) -> Told:
    yield "whom to hear", {one.id for one in sheet.interviews}, set(model.people)
    for one in sheet.interviews:
        person = model.people[one.id]
        names = [name for name in FIELDS if name in person.fields]
        shown = {name: str(getattr(one, name) or "") for name in names}
        yield "an interview", shown, {name: person.fields[name] for name in names}
        counts = {name: one.revision(name) for name in names}
        yield "its revisions", counts, {name: person.revisions.get(name, 0) for name in names}


def _ratings(
    session: orm.Session, review: queries.CaseReview, sheet: queries.ReviewSheet, model: Model
) -> Told:
    computed, counted = model.ratings(counted=False), model.ratings(counted=True)
    yield "ratings", _rated(sheet.rating), computed
    yield "ratings that count", _rated(sheet.counted), counted
    row = models.StoredRating
    query = sa.select(row.code, row.rating, row.counted).where(row.review_id == review.id)
    stored = session.execute(query).all()
    yield "stored", {code: one for code, one, _ in stored if one}, _known(computed)
    yield "stored as counting", {code: one for code, _, one in stored if one}, _known(counted)


def _rated(case: Any) -> dict[str, str | None]:
    return {code: one.rating for code, one in (*case.items.items(), *case.components.items())}


def _known(ratings: dict[str, str | None]) -> dict[str, str]:
    return {code: one for code, one in ratings.items() if one}


def _quality(session: orm.Session, review: queries.CaseReview, model: Model) -> Told:
    """Overrides, QA notes and safety alerts."""
    row = models.Override
    in_force = row.review_id == review.id, row.withdrawn_at.is_(None)
    rows = session.execute(sa.select(row.item, row.public_id, row.rating).where(*in_force))
    yield "overrides", {item: (key, rating) for item, key, rating in rows}, model.overrides
    notes = {each.public_id: each for each in queries.notes_of(session, review)}
    shown = {key: (note.resolved, note.revision) for key, note in notes.items()}
    expected = {key: (note.resolved, note.entries) for key, note in model.notes.items()}
    yield "QA notes", shown, expected
    alerts = {each.alert.public_id: each for each in queries.alerts_of_review(session, review)}
    states = {key: alert.state for key, alert in model.alerts.items()}
    yield "alerts", {key: each.alert.state for key, each in alerts.items()}, states
    folded = {
        key: workflow.fold_alert(step.step.value for step in each.steps)
        for key, each in alerts.items()
    }
    yield "steps of alerts", folded, states


def _people(
    session: orm.Session, review: queries.CaseReview, model: Model, people: dict[str, int]
) -> Told:
    rows = session.scalars(
        sa.select(models.ReviewPerson).where(models.ReviewPerson.review_id == review.id)
    ).all()
    ever = {part: {each.person_id for each in rows if each.part is part} for part in Part}
    now = {
        part: {each.person_id for each in rows if each.part is part and not each.until_at}
        for part in Part
    }
    yield "reviewers", now[Part.REVIEWER], {people[name] for name in model.reviewers}
    yield "who ever scored", ever[Part.REVIEWER], {people[name] for name in model.scored}
    yield "first level", ever[Part.FIRST_LEVEL_QA], {people[name] for name in model.first}
    yield "second level", ever[Part.SECOND_LEVEL_QA], {people[name] for name in model.second}
    on_file = cases.people_in_conflict(session, review.case)
    yield "conflicts of interest", on_file, {people[name] for name in model.declared}


def _memory(session: orm.Session, review: queries.CaseReview) -> Told:
    """What is remembered for the newest link of the chain is what a fresh look says."""
    stream, head = moving.stream(review), events.EventHead
    query = sa.select(head.hash).where(head.stream_kind == stream.kind, head.stream_id == stream.id)
    remembered = session.info["remembered"].recall(session.scalar(query))
    if remembered is not None:
        yield "memory", _in_order(remembered), _in_order(known.read(session, review))


def _in_order(what: known.Known) -> known.Known:
    """Interviews lie in the order in which they were recorded; people are shown by role."""
    ordered = sorted(what.beside.interviews, key=lambda one: one.id)
    beside = dataclasses.replace(what.beside, interviews=ordered)
    return dataclasses.replace(what, beside=beside)
