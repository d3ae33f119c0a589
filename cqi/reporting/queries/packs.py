"""Packs of every county's report: how far one is, its bytes, and what is to be drawn next."""

from __future__ import annotations

import datetime as dt
import io
import uuid
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.documents import pdf
from cqi.places.models import Place
from cqi.reporting.models import Pack as Pack
from cqi.reporting.models import PackFile
from cqi.reporting.queries import region
from cqi.reporting.rules.content import Report
from cqi.rounds.models import Round

KEPT_FOR = dt.timedelta(days=1)
_FIRST = (1980, 1, 1, 0, 0, 0)  # the day that a .zip file gives to what has none


@dataclass(frozen=True)
class Progress:
    """A pack with how many of its reports are drawn; `until` it is kept."""

    row: Pack
    done: int
    of: int

    @property
    def ready(self) -> bool:
        """Whether every report is drawn."""
        return self.done == self.of and not self.row.problem

    @property
    def going_on(self) -> bool:
        """Whether a job still draws."""
        return self.done < self.of and not self.row.problem

    @property
    def until(self) -> dt.datetime:
        """When it is deleted."""
        return self.row.asked_at + KEPT_FOR


@dataclass(frozen=True)
class Wanted:
    """Reports of a pack that are to be drawn: of one round, by the ids of their files, with the
    counties' codes."""

    pack_id: int
    round_id: int
    files: tuple[tuple[int, str], ...]


def authorise(actor: Actor) -> None:
    """Raise Forbidden unless the actor reads reports in the whole state."""
    if not actor.reach(Permission.REPORT_SEE).everywhere:
        raise errors.Forbidden("A pack of all counties is for those whose access reaches the state")


def packs(session: orm.Session, actor: Actor) -> list[Progress]:
    """Those that the actor asked for, the newest first."""
    return _progress(session, Pack.asked_by_id == actor.person_id)


def pack(session: orm.Session, actor: Actor, public_id: uuid.UUID) -> Progress:
    """One of them. Raises NotFound, Forbidden."""
    authorise(actor)
    mine = sa.and_(Pack.asked_by_id == actor.person_id, Pack.public_id == public_id)
    found = _progress(session, mine)
    if not found:
        raise errors.NotFound("there is no such pack; it is deleted after a day")
    return found[0]


def _progress(session: orm.Session, where: sa.ColumnElement[bool]) -> list[Progress]:
    drawn = sa.func.count().filter(PackFile.content.is_not(None))
    query = (
        sa.select(Pack, drawn, sa.func.count())
        .join(PackFile, PackFile.pack_id == Pack.id)
        .where(where)
        .group_by(Pack.id)
        .order_by(Pack.id.desc())
    )
    return [Progress(row, done, of) for row, done, of in session.execute(query)]


def content(session: orm.Session, found: Progress) -> bytes:
    """The .zip file: a PDF for each county, named by its FIPS code. Raises Blocked until all are
    drawn."""
    if not found.ready:
        message = "Not all of its reports are drawn yet: wait until they are."
        raise errors.Blocked([errors.Blocker("not_ready", message)])
    query = (
        sa.select(Place.code, PackFile.content)
        .join(Place, Place.id == PackFile.county_id)
        .where(PackFile.pack_id == found.row.id)
        .order_by(Place.code)
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        for code, each in session.execute(query):
            file.writestr(zipfile.ZipInfo(f"county-{code}.pdf", _FIRST), each or b"")
    return out.getvalue()


def next_wanted(session: orm.Session) -> Wanted | None:
    """What is to be drawn next, of the oldest pack that has something left: a round at a time, as
    its rows are read once for all its counties."""
    query = (
        sa.select(PackFile.pack_id, PackFile.round_id, PackFile.id, Place.code)
        .join(Pack, Pack.id == PackFile.pack_id)
        .join(Place, Place.id == PackFile.county_id)
        .where(PackFile.content.is_(None), Pack.problem.is_(None))
        .order_by(PackFile.pack_id, PackFile.round_id, PackFile.id)
    )
    found = session.execute(query).all()
    if not found:
        return None
    pack_id, round_id = found[0].pack_id, found[0].round_id
    files = [(row.id, row.code) for row in found if (row.pack_id, row.round_id) == found[0][:2]]
    return Wanted(pack_id, round_id, tuple(files))


@dataclass(frozen=True)
class Drawer:
    """What draws the files of a pack, on a day."""

    today: dt.date
    demonstration: bool

    def asked(self, session: orm.Session, wanted: Wanted) -> region.Wanted:
        """What is asked of a round."""
        one = session.get_one(Round, wanted.round_id)
        return region.Wanted(one, self.today, demonstration=self.demonstration)

    def read(self, session: orm.Session, wanted: Wanted) -> dict[str, Report]:
        """County's code -> its report, of one round."""
        return dict(region.county_reports(session, self.asked(session, wanted)))


def drawn(report: Report) -> bytes:
    """A report's PDF."""
    return pdf.render(region.document_of(report))


def old(session: orm.Session, now: dt.datetime) -> Sequence[int]:
    """The packs whose day is over."""
    return session.scalars(sa.select(Pack.id).where(Pack.asked_at < now - KEPT_FOR)).all()
