"""Builders: each adds one thing, with plain defaults, and returns it with its id.

with database.writing() as session:
    region = build.region(session, "Region One")
    somebody = build.person(session, "Ada Juniper")
    build.grant(session, somebody, Role.CQI_LIAISON, place=region)
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import orm

from cqi.access import passwords
from cqi.access import queries as access
from cqi.access.actor import Actor
from cqi.access.law import BasisKind
from cqi.access.models import GrantRow, LegalBasis, Person, new_uniquifier
from cqi.access.permissions import Role
from cqi.cases.models import Case, CaseStaff
from cqi.cases.rules import CaseType, StaffKind
from cqi.cli.demonstration import answering
from cqi.core import folders
from cqi.instruments import definition, library
from cqi.instruments.definition import NA, YES, Rating
from cqi.places.models import Place, PlaceMembership
from cqi.places.rules import PlaceKind
from cqi.reviews import actions, queries, rules
from cqi.reviews.models import CaseReview, ReviewPerson
from cqi.reviews.rules import (
    EvidenceSource,
    NewEvidence,
    NewSubject,
    Part,
    ReviewPurpose,
    ReviewState,
)
from cqi.reviews.rules.interviews import InterviewChange
from cqi.rounds.models import Round, RoundCounty
from cqi.rounds.rules import RoundKind
from cqi.settings import registry
from cqi.settings.models import SettingValue

PASSWORD = "three invented words"
NOW = dt.datetime(2027, 3, 10, 16, 0, tzinfo=dt.UTC)
LONG_AGO = dt.date(2020, 1, 1)
_numbers = itertools.count(1)


@functools.cache
def password_hash() -> str:
    """The hash of PASSWORD, made once: argon2 is slow on purpose."""
    return passwords.hashed(PASSWORD)


def password_alone(session: orm.Session) -> None:
    """The setting that asks for a second factor is off: a password signs in."""
    off = SettingValue(
        key=registry.SECOND_FACTOR.key, value=False, from_on=LONG_AGO, reason="a test", set_at=NOW
    )
    session.add(off)


def person(
    session: orm.Session, name: str = "", *, staff_id: str | None = None, password: bool = True
) -> Person:
    """Somebody who can sign in with PASSWORD."""
    number = next(_numbers)
    made = Person(
        email=f"person{number}@example.org",
        name=name or f"Person {number}",
        staff_id=staff_id,
        password=password_hash() if password else None,
        fs_uniquifier=new_uniquifier(),
        created_at=NOW,
    )
    session.add(made)
    session.flush()
    return made


def state(session: orm.Session, name: str = "State of Examples", code: str = "99") -> Place:
    """The whole agency."""
    return _place(session, PlaceKind.STATE, code, name, None)


def region(session: orm.Session, name: str = "", *, above: Place | None = None) -> Place:
    """A region, of a state where one is given."""
    number = next(_numbers)
    return _place(
        session, PlaceKind.REGION, name or f"R{number}", name or f"Region {number}", above
    )


def county(session: orm.Session, above: Place, name: str = "") -> Place:
    """A county of a region."""
    number = next(_numbers)
    code = f"{99000 + number % 1000}"
    return _place(session, PlaceKind.COUNTY, code, name or f"County {number}", above)


def unit(session: orm.Session, above: Place, name: str = "") -> Place:
    """A unit of a county."""
    number = next(_numbers)
    return _place(session, PlaceKind.UNIT, f"U{number}", name or f"Unit {number}", above)


def _place(
    session: orm.Session, kind: PlaceKind, code: str, name: str, above: Place | None
) -> Place:
    made = Place(kind=kind, code=code, name=name)
    session.add(made)
    session.flush()
    if above is not None:
        session.add(
            PlaceMembership(
                place_id=made.id, parent_id=above.id, from_on=LONG_AGO, source="invented"
            )
        )
        session.flush()
    return made


def grant(
    session: orm.Session,
    person: Person,
    role: Role,
    *,
    place: Place | None = None,
    round: Round | None = None,  # noqa: A002 - the house's word
    from_on: dt.date = LONG_AGO,
    until_on: dt.date | None = None,
) -> GrantRow:
    """A grant in force. Without place and round it reaches the state, or own things only."""
    made = GrantRow(
        person_id=person.id,
        role=role,
        place_id=place.id if place else None,
        round_id=round.id if round else None,
        from_on=from_on,
        until_on=until_on,
        reason="invented",
        granted_at=NOW,
    )
    session.add(made)
    session.flush()
    return made


def legal_basis(
    session: orm.Session,
    person: Person,
    *,
    document_on: dt.date = LONG_AGO,
    expires_on: dt.date = dt.date(2030, 1, 1),
) -> LegalBasis:
    """A court order on file, recorded by the person themself: no page would let them."""
    made = LegalBasis(
        person_id=person.id,
        kind=BasisKind.COURT_ORDER,
        reference="27-J-0042",
        document_on=document_on,
        expires_on=expires_on,
        recorded_by_id=person.id,
        recorded_at=NOW,
    )
    session.add(made)
    session.flush()
    return made


def round(  # noqa: A001 - the house's word
    session: orm.Session,
    region: Place,
    counties: list[Place],
    *,
    kind: RoundKind = RoundKind.BASELINE,
    compares_with: Round | None = None,
    pages: definition.Instrument | None = None,
) -> Round:
    """A round in counties of a region, on the practice model's instrument or on `pages`."""
    scored_on = pages or instrument()
    made = Round(
        name=f"Round {next(_numbers)}",
        kind=kind,
        region_id=region.id,
        instrument=scored_on.id,
        instrument_version=scored_on.version,
        instrument_digest=scored_on.digest,
        pur_from=dt.date(2026, 3, 1),
        on_site_from=dt.date(2027, 3, 8),
        on_site_to=dt.date(2027, 3, 12),
        compares_with_id=compares_with.id if compares_with else None,
        created_at=NOW,
    )
    session.add(made)
    session.flush()
    session.add_all(RoundCounty(round_id=made.id, county_id=each.id) for each in counties)
    session.flush()
    return made


