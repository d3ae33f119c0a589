"""Reads of feedback: the memos within a person's reach, and a memo as a document."""

from __future__ import annotations

from cqi.feedback.queries import document as _document
from cqi.feedback.queries import memos as _memos

MemoRow = _memos.MemoRow
MemoSheet = _memos.MemoSheet
Reader = _memos.Reader

memos = _memos.memos
memo = _memos.memo
review = _memos.review
readable = _memos.readable
by_unit = _memos.by_unit
unread = _memos.unread
case_facts = _memos.case_facts
acknowledged = _memos.acknowledged

document = _document.document
