"""Tables of plans."""

from __future__ import annotations

from cqi.plans.models import outline, working

Amendment = working.Amendment
CalendarFeed = working.CalendarFeed
Goal = outline.Goal
Plan = outline.Plan
PlanCall = working.PlanCall
PlanEntry = outline.PlanEntry
PlanFinding = outline.PlanFinding
PlanReminder = working.PlanReminder
PlanReminderAnswer = working.PlanReminderAnswer
PlanReminderPerson = working.PlanReminderPerson
ProgressReport = working.ProgressReport
ReportRemark = working.ReportRemark
Step = outline.Step
StepEntry = outline.StepEntry
StepFile = outline.StepFile
Strategy = outline.Strategy
