"""What was published of the state before: what follows from the two, taken from each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.measures.models import MeasureRun, PooledRun
from cqi.measures.rules import frozen, tabulation
from cqi.measures.rules.frozen import Frozen
from cqi.reporting.models import ReportRow
from cqi.reporting.rules import merging
from cqi.reporting.rules.reports import Level, ReportState

_STANDS = (ReportState.PUBLISHED, ReportState.SUPERSEDED)


def hidden(
    session: orm.Session, now: Mapping[str, Frozen], codes: Collection[str], smallest: int
) -> frozenset[str]:
    """What may not be printed again of the sum over regions, as what those that changed since an
    earlier publication add to it would be a small number: components and items, kinds of cases and
    declared measures. `now` are the rows that are added up, by region; of a region that was added
    up before, the larger number counts."""
    cases = {region: _cases(rows, codes) for region, rows in now.items()}
    ids = {region: frozen.run_id(rows) for region, rows in now.items()}
    found: set[str] = set()
    for before in _published(session):
        changed = {region for region in {*before, *ids} if before.get(region) != ids.get(region)}
        then = _then(session, {r: before[r] for r in changed if r in before}, codes)
        for code in {key for one in (*cases.values(), *then.values()) for key in one}:
            parts = [
                max(each[region][code] if region in each else 0 for each in (cases, then))
                for region in changed
            ]
            if not merging.covers(parts, smallest):
                found.add(code)
    return frozenset(found)


def _published(session: orm.Session) -> Iterator[Mapping[str, str]]:
    """Region -> run, of each publication of the state."""
    query = (
        sa.select(PooledRun.runs)
        .join(ReportRow, ReportRow.approved_run == PooledRun.run_id)
        .where(ReportRow.level == Level.STATE, ReportRow.state.in_(_STANDS))
        .order_by(ReportRow.id)
    )
    for runs in session.scalars(query):
        yield runs["runs"]


def _then(
    session: orm.Session, runs: Mapping[str, str], codes: Collection[str]
) -> dict[str, Counter[str]]:
    query = sa.select(MeasureRun.run_id, MeasureRun.frozen)
    kept: dict[str, Any] = dict(
        session.execute(query.where(MeasureRun.run_id.in_(runs.values()))).all()
    )
    return {region: _cases(frozen.from_json(kept[id_]), codes) for region, id_ in runs.items()}


def _cases(rows: Frozen, codes: Collection[str]) -> Counter[str]:
    """What is counted -> applicable cases: components and items by their codes, kinds of cases and
    declared measures by `kind` and `declared`."""
    measures = [tabulation.Measure(code) for code in codes]
    made = tabulation.tabulate(rows.round, measures, [tabulation.WHOLE], rows.limits)
    found = Counter({row.measure.code: row.applicable for row in made})
    for case in rows.round.cases:
        found[kind(case.case_type)] += 1
        found.update(declared(id_) for id_ in case.process)
    return found


def kind(case_type: str) -> str:
    """What a kind of case is counted under."""
    return f"kind {case_type}"


def declared(id_: str) -> str:
    """What a declared measure is counted under."""
    return f"declared {id_}"
