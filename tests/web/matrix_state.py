"""The state of the authorisation matrix: one person of each role, and things near and far.

Region One has Juniper County (units A and B) and Alder County, Region Two has Sorrel County; each
county has its own round. Everybody's grant is for Region One, Juniper's round, or unit A.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import passkeys, proposals
from cqi.access.models import GrantRow, LegalBasis, Passkey, Person
from cqi.access.permissions import Role
from cqi.access.sign_ins import open_row
from cqi.cases.models import Case, CaseStaff, ConflictOfInterest
from cqi.cases.rules import ConflictKind, StaffKind
from cqi.feedback import actions as feedback
from cqi.instruments.definition import Rating
from cqi.notices import actions as notices
from cqi.notices.models import Notice
from cqi.notices.rules import NoticeKind
from cqi.places.models import Place
from cqi.reviews import actions, rules
from cqi.reviews.models import CaseReview, ReviewPerson, SafetyAlert
from cqi.reviews.rules import AlertState, EvidenceSource, Part, ReviewState, Urgency
from cqi.reviews.rules.interviews import InterviewRole, proposed_id
from cqi.rounds.models import CountyNotice, LedgerEntry, Round
from cqi.rounds.rules.ledger import LedgerKind
from tests import build
from tests.build import NOW
from tests.web import (
    matrix_coaching,
    matrix_plans,
    matrix_reconsidering,
    matrix_reports,
    matrix_results,
)

TODAY = NOW.date()
YESTERDAY = TODAY - dt.timedelta(days=1)
SPARE = matrix_plans.SPARE
Values = Mapping[str, Any]  # what fills an address
Things = dict[str, dict[str, Values]]  # kind of thing -> reach -> one thing


@dataclass
class State:
    """`people` are ids by role or by what is wrong with them; `own` are things by person."""

    people: dict[str, int] = field(default_factory=dict)
    things: Things = field(default_factory=dict)
    own: dict[str, Things] = field(default_factory=dict)

    def of(self, who: str, kind: str) -> Mapping[str, Values]:
        """The things of a kind as somebody finds them: by reach, their own among them."""
        return self.things.get(kind, {}) | self.own.get(who, {}).get(kind, {})


@dataclass
class _Making:
    session: orm.Session
    state: State
    people: dict[str, Person] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    rounds: dict[str, Round] = field(default_factory=dict)
    reviews: dict[str, CaseReview] = field(default_factory=dict)

    def actor(self, who: str) -> Any:
        return build.actor(self.session, self.people[who])

    def thing(self, kind: str, reach: str, **values: Any) -> None:
        self.state.things.setdefault(kind, {})[reach] = values

    def mine(self, who: str, kind: str, reach: str, **values: Any) -> None:
        self.state.own.setdefault(who, {}).setdefault(kind, {})[reach] = values


def make(session: orm.Session) -> State:
    """Everybody and everything. The last step makes conflicts: until then all may be done."""
    making = _Making(session, State())
    later = (_alerts, matrix_plans.make, _records, _ledger, _reports, _requests)
    for step in (
        _places,
        _people,
        _reviews,
        _counties,
        _evidence,
        *later,
        matrix_coaching.make,
        _conflicts,
    ):
        step(making)
        session.flush()
    making.state.people = {who: person.id for who, person in making.people.items()}
    return making.state


def _places(making: _Making) -> None:
    session, places = making.session, making.places
    places["state"] = build.state(session)
    for region in ("one", "two"):
        places[region] = build.region(session, f"Region {region.title()}", above=places["state"])
    for reach, region in {"own": "one", "other": "two"}.items():
        making.thing("region", reach, public_id=places[region].public_id)
    for county, region in {"Juniper": "one", "Alder": "one", "Sorrel": "two"}.items():
        places[county] = build.county(session, places[region], county)
    making.thing("place", "own", public_id=places["Juniper"].public_id)
    for unit in ("A", "B"):
        places[unit] = build.unit(session, places["Juniper"], unit)
    lies = {"own": ("one", "Juniper"), "same_region": ("one", "Alder"), "other": ("two", "Sorrel")}
    for reach, (region, county) in lies.items():
        made = build.round(session, places[region], [places[county]])
        making.rounds[reach] = made
        making.thing("round", reach, public_id=made.public_id)


# role -> the place or round that its grant is for
_GRANTED = {
    Role.CQI_LIAISON: "one",
    Role.QA_LEAD: "one",
    Role.REGIONAL_DIRECTOR: "one",
    Role.SUPERVISOR: "A",
    Role.STAKEHOLDER: "Juniper",
    Role.SITE_LEADER: "round",
    Role.REVIEWER: "round",
    Role.ADMINISTRATOR: "",
    Role.CASEWORKER: "",
}


def _people(making: _Making) -> None:
    session = making.session
    for role in Role:
        person = _person(making, role.value)
        _grant(making, person, role)
        if role is Role.STAKEHOLDER:
            build.legal_basis(session, person)
    for who in ("colleague", "far_reviewer", "former_director", "no_basis", "disabled", SPARE):
        _person(making, who)
    people = making.people
    _grant(making, people["colleague"], Role.REVIEWER)
    for on in ("same_region", "other"):
        far = making.rounds[on]
        build.grant(session, people["far_reviewer"], Role.REVIEWER, round=far)
    for role in (Role.QA_LEAD, Role.REGIONAL_DIRECTOR):  # until all is made
        build.grant(session, people[SPARE], role, place=making.places["two"])
    ended = {"place": making.places["state"], "until_on": YESTERDAY}
    build.grant(session, people["former_director"], Role.CQI_DIRECTOR, **ended)
    _grant(making, people["no_basis"], Role.STAKEHOLDER)
    lapsed = {"document_on": build.LONG_AGO, "expires_on": YESTERDAY}
    build.legal_basis(session, people["no_basis"], **lapsed)
    _grant(making, people["disabled"], Role.CQI_DIRECTOR)
    people["disabled"].active = False
    _hats(making)


# two grants in one hand: role -> the place or round that it is for
_HATS = {
    "leads_and_reviews": {Role.SITE_LEADER: "own", Role.REVIEWER: "other"},
    "reviews_and_checks": {Role.REVIEWER: "own", Role.QA_LEAD: "two"},
    "directs_and_helps": {Role.REGIONAL_DIRECTOR: "one", Role.CQI_LIAISON: "two"},
    "supervises_and_helps": {Role.SUPERVISOR: "A", Role.CQI_LIAISON: "two"},
}


def _hats(making: _Making) -> None:
    for who, hats in _HATS.items():
        person = _person(making, who)
        for role, where in hats.items():
            on = {"place": making.places.get(where), "round": making.rounds.get(where)}
            build.grant(making.session, person, role, **on)


def _person(making: _Making, who: str) -> Person:
    staff = f"N-{who}"
    making.people[who] = build.person(making.session, who.replace("_", " "), staff_id=staff)
    return making.people[who]


def _grant(making: _Making, person: Person, role: Role) -> None:
    where = _GRANTED.get(role, "state")
    if where == "round":
        build.grant(making.session, person, role, round=making.rounds["own"])
    else:
        build.grant(making.session, person, role, place=making.places.get(where))


@dataclass(frozen=True)
class _Lies:
    """Where a case review lies, who is on it, how far it is."""

    county: str = "Juniper"
    unit: str = "A"
    round: str = "own"
    reviewer: str = Role.REVIEWER.value
    until: str = "final"


_REVIEWS = {
    "assigned": _Lies(until="open"),
    "submitted": _Lies(until="qa"),
    "final": _Lies(),
    "withdrawn": _Lies(until="withdrawn"),
    "unassigned": _Lies(unit="B", reviewer="colleague"),
    "off": _Lies(unit="B", until="off"),
    "same_region": _Lies("Alder", "", "same_region", "far_reviewer"),
    "other": _Lies("Sorrel", "", "other", "far_reviewer"),
    "conflict": _Lies(),
    "works": _Lies(),
}
_BESIDE = {"leads_and_reviews": "other", "reviews_and_checks": "assigned"}  # second reviewers
WORK_UNIT_A = {StaffKind.CASEWORKER: "N-caseworker", StaffKind.SUPERVISOR: "N-supervisor"}


def _reviews(making: _Making) -> None:
    session = making.session
    for reach, lies in _REVIEWS.items():
        county, unit = making.places[lies.county], making.places.get(lies.unit)
        staff = dict(WORK_UNIT_A) if lies.unit == "A" else {}
        case = build.case(session, county, unit=unit, staff=staff)
        by = making.people[lies.reviewer]
        both = [by, *(making.people[who] for who, on in _BESIDE.items() if on == reach)]
        review = build.case_review(session, making.rounds[lies.round], case, both)
        making.reviews[reach] = review
        _UNTIL[lies.until](making, review, by)


def _open(making: _Making, review: CaseReview, by: Person) -> None:
    known = [rules.fact("case_type", review.case.case_type.value)]
    given = {"review": review, "actor": build.actor(making.session, by), "now": NOW}
    actions.record_answers(making.session, changes=known, **given)


def _with_qa(making: _Making, review: CaseReview, by: Person) -> None:
    """In first-level QA, with a note and a rating that QA set."""
    session, given = making.session, {"review": review, "now": NOW}
    build.submitted(session, review, by)
    lead = making.actor(Role.QA_LEAD.value)
    actions.begin_qa(session, actor=lead, **given)
    note = rules.NewNote("SRM05", "a", "Which visit was that?")
    actions.open_note(session, new=note, actor=lead, **given)
    override = rules.NewOverride("SRM05", Rating.AREA_NEEDING_IMPROVEMENT, "Seen otherwise.")
    actions.override_rating(session, new=override, actor=lead, **given)


def _final(making: _Making, review: CaseReview, by: Person) -> None:
    """And its memo is released."""
    lead = SPARE if review.round is making.rounds["other"] else Role.QA_LEAD.value
    build.final(making.session, review, by, making.people[lead])
    director = making.actor(Role.CQI_DIRECTOR.value)
    given = {"review": review, "now": NOW, "today": TODAY}
    feedback.release(making.session, seen=feedback.Seen(), actor=director, **given)


def _withdrawn(making: _Making, review: CaseReview, by: Person) -> None:
    _open(making, review, by)
    review.state = ReviewState.WITHDRAWN


def _off(making: _Making, review: CaseReview, by: Person) -> None:
    """Whoever scored it is on it no more; a colleague is."""
    _open(making, review, by)
    on = sa.select(ReviewPerson).where(ReviewPerson.review_id == review.id)
    making.session.scalars(on).one().until_at = NOW
    colleague = making.people["colleague"].id
    made = {"review_id": review.id, "person_id": colleague, "part": Part.REVIEWER, "from_at": NOW}
    making.session.add(ReviewPerson(**made))


_UNTIL = {
    "open": _open,
    "qa": _with_qa,
    "final": _final,
    "withdrawn": _withdrawn,
    "off": _off,
}


def _counties(making: _Making) -> None:
    """Each round's county, and what it was told."""
    lies = {"own": "Juniper", "same_region": "Alder", "other": "Sorrel"}
    for reach, name in lies.items():
        county, there = making.places[name], making.rounds[reach]
        making.thing("county", reach, public_id=there.public_id, county=county.public_id)
        content = {"on_site": ["2027-03-08", "2027-03-12"], "leads": [], "told": [], "cases": []}
        sent = CountyNotice(
            round=there, county_id=county.id, content=content, by_id=making.people[SPARE].id, at=NOW
        )
        making.session.add(sent)
        making.session.flush()
        making.thing("county_notice", reach, public_id=sent.public_id)


