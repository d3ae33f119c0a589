"""What people do with feedback after a case review."""

from __future__ import annotations

from cqi.feedback.actions import memos

Writing = memos.Writing

acknowledge = memos.acknowledge
release = memos.release
write = memos.write
