"""A scoring page, bare and under 200 QA notes (time, queries, weight of a first load), and a report
of a region as PDF, cold."""

from __future__ import annotations

import itertools
import re
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import flask
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy import event, orm

from cqi.access import queries as access
from cqi.access import sign_in, sign_ins
from cqi.access.permissions import Role
from cqi.core import configuration
from cqi.core import database as databases
from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.reviews import actions, queries, rules
from cqi.web import app as web
from tests import build
from tests.bench import bench_measures, bench_saving
from tests.bench.__main__ import Row

REPEATS, KILOBYTE, NOTES = 20, 1024, 200
WORDS = "The narrative speaks of a visit in May. Which one was it, and who was seen there?"
_ADDRESS = re.compile(r'(?:href|src)="(/static/[^"#]+)')
_TRANSACTION = ("pragma", "BEGIN")


def measure() -> Iterator[Row]:
    yield from scoring_page()
    yield from cold_report()


def scoring_page() -> Iterator[Row]:
    """The largest component of a complete case review, without a server around it: while it is
    scored, while QA reads it with all notes on it, and returned to the reviewer with them."""
    folder, [(email, review)] = bench_saving.installation(1)
    settings = configuration.from_environment({"CQI_DATA_DIR": folder.name})
    opened = databases.open_database(settings)
    clock = Clock(ZoneInfo("America/Chicago"))
    app = web.create_app(opened, clock)
    client = signed_in(app, opened, email, clock)
    path = f"/reviews/{review}/components/PCR"
    yield from one_page("scoring page", opened, client, path)
    weight = first_load(client, path) / KILOBYTE
    yield "scoring page, first load with assets, compressed", weight, "KB", "the aim", 250.0
    noted = Noted(opened, uuid.UUID(review), email)
    lead = signed_in(app, opened, noted.ask(), clock)
    yield from one_page(f"{NOTES} notes, for QA", opened, lead, path)
    noted.give_back()
    yield from one_page(f"{NOTES} notes, for the reviewer", opened, client, path)
    opened.dispose()


def one_page(name: str, opened: Database, client: FlaskClient, path: str) -> Iterator[Row]:
    """Time on the clock and of the processor, which others on the machine do not lengthen."""
    shown = client.get(path)
    assert shown.status_code == 200
    taken = [both_times(lambda: client.get(path)) for _ in range(REPEATS)]
    passed, worked = (statistics.median(times) for times in zip(*taken, strict=True))
    yield f"{name}, server time", passed, "ms", "the aim", 60.0
    yield f"{name}, of which the processor's", worked, "ms", "the aim", 60.0
    yield f"{name}, queries", statements(opened, client, path), "", "the aim", 12.0


def both_times(step: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds on the clock, and of this process at work."""
    start = time.process_time()
    passed = bench_measures.milliseconds(step)
    return passed, (time.process_time() - start) * 1000


@dataclass
class Noted:
    """A case review that its reviewer hands in and a QA lead covers with notes."""

    opened: Database
    public_id: uuid.UUID
    reviewer: str

    def ask(self) -> str:
        """Hand it in and write the notes, every second one answered; the QA lead's e-mail."""
        with self.opened.writing() as session:
            review = self._review(session)
            by = access.person_by_email(session, self.reviewer)
            lead = build.person(session)
            build.grant(session, lead, Role.QA_LEAD, round=review.round)
            given = {"review": review, "now": build.NOW}
            scorer, asker = build.actor(session, by), build.actor(session, lead)
            actions.submit_for_qa(session, actor=scorer, today=build.NOW.date(), **given)
            actions.begin_qa(session, actor=asker, **given)
            items = itertools.cycle(queries.instrument_of(review).items_of("PCR"))
            for number, item in zip(range(NOTES), items, strict=False):
                new = rules.NewNote(item.code, item.questions[0].id, WORDS)
                note = actions.open_note(session, new=new, actor=asker, **given)
                if number % 2:
                    actions.answer_note(session, note_id=note, text=WORDS, actor=scorer, **given)
            self.lead = lead
        return lead.email

    def give_back(self) -> None:
        with self.opened.writing() as session:
            given = {"review": self._review(session), "actor": build.actor(session, self.lead)}
            actions.return_to_reviewers(session, reason=WORDS, now=build.NOW, **given)

    def _review(self, session: orm.Session) -> queries.CaseReview:
        by_id = sa.select(queries.CaseReview).filter_by(public_id=self.public_id)
        return session.scalars(by_id).one()


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
