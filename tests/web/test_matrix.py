"""The authorisation matrix: every route, method and role, and everything near and far.

What is expected stands in tests/web/matrix.py; a route without its row there fails here.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import flask
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from cqi.access import guard
from cqi.access.models import Person, SignInSession
from cqi.access.permissions import Role
from cqi.core import columns, configuration, events
from cqi.core import database as databases
from cqi.core.database import Database
from cqi.documents import pdf
from tests.build import NOW
from tests.fixtures import postgresql
from tests.fixtures.installation import ClientFor, settings_in
from tests.web import matrix, matrix_hats, matrix_state
from tests.web.matrix import FORBIDDEN, OPEN
from tests.web.matrix_state import State

METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
REFUSED = ("access.refused", "access.not_found")
LEAVES_TRACES = {"events", "event_heads"}
LAST = {"own_sign_in.remove_app"}  # what it takes away is asked for by others
CellsOf = Callable[[str], Mapping[str, str]]  # endpoint -> reach -> what is expected


@dataclass(frozen=True)
class Call:
    """One route, one method, one thing; what is expected of it."""

    endpoint: str
    method: str
    path: str
    reach: str
    expected: str
    form: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.method} {self.endpoint} of {self.reach or 'nothing'}"


@dataclass(frozen=True)
class Template:
    """A database with the state in it, which tests copy."""

    settings: configuration.Configuration
    state: State


@pytest.fixture(scope="module", params=["embedded", "postgresql"])
def template(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Template]:
    """The state, made once on each engine."""
    migrated: configuration.Configuration = request.getfixturevalue("embedded_template")
    folder = tmp_path_factory.mktemp("matrix")
    shutil.copytree(migrated.key_file.parent, folder / "keys")
    if request.param == "embedded":
        shutil.copy(migrated.database_file, folder)
        yield _filled(settings_in(folder))
        return
    ready = postgresql.name_of(request.getfixturevalue("postgresql_template"))
    server = request.getfixturevalue("postgresql_server")
    with postgresql.database(server, template=ready) as url:
        yield _filled(settings_in(folder, url))


def _filled(settings: configuration.Configuration) -> Template:
    opened = databases.open_database(settings)
    with opened.writing() as session:
        state = matrix_state.make(session)
    opened.dispose()
    return Template(settings, state)


@pytest.fixture
def settings(
    template: Template, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[configuration.Configuration]:
    """A copy of the state: in place of the empty database of other tests."""
    folder = tmp_path / "installation"
    ready = template.settings
    shutil.copytree(ready.key_file.parent, folder / "keys")
    if not ready.database_url:
        shutil.copy(ready.database_file, folder)
        yield settings_in(folder)
        return
    server = request.getfixturevalue("postgresql_server")
    name = postgresql.name_of(ready.database_url)
    with postgresql.database(server, template=name) as url:
        yield settings_in(folder, url)


@pytest.fixture
def state(template: Template) -> State:
    return template.state


def calls(app: flask.Flask, state: State, who: str, cells_of: CellsOf) -> Iterator[Call]:
    """Everything that somebody tries: each route with each method, on each of the things."""
    for rule in app.url_map.iter_rules():
        row = matrix.ROWS[rule.endpoint]
        things = state.of(who, row.grid.things) or {"": {}}
        for reach, expected in cells_of(rule.endpoint).items():
            with app.test_request_context():
                values = {**things[reach], **row.values}
                path = flask.url_for(rule.endpoint, **{n: values[n] for n in rule.arguments})
            for method in sorted((rule.methods or set()) & METHODS):
                form = tuple(row.form.items())
                yield Call(rule.endpoint, method, path, reach, expected, form)


def of_role(role: Role) -> CellsOf:
    """What a role's row says. Where it is refused whatever it asks for, one thing of each kind is
    enough: the guard says no before anything is looked up."""

    def cells(endpoint: str) -> Mapping[str, str]:
        found = matrix.ROWS[endpoint].grid.cells[role.value]
        all_refused = set(found.values()) == {FORBIDDEN}
        return dict([next(iter(found.items()))]) if all_refused else found

    return cells


def nothing(endpoint: str) -> Mapping[str, str]:
    """For whoever gets nothing at all: what is nearest."""
    cells = matrix.ROWS[endpoint].grid.cells[Role.CQI_DIRECTOR.value]
    return dict.fromkeys(list(cells)[:1], FORBIDDEN)


def ask(client: FlaskClient, call: Call) -> int:
    data = dict(call.form) if call.method != "GET" else None
    return client.open(call.path, method=call.method, data=data).status_code


def fits(call: Call, status: int) -> bool:
    """A door that opens may still ask for what the form lacks, or say that it is too late."""
    if call.expected != OPEN:
        return status == int(call.expected)
    return status < 400 if call.method == "GET" else status not in (401, 403, 404) and status < 500


def wrong(client: FlaskClient, asked: list[Call]) -> list[str]:
    answers = ((call, ask(client, call)) for call in asked)
    return [f"{c}: {c.expected}, not {got}" for c, got in answers if not fits(c, got)]


def digests(database: Database) -> dict[str, str]:
    """Every table but those in which a refusal leaves its trace, as it lies on disk."""
    found = {}
    with database.reading() as session:
        for table in columns.Model.metadata.sorted_tables:
            if table.name not in LEAVES_TRACES:
                rows = session.execute(sa.text(f"select * from {table.name}")).all()  # noqa: S608
                lines = "\n".join(sorted(repr(tuple(map(_plain, row))) for row in rows))
                found[table.name] = hashlib.sha256(lines.encode()).hexdigest()
    return found


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value


def refusals(database: Database) -> int:
    with database.reading() as session:
        kind = events.Event.kind.in_(REFUSED)
        return session.scalar(sa.select(sa.func.count()).where(kind)) or 0


def person(database: Database, state: State, who: str) -> Person:
    with database.reading() as session:
        return session.get_one(Person, state.people[who])


def test_every_route_has_its_row_and_every_row_its_route(app: flask.Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints == set(matrix.ROWS), "write its row in tests/web/matrix.py"
    public = {e for e in endpoints if guard.mark_of(app.view_functions[e]) == guard.PUBLIC}
    assert public == {e for e, row in matrix.ROWS.items() if row.grid is matrix.PUBLIC}


@pytest.fixture(autouse=True)
def no_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing a PDF takes a hundred times as long as deciding who gets it."""
    monkeypatch.setattr(pdf, "render", lambda _document: b"%PDF")


