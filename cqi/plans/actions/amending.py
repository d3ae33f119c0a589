"""Changes of a plan in force: asked for with a reason, granted, refused or withdrawn.

Granting applies the change in the same transaction and keeps what was before. One event each.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.actor import Actor
from cqi.core import errors, events, identifiers
from cqi.core.errors import Blocker
from cqi.notices import actions as notices
from cqi.notices.rules import NoticeKind
from cqi.plans import policy, rules, workflow
from cqi.plans.actions import ending, recording, stepping, steps
from cqi.plans.actions.recording import Doing
from cqi.plans.models import Amendment, Goal, Plan, Step
from cqi.plans.policy import amending
from cqi.plans.queries import amendments as queries
from cqi.plans.queries import choices, deciders, records
from cqi.plans.rules import StepState, TargetKind, amendments
from cqi.plans.rules.amendments import AmendmentKind, AmendmentState
from cqi.plans.rules.findings import FindingKind
from cqi.plans.workflow import AmendmentMove, StepMove


@dataclass(frozen=True)
class Wish:
    """What somebody wants changed, and why. Of a step: another due date, or another title, owner
    (id), evidence, partner, help or step (id) to wait for; of a goal: another target in
    ten-thousandths."""

    kind: AmendmentKind
    reason: str
    due_on: dt.date | None = None
    title: str = ""
    owner_id: int | None = None
    evidence_asked: str = ""
    target: int | None = None
    partner: str = ""
    partner_contact: str = ""
    help_needed: str = ""
    depends_on_id: int | None = None

    def values(self) -> dict[str, Any]:
        """As an amendment keeps them, by kind."""
        of_kind: dict[AmendmentKind, dict[str, Any]] = {
            AmendmentKind.EXTENSION: {"due_on": self.due_on.isoformat() if self.due_on else None},
            AmendmentKind.STEP: {
                "title": self.title.strip(),
                "owner_id": self.owner_id,
                "evidence_asked": self.evidence_asked.strip(),
                "partner": self.partner.strip() or None,
                "partner_contact": self.partner_contact.strip() or None,
                "help_needed": self.help_needed.strip() or None,
                "depends_on_id": self.depends_on_id,
            },
            AmendmentKind.TARGET: {"negotiated_target": self.target},
            AmendmentKind.DROP: {"state": StepState.DROPPED.value},
        }
        return of_kind[self.kind]


@dataclass(frozen=True)
class AmendmentTaking:
    """A move to make with a request, with what is said about it."""

    move: AmendmentMove
    words: str = ""


def ask_to_amend(
    session: orm.Session,
    *,
    about: Step | Goal,
    wish: Wish,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> Amendment:
    """Ask for a change; whoever decides is told.

    Raises Blocked with every reason: plan_not_in_force, step_not_open, not_owner_or_lead,
    asked_already, no_words, not_later, nothing_changes, empty, owner_unknown, partner_missing,
    contact_missing, depends_elsewhere, depends_in_a_circle, and those of targets: measured (the
    round that measures the goal has begun) and what no target may be.
    """
    plan = _plan_of(about)
    records.hold(session, plan)
    subject = queries.subject_of(session, about, today)
    refused = amending.ask_blockers(wish.kind, subject, actor, wish.reason)
    old, new = amendments.changed(queries.values(about), wish.values())
    errors.require([*refused, *_value_blockers(session, about, wish, new, today)])
    made = Amendment(
        public_id=identifiers.uuid7(),
        plan=plan,
        kind=wish.kind,
        step=about if isinstance(about, Step) else None,
        goal=about if isinstance(about, Goal) else None,
        state=AmendmentState.ASKED,
        old=old,
        new=new,
        reason=wish.reason.strip(),
        asked_by_id=actor.person_id,
        asked_at=now,
    )
    session.add(made)
    session.flush()
    people = deciders.of_request(session, queries.request(made), today)
    kind, subject_id = NoticeKind.AMENDMENT_ASKED, made.public_id
    told = notices.tell(session, kind, people=people, subject=subject_id, now=now)
    said = {"told": told, "reason": events.digest(made.reason)}
    recording.record(session, plan, "amendment_asked", Doing(actor, now), _payload(made) | said)
    return made


def move_amendment(
    session: orm.Session,
    *,
    amendment: Amendment,
    taking: AmendmentTaking,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> None:
    """Grant, refuse or withdraw a request; granting applies it.

    Raises Forbidden, or Blocked with every reason: wrong_state, not_decider, own_request, own_step,
    changed_meanwhile, plan_not_in_force, step_not_open, measured, not_the_asker, no_words,
    owner_gone, depends_elsewhere, depends_in_a_circle.
    """
    plan, doing = amendment.plan, Doing(actor, now)
    records.hold(session, plan)
    session.refresh(amendment)
    transition = workflow.AMENDMENT_BY_MOVE[taking.move]
    asked = queries.request_on(session, amendment, today)
    policy.authorise(actor, transition.permission, asked.subject.plan)
    refused = amending.blockers(taking.move, asked, actor, taking.words)
    if taking.move is AmendmentMove.GRANT:
        refused += _gone(session, amendment)
    errors.require(refused)
    notices.mark_subject_seen(session, subject=amendment.public_id, actor=actor, now=now)
    ending.close(amendment, transition.ends, taking.words, doing)
    payload = _payload(amendment) | {"words": events.digest(taking.words.strip())}
    if taking.move is AmendmentMove.GRANT:
        payload |= _apply(session, amendment, doing)
    people = {key for key in (amendment.asked_by_id, asked.subject.owner_id) if key}
    if taking.move is not AmendmentMove.WITHDRAW:
        payload["told"] = ending.tell_decided(session, amendment, people, doing)
    recording.record(session, plan, f"amendment_{transition.ends.value}", doing, payload)


def _gone(session: orm.Session, one: Amendment) -> list[Blocker]:
    """Why the owner who was asked for cannot have the step any more, nor wait for another."""
    key = one.new.get("owner_id")
    message = "The owner who was asked for has left: refuse it, and let somebody else be asked for."
    gone = key is not None and not access.person(session, key).active
    waits = stepping.waiting_blockers(one.plan, one.new.get("depends_on_id"), one.step)
    return [*waits, *([Blocker("owner_gone", message)] if gone else [])]


def _apply(session: orm.Session, one: Amendment, doing: Doing) -> dict[str, Any]:
    """Change what was asked for; what the event says beside it."""
    if isinstance(one.goal, Goal):
        one.goal.negotiated_target = one.new["negotiated_target"]
        one.goal.target_kind = TargetKind.NEGOTIATED
        return {}
    step = queries.about_of(one)
    if one.kind is AmendmentKind.DROP and isinstance(step, Step):
        return _drop(session, one, step, doing)
    for part, value in one.new.items():
        setattr(step, part, dt.date.fromisoformat(value) if part == "due_on" else value)
    if "owner_id" in one.new:
        people, subject = {one.new["owner_id"]}, one.plan.public_id
        kind = NoticeKind.STEP_YOURS
        notices.tell(session, kind, people=people, subject=subject, now=doing.at)
    return {}


def _drop(session: orm.Session, one: Amendment, step: Step, doing: Doing) -> dict[str, Any]:
    steps.enter(step, steps.StepTaking(StepMove.DROP, one.reason), doing)
    ended = ending.end_requests(session, step, "Ended: the step was dropped.", doing)
    return {"state": step.state.value, "ended": ended}


def _payload(one: Amendment) -> dict[str, Any]:
    """Ids, dates and figures; texts as digests."""
    about = queries.about_of(one)
    return {
        "amendment": str(one.public_id),
        "kind": one.kind.value,
        "step" if isinstance(about, Step) else "goal": str(about.public_id),
        "old": amendments.told(one.old, events.digest),
        "new": amendments.told(one.new, events.digest),
    }


def _plan_of(about: Step | Goal) -> Plan:
    return about.strategy.goal.plan if isinstance(about, Step) else about.plan


def _value_blockers(
    session: orm.Session,
    about: Step | Goal,
    wish: Wish,
    new: Mapping[str, Any],
    today: dt.date,
) -> list[Blocker]:
    if isinstance(about, Goal):
        return _target_blockers(about, wish)
    if wish.kind is AmendmentKind.EXTENSION:
        return amending.extension_blockers(about.due_on, wish.due_on, today)
    if wish.kind is AmendmentKind.STEP:
        unknown = _owner_blockers(session, about, new, today)
        besides = stepping.partner_blockers(wish.partner, wish.partner_contact)
        waits = stepping.waiting_blockers(_plan_of(about), new.get("depends_on_id"), about)
        return [*amending.change_blockers(new), *unknown, *besides, *waits]
    return []


def _target_blockers(goal: Goal, wish: Wish) -> list[Blocker]:
    if wish.target is None or wish.target == goal.negotiated_target:
        return [Blocker("nothing_changes", "Give the new target.", "target")]
    baseline = rules.Count(goal.baseline_achieved, goal.baseline_applicable)
    now = rules.target(baseline, goal.negotiated_target)
    if rules.Target(Fraction(wish.target, rules.WHOLE), now.kind).percent == now.percent:
        message = f"The target is {now.percent} already: give another one."
        return [Blocker("nothing_changes", message, "target")]
    kinds = {each.id: each.kind for each in goal.plan.findings}
    keeps = kinds.get(goal.finding_id or 0) is FindingKind.STRENGTH
    return policy.goal_blockers(baseline, wish.target, keeps=keeps)


def _owner_blockers(
    session: orm.Session, step: Step, new: Mapping[str, Any], today: dt.date
) -> list[Blocker]:
    if "owner_id" not in new:
        return []
    known = {key for key, _name in choices.owners(session, _plan_of(step).place_id, today)}
    if new["owner_id"] in known:
        return []
    return [Blocker("owner_unknown", "Choose an owner of the list.", "owner")]
