"""What people do with feedback after a case review."""

from __future__ import annotations

from cqi.feedback.actions import clocks, debriefs, memos, reconsidering

Writing = memos.Writing
Request = reconsidering.Request

acknowledge = memos.acknowledge
release = memos.release
write = memos.write

record_debrief = debriefs.record_debrief

tell_of_memos = clocks.tell_of_memos

ask_to_reconsider = reconsidering.ask_to_reconsider
withdraw = reconsidering.withdraw
decide = reconsidering.decide
tell_late = reconsidering.tell_late
