"""Reads of case reviews; every query over scoped rows takes the actor."""

from __future__ import annotations

from cqi.reviews.models import CaseReview as CaseReview
from cqi.reviews.queries import choosing, contents, interviews, lists, ratings, sheets, visibility
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

visible_to = visibility.visible_to
case_review = visibility.case_review
case_review_to_score = visibility.case_review_to_score
standing = visibility.standing
instrument_of = visibility.instrument_of
pinned = visibility.pinned

contents_of = contents.contents
assess = contents.assess
sheet = sheets.sheet
subjects_of = sheets.subjects_of
interview_notes = interviews.notes
people = sheets.people
assessment = sheets.assessment
history = sheets.history

my_reviews = lists.my_reviews
qa_queue = lists.qa_queue
round_overview = lists.round_overview
review_counts = lists.review_counts
finished = lists.finished

team = choosing.team
cases_to_assign = choosing.cases_to_assign

stored_ratings = ratings.stored_ratings
recheck = ratings.recheck
rechecked = ratings.rechecked
