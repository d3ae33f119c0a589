"""Freezing a run, so that anybody can make its figures again."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import events
from cqi.measures import queries
from cqi.measures.models import MeasureRun
from cqi.measures.rules import frozen


def freeze_run(
    session: orm.Session, asked: queries.Asked, *, actor: Actor | None, now: dt.datetime
) -> MeasureRun:
    """Store the frozen rows of a run once: the same data give the same row again.

    `actor` None is the command line.
    """
    rows = queries.freeze(session, asked)
    run_id = frozen.run_id(rows)
    stored = session.scalar(sa.select(MeasureRun).where(MeasureRun.run_id == run_id))
    return stored or _store(session, asked, MeasureRun(run_id=run_id), rows, (actor, now))


def _store(
    session: orm.Session,
    asked: queries.Asked,
    run: MeasureRun,
    rows: frozen.Frozen,
    by: tuple[Actor | None, dt.datetime],
) -> MeasureRun:
    actor, now = by
    run.formula_version = rows.formula_version
    run.round_id = asked.round.id
    run.compare_round_id = asked.baseline.id if asked.baseline else None
    run.frozen = frozen.as_json(rows)
    run.created_at, run.created_by_id = now, actor.person_id if actor else None
    session.add(run)
    session.flush()
    stream = events.Stream("round", asked.round.public_id)
    happening = events.Happening("round.measured", run.created_by_id, now)
    events.record(session, stream, happening, {"run_id": run.run_id})
    return run
