"""Every route of the product names its permission, and holds to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import flask
import pytest
from werkzeug.routing import Rule

from cqi.access import guard, permissions
from cqi.access.permissions import Permission
from cqi.web import navigation
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor

SOMETHING: dict[str, Any] = {
    "int": 7,
    "uuid": "01890000-0000-7000-8000-000000000000",
    "path": "x",
    "default": "x",
    "string": "x",
}
NO_SUCH = {403, 404}


def calls(app: flask.Flask) -> Iterator[tuple[str, str, str]]:
    """(endpoint, method, address) of every route, its variables filled with what is nowhere."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
            yield rule.endpoint, method, address(app, rule)


def address(app: flask.Flask, rule: Rule) -> str:
    values = {
        name: SOMETHING["uuid" if "uuid" in str(type(converter)).lower() else _kind(converter)]
        for name, converter in rule._converters.items()
    }
    with app.test_request_context():
        return flask.url_for(rule.endpoint, **values)


def _kind(converter: object) -> str:
    return "int" if "Integer" in type(converter).__name__ else "default"


def needs(app: flask.Flask, endpoint: str) -> str | None:
    return guard.mark_of(app.view_functions[endpoint])


def guarded(app: flask.Flask) -> list[tuple[str, str, str]]:
    return [call for call in calls(app) if needs(app, call[0]) != guard.PUBLIC]


def test_every_route_names_a_permission_or_says_that_it_is_public(app: flask.Flask) -> None:
    known = {guard.PUBLIC, *Permission}
    unmarked = {endpoint for endpoint, _, _ in calls(app) if needs(app, endpoint) not in known}
    assert not unmarked, f"put @guard.requires(...) under the route of {sorted(unmarked)}"


def test_few_routes_are_public(app: flask.Flask) -> None:
    public = {endpoint for endpoint, _, _ in calls(app) if needs(app, endpoint) == guard.PUBLIC}
    assert public == {
        "static",
        "health.alive",
        "health.ready",
        "sign_in.sign_in",
        "sign_in.sign_out",
    }


def test_nobody_gets_anything(app: flask.Flask, client_for: ClientFor, cast: Cast) -> None:
    for endpoint, method, path in guarded(app):
        answer = client_for(None).open(path, method=method)
        if method == "GET":
            assert answer.headers.get("Location", "").startswith("/sign-in"), endpoint
        else:
            assert answer.status_code == 401, endpoint


def test_the_outsider_gets_nothing(app: flask.Flask, client_for: ClientFor, cast: Cast) -> None:
    client = client_for(cast.outsider)
    for endpoint, method, path in guarded(app):
        assert client.open(path, method=method).status_code == 403, endpoint


@pytest.mark.parametrize("role", list(permissions.Role))
def test_navigation_offers_what_the_role_may_open(app: flask.Flask, role: permissions.Role) -> None:
    for entry in navigation.OF_ROLE[role]:
        assert entry.permission in permissions.permissions_of(role), entry.title
        if entry.endpoint in app.view_functions:
            assert needs(app, entry.endpoint) in permissions.permissions_of(role), entry.title
    assert len(navigation.OF_ROLE[role]) <= navigation.MOST
