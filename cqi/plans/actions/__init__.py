"""What people do to plans, by what it is about. One event each."""

from __future__ import annotations

from cqi.plans.actions import (
    acknowledging,
    amending,
    answering,
    beginning,
    calendars,
    calling,
    clocks,
    correcting,
    dropping,
    findings,
    handing_in,
    moving,
    outlining,
    reminding,
    reporting,
    stepping,
    steps,
)
from cqi.plans.policy import findings as said

NewPlan = beginning.NewPlan
begin_plan = beginning.begin_plan
draft_plan = beginning.draft_plan
Naming = calling.Naming
name_county = calling.name_county
spare_county = calling.spare_county

Decision = said.Decision
NewFinding = findings.NewFinding
Noting = findings.Noting
decide_findings = findings.decide_findings
add_finding = findings.add_finding
note_finding = findings.note_finding
propose_again = correcting.propose_again

NewGoal = outlining.NewGoal
GoalWish = outlining.GoalWish
StrategyWish = outlining.StrategyWish
add_goal = outlining.add_goal
add_measured_goal = outlining.add_measured_goal
change_goal = outlining.change_goal
add_strategy = outlining.add_strategy
change_strategy = outlining.change_strategy
NewStep = stepping.NewStep
add_step = stepping.add_step
change_step = stepping.change_step
drop_goal = dropping.drop_goal
take_up_goal = dropping.take_up_goal
drop_strategy = dropping.drop_strategy
take_up_strategy = dropping.take_up_strategy
drop_draft_step = dropping.drop_draft_step
take_up_step = dropping.take_up_step

PlanTaking = moving.PlanTaking
move_plan = moving.move_plan
begin_started = clocks.begin_started
tell_due = clocks.tell_due

StepTaking = steps.StepTaking
verify_step = steps.verify_step
send_back_step = steps.send_back_step
move_step = steps.move_step

remind = reminding.remind
acknowledge = acknowledging.acknowledge
answer_owed = answering.answer_owed
make_feed = calendars.make_feed
end_feed = calendars.end_feed

Writing = reporting.Writing
write_report = reporting.write_report
send_report = reporting.send_report
remark = reporting.remark
answer = reporting.answer
read_evidence = handing_in.read_evidence

Wish = amending.Wish
AmendmentTaking = amending.AmendmentTaking
ask_to_amend = amending.ask_to_amend
move_amendment = amending.move_amendment