def refuses(database: Database, client: FlaskClient, refused: list[Call]) -> list[str]:
    """What of these is no refusal. Each leaves one event, and changes nothing."""
    before, seen = digests(database), refusals(database)
    unexpected = wrong(client, refused)
    assert unexpected or refusals(database) - seen == len(refused), "each refusal leaves one event"
    after = digests(database)
    return unexpected + [f"{name} changed" for name in after if after[name] != before[name]]


def opens(client: FlaskClient, may: list[Call]) -> list[str]:
    """What of these does not open: pages first, then forms."""
    may.sort(key=lambda call: (call.method != "GET", call.endpoint in LAST))
    return wrong(client, may)


def holds(database: Database, client: FlaskClient, asked: Iterator[Call]) -> None:
    refused, may = [], []
    for call in asked:
        (may if call.expected == OPEN else refused).append(call)
    assert refused
    unexpected = refuses(database, client, refused) + opens(client, may)
    assert not unexpected, "\n".join(unexpected)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_what_it_may_and_nothing_else(
    app: flask.Flask, client_for: ClientFor, database: Database, state: State, role: Role
) -> None:
    client = client_for(person(database, state, role.value))
    holds(database, client, calls(app, state, role.value, of_role(role)))


@pytest.mark.parametrize("who", list(matrix_hats.HATS))
def test_two_grants_in_one_hand_do_not_lend_each_other_their_reach(
    app: flask.Flask, client_for: ClientFor, database: Database, state: State, who: str
) -> None:
    hats = matrix_hats.HATS[who]
    client = client_for(person(database, state, who))
    holds(database, client, calls(app, state, who, lambda endpoint: hats.get(endpoint, {})))


@pytest.mark.parametrize("who", ["former_director", "no_basis"])
def test_whose_grant_or_legal_basis_has_ended_is_refused_everything(
    app: flask.Flask, client_for: ClientFor, database: Database, state: State, who: str
) -> None:
    client = client_for(person(database, state, who))
    assert not refuses(database, client, list(calls(app, state, who, nothing)))


SHUT: dict[str, Mapping[str, object]] = {
    "too long ago": {"until_at": NOW},
    "idle": {"idle_until_at": NOW},
    "ended": {"ended_at": NOW},
    "without a second step": {"second_factor": None},
}


def shut(database: Database, client_for: ClientFor, state: State, how: str) -> FlaskClient:
    """A browser in which nobody is signed in, for one reason or another."""
    if how == "nobody":
        return client_for(None)
    if how == "disabled":
        return client_for(person(database, state, how))
    director = person(database, state, Role.CQI_DIRECTOR.value)
    client = client_for(director)
    with database.writing() as session:
        newest = sa.select(sa.func.max(SignInSession.id))
        row = session.get_one(SignInSession, session.scalars(newest).one())
        for name, value in SHUT[how].items():
            setattr(row, name, value)
    return client


@pytest.mark.parametrize("how", ["nobody", "disabled", *SHUT])
def test_whoever_is_not_signed_in_gets_to_the_sign_in_alone(
    app: flask.Flask,
    client_for: ClientFor,
    database: Database,
    state: State,
    how: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    client = shut(database, client_for, state, how)
    before, seen = digests(database), refusals(database)
    for call in calls(app, state, Role.CQI_DIRECTOR.value, nothing):
        answer = client.open(call.path, method=call.method, data=dict(call.form))
        if call.method == "GET":
            assert answer.headers.get("Location", "").startswith("/sign-in"), call
        else:
            assert answer.status_code == 401, call
    assert digests(database) == before
    assert refusals(database) == seen, "whoever is not signed in writes nothing"
    lines = [each.message for each in caplog.records if each.name == guard.__name__]
    assert len(lines) == 1, "one line a second: the clock stands still"
