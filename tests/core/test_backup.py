"""A backup is consistent, encrypted and verified, and comes back into an empty database only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from cqi.access.models import Person
from cqi.core import backup, configuration, errors, events, keys, schema
from cqi.core import database as databases
from cqi.core.database import Database
from tests import build
from tests.fixtures import postgresql
from tests.fixtures.cast import Cast

NAME = "Juniper Sorrel"


@pytest.fixture
def filled(database: Database, cast: Cast) -> Database:
    """The cast, with events."""
    with database.writing() as session:
        person = build.person(session, NAME)
        for _ in range(3):
            happening = events.Happening("test.happened", person.id, build.NOW)
            events.record(session, events.Stream("person", person.public_id), happening, {"n": 1})
    return database


@pytest.fixture
def empty(
    settings: configuration.Configuration, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[configuration.Configuration]:
    """Another installation of the same keys, without any table."""
    other = replace(settings, data_dir=tmp_path / "other")
    if settings.embedded:
        yield other
        return
    with postgresql.database(request.getfixturevalue("postgresql_server")) as url:
        yield replace(other, database_url=url)


def test_a_backup_comes_back_whole(
    filled: Database,
    settings: configuration.Configuration,
    empty: configuration.Configuration,
    tmp_path: Path,
) -> None:
    file = tmp_path / "backup"
    written = backup.write(settings, filled.keys, file)
    assert written.events == 3
    assert backup.restore(empty, filled.keys, file) == written
    restored = databases.open_database(empty)
    with restored.writing() as session:
        assert session.scalar(sa.select(Person.id).where(Person.name == NAME))
        added = build.person(session)  # numbers go on after the restored ones
        happening = events.Happening("test.happened", added.id, build.NOW)
        events.record(session, events.Stream("person", added.public_id), happening, {})
        assert events.verify(session).problem == ""
    with restored.engine.connect() as connection:
        dialect = connection.dialect.name
        assert set(schema.existing_triggers(connection)) == set(schema.declared_triggers(dialect))
    restored.dispose()


def test_a_backup_is_unreadable_and_only_its_owners(
    filled: Database, settings: configuration.Configuration, tmp_path: Path
) -> None:
    file = tmp_path / "backup"
    backup.write(settings, filled.keys, file)
    content = file.read_bytes()
    assert not any(word in content for word in (b"SQLite", NAME.encode(), b"people"))
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.glob("backup*")] == ["backup"]


def test_a_restore_refuses_a_database_that_holds_rows(
    filled: Database, settings: configuration.Configuration, tmp_path: Path
) -> None:
    file = tmp_path / "backup"
    backup.write(settings, filled.keys, file)
    with pytest.raises(errors.BadInput, match=r"holds \d+ rows"):
        backup.restore(settings, filled.keys, file)
    with filled.reading() as session:
        assert session.scalar(sa.select(Person.id).where(Person.name == NAME))


def test_a_restore_takes_a_database_that_was_only_migrated(
    filled: Database,
    settings: configuration.Configuration,
    empty: configuration.Configuration,
    tmp_path: Path,
) -> None:
    file = tmp_path / "backup"
    written = backup.write(settings, filled.keys, file)
    empty.data_dir.mkdir(exist_ok=True)
    schema.upgrade(empty, filled.keys)
    assert backup.restore(empty, filled.keys, file) == written


@pytest.mark.parametrize("harm", ["changed", "cut", "other keys", "nonsense"])
def test_a_damaged_backup_is_refused_and_leaves_nothing(
    filled: Database,
    settings: configuration.Configuration,
    empty: configuration.Configuration,
    tmp_path: Path,
    harm: str,
) -> None:
    file, secrets = tmp_path / "backup", filled.keys
    backup.write(settings, secrets, file)
    content = bytearray(file.read_bytes())
    if harm == "changed":
        content[len(content) // 2] ^= 1
    elif harm == "cut":
        content = content[: len(content) // 2]
    elif harm == "nonsense":
        content = bytearray(b"nonsense" * 1000)
    else:
        secrets = replace(secrets, database=keys.fresh().database)
    file.write_bytes(content)
    with pytest.raises(errors.BadInput):
        backup.restore(empty, secrets, file)
    assert not empty.database_file.exists()


def test_a_backup_never_overwrites(
    filled: Database, settings: configuration.Configuration, tmp_path: Path
) -> None:
    file = tmp_path / "backup"
    file.write_text("precious")
    with pytest.raises(errors.BadInput, match="exists already"):
        backup.write(settings, filled.keys, file)
    with pytest.raises(errors.BadInput, match="cannot be written"):
        backup.write(settings, filled.keys, tmp_path / "nowhere" / "backup")
    assert file.read_text() == "precious"


def test_a_broken_chain_is_found_before_a_backup_counts(
    filled: Database, settings: configuration.Configuration, tmp_path: Path
) -> None:
    with filled.engine.begin() as connection:
        schema.drop_triggers(connection)
        connection.execute(sa.update(events.Event).values(kind="test.invented"))
    with pytest.raises(errors.BadInput, match="event chain"):
        backup.write(settings, filled.keys, tmp_path / "backup")
    assert not (tmp_path / "backup").exists()


END = "select pg_terminate_backend(pg_backend_pid())"


@pytest.mark.parametrize("raw", [False, True])
def test_a_server_that_goes_away_meanwhile_is_said_in_one_line(
    postgresql_template: str, postgresql_server: str, raw: bool
) -> None:
    """Both ways by which a backup speaks to PostgreSQL: statements, and COPY on the bare driver."""
    ready = postgresql.name_of(postgresql_template)
    with postgresql.database(postgresql_server, template=ready) as url:
        engine = databases.postgresql_engine(url, pooled=False)
        with engine.connect() as connection:
            bare = connection.connection.driver_connection
            say = bare.execute if raw and bare else connection.exec_driver_sql
            with pytest.raises(errors.Failed, match="does not answer: ") as failed:
                _say(say)
            connection.invalidate()
    assert "\n" not in str(failed.value)


def _say(say: Callable[[str], object]) -> None:
    with databases.answering():
        say(END)
