"""Every route of the product names its permission. Whom it opens for: test_matrix.py."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import flask
import pytest
import sqlalchemy as sa
from werkzeug.routing import Rule

from cqi.access import guard, permissions, proposals
from cqi.access.actor import Actor, Grant
from cqi.access.models import GrantRow
from cqi.access.permissions import Permission
from cqi.cases import actions as case_actions
from cqi.cases.policy import NewConflict
from cqi.cases.rules import ConflictKind
from cqi.core.database import Database
from cqi.plans.models import Goal
from cqi.reviews import actions as reviews
from cqi.reviews.rules.interviews import InterviewRole, proposed_id
from cqi.rounds.models import LedgerEntry
from cqi.rounds.rules.ledger import LedgerKind
from cqi.web import navigation
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import Desk
from tests.notices import telling
from tests.plans import asking, invented, reported
from tests.reviews import alerting
from tests.web import matrix_coaching

NOWHERE = uuid.UUID("01890000-0000-7000-8000-000000000000")
PLAIN: dict[str, Any] = {
    "code": "SRM",
    "digest": "x",
    "ending": "pdf",
    "item": "SRM05",
    "instrument_id": "mississippi_practice_model",
    "key": "agency.name",
    "name": "x",
    "role": "analyst",
    "secret": "x",
    "earlier": "1.0",
    "position": 1,
    "version": "1.0",
}
OF_ENDPOINT: dict[tuple[str, str], Any] = {
    ("audit.export", "ending"): "csv",
    ("measures.agreement_file", "ending"): "csv",
    ("plans.plans_file", "ending"): "csv",
    ("sampling.sample_file", "name"): "frame.csv",
    ("plans.write_report", "kind"): "monthly",
    ("plans.write_report", "first"): "2027-02-01",
    ("plans.all_steps", "which"): "late",
    ("plans.ask_amendment", "kind"): "step",
    ("readiness.change_item", "key"): "lead",
    ("readiness.tick_item", "key"): "lead",
}
ONLY_LATER = {  # of what comes later, such as a report or a finding; their own tests do that
    "feedback.memo",
    "plans.progress_report",
    "plans.write_report",
    "plans.spare_county",
    "feedback.memo_file",
    "feedback.ask_to_reconsider",
    "feedback.reconsideration",
    "feedback.preview_memo",
    "feedback.raise_need",
    "feedback.release_memo",
    "feedback.write_coaching",
    "readiness.own_items",
    "plans.note_finding",
    "reporting.pack",
    "reporting.pack_file",
    "reporting.state_file",
    "readiness.tick_item",
    "reporting.publication",
    "reporting.publication_file",
    "reporting.report",
    "reporting.report_document",
    "reporting.report_document_file",
    "reporting.section_versions",
    "reporting.write_section",
    "reviews.decide",
    "reviews.override_rating",
    "sampling.sample_file",
}
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


@dataclass(frozen=True)
class Call:
    """One route with one method, its variables filled."""

    endpoint: str
    method: str
    path: str
    names: frozenset[str]


def calls(app: flask.Flask, ids: Mapping[str, uuid.UUID] | None = None) -> Iterator[Call]:
    """Every route with every method. `ids` are of things by the first word of the address, such
    as "/reviews", or by the variable's name; without, they name what is nowhere."""
    for rule in app.url_map.iter_rules():
        values = {name: _value(rule, name, ids or {}) for name in rule.arguments}
        with app.test_request_context():
            path = flask.url_for(rule.endpoint, **values)
        for method in sorted((rule.methods or set()) & METHODS):
            yield Call(rule.endpoint, method, path, frozenset(rule.arguments))


def _value(rule: Rule, name: str, ids: Mapping[str, uuid.UUID]) -> Any:
    if (rule.endpoint, name) in OF_ENDPOINT:
        return OF_ENDPOINT[rule.endpoint, name]
    if name in PLAIN:
        return PLAIN[name]
    if name in ids:
        return ids[name]
    places = [place for place in ids if rule.rule.startswith(place)]
    return ids[max(places, key=len)] if places else NOWHERE


