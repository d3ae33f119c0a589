"""What the region says of its findings, and findings that it adds. One event each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import errors, events, identifiers
from cqi.core.errors import Blocker
from cqi.plans.actions import beginning, recording
from cqi.plans.actions.recording import Doing
from cqi.plans.models import Plan, PlanFinding
from cqi.plans.policy import findings as policy
from cqi.plans.policy.findings import Decision
from cqi.plans.queries import figures, findings
from cqi.plans.rules.findings import FindingDecision, FindingKind, SystemicFactor


@dataclass(frozen=True)
class NewFinding:
    """A finding that somebody adds: on an item or component (`code`), or on a factor; `once`: where
    the same stands there, it is a form that was sent twice."""

    title: str
    words: str
    code: str | None = None
    factor: SystemicFactor | None = None
    once: bool = False


@dataclass(frozen=True)
class Noting:
    """A title and root causes to write; `revision` is what the writer has read."""

    title: str
    words: str
    revision: int


def decide_findings(
    session: orm.Session,
    *,
    plan: Plan,
    decisions: Sequence[Decision],
    actor: Actor,
    now: dt.datetime,
) -> int:
    """Take several decisions, all or none; how many changed something. Those that change nothing
    are left alone. Raises Forbidden, or Blocked with every reason beside its row."""
    recording.may_draft(session, plan, actor)
    standing = findings.standing(plan)
    said = [one for one in decisions if standing[one.position].differs(one)]
    errors.require(policy.decision_blockers(standing, said))
    rows = {row.position: row for row in plan.findings}
    for one in said:
        _decide(session, plan, rows, one, Doing(actor, now))
    return len(said)


def add_finding(
    session: orm.Session,
    *,
    plan: Plan,
    new: NewFinding,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> PlanFinding:
    """Add a finding by hand, accepted. One on practice carries the figures of the plan's run.

    Raises Forbidden, or Blocked: not_a_draft, title_missing, about_missing, found_already.
    """
    recording.may_draft(session, plan, actor)
    errors.require([*recording.named(new.title), *_about(plan, new)])
    row = PlanFinding(
        public_id=identifiers.uuid7(),
        position=max((one.position for one in plan.findings), default=0) + 1,
        kind=FindingKind.SYSTEMIC if new.factor else FindingKind.PRACTICE,
        code=new.code,
        factor=new.factor,
        title=new.title.strip(),
        words=new.words.strip(),
        figures={},
        decision=FindingDecision.ACCEPTED,
        decided_by_id=actor.person_id,
        decided_at=now,
    )
    if new.code:
        run = beginning.frozen_run(session, plan, actor=actor, now=now, today=today)
        found = figures.figures(session, plan, run, today).measured
        row.run = run.run_id
        row.figures = next(one.figures() for one in found if one.code == new.code)
    if new.once and (there := recording.twin(plan.findings, row)):
        return there
    plan.findings.append(row)
    about = new.factor.value if new.factor else new.code
    payload = {"finding": row.position, "about": about, "words": events.digest(row.words)}
    recording.record(session, plan, "finding_added", Doing(actor, now), payload)
    return row


def note_finding(
    session: orm.Session, *, finding: PlanFinding, noting: Noting, actor: Actor, now: dt.datetime
) -> None:
    """Write root causes. Raises Forbidden, or Blocked: not_a_draft, title_missing,
    changed_meanwhile."""
    recording.may_draft(session, finding.plan, actor)
    errors.require([*recording.named(noting.title), *recording.unread(finding, noting.revision)])
    finding.title, finding.words = noting.title.strip(), noting.words.strip()
    payload = {
        "finding": finding.position,
        "title": events.digest(finding.title),
        "words": events.digest(finding.words),
    }
    recording.record(session, finding.plan, "finding_noted", Doing(actor, now), payload)


def _decide(
    session: orm.Session,
    plan: Plan,
    rows: dict[int, PlanFinding],
    said: Decision,
    doing: Doing,
) -> None:
    row = rows[said.position]
    merged = said.decision is FindingDecision.MERGED
    row.decision, row.reason = said.decision, said.reason.strip() or None
    row.merged_into_id = rows[said.into].id if merged and said.into else None
    row.decided_by_id, row.decided_at = doing.person_id, doing.at
    payload: dict[str, object] = {"finding": row.position, "decision": row.decision.value}
    if row.reason:
        payload["reason"] = events.digest(row.reason)
    if merged:
        payload["into"] = said.into
    recording.record(session, plan, "finding_decided", doing, payload)


def _about(plan: Plan, new: NewFinding) -> list[Blocker]:
    if not new.code and not new.factor:
        message = "Say what it is about: an item, a component or a systemic factor."
        return [Blocker("about_missing", message, "about")]
    same = [one for one in plan.findings if new.code and one.code == new.code]
    same = [one for one in same if one.kind is FindingKind.PRACTICE]
    if same:
        message = f"Finding {same[0].position} is about it already: accept that one."
        return [Blocker("found_already", message, "about")]
    return []
