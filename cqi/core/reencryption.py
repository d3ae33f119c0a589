"""Old values of encrypted columns under the newest key: in batches, each a transaction of its own,
so that it goes on where it was stopped.

A trigger guards the words of a row. The same words under another key are the same words, so the
triggers of a table are lifted for the length of a batch, while nobody else can write to it, and
each value is read back before the batch is committed (ADR 0022).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import columns, database, encryption, errors, schema

BATCH = 500
_Values = dict[str, bytes | None]


def encrypted() -> dict[sa.Table, list[sa.Column[Any]]]:
    """Every table with its encrypted columns."""
    found = {
        table: [each for each in table.columns if isinstance(each.type, encryption.EncryptedText)]
        for table in columns.Model.metadata.sorted_tables
    }
    return {table: of for table, of in found.items() if of}


def counted(session: orm.Session) -> dict[str, int]:
    """How many values lie under each key of the key file; under "" those of keys that it lacks."""
    found = dict.fromkeys(session.info["keys"].columns, 0)
    every = 0
    for column in (column for of in encrypted().values() for column in of):
        sums = [sa.func.sum(sa.case((_under(column, key), 1), else_=0)) for key in found]
        row = session.execute(sa.select(sa.func.count(column), *sums)).one()
        every += row[0]
        for key, number in zip(found, row[1:], strict=True):
            found[key] += number or 0
    lost = every - sum(found.values())
    return found | ({"": lost} if lost else {})


def rewrite(data: database.Database, batch: int = BATCH) -> Iterator[tuple[str, int]]:
    """Bring every value under the newest key; (table, values) after each batch. Raises BadInput
    where a value's key is not in the key file."""
    for table, of in encrypted().items():
        while True:
            with data.writing() as session:
                number = _one_batch(session, table, of, batch)
            if not number:
                break
            yield table.name, number


def _one_batch(session: orm.Session, table: sa.Table, of: list[Any], batch: int) -> int:
    newest = session.info["keys"].column_key_id
    connection, [key] = session.connection(), list(table.primary_key.columns)
    old = sa.or_(*(sa.and_(column.is_not(None), ~_under(column, newest)) for column in of))
    if connection.scalar(sa.select(key).where(old).limit(1)) is None:
        return 0
    with schema.lifted(connection, table.name):
        query = sa.select(key, *map(_raw, of)).where(old).order_by(key).limit(batch)
        rows = {row[0]: dict(zip(_names(of), row[1:], strict=True)) for row in
                connection.execute(query)}  # fmt: skip
        for place, values in rows.items():
            again = {name: sa.type_coerce(_anew(table, value), sa.LargeBinary())
                     for name, value in values.items()}  # fmt: skip
            connection.execute(sa.update(table).where(key == place).values(again))
        _read_back(connection, table, of, rows)
    return sum(value is not None for values in rows.values() for value in values.values())


def _names(of: list[Any]) -> list[str]:
    return [column.name for column in of]


def _raw(column: Any) -> Any:
    return sa.type_coerce(column, sa.LargeBinary()).label(column.name)


def _under(column: Any, key_id: str) -> sa.ColumnElement[bool]:
    """True for values that were encrypted with a key."""
    prefix = encryption.prefix(key_id)
    start = sa.func.substr(_raw(column), 1, len(prefix))
    return sa.type_coerce(start, sa.LargeBinary()) == sa.literal(prefix, sa.LargeBinary())


def _anew(table: sa.Table, value: bytes | None) -> bytes | None:
    if value is None:
        return None
    try:
        return encryption.encrypt(encryption.decrypt(bytes(value)))
    except KeyError as error:
        message = f"a value of {table.name} lies under key {error}, which is not in the key file"
        raise errors.BadInput(f"{message}: put the copy back that holds it") from error


def _read_back(
    connection: sa.Connection, table: sa.Table, of: list[Any], before: dict[Any, _Values]
) -> None:
    [key] = list(table.primary_key.columns)
    query = sa.select(key, *map(_raw, of)).where(key.in_(list(before)))
    for row in connection.execute(query):
        for name, now in zip(_names(of), row[1:], strict=True):
            if _words(now) != _words(before[row[0]][name]):
                raise errors.Failed(f"{table.name} {row[0]} did not come back: nothing was changed")


def _words(value: bytes | None) -> str | None:
    return None if value is None else encryption.decrypt(bytes(value))
