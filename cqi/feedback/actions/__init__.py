"""What people do with feedback after a case review."""

from __future__ import annotations

<<<<<<< HEAD
from cqi.feedback.actions import coaching, memos
=======
from cqi.feedback.actions import clocks, memos
>>>>>>> memos

Writing = memos.Writing
Drafting = coaching.Drafting
WritingOn = coaching.Writing

acknowledge = memos.acknowledge
release = memos.release
write = memos.write

<<<<<<< HEAD
draft_coaching = coaching.draft_coaching
share_coaching = coaching.share_coaching
write_on_coaching = coaching.write_on_coaching
=======
tell_of_memos = clocks.tell_of_memos
>>>>>>> memos
