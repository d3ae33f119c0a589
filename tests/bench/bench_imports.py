"""10,000 rows of finished ratings, brought in: cases with all items, and cases with one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator

from cqi.core import configuration, database, schema
from tests import build
from tests.bench.__main__ import Row
from tests.bench.bench_measures import milliseconds
from tests.reviews.importing import bring_in, csv, whole_case

ROWS = 10_000


def measure() -> Iterator[Row]:
    for items in (48, 1):
        with tempfile.TemporaryDirectory() as folder:
            settings = configuration.from_environment({"CQI_DATA_DIR": folder})
            opened = database.create_database(settings)
            schema.upgrade(settings, opened.keys)
            with opened.writing() as session:
                region = build.region(session)
                county = build.county(session, region)
                one = build.round(session, region, [county])
                rows: list[str] = []
                while len(rows) < ROWS:
                    rows += whole_case(one, county, f"E-{len(rows)}")[:items]
                text = csv(rows)
                took = milliseconds(lambda text=text, session=session: bring_in(session, text))
            opened.dispose()
        what = "all items of a case" if items > 1 else "one item a case"
        yield f"{ROWS:,} ratings brought in, {what}", took / 1000, "s", "", None
