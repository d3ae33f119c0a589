"""`cqi people create-administrator`: two, and their passwords in no history."""

from __future__ import annotations

import datetime as dt
import io
import re
import sys

import pytest
import sqlalchemy as sa

from cqi.access import queries, set_up
from cqi.access.models import GrantRow
from cqi.core.database import Database
from tests import build
from tests.fixtures.commands import Command, Ran

PASSWORD = "three invented words"


def create(command: Command, email: str, *typed: str) -> Ran:
    """The password is typed twice, without a terminal."""
    command.patch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in typed)))
    answers = iter(typed)
    command.patch.setattr("click.termui.hidden_prompt_func", lambda _words: next(answers))
    return command("people", "create-administrator", "--email", email, "--name", "Wren Thistledown")


def test_two_are_made_and_a_third_is_refused(installed: Command, database: Database) -> None:
    made = create(installed, "One@agency.example", PASSWORD, PASSWORD).good()
    assert made.out.endswith("one@agency.example is an administrator\n")
    assert PASSWORD not in made.out + made.err
    create(installed, "two@agency.example", PASSWORD, PASSWORD).good()
    third = create(installed, "three@agency.example", PASSWORD, PASSWORD)
    assert third.code == 2
    assert "There are two administrators already" in third.err
    with database.reading() as session:
        first = queries.person_by_email(session, "one@agency.example")
        assert first is not None
        assert str(first.password).startswith("$argon2id$")
        assert session.scalar(sa.select(sa.func.count()).select_from(GrantRow)) == 2
        assert queries.person_by_email(session, "three@agency.example") is None


def test_a_link_for_an_administrator_is_made_on_the_server(
    installed: Command, database: Database
) -> None:
    create(installed, "one@agency.example", PASSWORD, PASSWORD).good()
    made = installed("people", "set-up-link", "--email", "One@agency.example").good()
    found = re.search(r"/set-up/([\w-]{43})", made.out)
    assert found is not None
    with database.writing() as session:
        now = dt.datetime.now(dt.UTC)
        set_up.set_password(session, found[1], "another few plain words", now=now)
    nobody = installed("people", "set-up-link", "--email", "nobody@agency.example")
    assert nobody.code == 2
    assert "nobody signs in as" in nobody.err


@pytest.mark.parametrize(
    ("word", "why"),
    [("short", "at least 12 characters"), ("password1234", "one of the first to be tried")],
)
def test_a_password_is_held_to_the_same_rules(installed: Command, word: str, why: str) -> None:
    ran = create(installed, "one@agency.example", word, word)
    assert ran.code == 2
    assert why in ran.err


def test_a_real_administrator_is_not_made_in_a_demonstration(
    installed: Command, database: Database
) -> None:
    with database.writing() as session:
        build.person(session, "Invented").demonstration = True
    ran = create(installed, "one@agency.example", PASSWORD, PASSWORD)
    assert ran.code == 2
    assert "This is a demonstration" in ran.err


def test_nothing_is_served_where_invented_people_stand_beside_real_ones(
    installed: Command, database: Database
) -> None:
    with database.writing() as session:
        build.person(session, "Real")
        build.person(session, "Invented").demonstration = True
    ran = installed("serve")
    assert ran.code == 2
    assert "a data folder of their own" in ran.err


@pytest.mark.parametrize("option", [["--password", PASSWORD], [f"--password={PASSWORD}"]])
def test_the_password_is_never_an_argument(command: Command, option: list[str]) -> None:
    ran = command(
        "people", "create-administrator", "--email", "a@b.example", "--name", "A", *option
    )
    assert ran.code == 2
    assert "--password" in ran.err
    assert PASSWORD not in ran.out + ran.err
    assert "--password" not in command("people", "create-administrator", "--help").good().out
