"""Every table of a PostgreSQL database in one encrypted file, and back.

The file: a line that says what it is, then frames. A frame is its length, a nonce, and compressed
content under AES-256-GCM, with its number as associated data, so that none can be taken away,
added or moved. A frame holds JSON: the revision first, then for each table its name and columns,
then pieces of its rows as COPY writes them, last the counts.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from cryptography import exceptions
from cryptography.hazmat.primitives.ciphers import aead
from psycopg import sql
from sqlalchemy import orm

from cqi.core import configuration, database, errors, keys, schema

_MAGIC = b"cqi backup 1\n"
_NONCE = 12
_PIECE = 1 << 20
_REVISION_TABLE = "alembic_version"


def count_rows(connection: sa.Connection) -> dict[str, int]:
    """Table -> rows, but for the table that names the revision."""
    names = sorted(set(sa.inspect(connection).get_table_names()) - {_REVISION_TABLE})
    tables = [sa.table(name) for name in names]
    counted = (sa.select(sa.func.count()).select_from(table) for table in tables)
    return {name: connection.scalar(query) or 0 for name, query in zip(names, counted, strict=True)}


def write(session: orm.Session, file: Path, key: bytes) -> dict[str, int]:
    """Write every table as this reading session sees it; returns the rows of each."""
    connection = session.connection()
    counted = count_rows(connection)
    with file.open("wb") as out:
        out.write(_MAGIC)
        frames = _Frames(out, key)
        frames.add({"revision": _revision(connection)})
        for table in _in_order(connection):
            columns = [column.name for column in table.columns]
            frames.add({"table": table.name, "columns": columns})
            for piece in _copied_out(connection, table.name, columns):
                frames.add({"rows": base64.b85encode(piece).decode()})
        frames.add({"counts": counted})
        out.flush()
        os.fsync(out.fileno())
    return counted


class _Frames:
    """Writes frames with their numbers."""

    def __init__(self, out: IO[bytes], key: bytes) -> None:
        self.out, self.cipher, self.numbers = out, _cipher(key), itertools.count()

    def add(self, content: dict[str, Any]) -> None:
        nonce = os.urandom(_NONCE)
        packed = zlib.compress(json.dumps(content).encode(), 6)
        body = self.cipher.encrypt(nonce, packed, _associated(next(self.numbers)))
        self.out.write(struct.pack(">I", len(body)) + nonce + body)


def _cipher(key: bytes) -> aead.AESGCM:
    return aead.AESGCM(hmac.new(key, b"backup", hashlib.sha256).digest())


def _associated(number: int) -> bytes:
    return _MAGIC + str(number).encode()


def _revision(connection: sa.Connection) -> str:
    column = sa.column("version_num", sa.String)
    return str(connection.scalar(sa.select(column).select_from(sa.table(_REVISION_TABLE))))


def _in_order(connection: sa.Connection) -> list[sa.Table]:
    """The tables, each after those that it points to."""
    found = sa.MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != _REVISION_TABLE]


def _copy(table: str, columns: list[str], direction: str) -> sql.Composed:
    named = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("copy {} ({}) " + direction).format(sql.Identifier(table), named)


def _copied_out(connection: sa.Connection, table: str, columns: list[str]) -> Iterator[bytes]:
    raw: Any = connection.connection.driver_connection
    held = bytearray()
    with raw.cursor() as cursor, cursor.copy(_copy(table, columns, "to stdout")) as rows:
        for row in rows:
            held += row
            if len(held) >= _PIECE:
                yield bytes(held)
                held.clear()
    if held:
        yield bytes(held)


def _read_frames(file: Path, key: bytes) -> Iterator[dict[str, Any]]:
    cipher = _cipher(key)
    with file.open("rb") as source:
        if source.read(len(_MAGIC)) != _MAGIC:
            raise errors.BadInput(f"{file.name} is no backup of a PostgreSQL database")
        for number in itertools.count():
            size = source.read(4)
            if not size:
                return
            nonce = source.read(_NONCE)
            body = source.read(struct.unpack(">I", size)[0]) if len(size) == 4 else b""
            try:
                packed = cipher.decrypt(nonce, body, _associated(number))
            except (exceptions.InvalidTag, ValueError) as error:
                message = f"{file.name} is damaged, or was made with another key file"
                raise errors.BadInput(message) from error
            content: dict[str, Any] = json.loads(zlib.decompress(packed))
            yield content


def counts(file: Path, key: bytes) -> dict[str, int]:
    """Read a backup to its end: the rows of each table, as found and as written down.

    Raises BadInput when the file is damaged, cut short, or of another key.
    """
    found: dict[str, int] = {}
    table, last = "", {}
    for frame in _read_frames(file, key):
        last = frame
        if "table" in frame:
            table = frame["table"]
            found[table] = 0
        elif "rows" in frame:
            found[table] += base64.b85decode(frame["rows"]).count(b"\n")
    if last.get("counts") != found:
        raise errors.BadInput(f"{file.name} was cut short: it does not hold what it says")
    return found


def read(settings: configuration.Configuration, secrets: keys.Keys, file: Path) -> None:
    """Load a backup into an empty database. Raises BadInput when the database holds rows."""
    engine = database.engine_for(settings, secrets, pooled=False)
    with engine.connect() as connection:
        rows = sum(count_rows(connection).values())
    if rows:
        raise errors.BadInput(f"the database holds {rows} rows: restore into an empty one")
    if schema.check(engine).current is not None:
        schema.downgrade(settings, secrets, "base")
    frames = _read_frames(file, secrets.database)
    schema.upgrade(settings, secrets, next(frames)["revision"])
    with engine.begin() as connection:
        schema.drop_triggers(connection)
        _load(connection, frames)
        _set_sequences(connection)
        schema.create_triggers(connection)
    engine.dispose()


def _load(connection: sa.Connection, frames: Iterator[dict[str, Any]]) -> None:
    raw: Any = connection.connection.driver_connection
    into = None
    with raw.cursor() as cursor:
        for frame in frames:
            if "table" in frame:
                into = _copy(frame["table"], frame["columns"], "from stdin")
            elif "rows" in frame and into is not None:
                with cursor.copy(into) as rows:
                    rows.write(base64.b85decode(frame["rows"]))


def _set_sequences(connection: sa.Connection) -> None:
    """The next row of each table gets a number of its own."""
    for table in _in_order(connection):
        if "id" in table.columns:
            newest = sa.select(sa.func.max(table.columns["id"])).scalar_subquery()
            sequence = sa.func.pg_get_serial_sequence(table.name, "id")
            connection.execute(sa.select(sa.func.setval(sequence, newest)))
