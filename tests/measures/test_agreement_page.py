"""A round's page on how far two readings agree: what counts, what it says, who opens it."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable

import pytest
import sqlalchemy as sa

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.cases.models import ConflictOfInterest
from cqi.cases.rules import ConflictKind
from cqi.core import errors
from cqi.instruments.definition import Rating
from cqi.reviews import actions, queries, rules
from cqi.reviews.models import CaseReview
from cqi.reviews.rules import ReviewState
from cqi.reviews.rules.readings import ReadingsOfRound
from cqi.rounds.models import Round
from tests import build
from tests.fixtures.installation import ClientFor
from tests.fixtures.twice import Twice
from tests.measures import agreeing
from tests.measures.agreeing import NEED, STRENGTH
from tests.reviews.test_blind_readings import with_role

LATELY = build.NOW.date() - dt.timedelta(days=1)
DIFFERS = "Who differs on what"


def both_in(twice: Twice) -> None:
    """Apart in SRM05, where the second pair is stricter."""
    twice.assign()
    twice.submit(twice.first, twice.cast.reviewer)
    twice.submit(twice.second, twice.third, SRM05=NEED)


def many(twice: Twice, pairs: Iterable[tuple[str, str]]) -> None:
    """A case more for each pair of ratings of SRM05."""
    with twice.database.writing() as session:
        on = session.get_one(Round, twice.cast.round.id)
        for first, second in pairs:
            by = [twice.beside], {"SRM05": first}
            agreeing.read_twice(
                session, on, twice.cast.county, by, ([twice.third], {"SRM05": second})
            )


def read(twice: Twice, who: Person | None = None) -> ReadingsOfRound:
    with twice.database.reading() as session:
        on = session.get_one(Round, twice.cast.round.id)
        return queries.read_twice(session, build.actor(session, who or twice.cast.qa_lead), on)


def page(twice: Twice, client_for: ClientFor, who: str = "qa_lead") -> str:
    return client_for(getattr(twice.cast, who)).get(f"{twice.url}/agreement").text


def test_the_ratings_are_those_first_handed_in_whatever_qa_asked_for_or_set_since(
    twice: Twice,
) -> None:
    both_in(twice)
    with twice.database.writing() as session:
        lead, third = (build.actor(session, who) for who in (twice.cast.qa_lead, twice.third))
        given = {"review": twice.found(session, twice.second), "now": build.NOW}
        actions.begin_qa(session, actor=lead, **given)
        set_ = rules.NewOverride("SRM03", Rating.AREA_NEEDING_IMPROVEMENT, "Seen otherwise.")
        actions.override_rating(session, new=set_, actor=lead, **given)
        actions.return_to_reviewers(session, reason="Look again.", actor=lead, **given)
        revisions = queries.sheet(session, given["review"]).answers["SRM05"]
        changes = [rules.answer("SRM05", name, "yes", e.revision) for name, e in revisions.items()]
        actions.record_answers(session, changes=changes, actor=third, **given)
    [pair] = read(twice).pairs
    assert (pair.first.ratings["SRM05"], pair.second.ratings["SRM05"]) == (STRENGTH, NEED)
    assert pair.second.ratings["SRM03"] == STRENGTH
    assert pair.first.ratings["SRM"] == "substantially_achieved"
    assert [name for _, name in pair.first.people] == [twice.beside.name, twice.cast.reviewer.name]


def test_the_qa_lead_reads_where_the_pairs_differ_and_who_is_stricter(
    twice: Twice, client_for: ClientFor
) -> None:
    both_in(twice)
    found = page(twice, client_for)
    assert "1 case was read by two pairs." in found
    assert "Counts only" in found
    assert DIFFERS in found
    readers = found.partition(DIFFERS)[2]
    for person, words in ((twice.third, "1 stricter"), (twice.beside, "1 milder")):
        assert words in readers.partition(person.name)[2].partition("</tr>")[0]
    assert f"{twice.url}/agreement" in client_for(twice.cast.qa_lead).get(twice.url).text


def test_the_director_reads_how_far_they_agree_but_not_who_differs(
    twice: Twice, client_for: ClientFor
) -> None:
    both_in(twice)
    found = page(twice, client_for, "cqi_director")
    assert "1 case was read by two pairs." in found
    assert DIFFERS not in found
    assert twice.third.name not in found


def test_from_ten_pairs_on_all_four_measures_stand_side_by_side(
    twice: Twice, client_for: ClientFor
) -> None:
    many(twice, [(STRENGTH, STRENGTH)] * 10 + [(STRENGTH, NEED)])
    found = page(twice, client_for)
    row = found.partition("(SRM05)")[2].partition("</tr>")[0]
    told = ("90.9%", "62.3–98.4", ">0.00<", ">0.90<", "0.69 to 1.00", "Cannot be told")
    for value in (">11<", ">10<", "1 differs", *told):
        assert value in row, value
    assert "Counts only" not in found
    other = found.partition("(SRM03)")[2].partition("</tr>")[0]
    assert "0.0%" not in other, "nobody rated it"


def test_where_every_rating_is_the_same_kappa_cannot_be_worked_out(
    twice: Twice, client_for: ClientFor
) -> None:
    many(twice, [(STRENGTH, STRENGTH)] * 30)
    row = page(twice, client_for).partition("(SRM05)")[2].partition("</tr>")[0]
    assert row.count("cannot be worked out") == 2, "kappa and alpha"
    assert "Reached" in row


def test_items_that_lie_below_what_is_wanted_are_named_first(
    twice: Twice, client_for: ClientFor
) -> None:
    many(twice, [(STRENGTH, STRENGTH), (STRENGTH, NEED)] * 8)
    found = page(twice, client_for)
    assert "Below 85%, and not by chance alone: " in found
    assert "(SRM05)." in found.partition("Below 85%, and not by chance alone: ")[2][:80]


def test_while_a_reading_is_open_nobody_of_it_is_named(twice: Twice, client_for: ClientFor) -> None:
    twice.assign()
    twice.submit(twice.second, twice.third)
    found = page(twice, client_for)
    assert "1 second reading is under way" in found
    for person in (twice.cast.reviewer, twice.beside, twice.third, twice.fourth):
        assert person.name not in found
    assert read(twice) == ReadingsOfRound(waiting=1)


def test_without_a_second_reading_the_page_says_where_to_ask_for_one(
    twice: Twice, client_for: ClientFor
) -> None:
    assert "which share of its cases is read twice" in page(twice, client_for)


@pytest.mark.parametrize("which", ["first", "second"])
def test_a_withdrawn_reading_is_left_out(twice: Twice, which: str) -> None:
    both_in(twice)
    with twice.database.writing() as session:
        its = CaseReview.public_id == getattr(twice, which)
        session.execute(sa.update(CaseReview).where(its).values(state=ReviewState.WITHDRAWN))
    assert read(twice) == ReadingsOfRound()


def test_a_case_that_one_has_a_conflict_with_is_not_counted_for_them(twice: Twice) -> None:
    both_in(twice)
    with twice.database.writing() as session:
        lead = twice.cast.qa_lead.id
        said = {"kind": ConflictKind.FRIEND, "case_number": twice.case_number}
        by = {"person_id": lead, "declared_by_id": lead, "declared_at": build.NOW}
        session.add(ConflictOfInterest(**said, **by))
    assert read(twice) == ReadingsOfRound()
    assert len(read(twice, twice.cast.cqi_director).pairs) == 1


@pytest.mark.parametrize("role", [Role.QA_LEAD, Role.CQI_DIRECTOR])
@pytest.mark.parametrize("was_on_it", [False, True])
def test_nobody_who_reads_in_the_round_or_did_opens_it_by_another_role(
    twice: Twice, client_for: ClientFor, role: Role, was_on_it: bool
) -> None:
    person = twice.spare
    if was_on_it:  # their grant as a reviewer is over; that they know a reading is not
        with twice.database.writing() as session:
            person = build.person(session, "Former Reader")
            build.grant(session, person, Role.REVIEWER, round=twice.cast.round, until_on=LATELY)
            on = session.get_one(Round, twice.cast.round.id)
            build.case_review(session, on, build.case(session, twice.cast.county), [person])
    both_in(twice)
    with_role(twice, person, role)
    client = client_for(person)
    for path in ("agreement", "agreement.csv"):
        answer = client.get(f"{twice.url}/{path}")
        assert (answer.status_code, twice.third.name in answer.text) == (403, False)
    assert f"{twice.url}/agreement" not in client.get(twice.url).text
    with pytest.raises(errors.Forbidden):
        read(twice, person)


def test_the_table_is_a_file_in_which_nobody_is_named(twice: Twice, client_for: ClientFor) -> None:
    many(twice, [(STRENGTH, STRENGTH)] * 10 + [(STRENGTH, NEED)])
    client = client_for(twice.cast.qa_lead)
    text = client.get(f"{twice.url}/agreement.csv").text
    lines = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    heads = next(line for line in lines if line[:1] == ["code"])
    found = next(line for line in lines if line[:1] == ["SRM05"])
    row = dict(zip(heads, found, strict=True))
    counted = {"pairs": "11", "same": "10", "rate": "0.9091"}
    told = {"kappa": "0.0000", "ac1": "0.9005", "standing": "not_apart"}
    assert {name: row[name] for name in counted | told} == counted | told
    assert twice.third.name not in text
    assert client.get(f"{twice.url}/agreement.xlsx").data.startswith(b"PK")
    assert client.get(f"{twice.url}/agreement.pdf").status_code == 404


@pytest.mark.parametrize("who", ["cqi_liaison", "reviewer", "regional_director", "outsider"])
def test_it_is_for_nobody_else(twice: Twice, client_for: ClientFor, who: str) -> None:
    both_in(twice)
    assert client_for(getattr(twice.cast, who)).get(f"{twice.url}/agreement").status_code == 403