def _evidence(making: _Making) -> None:
    """A protected source on two case reviews; their ids are swapped once."""
    for reach, who in {"assigned": Role.REVIEWER.value, "off": "colleague"}.items():
        source = rules.NewEvidence("SRM05", EvidenceSource.HEALTH_RECORD, "Elm clinic", True)
        given = {"review": making.reviews[reach], "actor": making.actor(who), "now": NOW}
        [key] = actions.add_evidence(making.session, sources=[source], **given)
        review = making.reviews[reach].public_id
        making.thing("evidence", reach, public_id=review, evidence_id=key)
    elsewhere = making.state.things["evidence"]["off"]["evidence_id"]
    near = making.reviews["assigned"].public_id
    making.thing("evidence", "swapped", public_id=near, evidence_id=elsewhere)
    for reach, review in making.reviews.items():
        making.thing("review", reach, public_id=review.public_id)
        mother = proposed_id(review.public_id, InterviewRole.MOTHER)
        making.thing("interview", reach, public_id=review.public_id, interview=mother)
        if review.state in (ReviewState.FINAL, ReviewState.FIRST_LEVEL_QA):
            making.thing("memo", reach, public_id=review.public_id)


def _alerts(making: _Making) -> None:
    session, by = making.session, making.people[SPARE]
    raised = [(reach, reach, False) for reach in making.reviews]
    for reach, on, about_unit in [*raised, ("of_unit", "assigned", True)]:
        when = dict.fromkeys(("raised_at", "acknowledge_due_at", "answer_due_at"), NOW)
        alert = SafetyAlert(
            review_id=making.reviews[on].id,
            state=AlertState.RAISED,
            urgency=Urgency.NOW,
            seen="x",
            child="x",
            about_unit=about_unit,
            raised_by_id=by.id,
            **when,
        )
        session.add(alert)
        session.flush()
        making.thing("alert", reach, public_id=alert.public_id)


