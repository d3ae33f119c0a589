"""What people do with case reviews, one function a verb."""

from __future__ import annotations

from cqi.reviews.actions import (
    alerts,
    answering,
    assigning,
    county,
    eliminating,
    evidence,
    importing,
    interests,
    interviews,
    notes,
    overrides,
    planning,
    presence,
    steps,
    subjects,
)

Saved = answering.Saved
Recorded = interviews.Recorded
NoteReply = notes.NoteReply

assign_case = assigning.assign_case
assign_cases = assigning.assign_cases
assign_for_practice = assigning.assign_for_practice
assign_second_reading = assigning.assign_second_reading
add_reviewer = assigning.add_reviewer
remove_reviewer = assigning.remove_reviewer
propose_elimination = eliminating.propose_elimination
decide_elimination = eliminating.decide_elimination

Declared = interests.Declared
declare_conflict = interests.declare_conflict
declare_ahead = interests.declare_ahead
withdraw_conflict = interests.withdraw_conflict

RatingsImport = importing.RatingsImport
import_ratings = importing.import_ratings

record_answers = answering.record_answers
add_evidence = evidence.add_evidence
remove_evidence = evidence.remove_evidence
add_subjects = subjects.add_subjects
rename_subject = subjects.rename_subject
remove_subject = subjects.remove_subject
record_interviews = interviews.record_interviews
add_interview = interviews.add_interview
remove_interview = interviews.remove_interview
plan_interview = planning.plan_interview
cancel_plan = planning.cancel_plan
tell_county = county.tell_county
be_here = presence.be_here

submit_for_qa = steps.submit_for_qa
begin_qa = steps.begin_qa
send_to_second_level = steps.send_to_second_level
approve = steps.approve
return_to_reviewers = steps.return_to_reviewers
withdraw = steps.withdraw
reopen = steps.reopen

open_note = notes.open_note
answer_note = notes.answer_note
resolve_note = notes.resolve_note
reopen_note = notes.reopen_note
override_rating = overrides.override_rating
withdraw_override = overrides.withdraw_override
raise_alert = alerts.raise_alert
acknowledge_alert = alerts.acknowledge_alert
answer_alert = alerts.answer_alert
return_alert_answer = alerts.return_alert_answer
accept_alert_answer = alerts.accept_alert_answer
note_hotline_call = alerts.note_hotline_call
climb_late_alerts = alerts.climb_late_alerts
