"""What people do to an action step: report, claim, verify, send back. One event each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import errors, events
from cqi.notices import actions as notices
from cqi.notices.rules import NoticeKind
from cqi.plans import policy, workflow
from cqi.plans.actions import ending, handing_in, recording
from cqi.plans.actions.recording import Doing
from cqi.plans.models import Step, StepEntry
from cqi.plans.queries import amendments, deciders, records
from cqi.plans.rules.evidence import Accepted
from cqi.plans.workflow import StepMove


@dataclass(frozen=True)
class StepTaking:
    """A move to make. `words` are evidence, explanation or reason; `recover_on` is the day by which
    a step that is behind is back on schedule; `helped`: the CQI liaison helped to do it."""

    move: StepMove
    words: str = ""
    recover_on: dt.date | None = None
    helped: bool | None = None
    link: str = ""
    files: tuple[Accepted, ...] = ()


def verify_step(
    session: orm.Session, *, step: Step, words: str = "", actor: Actor, now: dt.datetime
) -> None:
    """Somebody else has seen the evidence."""
    move_step(session, step=step, taking=StepTaking(StepMove.VERIFY, words), actor=actor, now=now)


def send_back_step(
    session: orm.Session, *, step: Step, reason: str, actor: Actor, now: dt.datetime
) -> None:
    """The evidence does not prove it yet; the reason says what is missing."""
    taking = StepTaking(StepMove.SEND_BACK, reason)
    move_step(session, step=step, taking=taking, actor=actor, now=now)


def move_step(
    session: orm.Session,
    *,
    step: Step,
    taking: StepTaking,
    actor: Actor,
    now: dt.datetime,
    today: dt.date | None = None,
) -> StepEntry:
    """Make one move of the workflow with a step; what was said stays with it. `today` is the
    agency's date, which a day of recovery lies after.

    Raises Forbidden, or Blocked with every reason: plan_not_in_force, wrong_state, not_the_owner,
    not_owner_or_lead, recovery_missing, depends, own_step, helped, evidence_missing,
    no_file_or_link, reason_missing, link_refused, too_many_files, file_refused.
    """
    plan, day = step.strategy.goal.plan, today or now.date()
    records.hold(session, plan)
    transition, facts = workflow.STEP_BY_MOVE[taking.move], records.step_facts(step)
    before = amendments.owners_before(session, [step.id])[step.id]
    facts = replace(facts, helpers=facts.helpers | before)
    policy.authorise(actor, transition.permission, facts.plan)
    said = policy.Said(taking.words, taking.recover_on, day, bool(taking.files or taking.link))
    refused = policy.step_blockers(taking.move, facts, actor, said)
    errors.require([*refused, *handing_in.blockers(session, taking.files, taking.link, day)])
    notices.mark_subject_seen(session, subject=step.public_id, actor=actor, now=now)
    entry = enter(step, taking, Doing(actor, now))
    session.flush()
    payload = _payload(step, entry) | {"told": _tell(session, step, taking.move, now, day)}
    if taking.move is StepMove.CLAIM:
        payload["ended"] = ending.end_requests(session, step, _CLAIMED, Doing(actor, now))
    recording.record(
        session, plan, f"step_{workflow.DONE[taking.move]}", Doing(actor, now), payload
    )
    return entry


_CLAIMED = "Ended: the step was claimed as done."


def enter(step: Step, taking: StepTaking, doing: Doing) -> StepEntry:
    """Move a step and write down what was said."""
    step.state, step.state_since = workflow.STEP_BY_MOVE[taking.move].ends, doing.at
    step.recover_on = taking.recover_on if taking.move is StepMove.BEHIND else None
    entry = StepEntry(
        kind=workflow.DONE[taking.move],
        words=taking.words.strip(),
        link=taking.link or None,
        helped=taking.helped,
        recover_on=step.recover_on,
        by_id=doing.person_id,
        at=doing.at,
        files=[handing_in.stored(one) for one in taking.files],
    )
    step.entries.append(entry)
    return entry


def _payload(step: Step, entry: StepEntry) -> dict[str, Any]:
    """Ids, digests and figures; no name of a file, no word."""
    found: dict[str, Any] = {
        "step": str(step.public_id),
        "state": step.state.value,
        "words": events.digest(entry.words),
    }
    if entry.helped is not None:
        found["helped"] = entry.helped
    if entry.files:
        found["files"] = {str(one.public_id): one.digest for one in entry.files}
    if entry.link:
        found["link"] = events.digest(entry.link)
    if entry.recover_on:
        found["recover_on"] = entry.recover_on.isoformat()
    return found


_TELLS_OWNER = {
    StepMove.SEND_BACK: NoticeKind.STEP_SENT_BACK,
    StepMove.VERIFY: NoticeKind.STEP_VERIFIED,
}


def _tell(
    session: orm.Session, step: Step, move: StepMove, now: dt.datetime, today: dt.date
) -> list[int]:
    """Whoever verifies hears of a claim, the owner of what came of it."""
    people, kind = frozenset({step.owner_id}), _TELLS_OWNER.get(move)
    if move is StepMove.CLAIM:
        kind = NoticeKind.STEP_CLAIMED
        people = deciders.verifiers(session, records.step_facts(step), today)
    if kind is None:
        return []
    return notices.tell(session, kind, people=people, subject=step.public_id, now=now)