def _records(making: _Making) -> None:
    """What belongs to people: notices, sign-ins, passkeys, grants, legal bases, proposals."""
    session, people = making.session, making.people
    about = making.reviews["assigned"].public_id
    ids = [person.id for person in people.values()]
    notices.tell(session, NoticeKind.ALERT_RAISED, people=ids, subject=about, now=NOW)
    told = {each.person_id: each.public_id for each in session.scalars(sa.select(Notice))}
    failed = {"problem": "Connection refused", "tries": 1}
    session.execute(
        sa.update(Notice).where(Notice.public_id == told[people[SPARE].id]).values(failed)
    )
    making.thing("failed_mail", "anothers", public_id=told[people[SPARE].id])
    for number, (who, person) in enumerate(people.items()):
        browser = open_row(session, person_id=person.id, now=NOW, today=TODAY).public_id
        key = _passkey(session, person, number)
        if who == SPARE:
            making.thing("notice", "anothers", public_id=told[person.id])
            making.thing("browser", "anothers", public_id=browser)
            making.thing("passkey", "anothers", public_id=key)
        making.mine(who, "notice", "mine", public_id=told[person.id])
        making.mine(who, "browser", "mine", public_id=browser)
        making.mine(who, "passkey", "mine", public_id=key)
    _of_administration(making)


