"""What was published, as far as somebody's access reaches: the register, its files, its readers."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access import reading_log
from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.core import errors, events
from cqi.feedback import queries as feedback
from cqi.measures import queries as measures
from cqi.measures.models import MeasureRun, Publication, PublicationRun
from cqi.measures.rules.changes import Changes
from cqi.reporting.models import PublishedFile, ReportRow
from cqi.reporting.queries import drawing, records
from cqi.reporting.rules import reports
from cqi.reporting.workflow import Step


@dataclass(frozen=True)
class FileLine:
    """A file of a publication, as it is downloaded."""

    ending: str
    words: str
    name: str
    digest: str
    size: int


@dataclass(frozen=True)
class RunLine:
    """A run behind a publication, of which round it is, what changed under it since, and what is
    said of ratings in it that are looked at again."""

    run_id: str
    round: str
    frozen_at: dt.datetime
    changes: Changes
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """A publication in a list. `changes` are those of its runs together; `superseded`: a newer one
    stands in its place."""

    public_id: uuid.UUID
    title: str
    published_at: dt.datetime
    superseded: bool
    changed: int


@dataclass(frozen=True)
class Sheet:
    """A publication as its page shows it. `newer` is the one that took its place, `why` the reason;
    `report` is the report that it was, `round_id` its round; `pooled` a state's run, which adds
    up those of its regions."""

    row: Publication
    approved_by: str
    published_by: str
    files: tuple[FileLine, ...]
    runs: tuple[RunLine, ...]
    report: uuid.UUID
    round_id: uuid.UUID | None
    newer: uuid.UUID | None = None
    why: str = ""
    pooled: str = ""


@dataclass(frozen=True)
class Reader:
    """Somebody who opened a publication: the page, or a file; first and last time."""

    name: str
    what: str
    first: dt.datetime
    last: dt.datetime


def _visible(actor: Actor) -> sa.ColumnElement[bool]:
    """What was published about places within reach, and about the state: that is for everybody who
    reads publications."""
    reach = actor.reach(Permission.PUBLICATION_SEE)
    if reach.everywhere:
        return sa.true()
    of_state = Publication.level == reports.Level.STATE.value
    return sa.or_(of_state, Publication.place_id.in_(sorted(reach.places)))


def publication(session: orm.Session, actor: Actor, public_id: uuid.UUID) -> Publication:
    """One publication. Raises NotFound."""
    query = sa.select(Publication).where(Publication.public_id == public_id, _visible(actor))
    found = session.scalar(query)
    if found is None:
        raise errors.NotFound("there is no such publication")
    return found


def publications(session: orm.Session, actor: Actor) -> list[Line]:
    """All that somebody may read, the newest first."""
    query = (
        sa.select(Publication, ReportRow.state)
        .join(ReportRow, ReportRow.publication_id == Publication.id)
        .where(_visible(actor))
        .options(orm.selectinload(Publication.runs).joinedload(PublicationRun.run))
        .order_by(Publication.published_at.desc(), Publication.id.desc())
    )
    known: dict[int, Changes] = {}
    return [
        Line(
            row.public_id,
            row.title,
            row.published_at,
            state is reports.ReportState.SUPERSEDED,
            sum(_changes(session, each.run, known).reviews for each in row.runs),
        )
        for row, state in session.execute(query).unique()
    ]


def _changes(session: orm.Session, run: MeasureRun, known: dict[int, Changes]) -> Changes:
    if run.id not in known:
        known[run.id] = measures.changes_since(session, run)
    return known[run.id]


def sheet(session: orm.Session, row: Publication) -> Sheet:
    """Everything that a publication's page says."""
    names = access.people_names(session, {row.approved_by_id, row.published_by_id})
    was = sa.select(ReportRow).where(ReportRow.publication_id == row.id)
    report = session.scalars(was.options(orm.joinedload(ReportRow.round))).one()
    newer, why = _newer(session, report)
    return Sheet(
        row=row,
        approved_by=names[row.approved_by_id],
        published_by=names[row.published_by_id],
        files=tuple(_files(session, row)),
        runs=tuple(
            RunLine(
                each.run.run_id,
                str(each.run.frozen["round"]["name"]),
                each.run.created_at,
                measures.changes_since(session, each.run),
                feedback.marks(session, each.run).words,
            )
            for each in row.runs
        ),
        report=report.public_id,
        round_id=report.round.public_id if report.round else None,
        newer=newer,
        why=why,
        pooled=report.approved_run or "" if report.level is reports.Level.STATE else "",
    )


def _newer(session: orm.Session, report: ReportRow) -> tuple[uuid.UUID | None, str]:
    """The publication that took a report's place, and the reason, as its step and event say."""
    taken = [one for one in records.steps(session, report) if one.step == Step.SUPERSEDE]
    if not taken:
        return None, ""
    event = events.Event
    query = sa.select(event.payload).where(
        event.stream_kind == "report",
        event.stream_id == report.public_id,
        event.kind == "report.superseded",
    )
    payload = session.scalars(query.order_by(event.sequence.desc()).limit(1)).one()
    return uuid.UUID(payload["by"]), taken[-1].reason or ""


def _files(session: orm.Session, row: Publication) -> list[FileLine]:
    file = PublishedFile
    query = sa.select(file.ending, file.digest, sa.func.length(file.content)).where(
        file.publication_id == row.id
    )
    found = {ending: (digest, size) for ending, digest, size in session.execute(query)}
    return [
        FileLine(ending, words, reports.file_name(row.level, row.public_id, ending), *found[ending])
        for ending, (_, _, words) in drawing.FORMS.items()
        if ending in found
    ]


def file(session: orm.Session, row: Publication, ending: str) -> bytes:
    """The very bytes of a file. Raises NotFound where there is none, Failed where they are not
    those that were published."""
    query = sa.select(PublishedFile).where(
        PublishedFile.publication_id == row.id, PublishedFile.ending == ending
    )
    found = session.scalar(query)
    if found is None:
        raise errors.NotFound(f"there is no {ending} of this publication")
    if drawing.digest(found.content) != found.digest:
        raise errors.Failed("this file is not the one that was published: tell an administrator")
    return found.content


def readers(session: orm.Session, row: Publication) -> list[Reader]:
    """Who opened it, from the reading log: the newest first."""
    event = events.Event
    query = (
        sa.select(event.actor_id, event.purpose, sa.func.min(event.at), sa.func.max(event.at))
        .where(
            event.stream_kind == "publication",
            event.stream_id == row.public_id,
            event.kind == reading_log.OPENED,
        )
        .group_by(event.actor_id, event.purpose)
        .order_by(sa.func.max(event.at).desc(), event.actor_id, event.purpose)
    )
    found = session.execute(query).all()
    names = access.people_names(session, {actor_id or 0 for actor_id, *_ in found})
    return [Reader(names[actor_id or 0], what, *times) for actor_id, what, *times in found]
