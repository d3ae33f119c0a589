"""One transaction, declared as reading or writing; an encrypted file; safe settings."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlcipher3 import dbapi2 as sqlcipher

from cqi.core import configuration, errors, events, identifiers, keys
from cqi.core import database as databases
from cqi.core.database import Database
from tests import build
from tests.core import one_of_each


def test_a_reader_cannot_write(database: Database) -> None:
    with database.reading() as session, pytest.raises(sa.exc.DBAPIError):
        session.execute(sa.text("delete from people"))


def test_a_reader_sees_one_moment(database: Database) -> None:
    count = sa.text("select count(*) from people")
    with database.reading() as session:
        assert session.scalar(count) == 0
        with database.writing() as other:
            build.person(other)
        assert session.scalar(count) == 0
    with database.reading() as session:
        assert session.scalar(count) == 1


def test_what_fails_leaves_nothing(database: Database) -> None:
    def fail() -> None:
        with database.writing() as session:
            build.person(session)
            raise RuntimeError("later")

    with pytest.raises(RuntimeError):
        fail()
    with database.reading() as session:
        assert session.scalar(sa.text("select count(*) from people")) == 0


def test_eight_threads_write_one_stream_in_order(database: Database) -> None:
    stream = events.Stream("review", identifiers.uuid7())

    def write() -> None:
        for _ in range(5):
            with database.writing() as session:
                events.record(session, stream, events.Happening("x", None, build.NOW), {})

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        found = events.verify(session)
    assert (found.events, found.problem) == (40, "")


def test_logs_of_a_failed_statement_hold_no_values(database: Database) -> None:
    with database.reading() as session, pytest.raises(sa.exc.DBAPIError) as failed:
        session.execute(sa.text("select :name from nowhere"), {"name": "Juniper"})
    assert "Juniper" not in str(failed.value)


@pytest.fixture
def file(embedded_template: configuration.Configuration, tmp_path: Path) -> Path:
    """A copy of a migrated embedded database."""
    path = tmp_path / "copy.db"
    path.write_bytes(embedded_template.database_file.read_bytes())
    return path


def test_the_file_says_nothing_without_its_key(
    file: Path, embedded_template: configuration.Configuration
) -> None:
    secrets = keys.load(embedded_template.key_file)
    database = Database(databases.embedded_engine(file, secrets.database), secrets)
    with database.engine.begin() as connection:
        one_of_each.fill(connection)
    database.dispose()
    content = file.read_bytes()
    words = ["SQLite format 3", "people", "CREATE TABLE", one_of_each.SECRET]
    assert not [word for word in words if word.encode() in content]


def test_a_wrong_key_is_refused_with_what_to_do(file: Path) -> None:
    engine = databases.embedded_engine(file, keys.fresh().database)
    with pytest.raises(errors.BadInput, match="restore the key file"), engine.connect():
        pass


def test_every_connection_holds_the_settings_that_durability_rests_on(
    file: Path, embedded_template: configuration.Configuration
) -> None:
    engine = databases.embedded_engine(file, keys.load(embedded_template.key_file).database)
    with engine.connect() as connection:
        for name, value in (
            ("journal_mode", "wal"),
            ("synchronous", 2),
            ("foreign_keys", 1),
            ("busy_timeout", 10_000),
        ):
            assert connection.exec_driver_sql(f"pragma {name}").scalar() == value
    engine.dispose()


def test_a_library_that_can_corrupt_data_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlcipher, "sqlite_version_info", (3, 51, 2))
    with pytest.raises(errors.BadInput, match=r"3\.51\.3"):
        databases.embedded_engine(tmp_path / "x.db", b"0" * 32)


def test_new_keys_are_never_made_beside_an_existing_database(tmp_path: Path) -> None:
    settings = configuration.from_environment({"CQI_DATA_DIR": str(tmp_path)})
    settings.database_file.write_bytes(b"something")
    with pytest.raises(errors.BadInput, match="key file"):
        databases.create_database(settings)
    assert not settings.key_file.exists()


def test_a_narrative_is_encrypted_in_its_column_too(database: Database) -> None:
    with database.engine.begin() as connection:
        one_of_each.fill(connection)
        raw = connection.exec_driver_sql("select text from narratives").scalar()
    assert one_of_each.SECRET.encode() not in bytes(raw or b"")
    with database.engine.connect() as connection:
        table = one_of_each.metadata().tables["narratives"]
        assert connection.scalar(sa.select(table.c.text)) == one_of_each.SECRET


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "is not of the form"),
        ("mysql://x", "is not of the form"),
        ("sqlite:///x.db", "names sqlite: use PostgreSQL"),
        ("postgresql+psycopg://nobody@127.0.0.1:1/x", "does not answer: .*refused"),
    ],
)
def test_a_database_that_is_not_there_is_said_in_one_line(
    tmp_path: Path, url: str, words: str
) -> None:
    environment = {"CQI_DATA_DIR": str(tmp_path), "CQI_DATABASE_URL": url}
    settings = configuration.from_environment(environment)
    keys.create(settings.key_file)
    with pytest.raises((errors.BadInput, errors.Failed), match=words) as refused:
        databases.open_database(settings)
    assert "\n" not in str(refused.value)


def test_another_key_is_said_in_one_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    databases.embedded_engine(tmp_path / "x.db", b"1" * 32).connect().close()
    other = databases.embedded_engine(tmp_path / "x.db", b"2" * 32)
    with pytest.raises(errors.BadInput, match="restore the key file that made it"):
        other.connect()
    assert capfd.readouterr() == ("", "")


def test_all_that_write_share_one_connection(
    embedded_template: configuration.Configuration,
) -> None:
    database = databases.open_database(embedded_template)
    with database.writing() as session:
        session.execute(sa.text("select 1"))
        _, writer = database.engines
        assert (writer.pool.size(), writer.pool.checkedout()) == (1, 1)
    with database.reading() as session, database.writing() as other:
        assert session.scalar(sa.text("select 1")) == other.scalar(sa.text("select 1"))
    database.dispose()


REMOTE = "postgresql+psycopg://cqi@db.agency.example/cqi"


@pytest.mark.parametrize(
    "ending", ["", "?sslmode=disable", "?sslmode=prefer", "?sslmode=allow", "?sslrootcert=x"]
)
def test_another_machine_is_never_spoken_to_in_the_clear(ending: str) -> None:
    for url in (REMOTE + ending, f"postgresql+psycopg:///cqi{ending or '?'}&host=10.0.0.5"):
        with pytest.raises(errors.BadInput, match="sslmode=verify-full"):
            databases.postgresql_engine(url)


@pytest.mark.parametrize(
    "url",
    [
        f"{REMOTE}?sslmode=verify-full",
        f"{REMOTE}?sslmode=require",
        "postgresql+psycopg://cqi@localhost:5433/cqi",
        "postgresql+psycopg://cqi@127.0.0.1/cqi",
        "postgresql+psycopg:///cqi?host=/run/postgresql",
        "postgresql+psycopg:///cqi",
    ],
)
def test_tls_or_this_very_machine_will_do(url: str) -> None:
    databases.postgresql_engine(url).dispose()
