"""Did it work? A plan's goals held against the round that followed its own."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import intervals
from cqi.instruments.definition import Instrument
from cqi.measures import queries as measures
from cqi.measures.rules import findings, tabulation
from cqi.measures.rules.frozen import LeftOut
from cqi.places.models import Place
from cqi.places.rules import PlaceKind
from cqi.plans import rules
from cqi.plans.models import Goal, Plan
from cqi.plans.queries import records, sheets, standings
from cqi.reviews import queries as reviews
from cqi.rounds import queries as rounds
from cqi.rounds.models import Round
from cqi.settings import queries as settings
from cqi.settings import registry


@dataclass(frozen=True)
class Bar:
    """A share with its 95% interval, as the page's pictures want it."""

    achieved: int
    applicable: int
    low: float
    high: float


def _words(bar: Bar) -> str:
    reach = f"{bar.low * 100:.1f} to {bar.high * 100:.1f}%"
    return f"{bar.achieved} of {bar.applicable}, 95% interval {reach}"


@dataclass(frozen=True)
class Measured:
    """One goal: its baseline and result as bars, and what came of it.

    `percent` is False where there are too few cases for a percentage. `stands` is what a round
    found that began before the plan's approval: it says nothing of the plan.
    """

    goal: sheets.GoalRow
    title: str
    baseline: Bar | None
    result: Bar | None
    outcome: rules.Outcome | None
    percent: bool
    stands: Bar | None = None

    @property
    def target_words(self) -> str:
        """Where the target comes from."""
        return rules.TARGET_WORDS[self.goal.target.kind]

    def counted(self, bar: Bar | None) -> str:
        """ "21 of 58 (36.2%)", without the percentage where there are too few cases for one."""
        if bar is None:
            return ""
        said = f"{bar.achieved} of {bar.applicable}"
        return (
            f"{said} ({rules.percent(Fraction(bar.achieved, bar.applicable))})"
            if self.percent
            else said
        )

    @property
    def picture_words(self) -> str:
        """The picture in words, for those who do not see it."""
        said = [f"{name} {_words(bar)}" for name, bar in self._bars if bar]
        return f"{self.goal.measure}: {', '.join([*said, f'target {self.goal.target.percent}'])}"

    @property
    def _bars(self) -> tuple[tuple[str, Bar | None], ...]:
        return (("baseline", self.baseline), ("follow-up", self.result))


@dataclass(frozen=True)
class FollowUp:
    """The round that measures a plan's goals: it compares with the plan's round, and began after
    the plan's approval. `left` counts its reviews not final yet."""

    name: str
    left: int
    run_id: str


@dataclass(frozen=True)
class Outcomes:
    """A plan's goals against measured change. Without a finished follow-up, none has a result:
    `stands_in` then names the newest finished round from before the approval, where there is one.
    """

    baseline_round: str
    follow_up: FollowUp | None
    goals: tuple[Measured, ...]
    stands_in: str = ""

    @property
    def measured(self) -> bool:
        """True once a finished follow-up gives results."""
        return self.follow_up is not None and not self.follow_up.left


@dataclass(frozen=True)
class Baseline:
    """A component or item of the plan's round, with its count there."""

    component: str
    item: str | None
    title: str
    count: rules.Count

    @property
    def code(self) -> str:
        """The item's code, else the component's."""
        return self.item or self.component

    @property
    def words(self) -> str:
        """ "SRM05 Ongoing safety and risk assessment: 21 of 58"."""
        return f"{self.code} {self.title}: {self.count.achieved} of {self.count.applicable}"


def outcomes(
    session: orm.Session, plan: sheets.PlanSheet | Plan, limits: findings.Limits
) -> Outcomes:
    """What the newest round that began after a plan's approval says about its goals."""
    own = session.get_one(Round, plan.round_id)
    titles = measure_titles(rounds.instrument_of(own))
    later = _follow_up(session, plan)
    found = _measures(session, later, limits, plan.place_id) if later else None
    follow_up = _summary(later, found) if later and found else None
    usable = found if follow_up and not follow_up.left else None
    earlier = None if usable or plan.approved_on is None else _earlier(session, plan)
    before = _measures(session, earlier, limits, plan.place_id) if earlier else None
    goals = tuple(
        replace(
            _measured(goal, titles[goal.measure], usable, limits),
            stands=bar(_result(goal.measure, before)),
        )
        for goal in map(_row, plan.goals)
    )
    return Outcomes(own.name, follow_up, goals, earlier.name if earlier else "")


def of_goal(session: orm.Session, goal: Goal, limits: findings.Limits) -> Outcomes:
    """The same of one goal alone."""
    found = outcomes(session, goal.plan, limits)
    only = tuple(one for one in found.goals if one.goal.position == goal.position)
    return replace(found, goals=only)


def _row(goal: sheets.GoalRow | Goal) -> sheets.GoalRow:
    return sheets.goal_row(goal) if isinstance(goal, Goal) else goal


def limits(session: orm.Session, today: dt.date) -> findings.Limits:
    """From how many cases on words and percentages stand, as the settings say it on a day."""
    smallest = settings.number(session, registry.SMALLEST_N, today)
    return findings.Limits(smallest, settings.number(session, registry.WIDEST_REACH, today))


@dataclass(frozen=True)
class InShort:
    """How the goals of one plan stand against measured change, in a sentence."""

    public_id: uuid.UUID
    name: str
    words: str


_SHORT = 5  # plans that a first page holds against measured change


