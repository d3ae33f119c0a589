"""The frozen figures that a plan rests on: those of its published report, else of a run of its own.

A county's plan rests on the county's cases in the same run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.measures import queries as measures
from cqi.measures.models import MeasureRun, PublicationRun
from cqi.measures.rules import findings as words
from cqi.measures.rules import frozen, tabulation
from cqi.plans import rules
from cqi.plans.models import Plan
from cqi.plans.queries import outcomes, records
from cqi.plans.queries.outcomes import Baseline
from cqi.plans.rules.findings import Measured
from cqi.rounds import queries as rounds
from cqi.rounds.models import Round

_SAID = (words.Finding.IMPROVED, words.Finding.DECLINED, words.Finding.NO_CLEAR_CHANGE)


def kept_run(session: orm.Session, plan: Plan) -> MeasureRun | None:
    """The run that a plan's figures stand in: its report's, else the one of its first finding or
    goal; None where there is none yet, or where other formulas made it."""
    of = [one.run for one in plan.findings] + [one.baseline_run for one in plan.goals]
    named = next((one for one in of if one), None)
    query = sa.select(MeasureRun).where(MeasureRun.run_id == named)
    if plan.publication_id is not None:
        query = (
            sa.select(MeasureRun)
            .join(PublicationRun, PublicationRun.run_id == MeasureRun.id)
            .where(
                PublicationRun.publication_id == plan.publication_id,
                MeasureRun.round_id == plan.round_id,
            )
        )
    return session.scalar(query.where(MeasureRun.formula_version == frozen.FORMULA_VERSION))


def asked(session: orm.Session, plan: Plan, today: dt.date) -> measures.Asked:
    """What a run of a plan's own asks for."""
    own = session.get_one(Round, plan.round_id)
    named = records.named_items(session, own)
    return measures.asked_of(own, named_items=named, limits=outcomes.limits(session, today))


def figures(session: orm.Session, plan: Plan, run: MeasureRun | None, today: dt.date) -> Figures:
    """What the rows of a run say about a plan's place; without a run, as reviews stand now."""
    rows = (
        frozen.from_json(run.frozen)
        if run
        else measures.freeze(session, asked(session, plan, today))
    )
    county = outcomes.county_code(session, plan.place_id)
    instrument = rounds.instrument_of(session.get_one(Round, plan.round_id))
    return Figures(tabulation.measure(rows, county=county), outcomes.measure_titles(instrument))


class Figures:
    """Counts and changes of components and items, with their titles."""

    def __init__(self, found: tabulation.Measures, titles: Mapping[str, str]) -> None:
        self._found, self._titles = found, titles

    @property
    def measured(self) -> tuple[Measured, ...]:
        """Each component, followed by its items."""
        return tuple(self._one(row) for row in self._found.rows)

    def title(self, code: str) -> str:
        """What a component or item is called."""
        return self._titles[code]

    @property
    def baselines(self) -> tuple[Baseline, ...]:
        """The same for choosing what a goal or a finding is about."""
        return tuple(
            Baseline(
                row.measure.component,
                row.measure.item,
                self._titles[row.measure.code],
                rules.Count(row.achieved, row.applicable),
            )
            for row in self._found.rows
        )

    def _one(self, row: tabulation.MeasureRow) -> Measured:
        change = self._found.comparison(row.measure.code)
        shown = change is not None and change.shown
        said = change.finding if change and change.finding in _SAID else None
        return Measured(
            row.measure.code,
            row.achieved,
            row.applicable,
            change.pair if change and shown else None,
            said.value if said else "",
        )