def needs(app: flask.Flask, endpoint: str) -> str | None:
    return guard.mark_of(app.view_functions[endpoint])


def guarded(app: flask.Flask, ids: Mapping[str, uuid.UUID] | None = None) -> list[Call]:
    return [call for call in calls(app, ids) if needs(app, call.endpoint) != guard.PUBLIC]


@pytest.fixture
def ids(database: Database, cast: Cast, desk: Desk) -> dict[str, uuid.UUID]:
    """What lies in the first region: a case review that is scored, with a safety alert, its round,
    a plan in force."""
    made = invented.active(database, cast, cast.regional_director)
    alert = alerting.Alerting(desk, cast.outsider).raised()
    lead = cast.regional_director.id
    notice = [one for one in telling.rows(database) if one.person_id == lead][-1]
    with database.writing() as session:
        goal = session.scalars(sa.select(Goal.public_id)).one()
        its = sa.select(GrantRow.public_id).where(GrantRow.person_id == cast.caseworker.id)
        granted = session.scalars(its).one()
        proposal = proposals.propose(
            session,
            cast.supervisor.public_id,
            reason="x",
            actor=build.actor(session, cast.administrator),
            now=build.NOW,
            today=build.NOW.date(),
        )
        basis = build.legal_basis(session, cast.caseworker)
        director = build.actor(session, cast.cqi_director)
        told = reviews.tell_county(
            session,
            in_round=session.merge(cast.round),
            place=session.merge(cast.county),
            actor=director,
            now=build.NOW,
            today=build.NOW.date(),
        )
        own = NewConflict(director.person_id, ConflictKind.FRIEND, "99-99999")
        about = {"person_id": cast.reviewer.id, "kind": LedgerKind.TRAINED}
        about |= {"written_by_id": director.person_id, "written_at": build.NOW}
        entry = LedgerEntry(**about, from_on=build.LONG_AGO)
        session.add(entry)
        conflict = case_actions.declare_conflict(session, own, actor=director, now=build.NOW)
    return {
        "basis_id": basis.public_id,
        "conflict_id": conflict.public_id,
        "entry_id": entry.public_id,
        "county": cast.county.public_id,
        "/county-notices": told.public_id,
        "interview": proposed_id(desk.public_id, InterviewRole.MOTHER),
        "/access": cast.caseworker.public_id,
        "/people": cast.caseworker.public_id,
        "grant_id": granted,
        "proposal_id": proposal.public_id,
        "/alerts": alert,
        "/notices": notice.public_id,
        "/feedback": desk.public_id,
        "/feedback/rounds": cast.round.public_id,
        "/reviews": desk.public_id,
        "/rounds": cast.round.public_id,
        "/rollout": cast.region.public_id,
        "/places": cast.county.public_id,
        "/reports": cast.round.public_id,
        "/reports/regions": cast.region.public_id,
        "/plans/goals": goal,
        **of_plan(database, cast, made),
        **of_review(desk, cast),
    }


def of_plan(database: Database, cast: Cast, made: invented.Made) -> dict[str, uuid.UUID]:
    """A step with a file, and a request for more time."""
    lead = cast.regional_director
    return {
        "/plans": made.plan,
        "/plans/steps": made.steps[0],
        "/plans/steps/files": invented.hand_in(database, made.steps[1], lead),
        "/plans/amendments": asking.ask(database, made.steps[0], lead, asking.more_time()),
    }


def published(database: Database, cast: Cast) -> uuid.UUID:
    """A region's report, which makes a plan due."""
    with database.writing() as session:
        return reported.publish(session, cast, cast.round).public_id


def of_review(desk: Desk, cast: Cast) -> dict[str, uuid.UUID]:
    """Protected evidence, a coaching note, a systemic need, and a published report."""
    evidence = desk.protected_evidence()
    with desk.database.writing() as session:
        review = desk.review(session)
        both = (session.merge(cast.supervisor), session.merge(cast.caseworker))
        note = matrix_coaching.note(session, review, *both, shared=True).public_id
        need = matrix_coaching.need(session, review, both[0]).public_id
    due = published(desk.database, cast)
    return {
        "/feedback/coaching": note,
        "/feedback/needs": need,
        "evidence_id": evidence,
        "publication_id": due,
    }


