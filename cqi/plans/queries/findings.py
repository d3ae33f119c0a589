"""A plan's findings as its page shows them, with who decided what."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import orm

from cqi.access import queries as access
from cqi.core import errors
from cqi.measures.rules.findings import Pair
from cqi.plans import rules
from cqi.plans.models import Plan, PlanFinding
from cqi.plans.policy.findings import Standing
from cqi.plans.queries import figures, outcomes
from cqi.plans.rules.findings import (
    DECISION_WORDS,
    FACTOR_WORDS,
    KIND_WORDS,
    FindingDecision,
    FindingKind,
)


@dataclass(frozen=True)
class Change:
    """What became of a measure since the round compared with, in points with their interval."""

    before: str
    words: str
    finding: str


@dataclass(frozen=True)
class FindingRow:
    """A finding with its figures and with what was said of it. `into` is the number of the one
    that it merged into, `holds` are those that merged into it, `goals` those that answer it.
    `corrected` is what the plan's newer report says, where the finding keeps older figures."""

    position: int
    kind: FindingKind
    about: str
    code: str | None
    title: str
    words: str
    bar: outcomes.Bar | None
    percent: bool
    interval: str
    change: Change | None
    decision: FindingDecision
    reason: str
    into: int | None
    holds: tuple[int, ...]
    goals: tuple[int, ...]
    said_by: str
    revision: int
    corrected: str = ""

    @property
    def decision_words(self) -> str:
        """ "To decide", "Accepted", "Merged", "Declined"."""
        return DECISION_WORDS[self.decision]

    @property
    def decided(self) -> bool:
        """Whether somebody said what becomes of it."""
        return self.decision is not FindingDecision.PROPOSED

    @property
    def settled(self) -> bool:
        """Whether nothing of it is left to do: merged or declined."""
        return self.decided and self.decision is not FindingDecision.ACCEPTED

    @property
    def open(self) -> bool:
        """Whether it keeps the plan from being submitted."""
        if self.kind is FindingKind.STRENGTH:
            return False
        accepted = self.decision is FindingDecision.ACCEPTED
        return not self.decided or (accepted and not self.goals)


def rows(session: orm.Session, plan: Plan, today: rules.Today) -> tuple[FindingRow, ...]:
    """All findings of a plan, in their order."""
    smallest = outcomes.limits(session, today.day).smallest_n
    names = access.people_names(
        session, {one.decided_by_id for one in plan.findings if one.decided_by_id}
    )
    newer, standing_ = _newer(session, plan, today.day), standing(plan)
    holds: dict[int | None, list[int]] = defaultdict(list)
    for one in standing_.values():
        holds[one.into].append(one.position)
    found = (
        _row(one, standing_[one.position], tuple(holds[one.position]), names, (today, smallest))
        for one in plan.findings
    )
    return tuple(replace(one, corrected=newer.get(one.position, "")) for one in found)


def _newer(session: orm.Session, plan: Plan, today: dt.date) -> dict[int, str]:
    """By number of a finding: what the plan's report says otherwise than its kept figures."""
    runs = {one.run for one in plan.findings if one.run}
    run = figures.kept_run(session, plan) if plan.publication_id and runs else None
    if run is None or runs == {run.run_id}:
        return {}
    measured = {one.code: one for one in figures.figures(session, plan, run, today).measured}
    return {
        one.position: f"{now.achieved} of {now.applicable}"
        for one in plan.findings
        if one.run != run.run_id
        and (now := measured.get(one.code or ""))
        and now.figures() != one.figures
    }


def standing(plan: Plan) -> dict[int, Standing]:
    """What the policy asks about each finding, by number."""
    numbers = {one.id: one.position for one in plan.findings}
    goals: dict[int | None, list[int]] = defaultdict(list)
    for goal in plan.goals:
        goals[goal.finding_id].append(goal.position)
    return {
        one.position: Standing(
            one.position,
            one.decision,
            one.reason or "",
            numbers[one.merged_into_id] if one.merged_into_id else None,
            tuple(goals[one.id]),
            one.revision,
        )
        for one in plan.findings
    }


def finding(plan: Plan, position: int) -> PlanFinding:
    """One of a plan's findings by its number. Raises NotFound."""
    for one in plan.findings:
        if one.position == position:
            return one
    raise errors.NotFound("there is no such finding")


def _row(
    one: PlanFinding,
    its: Standing,
    holds: tuple[int, ...],
    names: Mapping[int, str],
    shown: tuple[rules.Today, int],
) -> FindingRow:
    today, smallest = shown
    kept = one.figures
    count = rules.Count(kept.get("achieved", 0), kept.get("applicable", 0))
    bar = outcomes.bar(count)
    percent = count.applicable >= smallest
    return FindingRow(
        one.position,
        one.kind,
        FACTOR_WORDS[one.factor] if one.factor else KIND_WORDS[one.kind],
        one.code,
        one.title,
        one.words,
        bar,
        percent,
        f"{bar.low * 100:.1f} to {bar.high * 100:.1f}%" if bar and percent else "",
        _change(kept, count),
        one.decision,
        its.reason,
        its.into,
        holds,
        its.goals,
        _said_by(one.decided_at, names.get(one.decided_by_id or 0, ""), today),
        one.revision,
    )


def _said_by(at: dt.datetime | None, name: str, today: rules.Today) -> str:
    return f"{name}, {today.words(at)}" if at else ""


def _change(kept: Mapping[str, object], now: rules.Count) -> Change | None:
    before = kept.get("before")
    if not isinstance(before, list):
        return None
    pair = Pair(before[0], before[1], now.achieved, now.applicable)
    interval = pair.interval()
    points = (pair.k1 / pair.n1 - pair.k0 / pair.n0) * 100
    reach = f"{interval.low * 100:+.1f} to {interval.high * 100:+.1f}"
    return Change(
        f"{pair.k0} of {pair.n0}",
        f"{points:+.1f} points ({reach})",
        str(kept.get("word", "")),
    )
