"""Progress reports: saved, sent with their figures, commented on, answered. One event each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.actor import Actor
from cqi.access.permissions import Permission, Role
from cqi.core import errors, events, identifiers
from cqi.notices import actions as notices
from cqi.notices.rules import NoticeKind
from cqi.places import queries as places
from cqi.plans import policy, rules
from cqi.plans.actions import recording
from cqi.plans.actions.recording import Doing
from cqi.plans.models import Plan, ProgressReport, ReportRemark
from cqi.plans.policy import reports as reports_policy
from cqi.plans.queries import progress, records
from cqi.plans.rules.reports import Period, ReportKind


@dataclass(frozen=True)
class Writing:
    """A narrative for a period; `expected` is the revision that it was written on, 0 for none."""

    period: Period
    narrative: str
    expected: int


def write_report(
    session: orm.Session, *, plan: Plan, writing: Writing, actor: Actor, now: dt.datetime
) -> ProgressReport:
    """Save what was written so far. Raises Forbidden, Blocked (sent, too_long), or Conflict where
    somebody saved another text first."""
    row = _held(session, plan, writing, actor, sending=False)
    _write(session, plan, row, writing, Doing(actor, now))
    return row


def send_report(
    session: orm.Session,
    *,
    plan: Plan,
    writing: Writing,
    actor: Actor,
    now: dt.datetime,
    today: rules.Today,
) -> ProgressReport:
    """Send it: words and figures stay as they are now; whoever monitors the plan is told.

    Raises as `write_report`, and Blocked: no_words.
    """
    row = _held(session, plan, writing, actor, sending=True)
    _write(session, plan, row, writing, Doing(actor, now))
    figures = progress.figures(session, plan, writing.period, today)
    row.figures = figures.to_json()
    row.sent_at, row.sent_by_id = now, actor.person_id
    session.flush()
    people = _readers(session, plan, writing.period.kind, today.day) - {actor.person_id}
    told = _tell(session, row, NoticeKind.PLAN_REPORTED, people, now)
    payload = {"report": str(row.public_id), "figures": events.digest(str(row.figures))}
    recording.record(session, plan, "report_sent", Doing(actor, now), {**payload, "told": told})
    return row


def _held(
    session: orm.Session, plan: Plan, writing: Writing, actor: Actor, *, sending: bool
) -> ProgressReport:
    """The report's row, alone and as it is now; a new one where nothing was written yet."""
    records.hold(session, plan)
    policy.authorise(actor, Permission.PLAN_LEAD, records.plan_facts(plan))
    one = writing.period
    row = progress.report_of(session, plan, one)
    sent = row is not None and row.sent_at is not None
    words = writing.narrative
    errors.require(reports_policy.writing_blockers(words, sending=sending, sent=sent))
    if row is None:
        return ProgressReport(
            public_id=identifiers.uuid7(),
            plan_id=plan.id,
            kind=one.kind,
            period_from=one.first,
            period_to=one.last,
            narrative="",
            figures={},
        )
    if row.revision != writing.expected and row.narrative != words.strip():
        raise errors.Conflict(
            place="narrative",
            saved=row.narrative,
            sent=words,
            revision=row.revision,
            by_id=row.by_id,
        )
    return row


def _write(
    session: orm.Session, plan: Plan, row: ProgressReport, writing: Writing, doing: Doing
) -> None:
    words = writing.narrative.strip()
    if row.id is not None and row.narrative == words:
        return
    row.narrative, row.by_id, row.at = words, doing.actor_id, doing.at
    session.add(row)
    payload = {
        "report": str(row.public_id),
        "kind": row.kind.value,
        "period_from": row.period_from.isoformat(),
        "words": events.digest(words),
    }
    recording.record(session, plan, "report_written", doing, payload)


def remark(
    session: orm.Session,
    *,
    report: ProgressReport,
    words: str,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> ReportRemark:
    """Comment on a report that was sent; whoever leads the plan, and who sent it, is told.

    Raises Forbidden, or Blocked: no_words, too_long.
    """
    facts = records.plan_facts(report.plan)
    policy.authorise(actor, Permission.PLAN_DISCUSS, facts)
    errors.require(reports_policy.remark_blockers(words))
    made = _remark(report, None, words, Doing(actor, now))
    session.add(made)
    leads = _leads(session, report.plan, today) | {report.sent_by_id or actor.person_id}
    _say(session, report, made, leads - {actor.person_id}, Doing(actor, now))
    return made


def answer(
    session: orm.Session, *, to: ReportRemark, words: str, actor: Actor, now: dt.datetime
) -> ReportRemark:
    """Answer a comment in writing; whoever made it is told. Raises as `remark`."""
    report = session.get_one(ProgressReport, to.report_id)
    policy.authorise(actor, Permission.PLAN_LEAD, records.plan_facts(report.plan))
    errors.require(reports_policy.remark_blockers(words))
    made = _remark(report, to, words, Doing(actor, now))
    session.add(made)
    _say(session, report, made, {to.by_id} - {actor.person_id}, Doing(actor, now))
    return made


def _remark(
    report: ProgressReport, to: ReportRemark | None, words: str, doing: Doing
) -> ReportRemark:
    return ReportRemark(
        public_id=identifiers.uuid7(),
        report_id=report.id,
        answers_id=to.id if to else None,
        words=words.strip(),
        by_id=doing.actor_id,
        at=doing.at,
    )


def _say(
    session: orm.Session,
    report: ProgressReport,
    made: ReportRemark,
    people: Collection[int],
    doing: Doing,
) -> None:
    session.flush()
    if doing.actor:
        subject = report.public_id
        notices.mark_subject_seen(session, subject=subject, actor=doing.actor, now=doing.at)
    told = _tell(session, report, NoticeKind.PLAN_REMARKED, people, doing.at)
    payload = {
        "report": str(report.public_id),
        "remark": str(made.public_id),
        "answers": made.answers_id is not None,
        "words": events.digest(made.words),
        "told": told,
    }
    recording.record(session, report.plan, "report_remarked", doing, payload)


def _tell(
    session: orm.Session,
    report: ProgressReport,
    kind: NoticeKind,
    people: Collection[int],
    now: dt.datetime,
) -> list[int]:
    return notices.tell(session, kind, people=people, subject=report.public_id, now=now)


def _readers(session: orm.Session, plan: Plan, kind: ReportKind, today: dt.date) -> frozenset[int]:
    """The liaison of the place; of a quarter also the CQI director and the state office."""
    above = places.above(session, [plan.place_id], today)
    found = access.holders(session, Role.CQI_LIAISON, above, today)
    if kind is ReportKind.MONTHLY:
        return found
    for role in (Role.CQI_DIRECTOR, Role.STATE_OFFICE):
        found |= access.holders_in_state(session, role, today)
    return found


def _leads(session: orm.Session, plan: Plan, today: dt.date) -> frozenset[int]:
    above = places.above(session, [plan.place_id], today)
    return access.holders(session, Role.REGIONAL_DIRECTOR, above, today)