def in_short(
    session: orm.Session, lines: Sequence[standings.PlanLine], today: dt.date
) -> tuple[InShort, ...]:
    """Of each plan, how many goals are met; () for somebody with more plans than a glance takes."""
    if not 0 < len(lines) <= _SHORT:
        return ()
    goals: dict[int, list[Goal]] = {one.plan_id: [] for one in lines}
    query = sa.select(Goal).where(Goal.plan_id.in_(list(goals)), Goal.dropped_at.is_(None))
    for goal in session.scalars(query.order_by(Goal.position)):
        goals[goal.plan_id].append(goal)
    said = limits(session, today)
    return tuple(
        InShort(one.public_id, one.name, _in_short(session, one, goals[one.plan_id], said))
        for one in lines
    )


def _in_short(
    session: orm.Session,
    line: standings.PlanLine,
    goals: Sequence[Goal],
    limits: findings.Limits,
) -> str:
    """ "2 of 4 goals met, by the follow-up round", or why nobody can say yet."""
    number = f"{len(goals)} goal{'' if len(goals) == 1 else 's'}"
    later = _follow_up(session, line)
    if later is None:
        return f"{number}; the round that shows the change has not taken place yet."
    found = _measures(session, later, limits, line.place_id)
    if _summary(later, found).left:
        return f"{number}; {later.name} is under way."
    met = sum(_is_met(goal, found) for goal in goals)
    return f"{met} of {number} met, by {later.name}."


def goals_met(session: orm.Session, plan: Plan, limits: findings.Limits) -> bool | None:
    """Whether every goal of a plan is met; None until a finished round says."""
    later = _follow_up(session, plan)
    found = _measures(session, later, limits, plan.place_id) if later else None
    if later is None or found is None or _summary(later, found).left:
        return None
    return all(_is_met(goal, found) for goal in plan.goals)


def _is_met(goal: Goal, found: tabulation.Measures) -> bool:
    measure = goal.item or goal.component
    if not found.frozen.compares(measure):
        return False
    baseline = rules.Count(goal.baseline_achieved, goal.baseline_applicable)
    aim = rules.target(baseline, goal.negotiated_target)
    held = rules.outcome(baseline, aim, _count(found.row(measure)), None)
    return held is not None and held.met is rules.Met.MET


def measure_titles(instrument: Instrument) -> Mapping[str, str]:
    """Titles of components and items by code."""
    components = {each.code: each.title for each in instrument.components}
    return components | {item.code: item.title for item in instrument.items}


_Plan = sheets.PlanSheet | standings.PlanLine | Plan


def _follow_up(session: orm.Session, plan: _Plan) -> Round | None:
    """The newest finished round that compares with a plan's own and began after its approval; where
    none is, the newest under way. A round from before tells nothing of what the plan did."""
    if plan.approved_on is None:
        return None
    found = _compared(session, plan, Round.on_site_from > plan.approved_on)
    finished = reviews.finished(session, [one.id for one in found]) if len(found) > 1 else ()
    return next((one for one in found if one.id in finished), found[0] if found else None)


def _earlier(session: orm.Session, plan: _Plan) -> Round | None:
    """The newest finished round that compares with a plan's own, and began before its approval."""
    found = _compared(session, plan, Round.on_site_from <= plan.approved_on)
    finished = reviews.finished(session, [one.id for one in found]) if found else ()
    return next((one for one in found if one.id in finished), None)


def _compared(session: orm.Session, plan: _Plan, when: sa.ColumnElement[bool]) -> list[Round]:
    query = sa.select(Round).where(*records.compares(Round, plan.round_id), when)
    return list(session.scalars(query.order_by(Round.on_site_from.desc(), Round.id.desc())))


def county_code(session: orm.Session, place_id: int) -> str:
    """The code that a county's cases bear; empty for a region, whose plan rests on all cases."""
    place = session.get_one(Place, place_id)
    return place.code if place.kind is PlaceKind.COUNTY else ""


def _measures(
    session: orm.Session, later: Round, limits: findings.Limits, place_id: int
) -> tabulation.Measures:
    named = records.named_items(session, later)
    asked = measures.asked_of(later, named_items=named, limits=limits)
    rows = measures.freeze(session, asked)
    return tabulation.measure(rows, county=county_code(session, place_id))


def _summary(later: Round, found: tabulation.Measures) -> FollowUp:
    left = sum(one.why is LeftOut.NOT_FINAL for one in found.frozen.round.outside)
    return FollowUp(later.name, left or (0 if found.frozen.round.cases else 1), found.run_id)


def _measured(
    goal: sheets.GoalRow,
    title: str,
    found: tabulation.Measures | None,
    limits: findings.Limits,
) -> Measured:
    result = _result(goal.measure, found)
    compared = found.comparison(goal.measure) if found else None
    change = compared.finding if compared else None
    smallest = min(goal.baseline.applicable, result.applicable or goal.baseline.applicable)
    return Measured(
        goal,
        title,
        bar(goal.baseline),
        bar(result),
        rules.outcome(goal.baseline, goal.target, result, change),
        smallest >= limits.smallest_n,
    )


def _result(measure: str, found: tabulation.Measures | None) -> rules.Count:
    if found is None or not found.frozen.compares(measure):
        return rules.Count(0, 0)
    return _count(found.row(measure))


def _count(row: tabulation.MeasureRow) -> rules.Count:
    return rules.Count(row.achieved, row.applicable)


def bar(count: rules.Count) -> Bar | None:
    """A count as a bar; None without cases."""
    if not count.applicable:
        return None
    interval = intervals.wilson(count.achieved, count.applicable)
    return Bar(count.achieved, count.applicable, interval.low, interval.high)
