"""An instrument as frozen dataclasses: what reviewers score, and by which rules it is rated."""

from __future__ import annotations

from cqi.instruments.definition import instrument, language, questions, ratings

Rating = ratings.Rating
ITEM_RATINGS = ratings.ITEM_RATINGS
COMPONENT_RATINGS = ratings.COMPONENT_RATINGS

Quantifier = language.Quantifier
Counted = language.Counted
Comparison = language.Comparison
Condition = language.Condition
Count = language.Count
CountCondition = language.CountCondition
RatingRow = language.RatingRow
ComponentRatingRow = language.ComponentRatingRow

YES = questions.YES
NO = questions.NO
NA = questions.NA
ACCEPTABLE = questions.ACCEPTABLE
ANSWER_WORDS = questions.ANSWER_WORDS
is_whole = questions.is_whole
LARGEST_COUNT = questions.LARGEST_COUNT
Answer = questions.Answer
Choice = questions.Choice
Fact = questions.Fact
Zone = questions.Zone
Point = questions.Point
Scale = questions.Scale
SubjectKind = questions.SubjectKind
Question = questions.Question

Evidence = instrument.Evidence
Item = instrument.Item
Component = instrument.Component
Instrument = instrument.Instrument
