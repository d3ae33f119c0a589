"""What people do to a report: begin, write, comment, send on, approve, publish. One event each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.actor import Actor
from cqi.access.permissions import Permission, Role
from cqi.core import errors, events, identifiers
from cqi.core.errors import Blocker
from cqi.measures import actions as measures
from cqi.measures.models import MeasureRun, Publication, PublicationRun
from cqi.notices import actions as notices
from cqi.notices.rules import NoticeKind
from cqi.reporting import policy, workflow
from cqi.reporting.actions import beginning, recording
from cqi.reporting.actions.recording import Doing
from cqi.reporting.models import (
    NarrativeVersion,
    PublishedFile,
    ReportComment,
    ReportNarrative,
    ReportRow,
    ReportStep,
)
from cqi.reporting.queries import drawing, records
from cqi.reporting.rules import reports
from cqi.reporting.workflow import Step

begin = beginning.begin
due_on = beginning.due_on


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
    _keep(session, report, row, writing=Writing(section, text, revision), doing=Doing(actor, now))
    return revision + 1


def _keep(
    session: orm.Session,
    report: ReportRow,
    row: ReportNarrative | None,
    *,
    writing: Writing,
    doing: Doing,
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
    recording.record(session, report, "written", doing, payload)


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
    recording.record(session, report, "commented", Doing(actor, now), payload)


def send_for_review(
    session: orm.Session, *, report: ReportRow, actor: Actor, now: dt.datetime, today: dt.date
) -> None:
    """Hand a draft to those who comment and approve."""
    _allowed(session, Step.SEND_FOR_REVIEW, report, actor)
    _take(session, Step.SEND_FOR_REVIEW, report, Doing(actor, now, today))


def send_back(
    session: orm.Session, *, report: ReportRow, reason: str, actor: Actor, now: dt.datetime
) -> None:
    """Give it back to its writers; the reason says what should change."""
    _allowed(session, Step.SEND_BACK, report, actor, reason)
    report.approved_run = report.approved_at = report.approved_by_id = None
    _take(session, Step.SEND_BACK, report, Doing(actor, now), reason)


def set_aside(
    session: orm.Session, *, report: ReportRow, reason: str, actor: Actor, now: dt.datetime
) -> None:
    """Nobody goes on with a report that is not published: it stays to be read, and another one of
    the same may be begun."""
    records.hold(session, report)
    standing = records.standing(session, report)
    if not policy.sets_aside(standing, actor):
        raise errors.Forbidden("setting a report aside is for those who write or approve it")
    errors.require(policy.setting_aside_blockers(standing, reason))
    report.set_aside_at = now
    _record_step(session, Step.SET_ASIDE, report, Doing(actor, now), reason)


def approve(
    session: orm.Session, *, report: ReportRow, shown: Shown, actor: Actor, now: dt.datetime
) -> None:
    """Approve the figures that were shown: they are frozen, and none but they are published."""
    records.hold(session, report)
    made = drawing.made(session, report, shown.asking)
    _allowed(session, Step.APPROVE, report, actor, figures=_figures(session, report, made, shown))
    if shown.revision not in (None, report.revision):
        message = "The report was sent back and changed since you opened this page: read it again."
        raise errors.Blocked([Blocker("changed_meanwhile", message)])
    _freeze(session, made, Doing(actor, now))
    report.approved_run, report.approved_at = made.run, now
    report.approved_by_id = actor.person_id
    _take(session, Step.APPROVE, report, Doing(actor, now), payload={"run": made.run})


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
    doing = Doing(actor, now)
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


def _freeze(session: orm.Session, made: drawing.Made, doing: Doing) -> tuple[MeasureRun, ...]:
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
    session: orm.Session, report: ReportRow, drawn: Drawn, runs: Sequence[MeasureRun], doing: Doing
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
    doing: Doing,
    reason: str = "",
    payload: Mapping[str, Any] | None = None,
) -> None:
    report.state, report.state_since = workflow.BY_STEP[step].ends, doing.at
    _record_step(session, step, report, doing, reason, payload)


def _record_step(
    session: orm.Session,
    step: Step,
    report: ReportRow,
    doing: Doing,
    reason: str = "",
    payload: Mapping[str, Any] | None = None,
) -> None:
    said = reason.strip() or None
    person = doing.actor.person_id
    session.add(
        ReportStep(report_id=report.id, step=step.value, reason=said, by_id=person, at=doing.at)
    )
    digest = {"reason": events.digest(said)} if said else {}
    told = _tell(session, step, report, doing)
    content = {"state": report.state.value, **told, **digest, **(payload or {})}
    recording.record(session, report, _DONE[step], doing, content)


def _tell(
    session: orm.Session, step: Step, report: ReportRow, doing: Doing
) -> dict[str, list[int]]:
    """Whoever acts has seen what they were told of it; who has to do something next is told."""
    subject = report.public_id
    notices.mark_subject_seen(session, subject=subject, actor=doing.actor, now=doing.at)
    kind = _TOLD.get(step)
    if kind is None:
        return {}
    if kind is NoticeKind.REPORT_TO_APPROVE:
        day = doing.today or doing.at.date()
        people = access.holders_in_state(session, Role.CQI_DIRECTOR, day)
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
    Step.SET_ASIDE: "set_aside",
}
