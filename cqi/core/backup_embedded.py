"""Copying the encrypted file as one moment saw it, while others go on writing."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from cqi.core import errors


def copy(source: Path, target: Path, key: bytes) -> dict[str, int]:
    """Copy a database page by page; returns the rows of each table, counted in the same moment.

    Raises BadInput when the source cannot be opened with this key, or either is damaged.
    """
    try:
        counted = _copy(source, target, key)
        _see_that_it_is_whole(target, key)
    except sqlcipher.DatabaseError as error:
        target.unlink(missing_ok=True)
        message = f"{source.name} is damaged, or was made with another key file"
        raise errors.BadInput(message) from error
    return counted


def _copy(source: Path, target: Path, key: bytes) -> dict[str, int]:
    with contextlib.closing(_open(source, key)) as original:
        original.execute("BEGIN")
        counted = _count(original)
        with contextlib.closing(_open(target, key)) as duplicate:
            original.backup(duplicate)
    return counted


def _open(path: Path, key: bytes) -> Any:
    connection = sqlcipher.connect(str(path), isolation_level=None)
    connection.execute("pragma cipher_log_level = NONE")  # the error that is raised says it
    connection.execute(f"pragma key = \"x'{key.hex()}'\"")
    return connection


def _count(connection: Any) -> dict[str, int]:
    names = connection.execute(
        "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'"
        " and name <> 'alembic_version'"
    ).fetchall()
    return {
        name: connection.execute(f'select count(*) from "{name}"').fetchone()[0]  # noqa: S608 - our own tables
        for (name,) in names
    }


def _see_that_it_is_whole(path: Path, key: bytes) -> None:
    with contextlib.closing(_open(path, key)) as connection:
        connection.execute("pragma journal_mode = delete")  # one file, nothing beside it
        found = connection.execute("pragma integrity_check").fetchall()
        found += connection.execute("pragma cipher_integrity_check").fetchall()
    if found != [("ok",)]:
        raise errors.BadInput(f"{path.name} is damaged: {found[0][0]}")
