"""What is owed beside steps, with its day: plans to submit, plans to decide on, progress reports.

Nothing of it is stored. On the record of reminders each has an id that follows from what it is
about, so that it stays the same whoever asks and when.
"""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.plans import rules
from cqi.plans.models import Plan, PlanEntry
from cqi.plans.queries import due, progress
from cqi.plans.queries.audience import Holder
from cqi.plans.queries.due import Decision, DuePlan
from cqi.plans.queries.progress import ToWrite
from cqi.plans.rules import ladder, reports
from cqi.plans.rules.ladder import Heights, ReminderKind
from cqi.plans.workflow import PlanMove


class DutyKind(enum.StrEnum):
    """What is owed."""

    PLAN = "plan"
    REVIEW = "review"
    REPORT = "report"


@dataclass(frozen=True)
class Duty:
    """Something owed by a day. `subject` is its id on the record, `page` the publication or plan
    on whose page it is done. Days of `waits` count against nobody."""

    kind: DutyKind
    subject: uuid.UUID
    page: uuid.UUID
    plan: str
    title: str
    due_on: dt.date
    holder: Holder
    waits: frozenset[dt.date] = frozenset()

    def schedule(self, heights: Heights, today: rules.Today) -> ladder.Schedule:
        """From which day on each kind is to be told of it."""
        return ladder.schedule(self.due_on, heights, today.holidays, self.waits, self.holder.first)

    @property
    def in_a_row(self) -> str:
        """What is owed, within a sentence."""
        return f"{self.title[0].lower()}{self.title[1:]}"

    def standing(self, heights: Heights, today: rules.Today) -> str:
        """Who has it since when, as of `ladder.standing`."""
        return ladder.standing(self.schedule(heights, today), today)


def every(session: orm.Session, today: rules.Today) -> list[Duty]:
    """All that is owed, for the clock."""
    return [
        *plans(session, due.due_for_all(session, today), today),
        *map(review, due.decisions_for_all(session, today)),
        *(one for each in progress.to_write_for_all(session, today) for one in to_report(each)),
    ]


def plans(session: orm.Session, found: Collection[DuePlan], today: rules.Today) -> Iterator[Duty]:
    """Plans that published reports make due, in their order."""
    returned = {one.begun.public_id for one in found if one.begun and one.begun.state is _RETURNED}
    waits = _waits(session, returned, today)
    for one in found:
        name = one.begun.name if one.begun else f"Plan of {one.place} on {one.round}"
        yield Duty(
            DutyKind.PLAN,
            uuid.uuid5(one.told_of, f"plan of {one.place_key}"),
            one.told_of,
            name,
            "to be submitted",
            one.deadline.on,
            Holder(one.place_id, first=ReminderKind.REGIONAL_DIRECTOR),
            waits.get(one.begun.public_id, frozenset()) if one.begun else frozenset(),
        )


def review(one: Decision) -> Duty:
    """A submitted plan that waits for its decision: never by who drafted or submitted it."""
    return Duty(
        DutyKind.REVIEW,
        uuid.uuid5(one.plan.public_id, "decision"),
        one.plan.public_id,
        one.plan.name,
        "to be approved or returned",
        one.deadline.on,
        Holder(one.place_id, first=ReminderKind.CQI_DIRECTOR, barred=one.authors),
    )


def to_report(one: ToWrite) -> Iterator[Duty]:
    """The progress reports of a plan that were not sent: those of one day together."""
    by_day: dict[dt.date, list[str]] = defaultdict(list)
    for line in one.lines:
        period = line.period
        by_day[line.due_on].append(f"{reports.KIND_WORDS[period.kind]}, {period.words}")
    for day, titles in by_day.items():
        yield Duty(
            DutyKind.REPORT,
            uuid.uuid5(one.plan, "progress reports"),
            one.plan,
            one.name,
            " and ".join([titles[0], *(each[0].lower() + each[1:] for each in titles[1:])]),
            day,
            Holder(one.place_id, first=ReminderKind.REGIONAL_DIRECTOR),
        )


_RETURNED = rules.PlanState.RETURNED


def _waits(
    session: orm.Session, returned: Iterable[uuid.UUID], today: rules.Today
) -> dict[uuid.UUID, frozenset[dt.date]]:
    """The days on which returned plans (public ids) lay with the state for its decision."""
    moves = (PlanMove.SUBMIT.value, PlanMove.RETURN.value)
    query = (
        sa.select(Plan.public_id, PlanEntry.move, PlanEntry.at)
        .join(PlanEntry, PlanEntry.plan_id == Plan.id)
        .where(Plan.public_id.in_(sorted(returned)), PlanEntry.move.in_(moves))
        .order_by(PlanEntry.id)
    )
    days: dict[uuid.UUID, list[dt.date]] = defaultdict(list)
    for key, _, at in session.execute(query):
        days[key].append(today.day_of(at))
    return {
        key: ladder.waited(zip(each[::2], each[1::2], strict=False)) for key, each in days.items()
    }
