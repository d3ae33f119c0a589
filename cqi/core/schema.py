"""Alembic behind our own door: upgrade, downgrade, check.

Migrations run on a connection of their own, in one transaction, with foreign keys off before it
begins; all triggers are dropped first and made again last from the one list that declares them.
"""

from __future__ import annotations

import contextlib
import io
import runpy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from alembic import command, config, migration, script

from cqi.core import configuration, database, errors, folders, keys


@dataclass(frozen=True)
class State:
    """Where a database stands. Both are revision numbers, such as "0007"; None is empty.

    `missing` are triggers that the one list declares and the database lacks.
    """

    current: str | None
    head: str
    missing: tuple[str, ...] = ()

    @property
    def up_to_date(self) -> bool:
        """True when no migration is outstanding and every trigger stands."""
        return self.current == self.head and not self.missing

    @property
    def words(self) -> str:
        """What is wrong, in words; empty when nothing is."""
        if self.current != self.head:
            return f"the database is at {self.current or 'nothing'} and needs {self.head}"
        return f"the database lacks triggers: {', '.join(self.missing)}" if self.missing else ""


def upgrade(settings: configuration.Configuration, secrets: keys.Keys, to: str = "head") -> None:
    """Bring the database to a revision, with its data."""
    _migrate(settings, secrets, lambda alembic: command.upgrade(alembic, to))


def downgrade(settings: configuration.Configuration, secrets: keys.Keys, to: str) -> None:
    """Take the database back to a revision; "base" empties it."""
    _migrate(settings, secrets, lambda alembic: command.downgrade(alembic, to))


def check(engine: sa.Engine) -> State:
    """Which revision the database has and which this product needs."""
    with engine.connect() as connection:
        current = migration.MigrationContext.configure(connection).get_current_revision()
        standing = existing_triggers(connection)
    head = script.ScriptDirectory.from_config(_alembic()).get_current_head()
    declared = declared_triggers(engine.dialect.name) if current == head else {}
    return State(current, str(head), tuple(sorted(set(declared) - set(standing))))


def _alembic(connection: sa.Connection | None = None) -> config.Config:
    alembic = config.Config(stdout=io.StringIO())
    alembic.set_main_option("script_location", str(folders.data_folder("migrations")))
    alembic.set_main_option("path_separator", "os")
    alembic.attributes["connection"] = connection
    return alembic


def _migrate(settings: configuration.Configuration, secrets: keys.Keys, step: Any) -> None:
    engine = database.engine_for(settings, secrets, pooled=False)
    with engine.connect() as connection, _foreign_keys_off(connection), connection.begin():
        drop_triggers(connection)
        step(_alembic(connection))
        create_triggers(connection)
        _check_foreign_keys(connection)
    engine.dispose()


@contextlib.contextmanager
def _foreign_keys_off(connection: sa.Connection) -> Iterator[None]:
    """SQLite ignores this pragma inside a transaction, so it goes to the bare connection."""
    if connection.dialect.name == "sqlite":
        raw: Any = connection.connection.driver_connection
        raw.execute("pragma foreign_keys = 0")
    yield


def _check_foreign_keys(connection: sa.Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("pragma foreign_key_check").fetchall()
    if broken:
        table = broken[0][0]
        raise errors.BadInput(f"the migration left {len(broken)} rows of {table} pointing nowhere")


def declared_triggers(dialect: str) -> dict[str, list[str]]:
    """Name -> statements that make it, for "sqlite" or "postgresql": the one list."""
    found = runpy.run_path(str(folders.data_folder("migrations") / "triggers.py"))
    triggers: dict[str, list[str]] = found["declared"](dialect)
    return triggers


def existing_triggers(connection: sa.Connection) -> dict[str, str]:
    """Trigger name -> table, as the database has them."""
    if connection.dialect.name == "sqlite":
        query = "select name, tbl_name from sqlite_master where type = 'trigger'"
    else:
        query = (
            "select t.tgname, c.relname from pg_trigger t join pg_class c on c.oid = t.tgrelid"
            " where not t.tgisinternal"
        )
    return {str(row[0]): str(row[1]) for row in connection.exec_driver_sql(query)}


def drop_triggers(connection: sa.Connection) -> None:
    """Remove every trigger, so that a migration can change what they guard."""
    for name, table in existing_triggers(connection).items():
        on = f' on "{table}"' if connection.dialect.name == "postgresql" else ""
        connection.exec_driver_sql(f'drop trigger "{name}"{on}')


@contextlib.contextmanager
def lifted(connection: sa.Connection, table: str) -> Iterator[None]:
    """A table without its triggers, inside the caller's transaction: nobody else writes to it
    meanwhile, and whatever goes wrong they stand again."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f'alter table "{table}" disable trigger user')
        yield
        connection.exec_driver_sql(f'alter table "{table}" enable trigger user')
        return
    theirs = [name for name, of in existing_triggers(connection).items() if of == table]
    for name in theirs:
        connection.exec_driver_sql(f'drop trigger "{name}"')
    yield
    declared = declared_triggers(connection.dialect.name)
    for statement in (each for name in theirs for each in declared[name]):
        connection.exec_driver_sql(statement)


def create_triggers(connection: sa.Connection) -> None:
    """Make the declared triggers of the tables that exist."""
    tables = set(sa.inspect(connection).get_table_names())
    for name, statements in declared_triggers(connection.dialect.name).items():
        if name.split("__")[0] in tables:
            for statement in statements:
                connection.exec_driver_sql(statement)
