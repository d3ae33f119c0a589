"""Saving one answer over HTTP beside a bare route in the same minutes: eight people who never
pause, and fifty at work who think for 2 to 5 seconds before each answer.

Both run under gunicorn with one worker of four threads and commit durably (synchronous FULL).
The clients share the machine's cores with the servers, so that the figures are those of a small
machine that does everything.
"""

from __future__ import annotations

import functools
import itertools
import json
import random
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cqi.access.permissions import Role
from cqi.core import configuration, database, schema
from tests import build
from tests.bench.__main__ import Row
from tests.fixtures import remote, serving

CLIENTS, SAVES, WARM = 8, 40, 5
AT_WORK, ANSWERS, THINKING = 50, 6, (2.0, 5.0)  # people, answers of each, seconds before one
ITEMS = ("MAS01", "SRM05", "INV01", "SNA02", "PCR02", "ICP01")
Step = Callable[[int], None]


@dataclass
class Scorer:
    """A reviewer who changes one answer after the other on a review of their own."""

    browser: remote.Browser
    review: str
    token: str
    revisions: dict[str, int] = field(default_factory=dict)

    def save(self, number: int) -> None:
        """One answer, as the page's script sends it."""
        item = ITEMS[number % len(ITEMS)]
        name = f"{item}-a"
        revision = self.revisions.get(name, 1)
        form = {
            "changed": name,
            name: "no" if revision % 2 else "yes",
            "csrf_token": self.token,
            f"{name}-revision": f"{revision}:",
        }
        status, text = self.browser.ask("POST", f"/reviews/{self.review}/items/{item}", form)
        assert status == 200, text
        assert json.loads(text)["saved_at"]
        self.revisions[name] = revision + 1


def measure() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as place:
        made, people = installation(AT_WORK)
        folder = shutil.copytree(made.name, Path(place) / "installation")
        with serving.product(folder) as address:
            steps = [_scorer(address, *one).save for one in people]
            ours, worked = load(steps[:CLIENTS]), load(steps, thinking=True)
        with serving.process(["-m", "tests.bench.bare"], folder) as address:
            steps = [_bare(address, number) for number in range(1, AT_WORK + 1)]
            bare, idled = load(steps[:CLIENTS]), load(steps, thinking=True)
    yield "saving one answer, p50", ours.p(50), "ms", "the bare route's", bare.p(50)
    yield "saving one answer, p95", ours.p(95), "ms", "the aim", 40.0
    yield "the bare route, p95", bare.p(95), "ms", "", None
    third = "a third of the bare route's"
    yield "saving with 50 people at work, p50", worked.p(50), "ms", "the bare route's", idled.p(50)
    yield "saving with 50 people at work, p95", worked.p(95), "ms", "the aim", 100.0
    yield "the bare route with 50 people, p95", idled.p(95), "ms", "", None
    yield "saving, throughput", ours.per_second, "saves/s", third, bare.per_second / 3


@functools.cache
def installation(people: int) -> tuple[tempfile.TemporaryDirectory[str], list[tuple[str, str]]]:
    """A folder, made once, and (e-mail, review) of reviewers, each with a complete case review
    that is open."""
    folder = tempfile.TemporaryDirectory()
    settings = configuration.from_environment({"CQI_DATA_DIR": folder.name})
    opened = database.create_database(settings)
    schema.upgrade(settings, opened.keys)
    with opened.writing() as session:
        build.password_alone(session)
        region = build.region(session)
        county = build.county(session, region)
        on = build.round(session, region, [county])
        found = []
        for _ in range(people):
            reviewer = build.person(session)
            build.grant(session, reviewer, Role.REVIEWER, round=on)
            review = build.case_review(session, on, build.case(session, county), [reviewer])
            build.complete(session, review, reviewer)
            found.append((reviewer.email, str(review.public_id)))
    opened.dispose()
    return folder, found


def _scorer(address: str, email: str, review: str) -> Scorer:
    browser = remote.Browser(address)
    browser.sign_in(email)
    return Scorer(browser, review, browser.token(f"/reviews/{review}/components/SRM"))


def _bare(address: str, row: int) -> Step:
    browser = remote.Browser(address)

    def save(number: int) -> None:
        status, _ = browser.ask("POST", f"/save/{row}", {"value": "no" if number % 2 else "yes"})
        assert status == 200

    return save


@dataclass
class Load:
    """How long each save took, in milliseconds, and how many were done in a second."""

    times: list[float]
    per_second: float

    def p(self, percent: int) -> float:
        return statistics.quantiles(self.times, n=100)[percent - 1]


def load(steps: list[Step], *, thinking: bool = False) -> Load:
    """Every client saves as soon as its last save was answered, or once it has thought."""
    times: list[float] = []
    failed: list[BaseException] = []
    ready = threading.Barrier(len(steps) + 1)

    def work(step: Step, number: int) -> None:
        chance = random.Random(number)  # noqa: S311 - moments, no secrets
        try:
            for number in range(WARM):
                step(number)
            ready.wait()
            for number in range(WARM, WARM + (ANSWERS if thinking else SAVES)):
                time.sleep(chance.uniform(*THINKING) if thinking else 0)
                start = time.perf_counter()
                step(number)
                times.append((time.perf_counter() - start) * 1000)
        except BaseException as error:
            failed.append(error)
            ready.abort()
            raise

    threads = [threading.Thread(target=work, args=each) for each in zip(steps, itertools.count())]
    for thread in threads:
        thread.start()
    ready.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return Load(times, len(times) / (time.perf_counter() - start))
