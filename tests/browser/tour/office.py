"""A new office: what it types before anybody opens a browser, and what the tour does through the
product's own actions because a page for each would take minutes.

An installation has no page and no command that makes a unit; `places.actions.add_unit` does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import actions, law, legal_bases, policy, queries
from cqi.access.actor import Actor
from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.cases.models import Case
from cqi.core import database as databases
from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.instruments.definition import NO, YES, Rating
from cqi.places import actions as place_actions
from cqi.places import queries as places
from cqi.places.models import Place
from cqi.places.rules import PlaceKind
from cqi.reviews import actions as reviews
from cqi.reviews.models import CaseReview
from cqi.reviews.rules import ReviewState
from cqi.rounds.models import Round
from tests import build
from tests.fixtures import installation
from tests.fixtures.commands import Command

PASSWORD = build.PASSWORD
REGION = "I-South"
COUNTIES = {"28013": "CAL", "28017": "CHI"}  # FIPS -> how its case numbers begin
HOME = "28013"  # the county of the supervisor's unit
LISTED, DRAWN = 5, 3  # cases of each kind in each county
ROUND = "I-South baseline"
PLACES_FILE = Path(place_actions.__file__).parent / "data" / "counties.csv"
ITEM = "SRM05"
NEEDS = 5  # in ITEM, of all cases, that of the browser among them
FACTS = ("services_in_place", "case_plan_due")  # that are true of all cases but that one
# item -> in which of the other cases it is an area needing improvement
FOUND = {
    ITEM: range(NEEDS - 1),
    "INV01": (1, 3, 5),
    "INV02": (1, 3, 5, 6),
    "ICP03": (2, 3, 4),
    "ICP06": (2, 3, 7),
    "SNA02": (4, 8),
    "SNA06": (4,),
    "MAS09": (9,),
}

NAMES = {
    "administrator": "Wren Thistledown",
    "administrator_2": "Juno Marsh",
    "cqi_director": "Linden Farrow",
    "cqi_liaison": "Tansy Brook",
    "qa_lead": "Rowan Sedge",
    "qa_lead_2": "Bryony Vale",
    "analyst": "Clover Haddon",
    "regional_director": "Hazel Underhill",
    "supervisor": "Basil Orchard",
    "caseworker": "Ivy Fernsby",
    "stakeholder": "Yarrow Finch",
    "site_leader": "Perry Larkspur",
    "reviewer": "Sorrel Dunn",
    "reviewer_2": "Teasel Crane",
}
STAFF_IDS = {"supervisor": "S-28013", "caseworker": "W-28013"}
# who has a role of that name -> what it is given for: a region, a unit, or nothing narrower
ROLES: dict[str, PlaceKind | None] = {
    "cqi_liaison": PlaceKind.REGION,
    "qa_lead": PlaceKind.REGION,
    "qa_lead_2": PlaceKind.REGION,
    "analyst": None,
    "regional_director": PlaceKind.REGION,
    "supervisor": PlaceKind.UNIT,
    "caseworker": None,
    "stakeholder": PlaceKind.REGION,
}
ON_ROUND = ("site_leader", "reviewer", "reviewer_2")  # given a round, once there is one


def email_of(key: str) -> str:
    """The address that somebody of the office signs in with."""
    return f"{key.replace('_', '.')}@office.example"


@dataclass
class Office:
    """One installation, empty at first. Each call is one transaction, at the moment it is made."""

    folder: Path
    database: Database
    clock: Clock

    @property
    def today(self) -> dt.date:
        return self.clock.today()

    def day(self, days: int) -> dt.date:
        """So many days from today."""
        return self.today + dt.timedelta(days=days)

    def actor(self, session: orm.Session, key: str) -> Actor:
        found = queries.actor_for(session, self.person(session, key).id, self.today)
        assert found is not None
        return found

    def person(self, session: orm.Session, key: str) -> Person:
        found = queries.person_by_email(session, email_of(key))
        assert found is not None, key
        return found

    def hire(self) -> None:
        """Everybody who needs no round yet, as an administrator makes them."""
        with self.database.writing() as session:
            boss = self.actor(session, "administrator_2")
            given: dict[str, Any] = {"actor": boss, "now": self.clock.now()}
            for key in (*ROLES, *ON_ROUND):
                new = policy.NewPerson(email_of(key), NAMES[key], STAFF_IDS.get(key), PASSWORD)
                made = actions.create_person(session, new, **given)
                if key == "stakeholder":
                    self._let_in(session, made, given)
                if key in ROLES:
                    place = self._place(session, ROLES[key])
                    role = Role(key.removesuffix("_2"))
                    self._grant(session, made, role, given, place_id=place and place.id)

    def _let_in(self, session: orm.Session, somebody: Person, given: dict[str, Any]) -> None:
        """A stakeholder has a legal basis on file before a role."""
        basis = law.NewBasis(law.BasisKind.AGREEMENT, "MOU 12", self.today, self.day(365))
        legal_bases.put_on_file(session, somebody.public_id, basis, today=self.today, **given)

    def _place(self, session: orm.Session, kind: PlaceKind | None) -> Place | None:
        codes = {PlaceKind.REGION: REGION, PlaceKind.UNIT: unit_code(HOME)}
        return places.place(session, kind, codes[kind]) if kind else None

    def _grant(
        self, session: orm.Session, whom: Person, role: Role, given: dict[str, Any], **reach: Any
    ) -> None:
        wish = policy.NewGrant(whom.id, role, self.today, "Joins the office", **reach)
        actions.grant(session, wish, **given)

    def put_reviewers_on_the_round(self) -> None:
        with self.database.writing() as session:
            boss = self.actor(session, "administrator_2")
            given: dict[str, Any] = {"actor": boss, "now": self.clock.now()}
            round_id = session.scalars(sa.select(Round.id)).one()
            for key in ("reviewer", "reviewer_2"):
                whom = self.person(session, key)
                self._grant(session, whom, Role.REVIEWER, given, round_id=round_id)

    def score_the_others(self, number: str) -> int:
        """All cases but one, complete and with QA: how many they are."""
        others = self._reviews(number, ReviewState.ASSIGNED)
        for place, key in enumerate(others):
            with self.database.writing() as session:
                self._score(session, session.get_one(CaseReview, key), place)
        return len(others)

    def _score(self, session: orm.Session, review: CaseReview, place: int) -> None:
        facts = {one.name: NO for one in build.instrument().facts if YES in one.values}
        facts |= dict.fromkeys(FACTS, YES)
        need = Rating.AREA_NEEDING_IMPROVEMENT.value
        wish = {item: need for item, places in FOUND.items() if place in places}
        whom, now = self.person(session, "reviewer"), self.clock.now()
        build.complete(session, review, whom, wish=wish, facts=facts, now=now)
        given: dict[str, Any] = {"actor": self.actor(session, "reviewer"), "now": now}
        reviews.submit_for_qa(session, review=review, today=self.today, **given)

    def approve_the_others(self, number: str) -> None:
        for key in self._reviews(number, ReviewState.SUBMITTED):
            with self.database.writing() as session:
                review = session.get_one(CaseReview, key)
                given: dict[str, Any] = {"actor": self.actor(session, "qa_lead")}
                reviews.begin_qa(session, review=review, now=self.clock.now(), **given)
                reviews.approve(session, review=review, now=self.clock.now(), **given)

    def _reviews(self, but: str, state: ReviewState) -> list[int]:
        query = sa.select(CaseReview.id).join(Case, Case.id == CaseReview.case_id)
        wanted = query.where(Case.case_number != but, CaseReview.state == state)
        with self.database.reading() as session:
            return list(session.scalars(wanted.order_by(CaseReview.id)))


def unit_code(fips: str) -> str:
    return f"{fips}-1"


@contextmanager
def opened(command: Command, folder: Path) -> Iterator[Office]:
    """What a new office types, and its units: places and two administrators, nothing else."""
    command.on(folder)
    clock = Clock(installation.ZONE)
    since = clock.today() - dt.timedelta(days=500)
    command("db", "upgrade").good()
    source = ("--from", since.isoformat(), "--source", "Letter of the agency")
    told = command("places", "import", PLACES_FILE, *source).good()
    assert told.out.startswith("82 counties in 13 regions"), told.out
    for key in ("administrator", "administrator_2"):
        create_administrator(command, key)
    database = databases.open_database(installation.settings_in(folder))
    with database.writing() as session:
        for fips in COUNTIES:
            county = places.place(session, PlaceKind.COUNTY, fips)
            unit = place_actions.NewUnit(county.id, unit_code(fips), f"{county.name} A", since)
            place_actions.add_unit(session, unit, actor_id=None, now=clock.now())
    yield Office(folder, database, clock)
    database.dispose()


def create_administrator(command: Command, key: str) -> None:
    """The password is asked for twice, and is in nothing that was printed."""
    answers = iter([PASSWORD, PASSWORD])
    command.patch.setattr("click.termui.hidden_prompt_func", lambda _words: next(answers))
    who = ("--email", email_of(key), "--name", NAMES[key])
    made = command("people", "create-administrator", *who).good()
    assert made.out.endswith(f"{email_of(key)} is an administrator\n")
    assert PASSWORD not in made.out + made.err


def case_list(office: Office) -> str:
    """Ten cases of each of two counties, half of each kind; one of them is too young to be drawn.

    Who works and supervises a case is known by staff numbers alone.
    """
    opened_on, lately = office.day(-400), office.day(-20)
    head = "case_number,county_fips,case_type,unit,caseworker_id,supervisor_id,opened_on"
    rows = [f"{head},entered_care_on"]
    for fips, begins in COUNTIES.items():
        staff = f"{unit_code(fips)},W-{fips},S-{fips}"
        for n in range(1, LISTED + 1):
            rows.append(f"{begins}-F{n},{fips},foster_care,{staff},{opened_on},{opened_on}")
            rows.append(f"{begins}-H{n},{fips},in_home,{staff},{opened_on},")
        rows.append(f"{begins}-H9,{fips},in_home,{staff},{lately},")
    return "\n".join([*rows, ""])
