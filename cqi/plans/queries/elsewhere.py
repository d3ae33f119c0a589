"""What worked elsewhere: strategies of other places that moved the same measure.

Everybody who leads or follows a plan may see them, wherever they are: they rest on published
reports alone, and on enough cases to be published (`measures.smallest_published_n`). Figures are
worked out again from the frozen run of the publication.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.measures import queries as measures
from cqi.measures.models import MeasureRun, Publication, PublicationRun
from cqi.measures.rules import findings, tabulation
from cqi.places import queries as places
from cqi.plans import rules
from cqi.plans.models import Goal, Plan, Strategy
from cqi.plans.queries import outcomes, records
from cqi.plans.rules import DONE_STEPS, Met, StepState
from cqi.rounds import queries as rounds
from cqi.rounds.models import Round
from cqi.settings import queries as settings
from cqi.settings import registry


@dataclass(frozen=True)
class Way:
    """A strategy of another place. `verified` and `steps` count its steps that were not dropped."""

    title: str
    why: str
    evidence: str
    verified: int
    steps: int


@dataclass(frozen=True)
class Moved:
    """A goal of another place that was met, or whose measure improved, with its strategies.

    `run` is the id of the frozen run, `published_on` the report's day.
    """

    measure: str
    place: str
    goal: str
    baseline: rules.Count
    result: rules.Count
    met: bool
    improved: bool
    report: str
    run: str
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class Elsewhere:
    """What moved a measure in other places; `moved` may be empty."""

    code: str
    title: str
    moved: tuple[Moved, ...]


def elsewhere(
    session: orm.Session, plan: Plan, today: rules.Today, codes: Iterable[str] = ()
) -> tuple[Elsewhere, ...]:
    """For each measure of a plan's goals (or those asked for): what moved it in other places."""
    own = session.get_one(Round, plan.round_id)
    wanted = list(dict.fromkeys(codes or (goal.item or goal.component for goal in plan.goals)))
    least = settings.number(session, registry.SMALLEST_PUBLISHED_N, today.day)
    found = list(_moved(session, plan, own, wanted, least))
    titles = outcomes.measure_titles(rounds.instrument_of(own))
    return tuple(
        Elsewhere(code, titles[code], tuple(one for one in found if one.measure == code))
        for code in wanted
    )


def codes(session: orm.Session, plan: Plan) -> Collection[str]:
    """What can be asked for: the items and components of the plan's instrument."""
    own = session.get_one(Round, plan.round_id)
    return outcomes.measure_titles(rounds.instrument_of(own)).keys()


def _moved(
    session: orm.Session, plan: Plan, own: Round, codes: Collection[str], least: int
) -> Iterator[Moved]:
    goals = _goals(session, plan, own, codes)
    published = _published(session, {goal.plan_id for goal in goals})
    names = places.names(session, {goal.plan.place_id for goal in goals})
    for goal in goals:
        if goal.plan_id not in published:
            continue
        title, found = published[goal.plan_id]
        one = _held(goal, found, least)
        if one is None:
            continue
        result, met, improved = one
        yield Moved(
            goal.item or goal.component,
            names[goal.plan.place_id],
            goal.title,
            _baseline(goal),
            result,
            met,
            improved,
            title,
            found.run_id,
            tuple(map(_way, goal.strategies)),
        )


def _goals(session: orm.Session, plan: Plan, own: Round, codes: Collection[str]) -> list[Goal]:
    """Goals of approved plans of other places for these measures of the same instrument."""
    query = (
        sa.select(Goal)
        .join(Goal.plan)
        .join(Round, Round.id == Plan.round_id)
        .where(
            sa.func.coalesce(Goal.item, Goal.component).in_(codes),
            Plan.approved_on.is_not(None),
            Goal.dropped_at.is_(None),
            Plan.place_id != plan.place_id,
            Round.instrument == own.instrument,
        )
        .options(
            orm.contains_eager(Goal.plan),
            orm.selectinload(Goal.strategies).selectinload(Strategy.steps),
        )
        .order_by(Plan.id, Goal.position)
    )
    return list(session.scalars(query).unique())


def _published(
    session: orm.Session, plan_ids: Collection[int]
) -> Mapping[int, tuple[str, tabulation.Measures]]:
    """By plan: title and figures of the newest published report of a round that measures it. A
    county's goals rest on its own cases: its region's report says nothing of them."""
    later = orm.aliased(Round)
    query = (
        sa.select(Plan.id, Publication.title, MeasureRun)
        .join(later, sa.and_(*records.compares(later, Plan.round_id)))
        .join(MeasureRun, MeasureRun.round_id == later.id)
        .join(PublicationRun, PublicationRun.run_id == MeasureRun.id)
        .join(Publication, Publication.id == PublicationRun.publication_id)
        .where(
            Plan.id.in_(plan_ids),
            later.on_site_from > Plan.approved_on,
            Publication.level == "region",
            Publication.place_id == Plan.place_id,
        )
        .order_by(later.on_site_from, Publication.published_at, Publication.id)
    )
    newest = {plan: (title, run) for plan, title, run in session.execute(query)}
    figures = {run.id: measures.figures_of(run) for _, run in newest.values()}
    return {plan: (title, figures[run.id]) for plan, (title, run) in newest.items()}


def _held(
    goal: Goal, found: tabulation.Measures, least: int
) -> tuple[rules.Count, bool, bool] | None:
    """(result, met, improved) of a goal that was met or improved on enough cases; else None."""
    code, baseline = goal.item or goal.component, _baseline(goal)
    if not found.frozen.compares(code):
        return None
    row, compared = found.row(code), found.comparison(code)
    result = rules.Count(row.achieved, row.applicable)
    if min(result.applicable, baseline.applicable) < least:
        return None
    word = compared.finding if compared else None
    aim = rules.target(baseline, goal.negotiated_target)
    held = rules.outcome(baseline, aim, result, word)
    met = held is not None and held.met is Met.MET
    improved = word is findings.Finding.IMPROVED
    return (result, met, improved) if met or improved else None


def _baseline(goal: Goal) -> rules.Count:
    return rules.Count(goal.baseline_achieved, goal.baseline_applicable)


def _way(one: Strategy) -> Way:
    kept = [step for step in one.steps if step.state is not StepState.DROPPED]
    done = sum(step.state in DONE_STEPS for step in kept)
    return Way(one.title, one.why or "", one.evidence or "", done, len(kept))
