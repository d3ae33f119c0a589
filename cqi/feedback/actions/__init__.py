"""What people do with feedback after a case review."""

from __future__ import annotations

from cqi.feedback.actions import memos, reconsidering

Writing = memos.Writing
Request = reconsidering.Request

acknowledge = memos.acknowledge
release = memos.release
write = memos.write

ask_to_reconsider = reconsidering.ask_to_reconsider
withdraw = reconsidering.withdraw
uphold = reconsidering.uphold
change = reconsidering.change
tell_late = reconsidering.tell_late
