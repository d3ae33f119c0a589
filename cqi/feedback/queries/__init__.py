"""Reads of feedback: memos to release, memos within a person's reach, what is beside them."""

from __future__ import annotations

from cqi.feedback.models import CoachingNote as CoachingNote
from cqi.feedback.models import MemoRelease as MemoRelease
from cqi.feedback.models import Reconsideration as Reconsideration
from cqi.feedback.models import SystemicNeed as SystemicNeed
from cqi.feedback.queries import clocks as _clocks
from cqi.feedback.queries import coaching as _coaching
from cqi.feedback.queries import debriefs as _debriefs
from cqi.feedback.queries import document as _document
from cqi.feedback.queries import drafts as _drafts
from cqi.feedback.queries import marks as _marks
from cqi.feedback.queries import memos as _memos
from cqi.feedback.queries import needs as _needs
from cqi.feedback.queries import readers as _readers
from cqi.feedback.queries import reconsidering as _reconsidering
from cqi.feedback.queries import requests as _requests
from cqi.feedback.queries import rollup as _rollup
from cqi.feedback.queries import telling as _telling
from cqi.feedback.queries import units as _units

MemoRow = _memos.MemoRow
MemoSheet = _memos.MemoSheet
Reader = _memos.Reader
ToRelease = _drafts.ToRelease
Draft = _drafts.Draft
RequestRow = _requests.Request
RequestSheet = _requests.RequestSheet
Marks = _marks.Marks
NoteSheet = _coaching.NoteSheet
NeedSheet = _needs.NeedSheet
UnitOn = _units.UnitOn
RollUp = _rollup.RollUp
UnitView = _units.UnitView

clocks = _clocks.clocks

DebriefRow = _debriefs.DebriefRow
DebriefTold = _debriefs.DebriefTold
debriefs = _debriefs.debriefs
debriefs_of_round = _debriefs.of_round
tentative_debriefs = _debriefs.tentative
review_to_debrief = _debriefs.review_to_debrief
debriefing = _debriefs.debriefing

memos = _memos.memos
memo = _memos.memo
released = _memos.released
review = _memos.review
readable = _memos.readable
by_unit = _memos.by_unit
unread = _memos.unread
stands = _memos.stands
content = _memos.content
case_facts = _memos.case_facts
acknowledged = _memos.acknowledged

to_release = _drafts.to_release
review_to_release = _drafts.review_to_release
draft = _drafts.draft
written = _drafts.written
wording = _drafts.wording
newest = _drafts.newest
releasing = _drafts.standing

readers = _readers.readers
kind_of = _readers.kind_of

note = _coaching.note
notes = _coaching.notes
notes_on = _coaching.notes_on
note_sheets = _coaching.sheets
note_standing = _coaching.note_standing
hold_note = _coaching.hold_note
note_sent = _coaching.note_sent
entry_sent = _coaching.entry_sent
draft_note = _coaching.draft_note
coached_case = _coaching.coached_case
workers = _coaching.workers
activities = _coaching.activities

to_tell = _telling.to_tell

need = _needs.need
needs = _needs.needs
need_sheets = _needs.need_sheets
need_sent = _needs.need_sent
need_standing = _needs.need_standing
first_owner = _needs.first_owner
late_needs = _needs.late_needs

unit = _units.unit
unit_on = _units.unit_on
roll_up = _rollup.roll_up

document = _document.document

reconsideration = _reconsidering.reconsideration
asking = _reconsidering.asking
late_reconsiderations = _reconsidering.late
reconsideration_standing = _reconsidering.standing
requests = _requests.requests
requests_of = _requests.of_memo
request_sheet = _requests.sheet
requests_by_item = _requests.by_item
rated_items = _requests.rated_items

marks = _marks.marks
in_question = _marks.in_question
