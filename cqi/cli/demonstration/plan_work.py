"""What went on around the demonstration's plans: progress reports, requests, late steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from cqi.cli.demonstration import plans
from cqi.cli.demonstration.plans import Making
from cqi.cli.demonstration.rounds import World
from cqi.core import holidays, working_days
from cqi.plans import actions, rules
from cqi.plans.models import Plan, Step
from cqi.plans.queries import answers, progress, records
from cqi.plans.queries.duties import DutyKind
from cqi.plans.rules.amendments import AmendmentKind
from cqi.plans.rules.reports import ReportKind
from cqi.plans.workflow import AmendmentMove, StepMove

_DIRECTOR = "cqi_director"
_AGREED = "Agreed: nobody should do it twice."
_ASKED_ON, _WAITS_SINCE = -20, -4  # days from the day of the demonstration
_REMINDED = -60  # days from the day of the demonstration
_ANSWERED_AFTER = 14  # days after the due date, when it is with the Regional Director
_ALL_SENT = frozenset({rules.PlanState.COMPLETED, rules.PlanState.SUPERSEDED})
_STORY = {
    ReportKind.MONTHLY: "The steps went as the list below says. Units told each other what helped.",
    ReportKind.QUARTERLY: (
        "Families take part more often, and caseworkers say that the meetings save them time."
        " What stands in the way are rooms in the evening and readers who leave."
    ),
}
_SAID_ON = -2  # days from the day of the demonstration
_SAID = "I sit down with the region next week; the plan is submitted by the end of the month."
_ASKED = "Which county waits for a room, and until when?"
_ANSWERED = "One of five; the school lends its library from next month on."


def go_on(world: World) -> None:
    """All plans as far as they go, then what was written about those in force."""
    in_force = []
    for making, plan in plans.go_on(world):
        if plan.state in rules.IN_FORCE:
            _amend(making, plan)
            _report(making, plan)
            in_force.append((making, plan))
        elif plan.state in rules.ENDED:
            _report(making, plan)
    _remind(world)
    for making, plan in in_force:
        _acknowledge(making, plan)
    _answer_owed(world)


def _remind(world: World) -> None:
    """What the job told of deadlines on each working day of the last weeks."""
    timeline = world.timeline
    for offset in range(_REMINDED, 0):
        day = timeline.day(offset)
        if working_days.is_working_day(day, holidays.days()):
            today = rules.Today(day, holidays.days(), timeline.time_zone)
            actions.remind(world.session, today=today, now=timeline.at(day, 7))


def _answer_owed(world: World) -> None:
    """The CQI director said what they do about the plan that is overdue for the longest time."""
    day = world.timeline.workday(_SAID_ON)
    today = rules.Today(day, holidays.days(), world.timeline.time_zone)
    actor = world.people.actor(_DIRECTOR, day)
    found = [
        one.duty.subject
        for one in answers.asked(world.session, actor, today)
        if one.duty.kind is DutyKind.PLAN
    ]
    actions.answer_owed(
        world.session,
        subjects=set(found[:1]),
        words=_SAID,
        actor=actor,
        now=world.timeline.at(day, 10),
        today=today,
    )


def _acknowledge(making: Making, plan: Plan) -> None:
    """Who leads the plan said what they do about a late step, some days after it reached them."""
    steps = {step.title: step for step in records.steps_of(plan)}
    for goal in making.told["goals"]:
        for said in (step for way in goal.get("strategies", ()) for step in way["steps"]):
            if "acknowledged" in said:
                day = making.day(said["due"] + _ANSWERED_AFTER)
                doing = making.doing(making.told["lead"], day, 9)
                doing["today"] = rules.Today(day, holidays.days(), making.world.timeline.time_zone)
                known, words = [steps[said["title"]]], said["acknowledged"]
                actions.acknowledge(making.world.session, steps=known, words=words, **doing)


def _amend(making: Making, plan: Plan) -> None:
    """More time that was asked for and granted, or waits; a step that was dropped."""
    steps = {step.title: step for step in records.steps_of(plan)}
    for goal in making.told["goals"]:
        for said in (step for way in goal.get("strategies", ()) for step in way["steps"]):
            if "extension" in said:
                wish = said["extension"]
                due_on = making.day(wish["to"])
                asked = actions.Wish(AmendmentKind.EXTENSION, wish["reason"], due_on)
                _ask(making, steps[said["title"]], asked, said["owner"], wish.get("answer", ""))
            if said["state"] in _REPORTS and "words" in said:
                _say(making, steps[said["title"]], said)
            if said["state"] == "dropped":
                asked = actions.Wish(AmendmentKind.DROP, said["reason"])
                _ask(making, steps[said["title"]], asked, making.told["lead"], _AGREED)


_REPORTS = {"ahead": StepMove.AHEAD, "behind": StepMove.BEHIND}


def _say(making: Making, step: Step, said: Mapping[str, Any]) -> None:
    """What its owner reports of a step."""
    day = making.day(_WAITS_SINCE)
    recover = making.day(said["recover"]) if "recover" in said else None
    taking = actions.StepTaking(_REPORTS[said["state"]], said["words"], recover)
    doing = making.doing(said["owner"], day, 13)
    actions.move_step(making.world.session, step=step, taking=taking, **doing, today=day)


def _ask(making: Making, step: Step, wish: actions.Wish, who: str, answer: str) -> None:
    """A request that was decided within some days; without an answer it waits."""
    session, day = making.world.session, making.day(_ASKED_ON if answer else _WAITS_SINCE)
    doing = making.doing(who, day, 10)
    made = actions.ask_to_amend(session, about=step, wish=wish, **doing, today=day)
    if not answer:
        return
    decider = _DIRECTOR if wish.kind is AmendmentKind.DROP else making.told["lead"]
    decided = day + dt.timedelta(days=3)
    actions.move_amendment(
        session,
        amendment=made,
        taking=actions.AmendmentTaking(AmendmentMove.GRANT, answer),
        **making.doing(decider, decided, 11),
        today=decided,
    )


def _report(making: Making, plan: Plan) -> None:
    """Every report was sent in time but the newest of each kind, which waits for who leads the
    plan; of a plan in force the last one sent was asked about."""
    clock = making.world.timeline
    today = rules.Today(clock.today, holidays.days(), clock.time_zone)
    due = sorted(progress.lines(making.world.session, plan, today), key=lambda one: one.due_on)
    for kind in ReportKind:
        of_kind = [one for one in due if one.period.kind is kind]
        sent = of_kind if plan.state in _ALL_SENT else of_kind[:-1]
        asks = kind is ReportKind.QUARTERLY and plan.state in rules.IN_FORCE
        for line in sent:
            _send(making, plan, line, today, asked=asks and line is sent[-1])


def _send(
    making: Making, plan: Plan, line: progress.Line, today: rules.Today, *, asked: bool
) -> None:
    session, sent = making.world.session, line.due_on
    doing: dict[str, Any] = making.doing(making.told["lead"], sent, 16)
    writing = actions.Writing(line.period, _STORY[line.period.kind], 0)
    row = actions.send_report(session, plan=plan, writing=writing, **doing, today=today)
    if asked:
        seen = line.due_on + dt.timedelta(days=3)
        doing = making.doing("state_office", seen, 10)
        said = actions.remark(session, report=row, words=_ASKED, **doing, today=seen)
        doing = making.doing(making.told["lead"], seen + dt.timedelta(days=1), 9)
        actions.answer(session, to=said, words=_ANSWERED, **doing)
