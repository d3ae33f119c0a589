"""A headless Chromium for the tests of this folder; without one they are skipped, loudly."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import flask
import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from cqi.access.models import Person
from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.web import app as web
from tests.browser import gallery
from tests.browser import product as products
from tests.fixtures.installation import ClientFor

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_BROWSER = (
    "no Chromium was found: install one (Debian: apt-get install chromium), or set CQI_CHROMIUM"
)
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage",
]  # fmt: skip
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

Axe = Callable[[Page], list[str]]
ContextFor = Callable[..., BrowserContext]

PATIENCE = 15_000  # ms until what is expected must be there: machines are shared


def chromium_path() -> str | None:
    return os.environ.get("CQI_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    hit = [report for report in skipped if NO_BROWSER in str(report.longrepr)]
    if hit:
        terminalreporter.section("browser tests skipped", red=True, bold=True)
        terminalreporter.line(f"{len(hit)} browser tests did not run: {NO_BROWSER}.")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        pytest.skip(NO_BROWSER)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def chromium_page(chromium: Browser) -> Iterator[Page]:
    """A page in a context of its own; what its console complains of is in `page.complaints`."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.complaints = complaints
    page.on("console", lambda message: note(complaints, message))
    page.on("pageerror", lambda problem: complaints.append(str(problem)))
    yield page
    context.close()


def note(complaints: list[str], message: ConsoleMessage) -> None:
    if message.type in {"error", "warning"}:
        complaints.append(message.text)


@pytest.fixture(scope="session")
def axe() -> Axe:
    """`axe(page)` lists what axe-core finds wrong; it is run inside the page, past its CSP, and put
    there once."""
    if not AXE.exists():
        pytest.fail("axe-core is missing: run `make assets`")
    script = AXE.read_text(encoding="utf-8")

    def check(page: Page) -> list[str]:
        page.wait_for_load_state()
        if page.evaluate("typeof axe === 'undefined'"):
            page.evaluate(f"{script}; undefined")
        options = json.dumps({"runOnly": WCAG, "resultTypes": ["violations"]})
        found = page.evaluate(f"axe.run(document, {options}).then((result) => result.violations)")
        return [
            f"{v['id']}: {n['target']} {n['failureSummary']}" for v in found for n in v["nodes"]
        ]

    return check


@pytest.fixture
def live() -> Iterator[gallery.Serving]:
    """The gallery on a port of its own."""
    with gallery.serving() as serving:
        yield serving


@pytest.fixture
def engine_name() -> str:
    """One engine is enough here: what differs between them is tested without a browser."""
    return "embedded"


@pytest.fixture
def app(database: Database, clock: Clock) -> flask.Flask:
    """The product as it runs, with form tokens."""
    return web.create_app(database, clock, web.Options(demonstration=True))


@pytest.fixture
def product(app: flask.Flask) -> Iterator[products.Product]:
    running = products.Product(app)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def context_for(
    chromium: Browser, product: products.Product, client_for: ClientFor
) -> Iterator[ContextFor]:
    """A browser in which somebody is signed in."""
    opened: list[BrowserContext] = []

    def context(person: Person, **options: object) -> BrowserContext:
        made = products.context_for(chromium, product, client_for(person), **options)
        opened.append(made)
        return made

    yield context
    for each in opened:
        each.close()
