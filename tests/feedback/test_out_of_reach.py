"""Whatever somebody holds: coaching notes, needs, a unit's view and the roll-up are not there for
whoever they are not for. Every address, everybody of the cast."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, fields

import flask
import pytest

from cqi.access import guard
from cqi.access.models import Person
from cqi.access.permissions import Permission, Role, permissions_of
from cqi.core.database import Database
from cqi.feedback.views import coaching, needs, rollup, units
from tests import build
from tests.feedback import coached, invented, needing
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor

NAMES = [each.name for each in fields(Cast) if each.type == "Person"]
# every address with its methods: what it is about, and who of the cast has it
ADDRESSES = {
    ("GET", "/feedback/coaching"): {"supervisor", "caseworker"},
    ("GET", "/feedback/coaching/{note}"): {"supervisor", "caseworker"},
    ("POST", "/feedback/coaching/{note}"): {"supervisor", "caseworker"},
    ("GET", "/feedback/{review}/coaching"): {"supervisor"},
    ("POST", "/feedback/{review}/coaching"): {"supervisor"},
    ("GET", "/feedback/unit"): {"supervisor"},
    ("GET", "/feedback/{review}/need"): {"supervisor"},
    ("POST", "/feedback/{review}/need"): {"supervisor"},
    ("GET", "/feedback/needs"): {"supervisor", "regional_director", "cqi_liaison", "cqi_director"},
    ("GET", "/feedback/needs/{need}"): {
        *("supervisor", "regional_director", "cqi_liaison", "cqi_director"),
    },
    ("POST", "/feedback/needs/{need}"): {
        *("supervisor", "regional_director", "cqi_liaison", "cqi_director"),
    },
    ("GET", "/feedback/roll-up"): {"regional_director", "cqi_liaison", "cqi_director"},
}
OF_ONE = [one for one in ADDRESSES if "{" in one[1]]


@dataclass(frozen=True)
class Things:
    """One of each, in the cast's unit."""

    review: uuid.UUID
    note: uuid.UUID
    need: uuid.UUID


@pytest.fixture
def things(database: Database, cast: Cast) -> Things:
    review = invented.final_review(database, cast)
    note = coached.shared(database, cast, review)
    return Things(review, note, needing.raised(database, cast, review=review))


@pytest.fixture
def engine_name() -> str:
    """Reach is asked on both engines beside each query; here every address is walked once."""
    return "embedded"


def statuses(client_for: ClientFor, person: Person, things: Things) -> dict[tuple[str, str], int]:
    client = client_for(person)
    return {
        (method, address): client.open(address.format(**vars(things)), method=method).status_code
        for method, address in ADDRESSES
    }


def holds(app: flask.Flask, role: Role, method: str, address: str) -> bool:
    """Whether a role holds what an address asks for, somewhere."""
    path = address.format(note=uuid.UUID(int=0), review=uuid.UUID(int=0), need=uuid.UUID(int=0))
    endpoint, _ = app.url_map.bind("localhost").match(path, method=method)
    return Permission(guard.mark_of(app.view_functions[endpoint])) in permissions_of(role)


def test_every_address_of_these_pages_is_walked(app: flask.Flask) -> None:
    modules = {module.__name__ for module in (coaching, needs, rollup, units)}
    found = {
        (method, str(rule.rule).replace("<uuid:public_id>", "{}"))
        for rule in app.url_map.iter_rules()
        if app.view_functions[rule.endpoint].__module__ in modules
        for method in (rule.methods or set()) & {"GET", "POST"}
    }
    walked = {
        (method, address.format(note="{}", review="{}", need="{}")) for method, address in ADDRESSES
    }
    assert walked == found


@pytest.mark.parametrize("name", NAMES)
def test_everybody_of_the_cast_has_what_is_theirs_and_nothing_else(
    client_for: ClientFor, cast: Cast, things: Things, name: str
) -> None:
    for (method, address), status in statuses(client_for, getattr(cast, name), things).items():
        if name in ADDRESSES[method, address]:
            assert status in (200, 422, 403) if method == "POST" else status == 200, address
        else:
            assert status in (403, 404), f"{method} {address}"


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.STAKEHOLDER])
def test_whoever_holds_a_role_elsewhere_finds_nothing_here(
    app: flask.Flask,
    client_for: ClientFor,
    database: Database,
    cast: Cast,
    things: Things,
    role: Role,
) -> None:
    """In another region, county and round, with all that the role may do: not found."""
    everywhere = role in (Role.CQI_DIRECTOR, Role.ADMINISTRATOR, Role.ANALYST, Role.AUDITOR)
    where = {
        Role.SUPERVISOR: {"place": cast.other_county},
        Role.SITE_LEADER: {"round": cast.other_round},
        Role.REVIEWER: {"round": cast.other_round},
        Role.CASEWORKER: {},
    }.get(role, {"place": cast.state if everywhere else cast.other_region})
    with database.writing() as session:
        person = build.person(session, staff_id="N-1")
        build.grant(session, person, role, **where)
    found = statuses(client_for, person, things)
    for method, address in OF_ONE:
        if role is Role.CQI_DIRECTOR and "{need}" in address:
            continue  # reaches the whole state
        expected = 404 if holds(app, role, method, address) else 403
        assert found[method, address] == expected, f"{method} {address}"


def test_a_draft_is_not_found_by_anybody_but_its_supervisor(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    review = invented.final_review(database, cast)
    with database.writing() as session:
        note = coached.draft(session, cast, review).public_id
    for name in set(NAMES) - {"supervisor"}:
        client = client_for(getattr(cast, name))
        for method in ("GET", "POST"):
            answer = client.open(f"/feedback/coaching/{note}", method=method)
            assert answer.status_code == (404 if name == "caseworker" else 403)
    supervisor = client_for(cast.supervisor)
    assert (
        supervisor.post(f"/feedback/coaching/{note}", data={"entry-kind": "added"}).status_code
        == 422
    )
