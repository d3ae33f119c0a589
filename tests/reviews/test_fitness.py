"""Who may be given a case: not in the county that they work for, and as the round requires."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.cases.models import Case
from cqi.core import errors
from cqi.places.models import Place
from cqi.reviews import actions
from cqi.reviews.models import ReviewPerson
from cqi.rounds.models import LedgerEntry, Round
from cqi.rounds.rules.ledger import LedgerKind
from cqi.settings import actions as settings
from cqi.settings import registry
from tests import build
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import TODAY, Desk, case_in
from tests.fixtures.twice import Twice


def written(session: orm.Session, person: Person, kind: LedgerKind, until: int | None) -> None:
    session.add(
        LedgerEntry(
            person_id=person.id,
            kind=kind,
            from_on=TODAY - dt.timedelta(days=300),
            until_on=None if until is None else TODAY + dt.timedelta(days=until),
            written_by_id=person.id,
            written_at=build.NOW,
        )
    )


def require(desk: Desk, *kinds: str) -> None:
    with desk.database.writing() as session:
        session.execute(sa.update(Round).values(requires=list(kinds)))


def set_roles(desk: Desk, text: str) -> None:
    with desk.database.writing() as session:
        change = settings.Change(registry.OWN_COUNTY_ROLES.key, text, build.LONG_AGO, "Decided.")
        settings.set_value(session, change, actor_id=None, now=build.NOW)


def assigning(
    desk: Desk, person: Person, action: Any = actions.assign_case, case: Case | None = None
) -> list[tuple[str, str]]:
    """(code, message) of what is in the way of giving somebody a new case of the round."""
    try:
        with desk.database.writing() as session:
            action(
                session,
                in_round=session.get_one(Round, desk.cast.round.id),
                case=session.merge(case) if case else build.case(session, desk.cast.county),
                reviewers=[desk.actor(session, person)],
                actor=desk.actor(session, desk.cast.cqi_liaison),
                now=build.NOW,
            )
    except errors.Blocked as blocked:
        return [(each.code, each.message) for each in blocked.blockers]
    return []


def reviewer_too(desk: Desk, role: Role, place: Place | None, staff_id: str = "W-900") -> Person:
    """Somebody with a role of the agency who is on the round's team."""
    with desk.database.writing() as session:
        person = build.person(session, "Hazel Two Hats", staff_id=staff_id)
        build.grant(session, person, role, place=place)
        build.grant(session, person, Role.REVIEWER, round=desk.cast.round)
        return person


@pytest.mark.parametrize(
    ("role", "place"),
    [
        (Role.SUPERVISOR, "unit"),
        (Role.REGIONAL_DIRECTOR, "region"),
    ],
)
def test_who_works_for_the_county_does_not_review_in_it(desk: Desk, role: Role, place: str) -> None:
    person = reviewer_too(desk, role, getattr(desk.cast, place))
    [(code, message)] = assigning(desk, person)
    assert code == "own_county"
    assert message.startswith("Hazel Two Hats works for this county (")


def test_who_works_for_another_county_may_review_here(desk: Desk) -> None:
    person = reviewer_too(desk, Role.REGIONAL_DIRECTOR, desk.cast.other_region)
    assert assigning(desk, person) == []


def test_a_caseworker_works_for_the_counties_of_their_open_cases(desk: Desk) -> None:
    person = reviewer_too(desk, Role.CASEWORKER, None, staff_id="W-901")
    assert assigning(desk, person) == []
    with desk.database.writing() as session:
        theirs = build.case(session, desk.cast.county, staff={"caseworker": "W-901"})
    assert [code for code, _ in assigning(desk, person)] == ["own_county"]
    with desk.database.writing() as session:
        session.get_one(Case, theirs.id).closed_on = TODAY - dt.timedelta(days=1)
    assert assigning(desk, person) == []


def test_the_agency_says_for_which_roles_it_holds(desk: Desk) -> None:
    supervisor = reviewer_too(desk, Role.SUPERVISOR, desk.cast.unit)
    with desk.database.writing() as session:
        liaison = session.get_one(Person, desk.cast.cqi_liaison.id)
        build.grant(session, liaison, Role.REVIEWER, round=desk.cast.round)
    assert assigning(desk, liaison) == []
    set_roles(desk, "CQI liaison")
    assert [code for code, _ in assigning(desk, liaison)] == ["own_county"]
    assert assigning(desk, supervisor) == []
    set_roles(desk, "none")
    assert assigning(desk, liaison) == []


def test_a_list_of_roles_takes_known_roles_alone(desk: Desk) -> None:
    for wrong in ("director", "", "supervisor, boss"):
        with pytest.raises(errors.Blocked, match="Write some of caseworker, supervisor"):
            set_roles(desk, wrong)


