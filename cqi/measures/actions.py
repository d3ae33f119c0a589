"""Freezing a run, so that anybody can make its figures again; keeping the counts of rounds."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import events
from cqi.measures import queries
from cqi.measures.models import KeptRatings, KeptReviews, MeasureRun, PooledRun, Rollup
from cqi.measures.queries import pools, tallies
from cqi.measures.rules import frozen, pooled
from cqi.places.models import Place
from cqi.places.rules import PlaceKind
from cqi.rounds.models import RESULTS_STAMP, Round


def freeze_run(
    session: orm.Session, asked: queries.Asked, *, actor: Actor | None, now: dt.datetime
) -> MeasureRun:
    """Store the frozen rows of a run once: the same data give the same row again.

    `actor` None is the command line.
    """
    keep_counts(session, [one.id for one in (asked.round, asked.baseline) if one], now=now)
    rows = queries.freeze(session, asked)
    found = sa.select(MeasureRun).where(MeasureRun.run_id == frozen.run_id(rows))
    happening = events.Happening("round.measured", actor.person_id if actor else None, now)
    return session.scalar(found) or _store(session, asked, rows, happening)


@dataclass(frozen=True)
class Kept:
    """Figures that are frozen: their run id, and the runs of rounds that they rest on."""

    run_id: str
    runs: tuple[MeasureRun, ...]


def freeze(
    session: orm.Session,
    asked: queries.Asked | pools.AskedPool,
    *,
    actor: Actor | None,
    now: dt.datetime,
) -> Kept:
    """Store the run of a round, or those of a state's regions with the run that adds them up."""
    if isinstance(asked, queries.Asked):
        run = freeze_run(session, asked, actor=actor, now=now)
        return Kept(run.run_id, (run,))
    every = asked.every.items()
    runs = {region: freeze_run(session, one, actor=actor, now=now) for region, one in every}
    content = {
        "runs": {region: runs[region].run_id for region in asked.added},
        "beside": {region: runs[region].run_id for region in asked.beside},
    }
    run_id = pooled.run_id(**content)
    if session.scalar(sa.select(PooledRun.id).where(PooledRun.run_id == run_id)) is None:
        by = actor.person_id if actor else None
        session.add(
            PooledRun(
                run_id=run_id, formula_version=frozen.FORMULA_VERSION, name=asked.name,
                runs=content, created_at=now, created_by_id=by,
            )
        )  # fmt: skip
        session.flush()
    return Kept(run_id, tuple(runs.values()))


def keep_counts(session: orm.Session, ids: Collection[int], *, now: dt.datetime) -> int:
    """Count these rounds and keep the counts, but those whose kept counts hold; how many.

    The stamp is read before anything is counted, under a lock that keeps two from counting at
    once: whatever changes afterwards moves it on, and the counts hold no more.
    """
    stale = sorted(set(ids) - tallies.holding(session, ids))
    for round_id in stale:
        locked = sa.select(RESULTS_STAMP).where(Round.id == round_id)
        stamp = session.scalars(locked.with_for_update(key_share=True)).one()
        _keep(session, session.get_one(Round, round_id), stamp, now)
    return len(stale)


def _keep(session: orm.Session, one: Round, stamp: int, now: dt.datetime) -> None:
    for table in (KeptRatings, KeptReviews, Rollup):
        session.execute(sa.delete(table).where(table.round_id == one.id))
    ratings = tallies.plain_ratings([one.id]).subquery()
    names = ("round_id", "county_id", "case_type", "code", "rating", "overridden", "number")
    counted = sa.select(*(Place.id if n == "county_id" else ratings.c[n] for n in names))
    of_county = sa.and_(Place.code == ratings.c.county, Place.kind == PlaceKind.COUNTY)
    counted = counted.join(Place, of_county)
    session.execute(sa.insert(KeptRatings).from_select(names, counted))
    _keep_reviews(session, one)
    session.add(Rollup(round_id=one.id, stamp=stamp, made_at=now))
    session.flush()


def _keep_reviews(session: orm.Session, one: Round) -> None:
    counts: Counter[tuple[str, str, str | None, bool]] = Counter()
    for _, group, tally in tallies.reviews_of(session, [one]):
        why = tally.why.value if tally.why else None
        counts[group.place or "", group.case_type or "", why, tally.imported] += tally.number
    by_code = sa.select(Place.code, Place.id).where(
        Place.kind == PlaceKind.COUNTY, Place.code.in_({county for county, *_ in counts})
    )
    ids = dict(session.execute(by_code).all())
    session.add_all(
        KeptReviews(
            round_id=one.id, county_id=ids[county], case_type=case_type, why=why,
            imported=imported, number=number,
        )
        for (county, case_type, why, imported), number in counts.items()
    )  # fmt: skip


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
