"""A draft's steps: added, and changed while it is a draft. One event each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import errors, events, identifiers
from cqi.core.errors import Blocker
from cqi.plans import rules
from cqi.plans.actions import dropping, recording
from cqi.plans.actions.recording import Doing
from cqi.plans.models import Plan, Step, Strategy
from cqi.plans.queries import records
from cqi.plans.rules import StepState


@dataclass(frozen=True)
class NewStep:
    """A step to add or change. `evidence_asked` says what will prove that it is done; `partner` is
    an organisation that does it, and the owner who answers for it here. `depends_on_id` is a step
    that has to be done before; `revision` is what whoever changes it has read; `once`: where the
    same stands there, it is a form that was sent twice."""

    title: str
    owner_id: int
    starts_on: dt.date
    due_on: dt.date
    evidence_asked: str
    partner: str = ""
    partner_contact: str = ""
    help_needed: str = ""
    depends_on_id: int | None = None
    revision: int | None = None
    once: bool = False


def add_step(
    session: orm.Session, *, strategy: Strategy, new: NewStep, actor: Actor, now: dt.datetime
) -> Step:
    """Add a step with its owner, due date and the evidence that will prove it."""
    plan = strategy.goal.plan
    recording.may_draft(session, plan, actor)
    recording.require_kept(session, strategy.goal, strategy)
    errors.require([*recording.named(new.title), *_blockers(plan, new)])
    step = Step(
        public_id=identifiers.uuid7(),
        position=max((each.position for each in strategy.steps), default=0) + 1,
        state=StepState.NOT_STARTED,
        state_since=now,
        entries=[],
    )
    _write(step, new)
    if new.once and (there := recording.twin(strategy.steps, step)):
        return there
    strategy.steps.append(step)
    recording.record(session, plan, "step_added", Doing(actor, now), _payload(step))
    return step


def change_step(
    session: orm.Session, *, step: Step, new: NewStep, actor: Actor, now: dt.datetime
) -> None:
    """Change a step of a draft; its number stays. Raises Forbidden, or Blocked: not_a_draft,
    step_dropped, changed_meanwhile, title_missing, due_before_start, evidence_missing,
    partner_missing, contact_missing, depends_elsewhere, depends_in_a_circle."""
    plan = step.strategy.goal.plan
    recording.may_draft(session, plan, actor)
    unread = recording.unread(step, new.revision)
    errors.require(
        [*dropping.dropped(step), *unread, *recording.named(new.title), *_blockers(plan, new, step)]
    )
    _write(step, new)
    recording.record(session, plan, "step_changed", Doing(actor, now), _payload(step))


def _write(step: Step, new: NewStep) -> None:
    step.title, step.owner_id = new.title.strip(), new.owner_id
    step.starts_on, step.due_on = new.starts_on, new.due_on
    step.evidence_asked = new.evidence_asked.strip()
    step.partner = new.partner.strip() or None
    step.partner_contact = new.partner_contact.strip() or None
    step.help_needed = new.help_needed.strip() or None
    step.depends_on_id = new.depends_on_id


def _payload(step: Step) -> dict[str, object]:
    return {
        "step": str(step.public_id),
        "owner": step.owner_id,
        "due_on": step.due_on.isoformat(),
        "depends_on": step.depends_on_id,
        "state": step.state.value,
        "title": events.digest(step.title),
        "evidence": events.digest(step.evidence_asked),
    }


def _blockers(plan: Plan, new: NewStep, step: Step | None = None) -> list[Blocker]:
    found = []
    if new.due_on < new.starts_on:
        found.append(Blocker("due_before_start", "The due date comes before the start.", "due_on"))
    if not new.evidence_asked.strip():
        message = "Say what evidence will prove that the step is done."
        found.append(Blocker("evidence_missing", message, "evidence_asked"))
    found += partner_blockers(new.partner, new.partner_contact)
    return found + waiting_blockers(plan, new.depends_on_id, step)


def partner_blockers(partner: str, contact: str) -> list[Blocker]:
    """Why a partner organisation and the way to reach it do not belong together."""
    found = []
    if contact.strip() and not partner.strip():
        message = "Name the organisation that this contact is for, or leave the contact out."
        found.append(Blocker("partner_missing", message, "partner"))
    if partner.strip() and not contact.strip():
        message = "Say how to reach the partner organisation: a name, a phone number or an e-mail."
        found.append(Blocker("contact_missing", message, "partner_contact"))
    return found


def waiting_blockers(plan: Plan, depends_on_id: int | None, step: Step | None) -> list[Blocker]:
    """Why a step cannot wait for another (id); `step` is None for a new one."""
    if depends_on_id is None:
        return []
    waits = {
        one.id: one.depends_on_id
        for one in records.steps_of(plan)
        if one.state is not StepState.DROPPED
    }
    if depends_on_id not in waits:
        message = "Choose another step of this plan, or none."
        return [Blocker("depends_elsewhere", message, "depends_on")]
    if step is not None and rules.in_a_circle(waits, step.id, depends_on_id):
        message = "That step waits for this one already, and neither could be done first."
        return [Blocker("depends_in_a_circle", message, "depends_on")]
    return []
