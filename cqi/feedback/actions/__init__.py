"""What people do with feedback after a case review, and what its clocks do."""

from __future__ import annotations

from cqi.feedback.actions import clocks, coaching, debriefs, memos, needs, reconsidering

Writing = memos.Writing
Request = reconsidering.Request
Drafting = coaching.Drafting
WritingOn = coaching.Writing
Taking = needs.Taking

acknowledge = memos.acknowledge
release = memos.release
write = memos.write

record_debrief = debriefs.record_debrief

tell_of_memos = clocks.tell_of_memos

ask_to_reconsider = reconsidering.ask_to_reconsider
withdraw = reconsidering.withdraw
decide = reconsidering.decide
tell_late = reconsidering.tell_late

draft_coaching = coaching.draft_coaching
share_coaching = coaching.share_coaching
write_on_coaching = coaching.write_on_coaching

raise_need = needs.raise_need
take_need_step = needs.take_need_step
tell_late_needs = needs.tell_late_needs
