"""Which passwords are taken."""

from __future__ import annotations

import pytest

from cqi.access import passwords

TRIED_FIRST = """
password1234 Password1234! qwertyuiopas iloveyouiloveyou 123456789012 leavemealone 1qaz2wsx3edc
aaaaaaaaaaaa
"""


@pytest.mark.parametrize("password", TRIED_FIRST.split())
def test_what_is_tried_first_is_refused_however_long(password: str) -> None:
    assert [each.code for each in passwords.blockers(password)] == ["password_common"]


@pytest.mark.parametrize(
    "password", ["three invented words", "the heron ate my sandwich", "ünïcödé größe 漢字"]
)
def test_no_rule_asks_for_kinds_of_characters(password: str) -> None:
    assert passwords.blockers(password) == []


def test_a_password_has_twelve_characters_at_least_and_two_hundred_at_most() -> None:
    assert [each.code for each in passwords.blockers("heron ate it")] == []
    assert [each.code for each in passwords.blockers("heron ate i")] == ["password_short"]
    assert [each.code for each in passwords.blockers("the heron " * 20 + "x")] == ["password_long"]


def test_the_hash_is_argon2id_and_fits_its_password_only() -> None:
    stored = passwords.hashed("three invented words")
    assert stored.startswith("$argon2id$")
    assert passwords.fits("three invented words", stored)
    assert not passwords.fits("three invented Words", stored)
