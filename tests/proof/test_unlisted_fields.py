"""The name of every column of every table, beside what a form asks for, changes nothing more."""

from __future__ import annotations

import contextlib
import re
import uuid
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from cqi.core import schema
from tests.core import one_of_each
from tests.proof import world as worlds
from tests.proof.world import World

ids, world = worlds.ids, worlds.world
MARK = 424242
OURS = {"events", "event_heads", "sign_in_sessions", "sign_in_attempts"}  # written at any request
_DIGEST = re.compile(r"[0-9a-f]{16,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TABLES = {table.name: table for table in one_of_each.metadata().sorted_tables}
Rows = dict[tuple[str, Any], dict[str, Any]]


class Again:
    """The database as it was, as often as it is asked for; without triggers, to put it back."""

    def __init__(self, world: World) -> None:
        self.world = world
        with self.writing() as connection:
            schema.drop_triggers(connection)
        self.before = worlds.tables(world.database)

    @contextlib.contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        with self.world.database.writing() as session:
            yield session.connection()

    def after(self, key: str, path: str, sent: dict[str, Any]) -> tuple[int, list[str]]:
        """What a post answers, and what is other than before: then it is as before again."""
        answer = self.world.client_for(self.world.people[key]).post(path, data=sent)
        now = worlds.tables(self.world.database)
        said = sorted(self.said(now))
        self.put_back(now)
        return answer.status_code, said

    def said(self, now: Rows) -> Iterator[str]:
        for (name, key), row in now.items():
            if name in OURS:
                continue
            old, table = self.before.get((name, key)), TABLES[name]
            shown = {
                column.name: self.steady(column, row[column.name])
                for column in table.columns
                if (old is None and not column.primary_key)
                or (old is not None and old[column.name] != row[column.name])
            }
            if shown or old is None:
                yield f"{name} {key if old else 'new'} {shown}"
        yield from (f"{place} is gone" for place in self.before.keys() - now.keys())

    def steady(self, column: sa.Column[Any], value: Any) -> Any:
        """The same where it is made by chance."""
        for reference in column.foreign_keys:
            if (reference.column.table.name, (value,)) not in self.before:
                return "a new row" if value else value
        if isinstance(value, uuid.UUID):
            return value if any(value in row.values() for row in self.before.values()) else "an id"
        return _DIGEST.sub("by chance", value) if isinstance(value, str) else value

    def put_back(self, now: Rows) -> None:
        with self.writing() as connection:
            for name in reversed(TABLES):
                for place in [each for each in now if each[0] == name]:
                    if place not in self.before:
                        connection.execute(sa.delete(TABLES[name]).where(is_row(*place)))
            for name, table in TABLES.items():
                for place, row in self.before.items():
                    if place[0] == name and place not in now:
                        connection.execute(sa.insert(table).values(row))
                    elif place[0] == name and row != now[place]:
                        changed = {n: v for n, v in row.items() if v != now[place][n]}
                        query = sa.update(table).where(is_row(*place)).values(changed)
                        connection.execute(query)


def is_row(name: str, key: tuple[Any, ...]) -> sa.ColumnElement[bool]:
    columns = TABLES[name].primary_key.columns
    return sa.and_(*(c == value for c, value in zip(columns, key, strict=True)))


def columns() -> dict[str, str]:
    """Every column's name, as it is and with what marks a field of ours, with a value that stands
    nowhere else or, for a reference, with somebody's number."""
    found: dict[str, str] = {}
    for table in TABLES.values():
        for column in table.columns:
            value = "2" if column.foreign_keys or column.name in ("active", "revision") else MARK
            found[column.name] = found[f"{table.name}-{column.name}"] = str(value)
    return found


def test_a_form_changes_what_it_asks_for_and_nothing_else(world: World) -> None:
    extra, again = columns(), Again(world)
    taken, seen = set(), set()
    for key, form in world.forms():
        place = (world.endpoint(form.action, "POST"), form.button.partition("=")[0])
        if place in seen:
            continue
        seen.add(place)
        beside = {name: value for name, value in extra.items() if name not in form.names}
        asked = again.after(key, form.action, form.filled())
        more = again.after(key, form.action, {**beside, **form.filled()})
        assert more == asked, (place, set(more[1]) ^ set(asked[1]))
        bare, alone = (again.after(key, form.action, sent) for sent in ({}, beside))
        assert alone[1] == bare[1], place
        taken |= {place} if asked[1] else set()
    assert len(taken) > len(seen) // 2, f"nothing comes of {sorted(seen - taken)}"
