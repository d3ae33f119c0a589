"""Reads of case reviews; every query over scoped rows takes the actor."""

from __future__ import annotations

from cqi.reviews.models import CaseReview as CaseReview
from cqi.reviews.models import SafetyAlert as SafetyAlert
from cqi.reviews.queries import (
    agreeing,
    alerts,
    candidates,
    choosing,
    consistency,
    contents,
    county,
    fitness,
    imported,
    interests,
    interviews,
    lists,
    notes,
    overrides,
    planning,
    presence,
    queue,
    ratings,
    readings,
    samples,
    sheets,
    trail,
)
from cqi.reviews.queries import changes as changing
from cqi.reviews.queries import visibility as visibility
from cqi.rounds.models import Round as Round

Assessment = contents.Assessment
Content = contents.Content
Progress = contents.Progress
ReviewSheet = sheets.ReviewSheet
ScoredSheet = sheets.ScoredSheet
ReviewLine = lists.ReviewLine
StoredRow = ratings.StoredRow
Difference = ratings.Difference
Rechecked = ratings.Rechecked
Note = notes.Note
Planned = planning.Planned
ToPlan = planning.ToPlan
Given = overrides.Given
SameItem = consistency.SameItem
QueueLine = queue.QueueLine
Reviewed = trail.Reviewed
AlertSheet = alerts.AlertSheet

found_by = visibility.found_by
alerts_found_by = alerts.found_by
alert_raisers = alerts.raisers
visible_to = visibility.visible_to
case_review = visibility.case_review
case_review_to_score = visibility.case_review_to_score
is_visible = visibility.is_visible
standing = visibility.standing
instrument_of = visibility.instrument_of
pinned = visibility.pinned

Task = fitness.Task
fitness_of = fitness.fitness
candidates_for_any = candidates.for_any
candidates_for_cases = candidates.for_cases
candidates_for_review = candidates.for_review
loads = choosing.loads
sample_lines = samples.sample_lines
unassigned = samples.unassigned
beside_sample = samples.beside_sample
drawn_twice = readings.drawn_twice
cases_to_read_twice = readings.cases_to_read_twice
first_pairs = readings.first_pairs
know_other = readings.know_other
second_readings_out = readings.still_out
may_compare = agreeing.may_compare
read_twice = agreeing.read_twice

contents_of = contents.contents
assess = contents.assess
sheet = sheets.sheet
subjects_of = sheets.subjects_of
interview_notes = interviews.notes
people = sheets.people
involved = sheets.involved
assessment = sheets.assessment
counted = sheets.counted
history = sheets.history
saved_by = sheets.saved_by
others_here = presence.others_here

What = changing.What
Changed = changing.Changed
changes = changing.changes
Moved = changing.Moved
interview_changes = changing.interview_changes
interviewed = changing.interviewed
sources_moved = changing.sources_moved
override_reasons = changing.override_reasons
subject_labels = changing.subject_labels

plans_of_review = planning.of_review
plans_of_round = planning.of_round
plans_of_reviewer = planning.of_reviewer
may_plan = planning.may_plan
clashes = planning.clashes
plan_standings = planning.standings
to_plan = planning.to_plan
calendar = planning.calendar

Letter = county.Letter
CountyLine = county.CountyLine
county_lines = county.lines

my_reviews = lists.my_reviews
my_practice = lists.my_practice
qa_queue = lists.qa_queue
qa_lines = queue.queue
round_overview = lists.round_overview
review_counts = lists.review_counts
finished = lists.finished
handled = lists.handled
in_hands = lists.in_hands

notes_of = notes.notes_of
open_blockers = notes.open_blockers
overrides_of = overrides.overrides_of
overrides_in = overrides.overrides_in

Arrival = imported.Arrival
arrival = imported.arrival
imported_counts = imported.counts

same_item = consistency.same_item
by_reviewer = consistency.by_reviewer

who_works_on = choosing.who_works_on
team = choosing.team
cases_to_assign = choosing.cases_to_assign
cases_to_practise_on = choosing.cases_to_practise_on
standing_to_be = choosing.standing_to_be
scorers = choosing.scorers
names_on_file = choosing.names_on_file

conflicts_of_interest = interests.conflicts
own_conflicts = interests.own
affected_by_conflicts = interests.affected

stored_ratings = ratings.stored_ratings
recheck = ratings.recheck
rechecked = ratings.rechecked

safety_alert = alerts.safety_alert
alert_register = alerts.register
alerts_of_review = alerts.of_review
alerts_raised = alerts.raised
alert_sheets = alerts.sheets
open_alert_count = alerts.open_count
alert_counts = alerts.counts_in_round
alert_standing = alerts.standing
responsible = alerts.responsible
accepting = alerts.accepting
cqi_directors = alerts.cqi_directors
to_climb = alerts.to_climb
alerts_to_climb = alerts.any_to_climb

reviewed = trail.reviewed
reviewed_case = trail.reviewed_case
