"""Old values of encrypted columns under the newest key: in batches, each a transaction of its own,
so that it goes on where it was stopped.

A trigger guards the words of a row. The same words under another key are the same words, so the
triggers of a table are lifted for the length of a batch, while nobody else can write to it, and
each value is read back before the batch is committed (ADR 0022).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import columns, database, encryption, errors, schema

BATCH = 500
_Values = dict[str, bytes | None]


def encrypted() -> dict[sa.Table, list[sa.Column[Any]]]:
    """Every table with its encrypted columns."""
    found = {
        table: [each for each in table.columns if isinstance(each.type, encryption.Encrypted)]
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
        last: Any = 0  # keys count from 1; what lies before is done
        while last is not None:
            with data.writing() as session:
                last, number = _one_batch(session, _Batch(table, of, last, batch))
            if number:
                yield table.name, number


@dataclass(frozen=True)
class _Batch:
    """So many rows of a table after a key."""

    table: sa.Table
    columns: list[sa.Column[Any]]
    after: Any
    size: int

    @property
    def key(self) -> sa.Column[Any]:
        [found] = self.table.primary_key.columns
        return found

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    def read(self, connection: sa.Connection, *where: sa.ColumnElement[bool]) -> dict[Any, _Values]:
        """The values of its rows as they lie there, by key."""
        query = sa.select(self.key, *map(_raw, self.columns)).where(*where).order_by(self.key)
        rows = connection.execute(query.limit(self.size))
        return {row[0]: dict(zip(self.names, row[1:], strict=True)) for row in rows}

    def old(self, newest: str) -> sa.ColumnElement[bool]:
        """True for rows of which something lies under another key than the newest."""
        some = (sa.and_(one.is_not(None), ~_under(one, newest)) for one in self.columns)
        return sa.and_(self.key > self.after, sa.or_(*some))


def _one_batch(session: orm.Session, batch: _Batch) -> tuple[Any, int]:
    """(the last key, how many values); no key where nothing was left to do."""
    connection, old = session.connection(), batch.old(session.info["keys"].column_key_id)
    if connection.scalar(sa.select(batch.key).where(old).limit(1)) is None:
        return None, 0
    with schema.lifted(connection, batch.table.name):
        before = batch.read(connection, old)
        for place, values in before.items():
            again = {name: _anew(batch.table, value) for name, value in values.items()}
            change = {n: sa.type_coerce(value, sa.LargeBinary()) for n, value in again.items()}
            connection.execute(sa.update(batch.table).where(batch.key == place).values(change))
        _compare(batch, before, batch.read(connection, batch.key.in_(list(before))))
    held = sum(value is not None for values in before.values() for value in values.values())
    return max(before, default=None), held


def _compare(batch: _Batch, before: dict[Any, _Values], now: dict[Any, _Values]) -> None:
    for place, values in before.items():
        if _words(values) != _words(now[place]):
            words = f"{batch.table.name} {place} did not come back: this batch was given up"
            raise errors.Failed(words)


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
        return encryption.seal(encryption.unseal(bytes(value)))
    except KeyError as error:
        message = f"a value of {table.name} lies under key {error}, which is not in the key file"
        raise errors.BadInput(f"{message}: put the copy back that holds it") from error


def _words(values: _Values) -> _Values:
    return {
        name: None if value is None else encryption.unseal(bytes(value))
        for name, value in values.items()
    }