def _passkey(session: orm.Session, person: Person, number: int) -> uuid.UUID:
    made = Passkey(
        credential_id=bytes([number]) * 16,
        public_key=b"x",
        sign_count=0,
        transports=[],
        backup_state=False,
        device_type="single_device",
        create_datetime=NOW,
        lastuse_datetime=NOW,
        name="Key",
        usage="first",
        user_id=person.id,
    )
    session.add(made)
    session.flush()
    return passkeys.address_of(made)


def _of_administration(making: _Making) -> None:
    session, somebody = making.session, making.people[Role.STAKEHOLDER.value]
    one = {"public_id": somebody.public_id}
    granted = sa.select(GrantRow.public_id).where(GrantRow.person_id == somebody.id)
    filed = sa.select(LegalBasis.public_id).where(LegalBasis.person_id == somebody.id)
    another = {"public_id": making.people[SPARE].public_id}
    making.thing("person", "somebody", **one)
    for kind, name, its in (("grant", "grant_id", granted), ("basis", "basis_id", filed)):
        key = session.scalars(its).one()
        making.thing(kind, "theirs", **one, **{name: key})
        making.thing(kind, "swapped", **another, **{name: key})
    proposal = proposals.propose(
        session,
        making.people["colleague"].public_id,
        reason="x",
        actor=making.actor(Role.ADMINISTRATOR.value),
        now=NOW,
        today=TODAY,
    )
    making.thing("proposal", "waiting", proposal_id=proposal.public_id)