def case(
    session: orm.Session,
    county: Place,
    *,
    unit: Place | None = None,
    case_type: CaseType = CaseType.FOSTER_CARE,
    staff: dict[StaffKind, str] | None = None,
) -> Case:
    """A case; `staff` maps who they are to the case (StaffKind) to staff ids."""
    made = Case(
        case_number=f"C{next(_numbers):06}",
        case_type=case_type,
        county_id=county.id,
        unit_id=unit.id if unit else None,
        opened_on=dt.date(2026, 1, 15),
        imported_at=NOW,
    )
    session.add(made)
    session.flush()
    for kind, staff_id in (staff or {}).items():
        session.add(CaseStaff(case_id=made.id, kind=kind, staff_id=staff_id, from_on=LONG_AGO))
    session.flush()
    return made


def instrument(id_: str = "mississippi_practice_model") -> definition.Instrument:
    """The practice model's instrument, or another one's version 1.0, as it lies in the library."""
    return library.load(folders.data_folder("review_instruments"), id_, "1.0")


def actor(session: orm.Session, person: Person, today: dt.date | None = None) -> Actor:
    """Somebody as the guard sees them."""
    made = access.actor_for(session, person.id, today or NOW.date())
    assert made is not None
    return made


def case_review(
    session: orm.Session,
    round: Round,  # noqa: A002 - the house's word
    case: Case,
    reviewers: Sequence[Person] = (),
    *,
    second: bool = False,
) -> CaseReview:
    """A case in a round, assigned, nothing answered yet; `second`: its second reading."""
    made = CaseReview(
        round=round,
        case=case,
        purpose=ReviewPurpose.RELIABILITY if second else ReviewPurpose.SCORED,
        reading=2 if second else 1,
        state=ReviewState.ASSIGNED,
        state_since=NOW,
        instrument=round.instrument,
        instrument_version=round.instrument_version,
        instrument_digest=round.instrument_digest,
        created_at=NOW,
    )
    session.add(made)
    session.flush()
    for each in reviewers:
        session.add(
            ReviewPerson(review_id=made.id, person_id=each.id, part=Part.REVIEWER, from_at=NOW)
        )
    session.flush()
    return made


