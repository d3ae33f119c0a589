"""A scoring page (time, queries, weight of a first load) and a region's report as PDF, cold."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import flask
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy import event

from cqi.access import queries as access
from cqi.access import sign_in, sign_ins
from cqi.core import configuration
from cqi.core import database as databases
from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.web import app as web
from tests.bench import bench_measures, bench_saving
from tests.bench.__main__ import Row

REPEATS, KILOBYTE = 20, 1024
_ADDRESS = re.compile(r'(?:href|src)="(/static/[^"#]+)')
_TRANSACTION = ("pragma", "BEGIN")


def measure() -> Iterator[Row]:
    yield from scoring_page()
    yield from cold_report()


def scoring_page() -> Iterator[Row]:
    """The largest component of a complete case review, without a server around it."""
    folder, [(email, review)] = bench_saving.installation(1)
    settings = configuration.from_environment({"CQI_DATA_DIR": folder.name})
    opened = databases.open_database(settings)
    clock = Clock(ZoneInfo("America/Chicago"))
    app = web.create_app(opened, clock)
    client = signed_in(app, opened, email, clock)
    path = f"/reviews/{review}/components/PCR"
    client.get(path)
    times = [bench_measures.milliseconds(lambda: client.get(path)) for _ in range(REPEATS)]
    asked = statements(opened, client, path)
    weight = first_load(client, path) / KILOBYTE
    opened.dispose()
    yield "scoring page, server time", statistics.median(times), "ms", "the aim", 60.0
    yield "scoring page, queries", asked, "", "the aim", 12.0
    yield "scoring page, first load with assets, compressed", weight, "KB", "the aim", 250.0


def signed_in(app: flask.Flask, opened: Database, email: str, clock: Clock) -> FlaskClient:
    client = app.test_client()
    with opened.writing() as session:
        person = access.person_by_email(session, email)
        assert person is not None
        now, today = clock.now(), clock.today()
        row = sign_ins.open_row(session, person_id=person.id, now=now, today=today)
        with client.session_transaction() as cookie:
            cookie[sign_in.UNIQUIFIER] = person.fs_uniquifier
            cookie[sign_in.COOKIE] = str(row.public_id)
    return client


def statements(opened: Database, client: FlaskClient, path: str) -> int:
    """Statements of one page, without the beginnings of transactions."""
    found: list[str] = []

    def note(_connection: sa.Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(_TRANSACTION):
            found.append(statement)

    event.listen(opened.engine, "before_cursor_execute", note)
    client.get(path)
    event.remove(opened.engine, "before_cursor_execute", note)
    return len(found)


def first_load(client: FlaskClient, path: str) -> int:
    """Bytes of the page and of everything that it names, as a browser gets them."""
    headers = {"Accept-Encoding": "gzip"}
    page = client.get(path, headers=headers)
    plain = client.get(path).text
    named = sorted(set(_ADDRESS.findall(plain)))
    return len(page.data) + sum(len(client.get(each, headers=headers).data) for each in named)


def cold_report() -> Iterator[Row]:
    """A process of its own: what it takes after everything was imported."""
    ran = subprocess.run(
        [sys.executable, "-c", "from tests.bench import bench_pages; bench_pages.first_report()"],
        capture_output=True,
        text=True,
        check=True,
    )
    yield "region report as PDF, the first of a process", float(ran.stdout), "ms", "the aim", 1000.0


def first_report() -> None:
    """Print how long the first report takes, from the query to the file."""
    from cqi.core import schema
    from cqi.documents import pdf
    from cqi.reporting import queries

    with tempfile.TemporaryDirectory() as folder:
        settings = configuration.from_environment({"CQI_DATA_DIR": folder})
        opened = databases.create_database(settings)
        schema.upgrade(settings, opened.keys)
        with opened.writing() as session:
            public_id = bench_measures.two_rounds(session).public_id
        with opened.reading() as session:
            start = time.perf_counter()
            one = queries.round_of(session, None, public_id)
            wanted = queries.Wanted(one, bench_measures.DAY)
            pdf.render(queries.region_report(session, wanted))
            print((time.perf_counter() - start) * 1000)
        opened.dispose()
