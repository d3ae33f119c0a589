"""What went on around the demonstration's plans: progress reports, requests, late steps."""

from __future__ import annotations

import datetime as dt
from typing import Any

from cqi.cli.demonstration import plans
from cqi.cli.demonstration.plans import Making
from cqi.cli.demonstration.rounds import World
from cqi.core import holidays
from cqi.plans import actions, rules
from cqi.plans.models import Plan
from cqi.plans.queries import progress
from cqi.plans.rules.reports import ReportKind

_UNSENT = 1  # the newest report of each kind waits for who leads the plan
_STORY = {
    ReportKind.MONTHLY: "The steps went as the list below says. Units told each other what helped.",
    ReportKind.QUARTERLY: (
        "Families take part more often, and caseworkers say that the meetings save them time."
        " What stands in the way are rooms in the evening and readers who leave."
    ),
}
_ASKED = "Which county waits for a room, and until when?"
_ANSWERED = "One of five; the school lends its library from next month on."


def go_on(world: World) -> None:
    """All plans as far as they go, then what was written about those in force."""
    for making, plan in plans.go_on(world):
        if plan.state in rules.IN_FORCE:
            _report(making, plan)


def _report(making: Making, plan: Plan) -> None:
    """Every report was sent in time but the newest; the last one sent was asked about."""
    clock = making.world.timeline
    today = rules.Today(clock.today, holidays.days(), clock.time_zone)
    due = sorted(progress.lines(making.world.session, plan, today), key=lambda one: one.due_on)
    for kind in ReportKind:
        of_kind = [one for one in due if one.period.kind is kind]
        for line in of_kind[:-_UNSENT]:
            last = line is of_kind[-_UNSENT - 1]
            _send(making, plan, line, today, asked=last and kind is ReportKind.QUARTERLY)


def _send(
    making: Making, plan: Plan, line: progress.Line, today: rules.Today, *, asked: bool
) -> None:
    session, sent = making.world.session, line.due_on - dt.timedelta(days=2)
    doing: dict[str, Any] = making.doing(making.told["lead"], sent, 16)
    writing = actions.Writing(line.period, _STORY[line.period.kind], 0)
    row = actions.send_report(session, plan=plan, writing=writing, **doing, today=today)
    if asked:
        seen = line.due_on + dt.timedelta(days=3)
        doing = making.doing("state_office", seen, 10)
        said = actions.remark(session, report=row, words=_ASKED, **doing, today=seen)
        doing = making.doing(making.told["lead"], seen + dt.timedelta(days=1), 9)
        actions.answer(session, to=said, words=_ANSWERED, **doing)
