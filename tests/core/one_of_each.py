"""One row in every table: for tests that go through all of them."""

from __future__ import annotations

import datetime as dt
import importlib
import pkgutil
import uuid
from typing import Any

import sqlalchemy as sa

import cqi
from cqi.core import columns
from cqi.core.encryption import Encrypted, EncryptedBytes, EncryptedText
from tests import build

SECRET = "a narrative that nobody else may read"


def metadata() -> sa.MetaData:
    """All tables of the product, after importing every package's models."""
    for package in pkgutil.iter_modules(cqi.__path__, "cqi."):
        names = {
            module.name
            for module in pkgutil.iter_modules([f"{cqi.__path__[0]}/{package.name[4:]}"])
        }
        if "models" in names:
            importlib.import_module(f"{package.name}.models")
    importlib.import_module("cqi.core.events")
    return columns.Model.metadata


def fill(connection: sa.Connection) -> dict[str, dict[str, Any]]:
    """Insert one row in every table, with id 1; returns the rows by table."""
    rows = {}
    for table in metadata().sorted_tables:
        rows[table.name] = {column.name: _value(column) for column in table.columns}
        connection.execute(sa.insert(table).values(rows[table.name]))
    return rows


def _value(column: sa.Column[Any]) -> Any:
    if column.nullable and not isinstance(column.type, Encrypted):
        return None
    if column.foreign_keys or (column.primary_key and isinstance(column.type, sa.Integer)):
        return 1
    return _of_type(column.type)


def _of_type(kind: Any) -> Any:
    if isinstance(kind, EncryptedText):
        return SECRET
    if isinstance(kind, EncryptedBytes):
        return SECRET.encode()
    if isinstance(kind, sa.Enum):
        return kind.python_type(kind.enums[0])
    if isinstance(kind, columns.UtcDateTime):
        return build.NOW
    plain: dict[type[Any], Any] = {
        sa.Boolean: False,
        sa.Date: dt.date(2027, 3, 10),
        sa.Integer: 1,
        sa.JSON: {},
        sa.LargeBinary: b"x",
        sa.String: "x",
        sa.Uuid: uuid.UUID(int=7 << 76 | 2 << 62),
    }
    return next(value for type_, value in plain.items() if isinstance(kind, type_))
