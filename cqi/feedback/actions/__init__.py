"""What people do with feedback after a case review."""

from __future__ import annotations

from cqi.feedback.actions import clocks, memos

Writing = memos.Writing

acknowledge = memos.acknowledge
release = memos.release
write = memos.write

tell_of_memos = clocks.tell_of_memos
