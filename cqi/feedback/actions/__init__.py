"""What people do with feedback after a case review."""

from __future__ import annotations

from cqi.feedback.actions import clocks, debriefs, memos

Writing = memos.Writing

acknowledge = memos.acknowledge
release = memos.release
write = memos.write

record_debrief = debriefs.record_debrief

tell_of_memos = clocks.tell_of_memos
