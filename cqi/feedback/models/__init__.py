"""Tables of feedback."""

from __future__ import annotations

from cqi.feedback.models import memos, reconsidering

Acknowledgement = memos.Acknowledgement
Debrief = memos.Debrief
MemoDraft = memos.MemoDraft
MemoRelease = memos.MemoRelease
Reconsideration = reconsidering.Reconsideration
ReconsiderationStep = reconsidering.ReconsiderationStep
