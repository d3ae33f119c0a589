"""Telling people, and sending what they are told."""

from __future__ import annotations

from cqi.notices.actions import choosing, posting, sending, telling

tell = telling.tell
mark_seen = telling.mark_seen
mark_subject_seen = telling.mark_subject_seen

choose_mail = choosing.choose_mail
try_again = choosing.try_again

claim = sending.claim
record_sent = sending.record_sent
record_failure = sending.record_failure
send_due = sending.send_due

Post = posting.Post
poster = posting.poster
