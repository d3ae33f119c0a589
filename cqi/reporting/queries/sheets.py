"""A report that is being worked on as its page shows it, and which reports are due."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.core import holidays, working_days
from cqi.reporting import policy
from cqi.reporting.models import ReportComment, ReportRow
from cqi.reporting.queries import records, rounds
from cqi.reporting.rules import reports, sentences
from cqi.reporting.rules.reports import LEVEL_WORDS, OPEN, REPORT_STATE_WORDS, Due, ReportState
from cqi.reporting.workflow import STEP_WORDS, Step
from cqi.rounds.models import Round
from cqi.rounds.rules import ROUND_KIND_WORDS
from cqi.settings import queries as settings
from cqi.settings import registry

_SHOWN = 250  # words of a narrative that stand open on the page of its report


@dataclass(frozen=True)
class SectionLine:
    """A section that is written by hand: what is asked, what stands, who wrote it when."""

    id: str
    title: str
    prompt: str
    text: str
    revision: int
    by: str = ""
    at: dt.datetime | None = None

    @property
    def words(self) -> int:
        """How many words stand there."""
        return len(self.text.split())

    @property
    def long(self) -> bool:
        """Whether it is folded, so that what one can do stays in reach."""
        return self.words > _SHOWN


@dataclass(frozen=True)
class Said:
    """A comment, or a step with its reason: what, who, when."""

    what: str
    text: str
    by: str
    at: dt.datetime


@dataclass(frozen=True)
class Sheet:
    """A report as its page shows it."""

    row: ReportRow
    title: str
    about: str
    state_words: str
    due: Due
    sections: tuple[SectionLine, ...]
    comments: tuple[Said, ...]
    steps: tuple[Said, ...]
    may: tuple[Step, ...]
    writes: bool
    comments_now: bool
    begun_by: str
    approved_by: str
    sets_aside: bool


def sheet(session: orm.Session, actor: Actor, row: ReportRow, today: dt.date) -> Sheet:
    """One report, with what the actor may do about it."""
    standing = records.standing(session, row)
    taken, said = records.steps(session, row), _comments(session, row)
    texts = records.texts(session, row)
    people = {row.created_by_id, row.approved_by_id or 0}
    people |= {one.by_id for one in taken} | {one.by_id for one in said}
    names = access.people_names(session, people | {one.by_id for one in texts.values()})
    titles = {one.text("id"): one.text("title") for one in records.definition_of(row).narratives}
    return Sheet(
        row=row,
        title=title(row),
        about=about(row),
        state_words="Set aside" if row.set_aside_at else REPORT_STATE_WORDS[row.state],
        due=_due(row, today),
        sections=tuple(_sections(row, texts, names)),
        comments=tuple(
            Said(titles.get(one.section, "The whole report"), one.text, names[one.by_id], one.at)
            for one in said
        ),
        steps=tuple(
            Said(STEP_WORDS[Step(one.step)], one.reason or "", names[one.by_id], one.at)
            for one in taken
        ),
        may=policy.steps(standing, actor),
        writes=row.state is ReportState.DRAFT
        and not standing.set_aside
        and policy.permitted(Permission.REPORT_WRITE, standing, actor),
        comments_now=row.state is ReportState.IN_REVIEW
        and not standing.set_aside
        and policy.permitted(Permission.REPORT_DISCUSS, standing, actor),
        begun_by=names[row.created_by_id],
        approved_by=names.get(row.approved_by_id or 0, ""),
        sets_aside=policy.may_set_aside(standing, actor),
    )


def title(row: ReportRow) -> str:
    """ "Region I-South", "Benton County", a state's name."""
    name, level = row.place.name, LEVEL_WORDS[row.level]
    if row.level is reports.Level.STATE or level.lower() in name.lower():
        return name
    return f"{name} {level}" if row.level is reports.Level.COUNTY else f"{level} {name}"


def about(row: ReportRow) -> str:
    """What a report is of: its round, or its day."""
    if row.round is None:
        return f"As of {sentences.day(row.as_of_on)}"
    return f"{ROUND_KIND_WORDS[row.round.kind]}: {row.round.name}"


