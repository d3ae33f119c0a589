"""The server is killed again and again while four people save: what a page called saved is there.

20 times by default, `pytest tests/web/test_killed.py --kills 200` for longer; a quarter of that
on PostgreSQL. Most times it is the worker, the process that answers and holds the database; now
and then all of the server's processes.
"""

from __future__ import annotations

import http.client
import json
import random
import re
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
import sqlalchemy as sa

from cqi.access.models import Person
from cqi.core import configuration, events
from cqi.core import database as databases
from cqi.reviews import queries
from tests import build
from tests.fixtures import remote, serving
from tests.fixtures.scoring import Desk

LONGEST_WAIT = 60  # seconds until a killed server answers again
FULL = 15  # each so many times all processes of the server are killed
Saved = tuple[str, str]  # a control's name, and its value


@dataclass
class Page:
    """What the page's script does: one value at a time, again word for word until it is heard."""

    browser: remote.Browser
    review: str
    items: tuple[str, ...]
    token: str = ""
    revisions: dict[str, str] = field(default_factory=dict)
    saved: list[Saved] = field(default_factory=list)
    under_way: Saved | None = None
    lost: int = 0
    refused: list[str] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def work(self) -> None:
        number = 0
        while not self.stopped.is_set():
            item = self.items[number % len(self.items)]
            self._save(item, f"{item}-a", "no" if number // len(self.items) % 2 else "yes")
            self._save(item, f"{item}-narrative", f"What was written as number {number}.")
            number += 1

    def _save(self, item: str, name: str, value: str) -> None:
        self.under_way = (name, value)
        while not self.stopped.is_set():
            status, text = self._send(item, name, value)
            if status == 200:
                self._hear(name, value, json.loads(text)["swaps"])
                return
            if 0 < status < 500:
                self.refused.append(f"{status} {text}")
                return
            self.lost += 1
            time.sleep(0.05)

    def _send(self, item: str, name: str, value: str) -> tuple[int, str]:
        sent = {"changed": name, name: value, "csrf_token": self.token}
        sent[f"{name}-revision"] = self.revisions.get(name, "0:")
        try:
            return self.browser.ask("POST", f"/reviews/{self.review}/items/{item}", sent)
        except (OSError, http.client.HTTPException):
            return 0, ""

    def _hear(self, name: str, value: str, swaps: list[dict[str, str]]) -> None:
        (html,) = (each["html"] for each in swaps if each["id"] == f"{name}-revision")
        found = re.search(r'value="([^"]+)"', html)
        assert found
        self.revisions[name] = found[1]
        self.under_way = None
        self.saved.append((name, value))

    def last(self, name: str) -> set[str]:
        """What may stand there now: what was saved last, or what was under way at the end."""
        saved = [value for at, value in self.saved if at == name][-1:]
        return {*saved, *(value for at, value in [self.under_way or ("", "")] if at == name)}


@pytest.fixture
def another(desk: Desk) -> str:
    """A second case review, of the same pair."""
    pair = [desk.cast.reviewer, desk.colleague()]
    with desk.database.writing() as session:
        case = build.case(session, desk.cast.county)
        review = desk.review(session)
        made = build.case_review(session, review.round, case, pair)
        return str(made.public_id)


def test_nothing_that_a_page_called_saved_is_missing_after_the_server_was_killed(
    desk: Desk,
    another: str,
    password_alone: None,
    settings: configuration.Configuration,
    pytestconfig: pytest.Config,
) -> None:
    kills = pytestconfig.getoption("kills") // (1 if settings.embedded else 4)
    people = (desk.cast.reviewer, desk.colleague())
    desk.database.dispose()
    server = serving.Server(settings.data_dir, settings.database_url or "")
    server.start()
    try:
        pages = list(opened(server.address, people, (str(desk.public_id), another)))
        kill_while_they_save(server, pages, kills)
    finally:
        server.stop()
    assert not [page.refused for page in pages if page.refused], "a conflict with oneself"
    assert sum(page.lost for page in pages) > 0, "the server was never killed under a save"
    check(settings, pages)


def opened(address: str, people: tuple[Person, ...], reviews: tuple[str, ...]) -> Iterator[Page]:
    """Both people on both case reviews, each at items of their own."""
    for person, items in zip(people, (("SRM05", "MAS01"), ("INV01", "SNA02")), strict=True):
        for review in reviews:
            browser = remote.Browser(address)
            browser.sign_in(person.email)
            token = browser.token(f"/reviews/{review}/components/SRM")
            yield Page(browser, review, items, token)


def kill_while_they_save(server: serving.Server, pages: list[Page], kills: int) -> None:
    threads = [threading.Thread(target=page.work) for page in pages]
    chance = random.Random(kills)  # noqa: S311 - moments, no secrets
    for thread in threads:
        thread.start()
    try:
        for number in range(1, kills + 1):
            wait_for_more(pages, some=True)
            time.sleep(chance.uniform(0, 0.2))
            if number % FULL:
                server.kill_worker()
            else:
                server.kill()
                server.start()
        wait_for_more(pages)
    finally:
        for page in pages:
            page.stopped.set()
        for thread in threads:
            thread.join()


def wait_for_more(pages: list[Page], *, some: bool = False) -> None:
    """Until each page has saved something since now, or some page."""
    before = [len(page.saved) for page in pages]
    until = time.monotonic() + LONGEST_WAIT
    enough = any if some else all
    while not enough(len(page.saved) > n for page, n in zip(pages, before, strict=True)):
        assert time.monotonic() < until, "the server did not come back"
        assert not any(page.refused for page in pages), [page.refused for page in pages]
        time.sleep(0.01)


def check(settings: configuration.Configuration, pages: list[Page]) -> None:
    """Every text stands once, in order; every answer is the last; chain and ratings hold."""
    database = databases.open_database(settings)
    with database.reading() as session:
        assert not events.verify(session).problem
        assert queries.recheck(session) == []
        for page in pages:
            reviews = sa.select(queries.CaseReview)
            found = session.scalars(reviews.filter_by(public_id=uuid.UUID(page.review))).one()
            sheet = queries.sheet(session, found)
            for item in page.items:
                texts = [v.text for v in reversed(queries.history(session, found, item))]
                saved = [value for name, value in page.saved if name == f"{item}-narrative"]
                assert texts[: len(saved)] == saved
                assert len(texts) - len(saved) in (0, 1)
                assert sheet.narratives[item].value in page.last(f"{item}-narrative")
                assert sheet.answers[item]["a"].value in page.last(f"{item}-a")
    database.dispose()
