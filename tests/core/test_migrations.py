"""Migrations go up and down with data, and end where the models and the triggers' list say."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic import autogenerate, config, migration, script

from cqi.core import configuration, folders, schema
from cqi.core.database import Database
from tests.core import one_of_each


def revisions() -> list[str]:
    alembic = config.Config()
    alembic.set_main_option("script_location", str(folders.data_folder("migrations")))
    alembic.set_main_option("path_separator", "os")
    found = script.ScriptDirectory.from_config(alembic)
    assert len(found.get_heads()) == 1
    return [revision.revision for revision in reversed(list(found.walk_revisions()))]


def triggers(database: Database) -> tuple[set[str], set[str]]:
    """(those that the database has, those that the list declares)."""
    with database.engine.connect() as connection:
        tables = set(sa.inspect(connection).get_table_names())
        declared = set(schema.declared_triggers(connection.dialect.name))
        expected = {name for name in declared if name.split("__")[0] in tables}
        return set(schema.existing_triggers(connection)), expected


def test_revisions_are_numbers_in_one_line() -> None:
    assert revisions() == [f"{number:04}" for number in range(1, len(revisions()) + 1)]


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expr")
def test_the_newest_revision_makes_what_the_models_say(database: Database) -> None:
    with database.engine.connect() as connection:
        context = migration.MigrationContext.configure(connection)
        differences = autogenerate.compare_metadata(context, one_of_each.metadata())
    assert differences == []


def test_every_step_down_and_up_keeps_the_triggers_and_works_with_data(
    database: Database, settings: configuration.Configuration
) -> None:
    with database.engine.begin() as connection:
        one_of_each.fill(connection)
    for revision in ["base", *revisions()][-2::-1]:
        schema.downgrade(settings, database.keys, revision)
        have, expected = triggers(database)
        assert have == expected
    for revision in revisions():
        schema.upgrade(settings, database.keys, revision)
        have, expected = triggers(database)
        assert have == expected
    assert schema.check(database.engine).up_to_date
    assert expected == set(schema.declared_triggers(database.engine.dialect.name))


def test_a_migration_that_fails_leaves_everything_as_it_was(
    database: Database,
    settings: configuration.Configuration,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_connection: sa.Connection) -> None:
        raise RuntimeError("in the middle")

    before = triggers(database)
    with monkeypatch.context() as patch:
        patch.setattr(schema, "create_triggers", fail)
        with pytest.raises(RuntimeError):
            schema.downgrade(settings, database.keys, "base")
    assert triggers(database) == before
    assert schema.check(database.engine).up_to_date
