"""Script in every field that takes words, and every page in Chromium: no dialog, no report of the
content security policy, and no element or attribute that a text made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import flask
import pytest
import sqlalchemy as sa
from playwright.sync_api import BrowserContext, Page

from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.web import app as web
from tests.browser import payloads
from tests.browser.conftest import ContextFor
from tests.proof import forms
from tests.proof import world as worlds
from tests.proof.world import World

ids, world = worlds.ids, worlds.world
LISTEN = """
window.reports = [];
document.addEventListener("securitypolicyviolation",
  (event) => window.reports.push(event.violatedDirective + " " + event.blockedURI));
"""
LOOK = """(mark) => {
  const found = [...window.reports];
  if (window[mark]) found.push("a script ran");
  for (const one of document.querySelectorAll("*")) {
    if (one.localName.includes(mark)) found.push("element " + one.outerHTML.slice(0, 200));
    for (const { name, value } of one.attributes) {
      const address = ["href", "src", "action", "formaction"].includes(name);
      if (name.includes(mark) || name.startsWith("on")
          || (address && /^\\s*(javascript|data:text|vbscript):/i.test(value)))
        found.push("attribute " + one.outerHTML.slice(0, 200));
    }
  }
  return found;
}"""
SEND = """([action, fields]) => {
  const form = document.createElement("form");
  form.method = "post"; form.action = action; form.hidden = true;
  for (const [name, value] of Object.entries(fields)) {
    const field = document.createElement("textarea");
    field.name = name; field.value = value; form.append(field);
  }
  document.body.append(form);
  HTMLFormElement.prototype.submit.call(form);
}"""


@pytest.fixture
def app(database: Database, clock: Clock) -> flask.Flask:
    """The product as it runs, but that forms need no token: they are made here."""
    made = web.create_app(database, clock, web.Options(demonstration=True))
    made.config["WTF_CSRF_ENABLED"] = False
    return made


def test_the_list_is_two_hundred_texts() -> None:
    assert len(set(payloads.ALL)) == 200
    assert all(payloads.MARK in each for each in payloads.ALL)


class Filled:
    """Every column of words with as many of the texts as it holds, each column with others."""

    def __init__(self, shift: int = 0) -> None:
        self.next = shift

    def __call__(self, column: sa.Column[Any], number: int) -> str:
        longest = getattr(column.type, "length", None) or 4_000
        unique = f"{number} " if column.unique else ""
        words = payloads.spread(self.next, longest, unique)
        self.next += max(1, words.count(payloads.MARK))
        return words


def test_no_page_runs_or_grows_anything_from_a_text(
    world: World, context_for: ContextFor, pytestconfig: pytest.Config
) -> None:
    everything = pytestconfig.getoption("--every-payload")
    asked = [(key, path) for key, path, answer in world.pages(9 if everything else 1, files=False)
             if answer.mimetype == "text/html" and answer.status_code == 200]  # fmt: skip
    found: list[str] = []
    for shift in range(0, len(payloads.ALL), 10) if everything else (0,):
        world.fill(Filled(shift))
        visits = Visits(world, context_for)
        for key, path in asked if everything else sparing(world, asked):
            found += [f"{path} as {key}: {each}" for each in visits.seen(key, path)]
        visits.close()
    assert not found, "\n".join(sorted(set(found)))


def test_no_answer_to_a_form_runs_or_grows_anything_from_what_was_sent(
    world: World, context_for: ContextFor, pytestconfig: pytest.Config
) -> None:
    everything = pytestconfig.getoption("--every-payload")
    visits, found, done = Visits(world, context_for), [], set()
    for number, (key, form) in enumerate(world.forms()):
        place = (world.endpoint(form.action, "POST"), form.button.partition("=")[0])
        if place in done and not everything:
            continue
        done.add(place)
        texts = [name for name, value in form.filled().items() if value == forms.VOID]
        words = payloads.spread(number * 7, 3_000)
        sent = form.filled() | dict.fromkeys(texts, words)
        found += [f"{form.action}: {each}" for each in visits.sent(key, form.action, sent)]
    visits.close()
    assert not found, "\n".join(sorted(set(found)))
    assert len(done) > 15


def sparing(world: World, asked: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Each route at most twice."""
    met: list[str] = []
    for key, path in asked:
        endpoint = world.endpoint(path)
        if met.count(endpoint) < 2:
            met.append(endpoint)
            yield key, path


class Visits:
    """A browser for each person; what it complains of."""

    def __init__(self, world: World, context_for: ContextFor) -> None:
        self.world, self.context_for = world, context_for
        self.pages: dict[str, Page] = {}
        self.heard: list[str] = []

    def page(self, key: str) -> Page:
        if key not in self.pages:
            context: BrowserContext = self.context_for(self.world.people[key])
            context.add_init_script(LISTEN)
            self.pages[key] = page = context.new_page()
            page.set_default_timeout(20_000)
            page.on("dialog", self._dialog)
            page.on("console", lambda told: self._console(told.text))
        return self.pages[key]

    def _dialog(self, dialog: Any) -> None:
        if dialog.type == "beforeunload":  # the product asks whoever leaves what was refused
            dialog.accept()
            return
        self.heard.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def _console(self, text: str) -> None:
        if "Content Security Policy" in text or payloads.MARK in text:
            self.heard.append(text[:300])

    def seen(self, key: str, path: str) -> list[str]:
        page = self.page(key)
        page.goto(path, wait_until="domcontentloaded")
        return self._found(page)

    def sent(self, key: str, action: str, fields: dict[str, str]) -> list[str]:
        page = self.page(key)
        page.goto("/notices", wait_until="domcontentloaded")
        with page.expect_navigation(wait_until="domcontentloaded"):
            page.evaluate(SEND, [action, fields])
        return self._found(page)

    def _found(self, page: Page) -> list[str]:
        for one in ("details", "template"):
            page.evaluate(f"document.querySelectorAll({json.dumps(one)}).forEach(e => e.open = 1)")
        found = [*page.evaluate(LOOK, payloads.MARK), *self.heard]
        self.heard.clear()
        return found

    def close(self) -> None:
        for page in self.pages.values():
            page.context.close()