def test_every_route_names_a_permission_or_says_that_it_is_public(app: flask.Flask) -> None:
    known = {guard.PUBLIC, *Permission}
    endpoints = {call.endpoint for call in calls(app)}
    unmarked = {endpoint for endpoint in endpoints if needs(app, endpoint) not in known}
    assert not unmarked, f"put @guard.requires(...) under the route of {sorted(unmarked)}"


def test_few_routes_are_public(app: flask.Flask) -> None:
    endpoints = {call.endpoint for call in calls(app)}
    public = {endpoint for endpoint in endpoints if needs(app, endpoint) == guard.PUBLIC}
    assert public == {
        "static",
        "health.alive",
        "health.ready",
        "passkeys.sign_in_with_passkey",
        "plans.calendar_feed",
        "sign_in.sign_in",
        "sign_in.sign_out",
        "set_up.set_password",
    }


def test_a_reviewer_of_another_round_gets_nothing_of_this_one(
    app: flask.Flask,
    client_for: ClientFor,
    cast: Cast,
    desk: Desk,
    ids: dict[str, uuid.UUID],
) -> None:
    client = client_for(cast.other_reviewer)
    for call in guarded(app, ids):
        answer = client.open(call.path, method=call.method)
        text = answer.data.decode(errors="replace")  # a form for paper is no text
        assert desk.case_number not in text, call
        assert cast.round.name not in text, call
        if call.names - PLAIN.keys():
            assert answer.status_code in {403, 404}, call


def test_those_whose_work_it_is_do_reach_what_the_others_were_refused(
    app: flask.Flask, client_for: ClientFor, cast: Cast, ids: dict[str, uuid.UUID]
) -> None:
    reached = set()
    for person in (
        cast.reviewer,
        cast.qa_lead,
        cast.regional_director,
        cast.supervisor,
        cast.cqi_director,
        cast.administrator,
        cast.auditor,
    ):
        client = client_for(person)
        for call in guarded(app, ids):
            if call.method == "GET" and client.get(call.path).status_code < 400:
                reached.add(call.endpoint)
    expected = {call.endpoint for call in guarded(app, ids) if call.method == "GET"}
    missed = expected - reached - ONLY_LATER
    assert not missed, f"this test's things do not lead to {sorted(missed)}"


@pytest.mark.parametrize("role", list(permissions.Role))
def test_navigation_offers_what_the_role_may_open(app: flask.Flask, role: permissions.Role) -> None:
    for entry in navigation.OF_ROLE[role]:
        assert entry.permission in permissions.permissions_of(role), entry.title
        if entry.endpoint in app.view_functions:
            assert needs(app, entry.endpoint) in permissions.permissions_of(role), entry.title
    assert len(navigation.OF_ROLE[role]) <= navigation.MOST


@pytest.mark.parametrize("role", list(permissions.Role))
def test_nobody_who_may_see_instruments_is_without_a_way_to_them(
    app: flask.Flask, role: permissions.Role
) -> None:
    somebody = Actor(1, NOWHERE, "Somebody", (Grant(role, everywhere=True),))
    with app.app_context():
        top, foot = navigation.entries(somebody), navigation.more(somebody)
    may = Permission.INSTRUMENTS_SEE in permissions.permissions_of(role)
    assert (navigation.INSTRUMENTS in [*top, *foot]) is may
    assert not {entry.endpoint for entry in top} & {entry.endpoint for entry in foot}


@pytest.mark.parametrize("role", list(permissions.Role))
def test_no_two_places_of_a_role_lead_to_the_same_page(role: permissions.Role) -> None:
    listed = navigation.OF_ROLE[role]
    assert len({entry.endpoint for entry in listed}) == len(listed)
    assert len({entry.title for entry in listed}) == len(listed)
