"""A state's run: the runs of its regions, added up, stored and worked out again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import errors
from cqi.measures import queries
from cqi.measures.models import MeasureRun, PooledRun
from cqi.measures.queries import Asked
from cqi.measures.rules import frozen, pooled, tabulation


@dataclass(frozen=True)
class AskedPool:
    """What is asked of the measures for a state: by the names of its regions what is `added` up,
    and what stands `beside` that."""

    name: str
    added: Mapping[str, Asked]
    beside: Mapping[str, Asked] = field(default_factory=dict)

    @property
    def every(self) -> dict[str, Asked]:
        """All of them, by region."""
        return {**self.added, **self.beside}


def stored(session: orm.Session, run_id: str) -> MeasureRun | PooledRun:
    """A stored run of a round or of a state, by its id or the first characters of it. Raises
    NotFound, BadInput."""
    found: list[MeasureRun | PooledRun] = []
    found += queries.begins_with(session, MeasureRun, run_id)
    found += queries.begins_with(session, PooledRun, run_id)
    return queries.named(run_id, found)


def figures_of(
    session: orm.Session,
    run: MeasureRun | PooledRun,
    by: tabulation.By | None = None,
    *,
    overrides: bool = True,
) -> tabulation.Measures:
    """A stored run's figures, worked out again from its frozen rows; a state's from those of its
    regions. Raises BadInput as `queries.figures_of` does."""
    if isinstance(run, MeasureRun):
        return queries.figures_of(run, by, overrides=overrides)
    kept = {one.run_id: one for one in members(session, run)}
    for each in kept.values():
        queries.figures_of(each)
    added = {
        region: frozen.from_json(kept[run_id].frozen)
        for region, run_id in sorted(run.runs["runs"].items())
    }
    again = pooled.measure(run.name, added, run.runs["beside"], by, overrides=overrides)
    if again.run_id != run.run_id:
        message = f"the runs of run {run.run_id} make another id"
        raise errors.BadInput(f"{message}: they were changed after they were stored")
    return again


def members(session: orm.Session, run: PooledRun) -> list[MeasureRun]:
    """The regions' runs behind a state's. Raises BadInput where one is missing."""
    ids = {*run.runs["runs"].values(), *run.runs["beside"].values()}
    query = sa.select(MeasureRun).where(MeasureRun.run_id.in_(ids)).order_by(MeasureRun.round_id)
    found = list(session.scalars(query))
    if len(found) != len(ids):
        raise errors.BadInput(f"a region's run of run {run.run_id} is not in this database")
    return found


def changed_since(session: orm.Session, run_id: str, asked: Asked | AskedPool) -> str:
    """In words, what changed under a stored run; a state's region by region."""
    run = stored(session, run_id)
    if isinstance(run, MeasureRun):
        return queries.changes_since(session, run, asked).words if isinstance(asked, Asked) else ""
    now = asked.every if isinstance(asked, AskedPool) else {}
    return "; ".join(_changed(session, run, now))


def _changed(session: orm.Session, run: PooledRun, now: Mapping[str, Asked]) -> Iterator[str]:
    kept = {one.run_id: one for one in members(session, run)}
    then = {region: kept[id_] for group in run.runs.values() for region, id_ in group.items()}
    for region in sorted({*then, *now}):
        before, asked = then.get(region), now.get(region)
        if before is None or asked is None or before.round_id != asked.round.id:
            yield f"{region}: another round is its newest"
        elif (found := queries.changes_since(session, before, asked)).any:
            yield f"{region}: {found.words}"