def _ledger(making: _Making) -> None:
    """An entry about somebody of the own round, and about somebody of the other region's alone."""
    director = making.people[Role.CQI_DIRECTOR.value].id
    for reach, who in {"own": Role.REVIEWER.value, "other": "leads_and_reviews"}.items():
        about = {"person_id": making.people[who].id, "kind": LedgerKind.TRAINED}
        entry = LedgerEntry(**about, from_on=TODAY, written_by_id=director, written_at=NOW)
        making.session.add(entry)
        making.session.flush()
        making.thing("entry", reach, entry_id=entry.public_id)


def _reports(making: _Making) -> None:
    """Reports of both regions at their stages, and what was published about each place."""
    session, places, rounds = making.session, making.places, making.rounds
    by = making.people[SPARE].id
    for reach, place in matrix_reports.PUBLICATIONS.items():
        about = rounds["other" if reach == "other" else "own"]
        there = matrix_reports.publication(session, places[place], about, by)
        making.thing("publication", reach, public_id=there.public_id)
    for reach, (place, on, state) in matrix_reports.REPORTS.items():
        made = matrix_reports.report(session, places[place], rounds[on], state, by)
        making.thing("report", reach, public_id=made.public_id)
    for who, person in making.people.items():
        its = matrix_results.pack(session, person.id, rounds["own"], places["Juniper"])
        if who == SPARE:
            making.thing("pack", "anothers", public_id=its)
        making.mine(who, "pack", "mine", public_id=its)


def _requests(making: _Making) -> None:
    """A rating of every memo is to be looked at again, by somebody's wish who is nobody's."""
    for reach in matrix_reconsidering.REACHES:
        review, by = making.reviews[reach], making.people[SPARE].id
        made = matrix_reconsidering.request(making.session, review, by)
        making.thing("request", reach, public_id=made.public_id)


def _conflicts(making: _Making) -> None:
    """Everybody has one with a case, and everybody's staff number is on another."""
    session, declare = making.session, partial(_declare, making)
    for who, person in making.people.items():
        its = declare("conflict", person)
        making.mine(who, "conflict", "mine", conflict_id=its.public_id)
        if who not in (Role.CASEWORKER.value, Role.SUPERVISOR.value):
            works = making.reviews["works"].case_id
            on = {"kind": StaffKind.CASEWORKER, "from_on": build.LONG_AGO}
            session.add(CaseStaff(case_id=works, staff_id=person.staff_id, **on))
    for reach in ("unassigned", "same_region", "other"):
        its = declare(reach, making.people[SPARE])
        making.thing("conflict", reach, conflict_id=its.public_id)
    both = making.state.own[SPARE]["conflict"].pop("mine")
    making.thing("conflict", "of_own_conflict", **both)


def _declare(making: _Making, reach: str, person: Person) -> ConflictOfInterest:
    case = making.session.get_one(Case, making.reviews[reach].case_id)
    made = ConflictOfInterest(
        person_id=person.id,
        kind=ConflictKind.FRIEND,
        case_number=case.case_number,
        declared_at=NOW,
        declared_by_id=person.id,
    )
    making.session.add(made)
    making.session.flush()
    return made
