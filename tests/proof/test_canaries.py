"""A word that nobody else has stands in every field that may hold words of people; then everything
is opened, sent and broken. It is in no log line, file name, title, address or PDF property."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import flask
import pypdf
import pytest
import sqlalchemy as sa

from cqi.cli import jobs
from cqi.core import configuration
from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.notices import actions as notices
from cqi.web import app as web
from tests.fixtures.commands import Command
from tests.proof import forms
from tests.proof import world as worlds
from tests.proof.world import World
from tests.web.test_faults import replaced

ids, world, engine_name = worlds.ids, worlds.world, worlds.one_engine
WORD = "Quillfeather"
# labels of the agency's own, which name no person: they may head a page or a file
LABELS = {
    "places.name", "rounds.name", "plans.name", "goals.title", "strategies.title", "steps.title",
    "setting_values.reason", "place_memberships.source",
}  # fmt: skip


@pytest.fixture
def app(database: Database, clock: Clock) -> flask.Flask:
    """The product as it runs, with form tokens: a fault becomes a page."""
    return web.create_app(database, clock)


@pytest.fixture
def marked(world: World, caplog: pytest.LogCaptureFixture) -> World:
    """The world with the word in every field; what is logged from here on is kept, all of it."""
    caplog.set_level(logging.DEBUG)
    for name in list(logging.root.manager.loggerDict):
        if name.startswith(("cqi", "gunicorn", "werkzeug", "flask")):
            caplog.set_level(logging.DEBUG, name)
    world.fill(word)
    return world


def word(column: sa.Column[Any], number: int) -> str:
    name = f"{column.table.name}.{column.name}"
    if name in LABELS:
        return f"Label {number}"
    if column.name == "email":
        return f"{WORD}{number}@example.org".lower()
    longest = getattr(column.type, "length", None) or 200
    return f"{WORD} {name} {number}"[:longest]


def leaks(path: str, answer: Any) -> Iterator[str]:
    """Where the word stands in an answer though it must not."""
    for name in ("Location", "Content-Disposition", "Link", "Refresh"):
        if has_it(answer.headers.get(name, "")):
            yield f"{path}: {name}"
    if answer.mimetype == "text/html":
        page = forms.reader(answer.text, "/")
        yield from (f"{path}: address {each}" for each in page.addresses if has_it(each))
        yield from (f"{path}: title {each}" for each in page.titles if has_it(each))
    if answer.mimetype == "application/pdf":
        yield from (f"{path}: {each}" for each in pdf_leaks(answer.data))
    if answer.status_code >= 500 and has_it(answer.text.partition("<main")[2]):
        yield f"{path}: the page of a fault"


def pdf_leaks(content: bytes) -> Iterator[str]:
    """What a PDF says of itself, and what its reader lists beside it."""
    read = pypdf.PdfReader(io.BytesIO(content))
    about = [str(value) for value in (read.metadata or {}).values()]
    xmp = read.trailer["/Root"].get("/Metadata")
    about += [xmp.get_object().get_data().decode(errors="replace")] if xmp else []
    yield from (f"property {each}" for each in about if has_it(each))
    yield from (f"bookmark {each}" for each in bookmarks(read.outline) if has_it(each))


def bookmarks(outline: Any) -> Iterator[str]:
    for each in outline:
        if isinstance(each, list):
            yield from bookmarks(each)
        else:
            yield str(each.title)


def has_it(text: str) -> bool:
    return WORD.lower() in unquote(text).lower()


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [line for line in caplog.text.splitlines() if has_it(line)]


def test_no_page_and_no_file_says_a_name_where_others_read_it(
    marked: World, caplog: pytest.LogCaptureFixture
) -> None:
    found, shown = [], 0
    for _, path, answer in marked.pages(3):
        found += list(leaks(path, answer))
        shown += WORD in answer.text if answer.mimetype == "text/html" else 0
    assert not found, "\n".join(sorted(set(found)))
    assert shown > 20, "the word does stand on pages"
    assert not logged(caplog)


def test_no_form_and_no_refusal_says_a_name_where_others_read_it(
    marked: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Sent as they are and in every way that is refused: 400, 403, 404, 409, 413 and 422."""
    found, answered = [], set()
    for key, form in marked.forms():
        sent = {n: WORD if v == forms.VOID else v for n, v in form.filled().items()}
        old = {"csrf_token": ""} | {
            n: "7:old" if n.endswith("-revision") else v for n, v in sent.items()
        }
        bare = {n: v for n, v in sent.items() if n != "csrf_token"}
        sent = {"csrf_token": "", **sent}
        empty = dict.fromkeys(sent, WORD)
        large = {**sent, "more": WORD * 1_000_000}
        for who, data in ((key, old), (key, bare), (key, empty), ("outsider", sent), (key, sent)):
            found += [*ask(marked, who, form.action, data, answered)]
        if not found and 413 not in answered:
            found += [*ask(marked, key, form.action, large, answered)]
    client = marked.client_for(marked.people["reviewer"])
    found += list(leaks("nowhere", client.get(f"/reviews/{WORD}")))
    assert not found, "\n".join(sorted(set(found)))
    assert not logged(caplog)
    assert {400, 403, 404, 413, 422} <= answered, answered


def ask(
    world: World, who: str, path: str, data: dict[str, str], answered: set[int]
) -> Iterator[str]:
    world.app.config["WTF_CSRF_ENABLED"] = "csrf_token" not in data  # each client has its own
    answer = world.client_for(world.people[who]).post(path, data=data)
    answered.add(answer.status_code)
    yield from leaks(path, answer)


@pytest.mark.parametrize("kind", [ValueError, OSError])
def test_a_fault_in_any_view_logs_no_value(
    marked: World, caplog: pytest.LogCaptureFixture, kind: type[Exception]
) -> None:
    def crash() -> None:
        raise kind(WORD)

    views = marked.app.view_functions
    for name, view in list(views.items()):
        views[name] = replaced(view, crash)
    broken = 0
    for path in marked.starts:
        answer = marked.client_for(marked.people["cqi_director"]).get(path)
        broken += answer.status_code == 500
        assert not list(leaks(path, answer)), path
    assert broken > 20
    assert caplog.text.count("reference") == broken
    assert not logged(caplog)


def test_no_mail_no_file_of_it_and_no_command_says_a_name(
    marked: World,
    settings: configuration.Configuration,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
    command: Command,
) -> None:
    works = jobs.Works(marked.database, clock, notices.poster(settings))
    for job in jobs.JOBS.values():
        job(works)
    mails = list(settings.mail_folder.rglob("*"))
    assert mails
    assert not [file for file in mails if has_it(file.name)]
    for file in (each for each in mails if each.is_file()):
        head, _, body = file.read_text(encoding="utf-8").partition("\n\n")
        subject = re.search(r"^Subject:.*", head, re.MULTILINE)
        assert subject
        assert not has_it(subject.group() + body), file.name
    run = command.on(settings.data_dir, settings.database_url)
    for words in COMMANDS:
        ran = run(*words.split())
        assert not has_it(ran.out + ran.err), words
    assert not logged(caplog)


COMMANDS = (
    "audit verify", "audit seal", "rounds list", "jobs waiting", "db check",
    "instruments recheck", "plans list",
)  # fmt: skip
