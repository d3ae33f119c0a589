"""What an e-mail says, and when it is tried again."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from cqi.notices import rules
from cqi.notices.rules import NoticeKind, Told
from tests import build

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


def test_a_letter_of_several_counts_them_by_kind_and_links_to_each() -> None:
    kinds = [NoticeKind.REPORT_SENT_BACK, *[NoticeKind.REPORT_TO_APPROVE] * 2]
    told = [Told(kind, uuid.UUID(int=key)) for key, kind in enumerate(kinds)]
    letter = rules.letter(told, "https://cqi.example")
    assert letter.subject == "3 notices for you"
    parts = letter.body.split("\n\n")
    assert parts[1].splitlines() == [
        "2 reports wait for your approval:",
        f"    https://cqi.example/notices/{uuid.UUID(int=1)}",
        f"    https://cqi.example/notices/{uuid.UUID(int=2)}",
    ]
    assert parts[2].splitlines()[0] == "A report came back to you: read what should change:"
    assert "https://cqi.example/notices" in parts
    assert "names nobody" in parts[-1]


@pytest.mark.parametrize("kind", list(NoticeKind))
def test_several_of_one_kind_are_the_subject(kind: NoticeKind) -> None:
    letter = rules.letter([Told(kind, KEY), Told(kind, KEY)], "https://cqi.example")
    assert letter.subject == rules.counted(kind, 2)
    assert "2" in letter.subject
    assert "{" not in letter.subject + letter.body


@pytest.mark.parametrize("tries", [1, 2, 5, 9])
def test_a_try_is_over_after_the_shortest_pause(tries: int) -> None:
    send_at = build.NOW + rules.pause(tries)
    assert not rules.try_is_over(tries, send_at, build.NOW + dt.timedelta(seconds=59))
    assert rules.try_is_over(tries, send_at, build.NOW + dt.timedelta(seconds=60))
