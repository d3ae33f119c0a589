"""The least that a save could cost: a bare Flask route with one UPDATE, one INSERT and a commit.

The same engine, pragmas, pool and server as the product: `python -m tests.bench.bare` serves on
PORT and keeps its table in CQI_DATA_DIR.
"""

from __future__ import annotations

import os
from pathlib import Path

import flask
import sqlalchemy as sa
from flask.typing import ResponseReturnValue

from cqi.core import configuration, database
from cqi.web import server

_KEY = bytes(range(32))
_ROWS = 50
_TABLES = (
    "create table answers (id integer primary key, value text, revision integer)",
    "create table events (id integer primary key, answer_id integer, payload text)",
)


def engine(folder: Path) -> sa.Engine:
    """Both tables, made where they are missing."""
    made = database.embedded_engine(folder / "bare.db", _KEY, connections=1)
    with made.begin() as connection:
        if not sa.inspect(connection).get_table_names():
            for statement in _TABLES:
                connection.exec_driver_sql(statement)
            for number in range(1, _ROWS + 1):
                connection.exec_driver_sql(f"insert into answers values ({number}, '', 0)")  # noqa: S608 - numbers only
    return made


def make() -> flask.Flask:
    """The application."""
    app, store = flask.Flask(__name__), engine(Path(os.environ["CQI_DATA_DIR"]))
    update = sa.text("update answers set value = :value, revision = revision + 1 where id = :id")
    insert = sa.text("insert into events (answer_id, payload) values (:id, :payload)")

    @app.get("/healthz")
    def healthz() -> str:
        return "ok"

    @app.post("/save/<int:row>")
    def save(row: int) -> ResponseReturnValue:
        value = flask.request.form["value"]
        with store.begin() as connection:
            connection.execute(update, {"value": value, "id": row})
            connection.execute(insert, {"id": row, "payload": f'{{"value": "{value}"}}'})
        return flask.jsonify(saved=True)

    return app


if __name__ == "__main__":
    settings = configuration.from_environment(os.environ)
    server.serve(make, server.Listening(port=settings.port))
