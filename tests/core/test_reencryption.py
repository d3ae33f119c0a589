"""Old values under the newest key: every table, in batches, with the triggers standing again."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from cqi.cases.models import Case
from cqi.core import configuration, database, encryption, errors, keys, reencryption, schema
from cqi.core.database import Database
from tests.core import one_of_each

MORE = 6  # rows, so that a table takes several batches


@pytest.fixture
def rotated(settings: configuration.Configuration) -> Iterator[Database]:
    """A row in every table, of cases more, under the first key; opened with a second."""
    before = database.open_database(settings)
    one_of_each.metadata()
    with before.engine.begin() as connection:
        one_case = one_of_each.fill(connection)["cases"]
        for number in range(2, 2 + MORE):
            own = {"id": number, "public_id": uuid.uuid4(), "case_number": f"N-{number}"}
            connection.execute(sa.insert(Case).values({**one_case, **own}))
    before.dispose()
    key_file = settings.key_file
    keys.keep(key_file, keys.rotated(keys.load(key_file)))
    after = database.open_database(settings)
    yield after
    after.dispose()


def counts(data: Database) -> dict[str, int]:
    with data.reading() as session:
        return reencryption.counted(session)


def every_column() -> list[sa.Column[str]]:
    return [column for of in reencryption.encrypted().values() for column in of]


def every_value() -> int:
    of_a_case = len(reencryption.encrypted()[Case.__table__])
    return len(every_column()) + MORE * of_a_case


@pytest.mark.parametrize("batch", [1, 4, 500])
def test_every_encrypted_value_comes_under_the_newest_key_and_says_the_same(
    rotated: Database, batch: int
) -> None:
    number = every_value()
    assert number > 30
    assert counts(rotated) == {"1": number, "2": 0}
    done = list(reencryption.rewrite(rotated, batch))
    assert sum(values for _, values in done) == number
    assert counts(rotated) == {"1": 0, "2": number}
    with rotated.reading() as session:
        for column in every_column():
            [said] = set(session.scalars(sa.select(column)))
            assert (said.decode() if isinstance(said, bytes) else said) == one_of_each.SECRET
    assert list(reencryption.rewrite(rotated)) == [], "there is nothing left to do"


def test_the_triggers_stand_again_after_every_batch(rotated: Database) -> None:
    for _ in reencryption.rewrite(rotated):
        assert schema.check(rotated.engine).up_to_date
        for table in ("disclosures", "review_steps", "events"):
            with (
                pytest.raises(sa.exc.DBAPIError, match="append-only"),
                rotated.writing() as session,
            ):
                session.execute(sa.text(f"update {table} set id = id"))  # noqa: S608 - our own


def test_nothing_but_ciphertext_changes(rotated: Database) -> None:
    def rows() -> dict[str, list[dict[str, object]]]:
        secret = set(every_column())
        with rotated.reading() as session:
            return {
                table.name: [
                    dict(row)
                    for row in session.execute(
                        sa.select(*(each for each in table.columns if each not in secret))
                    ).mappings()
                ]
                for table in one_of_each.metadata().sorted_tables
            }

    before = rows()
    assert list(reencryption.rewrite(rotated))
    assert rows() == before


def test_it_goes_on_where_it_was_stopped_row_by_row(rotated: Database) -> None:
    going = reencryption.rewrite(rotated, batch=1)
    next(going)
    going.close()
    half = counts(rotated)
    assert 0 < half["2"] < half["1"]
    list(reencryption.rewrite(rotated, batch=1))
    assert counts(rotated)["1"] == 0


def test_a_batch_that_fails_leaves_its_table_as_it_was(
    rotated: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = counts(rotated)
    monkeypatch.setattr(encryption, "seal", lambda content: _other(content))
    with pytest.raises(errors.Failed, match="did not come back"):
        list(reencryption.rewrite(rotated))
    monkeypatch.undo()
    assert counts(rotated) == before
    assert schema.check(rotated.engine).up_to_date


_seal = encryption.seal


def _other(content: bytes) -> bytes:
    return _seal(content + b"!")


def test_a_value_whose_key_is_lost_is_named_by_its_table_and_its_key(
    rotated: Database, settings: configuration.Configuration
) -> None:
    secrets = keys.load(settings.key_file)
    keys.keep(settings.key_file, keys.without(secrets, "1"))
    other = database.open_database(settings)
    number = every_value()
    assert counts(other) == {"2": 0, "": number}
    with pytest.raises(errors.BadInput, match=r"lies under key '1', which is not in the key file"):
        list(reencryption.rewrite(other))
    other.dispose()
