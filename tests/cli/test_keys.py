"""`cqi keys`: which values lie under which key, bringing them under a new one, retiring the old."""

from __future__ import annotations

import uuid

import pytest

from cqi.core import configuration, database, events, keys, reencryption
from tests import build
from tests.core import one_of_each
from tests.fixtures.commands import Command


@pytest.fixture
def kept(installed: Command, settings: configuration.Configuration) -> Command:
    """An installation in which each encrypted column holds a value."""
    opened = database.open_database(settings)
    one_of_each.metadata()
    with opened.engine.begin() as connection:
        one_of_each.fill(connection)
        if not settings.embedded:  # which counts on from where it was, not from what is there
            connection.exec_driver_sql("select setval(pg_get_serial_sequence('events', 'id'), 9)")
    opened.dispose()
    return installed


def every() -> int:
    return sum(len(of) for of in reencryption.encrypted().values())


def test_an_old_key_is_retired_once_nothing_lies_under_it(
    kept: Command, settings: configuration.Configuration
) -> None:
    assert kept("keys").good().out.splitlines() == [
        f"columns 1: {every()} values (new values)",
        "events 1: never retired",
    ]
    assert "run `cqi keys rotate` first" in kept("keys", "retire", "1").err
    kept("keys", "rotate").good()
    assert kept("keys").good().out.splitlines() == [
        f"columns 1: {every()} values",
        "columns 2: 0 values (new values)",
        "events 1, 2: never retired",
    ]
    refused = kept("keys", "retire", "1")
    assert (refused.code, "run `cqi keys rewrite` first" in refused.err) == (2, True)
    assert "1" in keys.load(settings.key_file).columns
    done = kept("keys", "rewrite", "--batch", "1").good()
    assert done.out == f"{every()} values under key 2\n"
    kept("keys", "retire", "1").good()
    assert list(keys.load(settings.key_file).columns) == ["2"]
    assert list(keys.load(settings.key_file).events) == ["1", "2"]
    assert kept("keys").good().out.startswith(f"columns 2: {every()} values")
    assert "there is no key 1" in kept("keys", "retire", "1").err


def test_a_key_that_a_running_server_still_writes_with_is_not_retired(
    kept: Command, settings: configuration.Configuration
) -> None:
    """What it wrote next would be under a key that nobody has any more."""
    server = database.open_database(settings)
    kept("keys", "rotate").good()
    kept("keys", "rewrite").good()
    with server.writing() as session:
        stream = events.Stream("person", uuid.uuid4())
        events.record(session, stream, events.Happening("access.signed_in", 1, build.NOW), {})
    server.dispose()
    refused = kept("keys", "retire", "1")
    assert refused.code == 2
    assert "a server still used old keys" in refused.err
    kept("keys", "rewrite").good()
    kept("keys", "retire", "1").good()
