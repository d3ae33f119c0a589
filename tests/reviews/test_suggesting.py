"""Whom a case is suggested to: nobody who is blocked, and the load stays even."""

from __future__ import annotations

import dataclasses
import uuid
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from cqi.reviews.rules.suggesting import Candidate, in_order, spread, suggest


def somebody(number: int, load: int = 0, *, led: bool = False, blocked: bool = False) -> Candidate:
    why = ("works for this county",) if blocked else ()
    return Candidate(
        number, uuid.UUID(int=number), f"Person {number:02}", load, load, led=led, blocked=why
    )


@st.composite
def teams(draw: st.DrawFn, *, even: bool = False) -> list[Candidate]:
    """Up to nine people; `even`: nobody is blocked and all have as much to do."""
    number = draw(st.integers(2 if even else 0, 9))
    load = st.just(3) if even else st.integers(0, 5)
    blocked = st.just(False) if even else st.booleans()
    return [
        somebody(each, draw(load), led=draw(st.booleans()), blocked=draw(blocked))
        for each in range(number)
    ]


@given(st.lists(teams(), max_size=12))
def test_nobody_who_is_blocked_is_ever_suggested(cases: list[list[Candidate]]) -> None:
    found = spread(dict(enumerate(cases)))
    assert found.keys() == dict(enumerate(cases)).keys()
    for key, pair in found.items():
        assert not any(one.blocked for one in pair)
        free = {one.person_id for one in cases[key] if not one.blocked}
        assert len({one.person_id for one in pair}) == min(2, len(free))


@given(teams(even=True), st.integers(0, 25))
def test_the_load_stays_even_where_nobody_is_blocked(team: list[Candidate], number: int) -> None:
    found = spread(dict.fromkeys(range(number), team))
    more = Counter(one.person_id for pair in found.values() for one in pair)
    loads = [more[one.person_id] for one in team]
    assert sum(loads) == 2 * number
    assert max(loads) - min(loads) <= 1


@given(teams())
def test_nobody_free_has_less_to_do_than_those_who_are_suggested(team: list[Candidate]) -> None:
    pair = suggest(team)
    others = [one.load for one in team if not one.blocked and one not in pair]
    assert all(one.load <= other for one in pair for other in others)


@given(teams())
def test_those_who_can_take_it_stand_first_by_what_they_have_to_do(team: list[Candidate]) -> None:
    order = in_order(team)
    assert [bool(one.blocked) for one in order] == sorted(bool(one.blocked) for one in team)
    loads = [one.load for one in order if not one.blocked]
    assert loads == sorted(loads)


def test_of_people_with_as_little_to_do_one_has_led_a_review_and_one_has_not() -> None:
    team = [
        somebody(1),
        somebody(2),
        somebody(3, led=True),
        somebody(4, led=True),
    ]
    assert {one.led for one in suggest(team)} == {True, False}
    for pair in spread({"one": team, "two": team}).values():
        assert {one.led for one in pair} == {True, False}


def test_a_leader_with_more_to_do_is_not_preferred() -> None:
    team = [somebody(1), somebody(2), somebody(3, 1, led=True)]
    assert [one.person_id for one in suggest(team)] == [1, 2]


def test_the_case_that_few_can_take_gets_them_before_others_do() -> None:
    only = [somebody(1), somebody(2, blocked=True), somebody(3, blocked=True), somebody(4)]
    everybody = [dataclasses.replace(one, blocked=()) for one in only]
    found = spread({"easy": everybody, "hard": only})
    assert [one.person_id for one in found["hard"]] == [1, 4]
    assert [one.person_id for one in found["easy"]] == [2, 3]
