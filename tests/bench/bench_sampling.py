"""A frame of 100,000 cases: brought in, drawn from and told again, beside the bare parse of the
same file and one insert of the same rows."""

from __future__ import annotations

import csv
import io
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import sqlalchemy as sa

from cqi.core import configuration, database, schema
from cqi.sampling import actions, queries
from tests import build
from tests.bench.__main__ import Row
from tests.fixtures import samples

ROWS = 100_000
_Result = TypeVar("_Result")


def measure() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as place:
        settings = configuration.from_environment({"CQI_DATA_DIR": place})
        opened = database.create_database(settings)
        schema.upgrade(settings, opened.keys)
        with opened.writing() as session:
            region = build.region(session)
            county = build.county(session, region)
            in_round = build.round(session, region, [county])
            text = samples.case_list(county.code, ROWS * 2 // 3, ROWS - ROWS * 2 // 3)
        with opened.writing() as session:
            bare, _ = timed(lambda: _bare(session, text))
        with opened.writing() as session:
            session.add(in_round)
            taken, result = timed(lambda: samples.bring_in(session, in_round, text))
            assert result.frame is not None
            new = actions.NewDraw(samples.DESIGN)
            one = {"frame": result.frame, "new": new, "actor": None, "now": build.NOW}
            drawn, made = timed(lambda: actions.draw(session, **one))
            told, wrong = timed(lambda: queries.differences(session, made))
            assert not wrong
        opened.dispose()
    yield "a frame of 100,000 rows, brought in", taken, "s", "the aim", 15.0
    yield "the same beside parse and insert alone", taken, "s", "bare", bare
    yield "a draw from it", drawn, "s", "the aim", 1.0
    yield "the draw told again", told, "s", "", None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield "memory at most", peak, "MB", "the aim", 500.0


def timed(step: Callable[[], _Result]) -> tuple[float, _Result]:
    start = time.perf_counter()
    result = step()
    return time.perf_counter() - start, result


def _bare(session: Any, text: str) -> None:
    session.execute(sa.text("create table bare (a text, b text, c text, d text)"))
    rows = [row[:4] for row in csv.reader(io.StringIO(text))]
    statement = sa.text("insert into bare values (:a, :b, :c, :d)")
    session.execute(statement, [dict(zip("abcd", row, strict=True)) for row in rows])
    session.execute(sa.text("drop table bare"))
