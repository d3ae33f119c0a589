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
    found = sa.select(MeasureRun).where(MeasureRun.run_id == frozen.run_id(rows))
    happening = events.Happening("round.measured", actor.person_id if actor else None, now)
    return session.scalar(found) or _store(session, asked, rows, happening)


def _store(
    session: orm.Session, asked: queries.Asked, rows: frozen.Frozen, happening: events.Happening
) -> MeasureRun:
    run = MeasureRun(
        run_id=frozen.run_id(rows),
        formula_version=rows.formula_version,
        round_id=asked.round.id,
        compare_round_id=asked.baseline.id if asked.baseline else None,
        frozen=frozen.as_json(rows),
        created_at=happening.at,
        created_by_id=happening.actor_id,
    )
    session.add(run)
    session.flush()
    stream = events.Stream("round", asked.round.public_id)
    events.record(session, stream, happening, {"run_id": run.run_id})
    return run