def _due(row: ReportRow, today: dt.date) -> Due:
    return reports.due(
        row.due_on, today, holidays.days(), done=row.state not in OPEN or bool(row.set_aside_at)
    )


def _comments(session: orm.Session, row: ReportRow) -> list[ReportComment]:
    query = sa.select(ReportComment).where(ReportComment.report_id == row.id)
    return list(session.scalars(query.order_by(ReportComment.id)))


def _sections(
    row: ReportRow, texts: Mapping[str, records.ReportNarrative], names: Mapping[int, str]
) -> Iterable[SectionLine]:
    for one in records.definition_of(row).narratives:
        id_, words, prompt = (one.text(name) for name in ("id", "title", "prompt"))
        found = texts.get(id_)
        if found is None:
            yield SectionLine(id_, words, prompt, "", 0)
            continue
        by = names[found.by_id]
        yield SectionLine(id_, words, prompt, found.text, found.revision, by, found.at)


# ---- what is due --------------------------------------------------------------------------------


@dataclass(frozen=True)
class DueLine:
    """A report that is due: of which round, when, how far it is, with whom. `report` and `round_id`
    are where it is opened, or begun; None where the actor may not."""

    place: str
    about: str
    due: Due
    state: str
    whom: str
    report: uuid.UUID | None = None
    begin: uuid.UUID | None = None


def due_lines(session: orm.Session, actor: Actor, today: dt.date) -> list[DueLine]:
    """Every report that is not published yet, within reach, the latest first; those that nobody
    has begun among them, once their round is on site."""
    reach = actor.reach(Permission.REPORT_DUE)
    place = ReportRow.place_id
    within = sa.true() if reach.everywhere else place.in_(sorted(reach.places))
    query = (
        sa.select(ReportRow)
        .where(within, records.worked_on())
        .options(orm.joinedload(ReportRow.place), orm.joinedload(ReportRow.round))
    )
    rows = list(session.scalars(query))
    names = access.people_names(session, {row.created_by_id for row in rows})
    begun = [_begun(session, actor, row, today, names) for row in rows]
    return sorted([*begun, *_to_begin(session, actor, today)], key=lambda line: line.due.on)


def _begun(
    session: orm.Session, actor: Actor, row: ReportRow, today: dt.date, names: Mapping[int, str]
) -> DueLine:
    seen = session.scalar(
        sa.select(ReportRow.id).where(ReportRow.id == row.id, records.visible(actor))
    )
    whom = names[row.created_by_id] if row.state is ReportState.DRAFT else "CQI director"
    return DueLine(
        title(row),
        about(row),
        _due(row, today),
        REPORT_STATE_WORDS[row.state],
        whom,
        row.public_id if seen else None,
    )


def _to_begin(session: orm.Session, actor: Actor, today: dt.date) -> Iterable[DueLine]:
    reach, writes = actor.reach(Permission.REPORT_DUE), actor.reach(Permission.REPORT_WRITE)
    within = sa.true() if reach.everywhere else Round.region_id.in_(sorted(reach.places))
    there = sa.exists().where(
        ReportRow.round_id == Round.id,
        ReportRow.level == reports.Level.REGION,
        ReportRow.set_aside_at.is_(None),
    )
    query = sa.select(Round).where(
        within, Round.region_id.is_not(None), Round.on_site_from <= today, ~there
    )
    found = list(session.scalars(query))
    names = rounds.place_names(session, found)
    days = settings.number(session, registry.REPORT_DUE_DAYS, today)
    for one in found:
        on = working_days.after(one.on_site_to, days, holidays.days())
        may = writes.everywhere or one.region_id in writes.places
        yield DueLine(
            f"Region {names[one.id]}" if not _is_region(names[one.id]) else names[one.id],
            f"{ROUND_KIND_WORDS[one.kind]}: {one.name}",
            reports.due(on, today, holidays.days(), done=False),
            "Not begun",
            "nobody yet",
            begin=one.public_id if may else None,
        )


def _is_region(name: str) -> bool:
    return name.lower().startswith("region")