def test_every_role_that_the_setting_offers_is_one() -> None:
    assert set(registry.OWN_COUNTY_ROLES.among) <= set(Role)


@pytest.mark.parametrize(("until", "blocked"), [(0, False), (-1, True)])
def test_a_round_that_requires_certification_blocks_from_the_day_after_its_end(
    desk: Desk, until: int, blocked: bool
) -> None:
    require(desk, "certified")
    with desk.database.writing() as session:
        written(session, desk.cast.reviewer, LedgerKind.CERTIFIED, until)
    found = assigning(desk, desk.cast.reviewer)
    assert [code for code, _ in found] == (["not_certified"] if blocked else [])
    if blocked:
        assert "has not been certified since 10 Mar 2027, and this round requires it" in found[0][1]


def test_all_that_is_missing_is_said_and_practice_requires_nothing(desk: Desk) -> None:
    require(desk, "trained", "certified")
    codes = [code for code, _ in assigning(desk, desk.cast.reviewer)]
    assert codes == ["not_trained", "not_certified"]
    assert assigning(desk, desk.cast.reviewer, actions.assign_for_practice) == []


def test_adding_somebody_to_a_case_asks_the_same(desk: Desk) -> None:
    require(desk, "trained")
    with desk.database.writing() as session:
        second = build.person(session, "Second")
        build.grant(session, second, Role.REVIEWER, round=desk.cast.round)

    def add() -> None:
        with desk.database.reading() as session:
            reviewer = desk.actor(session, second)
        desk.do(actions.add_reviewer, person=desk.cast.cqi_liaison, reviewer=reviewer)

    with pytest.raises(errors.Blocked, match="Second is not trained"):
        add()
    with desk.database.writing() as session:
        written(session, second, LedgerKind.TRAINED, None)
    add()


def test_who_is_on_a_case_stays_on_it_when_the_round_asks_for_more(desk: Desk) -> None:
    require(desk, "trained")
    desk.facts()
    assert desk.sheet().standing.reviewers == {desk.cast.reviewer.id}


def test_the_page_shows_who_cannot_take_the_case_and_why_and_suggests_who_can(
    desk: Desk, client_for: ClientFor
) -> None:
    require(desk, "certified")
    person = reviewer_too(desk, Role.SUPERVISOR, desk.cast.unit)
    with desk.database.writing() as session:
        second = build.person(session, "Second Reviewer")
        build.grant(session, second, Role.REVIEWER, round=desk.cast.round)
        written(session, second, LedgerKind.CERTIFIED, 300)
        written(session, person, LedgerKind.CERTIFIED, 300)
        case = case_in(session, desk.cast.county)
    client = client_for(desk.cast.cqi_liaison)
    url = f"/rounds/{desk.cast.round.public_id}/cases"
    lacks = f"{desk.cast.reviewer.name} cannot be chosen: is not certified: the register"
    text = client.get(url).text
    assert lacks in text
    assert "Suggested" not in text
    assert f"{person.name}, no case yet" in text
    chosen = {"case": str(case.public_id), "look": "yes"}
    text = client.post(url, data=chosen, follow_redirects=True).text
    assert "Second Reviewer, no case yet; certified until 4 Jan 2028. Suggested" in text
    assert f"{person.name} cannot be chosen: works for this county (Supervisor)" in text
    for one, off in ((person, True), (second, False)):
        tag = text.split(f'value="{one.public_id}"')[0].rpartition("<input")[2]
        assert ("disabled" in tag) is off
        assert ("checked" in tag) is not off
    with desk.database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ReviewPerson)) == 1


def test_the_page_of_a_cases_reviewers_gives_no_button_for_who_cannot_be_put_on(
    desk: Desk, client_for: ClientFor
) -> None:
    person = reviewer_too(desk, Role.SUPERVISOR, desk.cast.unit)
    text = client_for(desk.cast.cqi_liaison).get(f"/reviews/{desk.public_id}/reviewers").text
    assert "works for this county (Supervisor)" in text
    assert f'value="{person.public_id}"' not in text


def test_the_page_of_a_second_reading_suggests_nobody_who_knows_the_first(
    twice: Twice, client_for: ClientFor
) -> None:
    client = client_for(twice.cast.cqi_director)
    url = f"{twice.url}/second-readings?case={twice.case}"
    text = client.get(url).text
    assert f"{twice.beside.name} cannot be chosen: knows the other reading of this case" in text
    tag = text.split(f'value="{twice.beside.public_id}"')[0].rpartition("<input")[2]
    assert "disabled" in tag
    assert text.count("Suggested") == 2
