"""What an e-mail says, and when it is tried again."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from cqi.notices import rules
from cqi.notices.rules import NoticeKind, Told

KEY = uuid.UUID(int=1)


def test_pauses_grow_to_four_hours_and_stay_there() -> None:
    pauses = [rules.pause(tries) for tries in range(1, 9)]
    assert pauses[0] == dt.timedelta(minutes=1)
    assert pauses == sorted(pauses)
    assert set(pauses[4:]) == {dt.timedelta(hours=4)}


@pytest.mark.parametrize("kind", list(NoticeKind))
def test_a_letter_holds_what_happened_a_link_and_nothing_to_fill_in(kind: NoticeKind) -> None:
    letter = rules.letter([Told(kind, KEY)], "https://cqi.example")
    assert letter.subject == rules.NOTICE_WORDS[kind]
    assert letter.subject in letter.body
    assert f"https://cqi.example/notices/{KEY}" in letter.body
    assert "{" not in letter.body
    assert kind in rules.ENDPOINTS


def test_safety_alerts_never_wait_and_every_kind_has_its_row() -> None:
    assert set(rules.KINDS) == set(NoticeKind)
    assert {kind for kind in NoticeKind if kind.startswith("alert_")} <= rules.URGENT
    waiting = set(NoticeKind) - rules.URGENT
    assert NoticeKind.REPORT_TO_APPROVE in waiting
    assert all("{count}" in rules.KINDS[kind].many for kind in waiting if rules.KINDS[kind].many)
