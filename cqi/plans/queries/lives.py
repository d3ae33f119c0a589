"""The life of one plan: what it rests on, what moved it, and what keeps it from its next move."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.actor import Actor
from cqi.measures.models import Publication
from cqi.plans import policy, rules
from cqi.plans.models import Plan
from cqi.plans.queries import dropped, due, findings, notes, outcomes, progress, records, sheets
from cqi.plans.rules import DONE_STEPS, DRAFTING, ENDED, IN_FORCE, UNDECIDED, PlanState
from cqi.plans.rules import due as clocks
from cqi.plans.rules.findings import FindingDecision
from cqi.plans.workflow import PlanMove
from cqi.ui import dates


@dataclass(frozen=True)
class Moved:
    """A move of a plan: what happened, who did it and when, and what was said."""

    what: str
    by: str
    when: str
    words: str


@dataclass(frozen=True)
class Left:
    """Something that keeps a draft from being submitted; `place` says where it is mended, `key` is
    the public id of the step or the goal that is changed there."""

    words: str
    place: str
    key: uuid.UUID | None = None


@dataclass(frozen=True)
class Other:
    """Another plan that this one's place was taken from, or that took its place."""

    public_id: uuid.UUID
    name: str


@dataclass(frozen=True)
class Life:
    """What stands around a plan's outline. `past` are dates of a submitted one that have passed;
    `unsent`: how many progress reports of a plan that has ended were never sent; `corrected_on`:
    a draft rests on a report that was put right on that day; `targets_stand` says why a target
    can no longer be changed."""

    report: str
    history: tuple[Moved, ...]
    left: tuple[Left, ...]
    past: tuple[str, ...]
    decision: clocks.Deadline | None
    supersedes: Other | None
    superseded_by: Other | None
    findings: tuple[findings.FindingRow, ...]
    notes: notes.Notes
    unsent: int
    dropped: tuple[dropped.Dropped, ...]
    corrected_on: dt.date | None
    targets_stand: str


def plan(
    session: orm.Session, actor: Actor, public_id: uuid.UUID, today: rules.Today
) -> tuple[sheets.PlanSheet, Life]:
    """A plan's sheet with its life. Raises NotFound.

    Whether its goals are met is asked only where all steps of a plan in force are done.
    """
    one = records.plan(session, actor, public_id)
    sheet = sheets.sheet_of(session, one, actor, today)
    if one.state in IN_FORCE and all(step.state in DONE_STEPS for step in sheet.steps):
        met = outcomes.goals_met(session, one, outcomes.limits(session, today.day))
        facts = replace(records.plan_facts(one, today.day), goals_met=met)
        sheet = replace(sheet, moves=policy.plan_moves(facts, actor))
    return sheet, _life(session, one, actor, today)


def _life(session: orm.Session, one: Plan, actor: Actor, today: rules.Today) -> Life:
    took = sa.select(Plan).where(Plan.supersedes_id == one.id, Plan.approved_on.is_not(None))
    report = session.get(Publication, one.publication_id) if one.publication_id else None
    old = session.get(Plan, one.supersedes_id) if one.supersedes_id else None
    submitted = one.state is PlanState.SUBMITTED
    newer = due.correction(session, one) if one.state in UNDECIDED else None
    return Life(
        report.title if report else "",
        tuple(_history(session, one, today)),
        tuple(_left(one, actor, today.day)) if one.state in DRAFTING else (),
        tuple(each.words for each in records.past(one, today.day)) if submitted else (),
        due.decision_due(session, one, today),
        _other(old),
        _other(session.scalar(took.order_by(Plan.id).limit(1))),
        findings.rows(session, one, today) if one.findings else (),
        notes.notes(session, one, today),
        _unsent(session, one, today) if one.state in ENDED else 0,
        dropped.dropped(session, one, today),
        today.day_of(newer.published_at) if newer else None,
        _targets_stand(session, one, today.day) if one.state in IN_FORCE else "",
    )


def _targets_stand(session: orm.Session, one: Plan, today: dt.date) -> str:
    later = records.measured_by(session, one, today)
    if later is None:
        return ""
    return f"Targets stand since {dates.full_day(later.on_site_from)}: {later.name} measures them."


def _unsent(session: orm.Session, one: Plan, today: rules.Today) -> int:
    return sum(line.sent_at is None for line in progress.lines(session, one, today))


def _other(one: Plan | None) -> Other | None:
    return Other(one.public_id, one.name) if one else None


def _history(session: orm.Session, one: Plan, today: rules.Today) -> Iterator[Moved]:
    ids = {key for key in (one.created_by_id, *(entry.by_id for entry in one.entries)) if key}
    names = access.people_names(session, ids)
    yield Moved("Begun as a draft", _by(names, one.created_by_id), today.words(one.created_at), "")
    for entry in one.entries:
        what, by = _MOVED[PlanMove(entry.move)], _by(names, entry.by_id)
        yield Moved(what, by, today.words(entry.at), entry.words)


def _by(names: dict[int, str], person_id: int | None) -> str:
    return names[person_id] if person_id else ""


def _left(one: Plan, actor: Actor, today: dt.date) -> Iterator[Left]:
    """Every reason why a draft cannot be submitted yet."""
    facts = records.plan_facts(one)  # its dates are named one by one
    for blocker in policy.plan_blockers(PlanMove.SUBMIT, facts, actor):
        if blocker.code == "findings_open":
            yield Left(blocker.message, "findings")
        elif blocker.code not in ("no_steps", "goal_without_finding"):
            yield Left(blocker.message, "")
    if not one.goals:
        yield _first_goal(one, facts)
    for number in facts.goals_without_finding:
        words = "answers no accepted finding: change it and choose one, or add one under Findings."
        yield Left(f"Goal {number} {words}", f"goal-{number}")
    for goal in records.goals_without_steps(one):
        words = "needs a strategy with at least one step, with an owner and a due date."
        yield Left(f"Goal {goal.position} {words}", f"goal-{goal.position}")
    for past in records.past(one, today):
        words = f"{past.words}: give it a day that is still to come."
        yield Left(words, "step" if past.step else "measured", past.key)


def _first_goal(one: Plan, facts: policy.PlanFacts) -> Left:
    """What comes before the first goal: a finding that it can answer."""
    accepted = any(each.decision is FindingDecision.ACCEPTED for each in one.findings)
    if accepted or facts.findings_open:
        return Left("There is no goal yet: add one.", "goal")
    words = "There is no finding to answer yet: accept one, or add one by hand. A goal answers it."
    return Left(words, "findings")


_MOVED = {
    PlanMove.SUBMIT: "Submitted",
    PlanMove.WITHDRAW: "Withdrawn",
    PlanMove.RETURN: "Returned",
    PlanMove.APPROVE: "Approved",
    PlanMove.BEGIN: "Work begun",
    PlanMove.COMPLETE: "Completed",
    PlanMove.CLOSE_UNMET: "Closed with unmet goals",
    PlanMove.SUPERSEDE: "Superseded",
}
