"""What people do to plans, by what it is about. One event each."""

from __future__ import annotations

from cqi.plans.actions import acknowledging, calendars, moving, outlining, reminding, steps

NewPlan = outlining.NewPlan
NewGoal = outlining.NewGoal
NewStep = outlining.NewStep
draft_plan = outlining.draft_plan
add_goal = outlining.add_goal
add_strategy = outlining.add_strategy
add_step = outlining.add_step

PlanTaking = moving.PlanTaking
move_plan = moving.move_plan

StepTaking = steps.StepTaking
claim_step = steps.claim_step
verify_step = steps.verify_step
send_back_step = steps.send_back_step
move_step = steps.move_step

remind = reminding.remind

acknowledge = acknowledging.acknowledge

make_feed = calendars.make_feed
end_feed = calendars.end_feed
