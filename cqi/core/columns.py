"""The model base and the column types that every table uses."""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from collections.abc import Collection, Sequence
from typing import Annotated, Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from cqi.core import encryption, identifiers

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[dt.datetime]):
    """An instant in UTC. Refuses naive values."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> Any:
        """Aware values only; SQLite stores them without the zone, all in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone: pass an aware datetime")
        in_utc = value.astimezone(dt.UTC)
        return in_utc if dialect.name == "postgresql" else in_utc.replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002 - the library's signature
        """Always aware, in UTC."""
        if value is None:
            return None
        moment: dt.datetime = value
        return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)


def enum_type(values: type[enum.StrEnum], *, constraint: bool = True) -> sa.Enum:
    """A StrEnum as text with a check constraint; no native enum on either engine.

    A column that was added to a table later has no constraint: neither engine adds one plainly.
    """
    return sa.Enum(
        values,
        native_enum=False,
        create_constraint=constraint,
        validate_strings=True,
        length=40,
        name=values.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

Key = Annotated[int, orm.mapped_column(BigInt, primary_key=True)]
PublicId = Annotated[
    uuid.UUID, orm.mapped_column(sa.Uuid(), unique=True, default=identifiers.uuid7)
]
Instant = Annotated[dt.datetime, orm.mapped_column(UtcDateTime())]
Day = Annotated[dt.date, orm.mapped_column(sa.Date())]
Secret = Annotated[str, orm.mapped_column(encryption.EncryptedText())]


class Model(orm.DeclarativeBase):
    """Every table's class."""

    metadata = sa.MetaData(naming_convention=NAMING)


def reference(target: str, *, nullable: bool = False, index: bool = True) -> Any:
    """A foreign key column to `table.id`; never deletes along."""
    return orm.mapped_column(BigInt, sa.ForeignKey(target), nullable=nullable, index=index)


def upsert(model: type[Model], key: Sequence[Any], changes: Collection[str], dialect: str) -> Any:
    """An INSERT that changes some columns of the row which has the same key already.

    `key` is what the unique index is over; of `changes` those count that the model has.
    """
    table: Any = model.__table__
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement: Any = insert(table)
    new = {name: statement.excluded[name] for name in changes if name in table.c}
    return statement.on_conflict_do_update(index_elements=list(key), set_=new)
