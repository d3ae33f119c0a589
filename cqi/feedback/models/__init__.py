"""Tables of feedback."""

from __future__ import annotations

from cqi.feedback.models import coaching, memos, needs, reconsidering

Acknowledgement = memos.Acknowledgement
CoachingEntry = coaching.CoachingEntry
CoachingNote = coaching.CoachingNote
Debrief = memos.Debrief
MemoDraft = memos.MemoDraft
MemoRelease = memos.MemoRelease
Reconsideration = reconsidering.Reconsideration
ReconsiderationStep = reconsidering.ReconsiderationStep
SystemicNeed = needs.SystemicNeed
SystemicNeedStep = needs.SystemicNeedStep
