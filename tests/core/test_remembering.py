"""What is worked out once is kept for a while, and the oldest gives way."""

from __future__ import annotations

from cqi.core import remembering


def test_a_value_comes_back_under_its_key() -> None:
    remembered = remembering.Remembered()
    remembered.remember("a", 1)
    assert (remembered.recall("a"), remembered.recall("b")) == (1, None)


def test_the_oldest_gives_way() -> None:
    remembered = remembering.Remembered(most=2)
    for key in "abc":
        remembered.remember(key, key)
    assert [remembered.recall(key) for key in "abc"] == [None, "b", "c"]