def complete(
    session: orm.Session,
    review: CaseReview,
    by: Person,
    *,
    wish: Mapping[str, str] | None = None,
    facts: Mapping[str, str] | None = None,
    now: dt.datetime = NOW,
) -> CaseReview:
    """Answer everything, so that nothing is missing: all strengths but what `wish` says by item.

    Facts are the case's type and yes to all else, but what `facts` says; two of each kind of
    subject are listed. `by` is on the review.
    """
    pages = queries.instrument_of(review)
    known = {fact.name: fact.values[-1] for fact in pages.facts if YES not in fact.values}
    known |= {fact.name: YES for fact in pages.facts if YES in fact.values}
    known |= {"case_type": review.case.case_type.value, **(facts or {})}
    given: dict[str, Any] = {"review": review, "actor": actor(session, by, now.date()), "now": now}
    case = answering.Case(pages, known, subjects(session, pages, given))
    answers = {
        code: one
        for item in pages.wholes
        for code, one in answers_for(case, item.code, wish or {}).items()
    }
    changes = [rules.fact(name, value) for name, value in known.items()]
    changes += [
        rules.answer(code, rules.asked(*ask), value, reason="Invented." if value == NA else None)
        for code, one in answers.items()
        for ask, value in one.items()
    ]
    sources: list[NewEvidence] = []
    for code, rated in case.rated(answers).items():
        item = pages.item(code)
        if rated.rating in item.evidence.required_for:
            changes.append(rules.narrative(code, f"Invented words about {item.title}."))
        if rated.rating is not Rating.NOT_APPLICABLE:
            chosen = list(EvidenceSource)[: item.evidence.at_least]
            sources += [NewEvidence(code, source) for source in chosen]
    actions.record_answers(session, changes=changes, **given)
    actions.add_evidence(session, sources=sources, **given)
    hear_everybody(session, **given)
    return review


def hear_everybody(session: orm.Session, **given: Any) -> None:
    """Hold every interview that the case asks for, in person; `given` as for actions."""
    people, today = queries.sheet(session, given["review"]).interviews, given["now"].date()
    what = {"outcome": "held", "held_on": today.isoformat(), "how": "in_person"}
    changes = [
        InterviewChange(one.id, name, value) for one in people for name, value in what.items()
    ]
    actions.record_interviews(session, changes=changes, today=today, **given)


def subjects(
    session: orm.Session, pages: definition.Instrument, given: dict[str, Any]
) -> dict[str, dict[str, str]]:
    """Two subjects of each kind, listed on the face sheet: id -> label by kind."""
    new = [NewSubject(kind.kind, f"{kind.label} {n}") for kind in pages.subjects for n in "AB"]
    ids = actions.add_subjects(session, subjects=new, **given) if new else []
    listed: dict[str, dict[str, str]] = {}
    for each, public_id in zip(new, ids, strict=True):
        listed.setdefault(each.kind, {})[str(public_id)] = each.label
    return listed


def answers_for(case: answering.Case, code: str, wish: Mapping[str, str]) -> answering.Answers:
    """Answers of an item and its parts: strengths, but what `wish` says of one of them."""
    family = case.instrument.family(code)
    wished = {one: wish[one] for one in family if one in wish} or {code: Rating.STRENGTH.value}
    found = answering.find(case, code, wished)
    assert found is not None, f"{code} cannot be {wished}"
    return found


def submitted(
    session: orm.Session, review: CaseReview, by: Person, *, wish: Mapping[str, str] | None = None
) -> CaseReview:
    """A complete case review, handed to QA."""
    complete(session, review, by, wish=wish)
    who = actor(session, by)
    actions.submit_for_qa(session, review=review, actor=who, now=NOW, today=NOW.date())
    return review


def final(
    session: orm.Session,
    review: CaseReview,
    by: Person,
    qa_lead: Person,
    *,
    wish: Mapping[str, str] | None = None,
) -> CaseReview:
    """A case review that `by` scored and `qa_lead` approved."""
    submitted(session, review, by, wish=wish)
    who = actor(session, qa_lead)
    actions.begin_qa(session, review=review, actor=who, now=NOW)
    actions.approve(session, review=review, actor=who, now=NOW)
    return review
