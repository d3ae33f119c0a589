"""What people do to a report: begin, write, comment, send on, approve, publish. One event each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.actor import Actor
from cqi.access.permissions import Permission, Role
from cqi.core import errors, events, holidays, identifiers, working_days
from cqi.core.errors import Blocker
from cqi.measures import actions as measures
from cqi.measures.models import MeasureRun, Publication, PublicationRun
from cqi.notices import actions as notices
from cqi.notices.rules import NoticeKind
from cqi.places.models import Place
from cqi.reporting import policy, workflow
from cqi.reporting.models import (
    NarrativeVersion,
    PublishedFile,
    ReportComment,
    ReportNarrative,
    ReportRow,
    ReportStep,
)
from cqi.reporting.queries import definitions, drawing, records, subjects
from cqi.reporting.queries.subjects import Subject
from cqi.reporting.rules import reports
from cqi.reporting.rules.reports import ReportState
from cqi.reporting.workflow import Step
from cqi.settings import queries as settings
from cqi.settings import registry


@dataclass(frozen=True)
class Writing:
    """A text for a section of a report; `expected` is the revision that it was written over."""

    section: str
    text: str
    expected: int


@dataclass(frozen=True)
class Shown:
    """The figures that somebody decides on: their digest, as a page showed it, and how it was
    drawn. `revision` is that of the report."""

    run: str
    asking: drawing.Asking
    revision: int | None = None


@dataclass(frozen=True)
class Drawn:
    """An approved report as it was drawn before it is stored: its title and its files' bytes."""

    shown: Shown
    title: str
    files: Mapping[str, bytes]
    reason: str = ""


@dataclass(frozen=True)
class _Doing:
    """Who does it, when."""

    actor: Actor
    at: dt.datetime


def begin(
    session: orm.Session, *, subject: Subject, actor: Actor, now: dt.datetime, today: dt.date
) -> ReportRow:
    """Begin a report. Raises Forbidden, or Blocked where somebody works on it already."""
    place_id, round_ = subject.place_id, subject.round
    policy.authorise(Permission.REPORT_WRITE, policy.Standing(ReportState.DRAFT, place_id), actor)
    errors.require(_open_blockers(session, subject))
    definition = definitions.shipped(subject.level.value)
    made = ReportRow(
        public_id=identifiers.uuid7(),
        level=subject.level,
        place_id=place_id,
        round_id=round_.id if round_ else None,
        as_of_on=subject.day,
        language=definition.text("language"),
        due_on=due_on(session, subject.day, today),
        state=ReportState.DRAFT,
        state_since=now,
        created_at=now,
        created_by_id=actor.person_id,
    )
    session.add(made)
    session.flush()
    payload = {"level": made.level.value, "place": place_id, "round": made.round_id}
    _record(session, made, "begun", _Doing(actor, now), payload)
    return made


def due_on(session: orm.Session, day: dt.date, today: dt.date) -> dt.date:
    """When a report is due whose figures end with a day, as the setting says today."""
    number = settings.number(session, registry.REPORT_DUE_DAYS, today)
    return working_days.after(day, number, holidays.days())


def write_section(
    session: orm.Session, *, report: ReportRow, writing: Writing, actor: Actor, now: dt.datetime
) -> int:
    """Save a narrative; its new revision. Raises Conflict where another text was saved first:
    what was sent is kept by whoever asks what should stand."""
    records.hold(session, report)
    standing = records.standing(session, report)
    policy.authorise(Permission.REPORT_WRITE, standing, actor)
    section = records.section(report, writing.section).text("id")
    text = writing.text.replace("\r\n", "\n").replace("\r", "\n").strip()
    errors.require(policy.writing_blockers(standing, text))
    row = records.texts(session, report).get(section)
    before = row.text if row else ""
    revision = row.revision if row else 0
    if text == before:
        return revision
    if writing.expected != revision:
        raise errors.Conflict(
            place=section,
            saved=before,
            sent=text,
            revision=revision,
            by_id=row.by_id if row else None,
        )
    _keep(session, report, row, writing=Writing(section, text, revision), doing=_Doing(actor, now))
    return revision + 1


