"""Reports within a person's reach, as rows that actions work on. Else: not found."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.reporting import policy
from cqi.reporting.models import NarrativeVersion, ReportStep
from cqi.reporting.models import ReportNarrative as ReportNarrative
from cqi.reporting.models import ReportRow as ReportRow
from cqi.reporting.queries import definitions
from cqi.reporting.rules.definition import ReportDefinition, SectionDefinition
from cqi.reporting.rules.reports import OPEN, ReportState
from cqi.rounds.models import Round


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """The where-clause of reports that a person may see: drafts are for those who write or
    approve, the rest for all who discuss."""
    draft = sa.or_(
        _within(actor, Permission.REPORT_WRITE), _within(actor, Permission.REPORT_APPROVE)
    )
    later = sa.and_(ReportRow.state != ReportState.DRAFT, _within(actor, Permission.REPORT_DISCUSS))
    return sa.or_(draft, later)


def _within(actor: Actor, permission: Permission) -> sa.ColumnElement[bool]:
    reach = actor.reach(permission)
    return sa.true() if reach.everywhere else ReportRow.place_id.in_(sorted(reach.places))


def report(session: orm.Session, actor: Actor, public_id: uuid.UUID) -> ReportRow:
    """One report. Raises NotFound."""
    query = sa.select(ReportRow).where(ReportRow.public_id == public_id, visible(actor))
    found = session.scalar(query.options(orm.joinedload(ReportRow.place)))
    if found is None:
        raise errors.NotFound("there is no such report")
    return found


def reports(session: orm.Session, actor: Actor) -> list[ReportRow]:
    """All visible reports that are not published yet, those due first at the top."""
    query = (
        sa.select(ReportRow)
        .where(visible(actor), ReportRow.state.in_(OPEN))
        .options(orm.joinedload(ReportRow.place), orm.joinedload(ReportRow.round))
        .order_by(ReportRow.due_on, ReportRow.id)
    )
    return list(session.scalars(query))


def hold(session: orm.Session, one: ReportRow) -> None:
    """Read a report anew, and keep it from other writers from here on."""
    query = sa.select(ReportRow).where(ReportRow.id == one.id).with_for_update(of=ReportRow)
    session.scalars(query, execution_options={"populate_existing": True}).one()


def standing(session: orm.Session, one: ReportRow) -> policy.Standing:
    """What the policy asks about a report."""
    version = NarrativeVersion
    wrote = sa.select(version.by_id).where(version.report_id == one.id).distinct()
    authors = frozenset({one.created_by_id, *session.scalars(wrote)})
    return policy.Standing(one.state, one.place_id, authors)


def definition_of(one: ReportRow) -> ReportDefinition:
    """The definition that a report is made by."""
    return definitions.shipped(one.level.value)


def section(one: ReportRow, id_: str) -> SectionDefinition:
    """A section that is written by hand. Raises NotFound."""
    found = definition_of(one).narrative(id_)
    if found is None:
        raise errors.NotFound("this report has no such section")
    return found


def texts(session: orm.Session, one: ReportRow) -> dict[str, ReportNarrative]:
    """Section -> its narrative, of those that were written."""
    query = sa.select(ReportNarrative).where(ReportNarrative.report_id == one.id)
    return {row.section: row for row in session.scalars(query)}


def versions(session: orm.Session, one: ReportRow, section_: str) -> list[NarrativeVersion]:
    """Every text that was saved in a section, the newest first."""
    version = NarrativeVersion
    query = sa.select(version).where(version.report_id == one.id, version.section == section_)
    return list(session.scalars(query.order_by(version.revision.desc())))


def steps(session: orm.Session, one: ReportRow) -> list[ReportStep]:
    """The steps that a report took, the oldest first."""
    query = sa.select(ReportStep).where(ReportStep.report_id == one.id).order_by(ReportStep.id)
    return list(session.scalars(query))


def published_before(session: orm.Session, one: ReportRow) -> ReportRow | None:
    """The report of the same level, place and kind of round that is published and not superseded:
    what a publication of this one takes the place of."""
    row = ReportRow
    query = (
        sa.select(row)
        .outerjoin(Round, Round.id == row.round_id)
        .where(
            row.level == one.level,
            row.place_id == one.place_id,
            row.state == ReportState.PUBLISHED,
            Round.kind == one.round.kind if one.round else row.round_id.is_(None),
        )
        .options(orm.joinedload(row.publication))
        .order_by(row.id.desc())
        .limit(1)
    )
    return session.scalar(query)