def _keep(
    session: orm.Session,
    report: ReportRow,
    row: ReportNarrative | None,
    *,
    writing: Writing,
    doing: _Doing,
) -> None:
    """A text as the one that stands, and as a version that stays."""
    here = {"report_id": report.id, "section": writing.section}
    saved = {"revision": writing.expected + 1, "by_id": doing.actor.person_id, "at": doing.at}
    if row is None:
        session.add(ReportNarrative(**here, **saved, text=writing.text))
    else:
        row.text, row.revision = writing.text, writing.expected + 1
        row.by_id, row.at = doing.actor.person_id, doing.at
    digest = events.digest(writing.text)
    session.add(NarrativeVersion(**here, **saved, text=writing.text, digest=digest))
    payload = {"section": writing.section, "revision": saved["revision"], "digest": digest}
    _record(session, report, "written", doing, payload)


def comment(
    session: orm.Session,
    *,
    report: ReportRow,
    text: str,
    section: str = "",
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Say what should be looked at in a report in review."""
    records.hold(session, report)
    standing = records.standing(session, report)
    policy.authorise(Permission.REPORT_DISCUSS, standing, actor)
    errors.require(policy.commenting_blockers(standing, text))
    if section:
        records.section(report, section)
    said = text.strip()
    person = actor.person_id
    session.add(
        ReportComment(report_id=report.id, section=section, text=said, by_id=person, at=now)
    )
    payload = {"section": section, "digest": events.digest(said)}
    _record(session, report, "commented", _Doing(actor, now), payload)


def send_for_review(
    session: orm.Session, *, report: ReportRow, actor: Actor, now: dt.datetime
) -> None:
    """Hand a draft to those who comment and approve."""
    _allowed(session, Step.SEND_FOR_REVIEW, report, actor)
    _take(session, Step.SEND_FOR_REVIEW, report, _Doing(actor, now))


def send_back(
    session: orm.Session, *, report: ReportRow, reason: str, actor: Actor, now: dt.datetime
) -> None:
    """Give it back to its writers; the reason says what should change."""
    _allowed(session, Step.SEND_BACK, report, actor, reason)
    report.approved_run = report.approved_at = report.approved_by_id = None
    _take(session, Step.SEND_BACK, report, _Doing(actor, now), reason)


def approve(
    session: orm.Session, *, report: ReportRow, shown: Shown, actor: Actor, now: dt.datetime
) -> None:
    """Approve the figures that were shown: they are frozen, and none but they are published."""
    records.hold(session, report)
    made = drawing.made(session, report, shown.asking)
    _allowed(session, Step.APPROVE, report, actor, figures=_figures(session, report, made, shown))
    _freeze(session, made, _Doing(actor, now))
    report.approved_run, report.approved_at = made.run, now
    report.approved_by_id = actor.person_id
    _take(session, Step.APPROVE, report, _Doing(actor, now), payload={"run": made.run})


def publish(
    session: orm.Session, *, report: ReportRow, drawn: Drawn, actor: Actor, now: dt.datetime
) -> Publication:
    """Store an approved report for ever: its runs, its files, its line in the register.

    It was drawn before: what has changed since then is refused, nothing is ever half of each.
    """
    records.hold(session, report)
    made = drawing.made(session, report, drawn.shown.asking)
    _allowed(
        session, Step.PUBLISH, report, actor, figures=_figures(session, report, made, drawn.shown)
    )
    errors.require(_redrawn(report, drawn))
    earlier = records.published_before(session, report)
    errors.require(_superseding(session, earlier, drawn.reason, actor))
    doing = _Doing(actor, now)
    publication = _register(session, report, drawn, _freeze(session, made, doing), doing)
    report.publication_id = publication.id
    payload = {"publication": str(publication.public_id), "digest": publication.digest}
    _take(session, Step.PUBLISH, report, doing, payload={**payload, "run": made.run})
    if earlier is not None:
        by = {"by": str(publication.public_id)}
        _take(session, Step.SUPERSEDE, earlier, doing, drawn.reason, payload=by)
    return publication


def _figures(
    session: orm.Session, report: ReportRow, made: drawing.Made, shown: Shown
) -> policy.Figures:
    return drawing.figures(session, report, made, shown.run)


def _freeze(session: orm.Session, made: drawing.Made, doing: _Doing) -> tuple[MeasureRun, ...]:
    """The runs behind the figures, stored; raises Blocked where a row changed at this moment."""
    kept = measures.freeze(session, made.asked, actor=doing.actor, now=doing.at)
    if kept.run_id != made.run:
        message = "The figures changed at this very moment: look at them again."
        raise errors.Blocked([Blocker("figures_changed", message)])
    return kept.runs


def _redrawn(report: ReportRow, drawn: Drawn) -> list[Blocker]:
    if drawn.files and drawn.shown.revision in (None, report.revision):
        return []
    message = "Somebody changed this report while its files were drawn: look at it again."
    return [Blocker("changed_meanwhile", message)]


def _superseding(
    session: orm.Session, earlier: ReportRow | None, reason: str, actor: Actor
) -> list[Blocker]:
    if earlier is None:
        return []
    records.hold(session, earlier)
    standing = records.standing(session, earlier)
    newer = policy.Figures(newer=True)
    return policy.blockers(Step.SUPERSEDE, standing, actor, reason, newer)


def _register(
    session: orm.Session, report: ReportRow, drawn: Drawn, runs: Sequence[MeasureRun], doing: _Doing
) -> Publication:
    public_id = identifiers.uuid7()
    digests = {ending: drawing.digest(content) for ending, content in drawn.files.items()}
    names = [(reports.file_name(report.level, public_id, each), digests[each]) for each in digests]
    publication = Publication(
        public_id=public_id,
        level=report.level.value,
        place_id=report.place_id,
        title=drawn.title,
        language=report.language,
        digest=reports.digest_of(names),
        approved_at=report.approved_at,
        approved_by_id=report.approved_by_id,
        published_at=doing.at,
        published_by_id=doing.actor.person_id,
    )
    session.add(publication)
    session.flush()
    key = publication.id
    session.add_all(PublicationRun(publication_id=key, run_id=run.id) for run in runs)
    session.add_all(
        PublishedFile(publication_id=key, ending=ending, digest=digests[ending], content=content)
        for ending, content in drawn.files.items()
    )
    session.flush()
    return publication


def _allowed(
    session: orm.Session,
    step: Step,
    report: ReportRow,
    actor: Actor,
    reason: str = "",
    figures: policy.Figures = policy.NO_FIGURES,
) -> None:
    """Read the report anew and raise unless the actor may take the step now."""
    records.hold(session, report)
    standing = records.standing(session, report)
    policy.authorise(workflow.BY_STEP[step].permission, standing, actor)
    errors.require(policy.blockers(step, standing, actor, reason, figures))


def _take(
    session: orm.Session,
    step: Step,
    report: ReportRow,
    doing: _Doing,
    reason: str = "",
    payload: Mapping[str, Any] | None = None,
) -> None:
    report.state, report.state_since = workflow.BY_STEP[step].ends, doing.at
    said = reason.strip() or None
    person = doing.actor.person_id
    session.add(
        ReportStep(report_id=report.id, step=step.value, reason=said, by_id=person, at=doing.at)
    )
    digest = {"reason": events.digest(said)} if said else {}
    told = _tell(session, step, report, doing)
    content = {"state": report.state.value, **told, **digest, **(payload or {})}
    _record(session, report, _DONE[step], doing, content)


def _tell(
    session: orm.Session, step: Step, report: ReportRow, doing: _Doing
) -> dict[str, list[int]]:
    """Whoever acts has seen what they were told of it; who has to do something next is told."""
    subject = report.public_id
    notices.mark_subject_seen(session, subject=subject, actor=doing.actor, now=doing.at)
    kind = _TOLD.get(step)
    if kind is None:
        return {}
    if kind is NoticeKind.REPORT_TO_APPROVE:
        people = access.holders_in_state(session, Role.CQI_DIRECTOR, doing.at.date())
    else:
        people = records.standing(session, report).authors
    others = people - {doing.actor.person_id}
    return {"told": notices.tell(session, kind, people=others, subject=subject, now=doing.at)}


_TOLD = {
    Step.SEND_FOR_REVIEW: NoticeKind.REPORT_TO_APPROVE,
    Step.SEND_BACK: NoticeKind.REPORT_SENT_BACK,
    Step.PUBLISH: NoticeKind.REPORT_PUBLISHED,
}
_DONE = {
    Step.SEND_FOR_REVIEW: "sent_for_review",
    Step.SEND_BACK: "sent_back",
    Step.APPROVE: "approved",
    Step.PUBLISH: "published",
    Step.SUPERSEDE: "superseded",
}


def _record(
    session: orm.Session, report: ReportRow, kind: str, doing: _Doing, payload: Mapping[str, Any]
) -> None:
    session.flush()
    happening = events.Happening(f"report.{kind}", doing.actor.person_id, doing.at)
    events.record(session, events.Stream("report", report.public_id), happening, payload)


def _open_blockers(session: orm.Session, subject: Subject) -> list[Blocker]:
    session.execute(sa.select(Place.id).where(Place.id == subject.place_id).with_for_update())
    if subjects.open_for(session, subject) is None:
        return []
    message = "This report is being worked on already: go on with that one."
    return [Blocker("already_begun", message)]
