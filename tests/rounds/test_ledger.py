"""The ledger of reviewers: what is written, withdrawn, who keeps it, and what lapses."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.core import errors, events
from cqi.core.database import Database
from cqi.rounds.actions import ledger as actions
from cqi.rounds.models import LedgerEntry, Round
from cqi.rounds.policy import NewEntry
from cqi.rounds.queries import ledger as queries
from cqi.rounds.rules import ledger as rules
from cqi.rounds.rules.ledger import Entry, Lapse, LedgerKind
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.rounds import test_open_round

TODAY = build.NOW.date()
TRAINED, SHADOWED, LED, CERTIFIED = LedgerKind
OURS = "mississippi_practice_model"


FAR = "Wren Sorrel"  # both reviewers of the cast have one name


@pytest.fixture(autouse=True)
def other_name(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        session.get_one(Person, cast.other_reviewer.id).name = FAR


def days(number: int) -> dt.date:
    return TODAY + dt.timedelta(days=number)


def certified(until: int, since: int = -100, instrument: str = "") -> Entry:
    return Entry(CERTIFIED, days(since), days(until), instrument)


def write(database: Database, by: Person, about: Person, **more: Any) -> LedgerEntry:
    given: dict[str, Any] = {"kind": CERTIFIED, "from_on": days(-30), "until_on": days(300), **more}
    with database.writing() as session:
        new = NewEntry(about.id, **given)
        actor = build.actor(session, by)
        return actions.write_entry(session, new=new, actor=actor, now=build.NOW, today=TODAY)


def refused(database: Database, by: Person, about: Person, **more: Any) -> list[str]:
    with pytest.raises(errors.Blocked) as blocked:
        write(database, by, about, **more)
    return [each.code for each in blocked.value.blockers]


@pytest.mark.parametrize(
    ("entries", "lacks"),
    [
        ((certified(1),), ""),
        ((certified(0),), ""),
        ((certified(-1),), "has not been certified since 10 Mar 2027"),
        ((certified(-1), certified(-40)), "has not been certified since 10 Mar 2027"),
        ((certified(300, since=2),), "is certified only from 12 Mar 2027 on"),
        ((certified(300, instrument="another"),), "is certified for another instrument only"),
        ((certified(300, instrument=OURS),), ""),
        ((Entry(TRAINED, days(-9)),), "is not certified: the register of reviewers has no entry"),
        ((), "is not certified: the register of reviewers has no entry"),
    ],
)
def test_what_is_missing_is_said_with_since_when(entries: tuple[Entry, ...], lacks: str) -> None:
    found = rules.lacking((CERTIFIED,), entries, OURS, TODAY)
    assert found.get(CERTIFIED, "") == lacks


def test_each_kind_that_a_round_requires_is_asked_for() -> None:
    assert set(rules.lacking((TRAINED, CERTIFIED), (), OURS, TODAY)) == {TRAINED, CERTIFIED}
    assert set(rules.lacking((TRAINED, CERTIFIED), (certified(9),), OURS, TODAY)) == {TRAINED}
    assert not rules.lacking((), (), OURS, TODAY)


def test_what_lapses_within_sixty_days_is_told_and_what_has_lapsed() -> None:
    near, far, over = certified(60), certified(61), certified(-1)
    assert rules.lapsing([near], TODAY) == [(near, Lapse.SOON)]
    assert rules.lapsing([far], TODAY) == []
    assert rules.lapsing([over], TODAY) == [(over, Lapse.LAPSED)]


def test_a_certification_that_a_later_one_stands_in_for_needs_nobody() -> None:
    old, other = certified(-1, instrument=OURS), certified(-2, instrument="another")
    assert rules.lapsing([old, certified(300)], TODAY) == []
    assert rules.lapsing([old, certified(300, instrument=OURS)], TODAY) == []
    assert rules.lapsing([other, certified(300, instrument=OURS)], TODAY) == [(other, Lapse.LAPSED)]
    assert rules.lapsing([certified(-1), certified(300, instrument=OURS)], TODAY) != []


def test_an_entry_is_written_with_who_wrote_it_and_its_event_names_nobody(
    database: Database, cast: Cast
) -> None:
    write(database, cast.cqi_liaison, cast.reviewer, note="Course of March")
    with database.reading() as session:
        director = build.actor(session, cast.cqi_director)
        [one] = queries.register(session, director, TODAY)[0].written
        kind = events.Event.kind == "ledger.written"
        payload = session.scalars(sa.select(events.Event.payload).where(kind)).one()
    assert (one.entry.until_on, one.note, one.by) == (
        days(300),
        "Course of March",
        cast.cqi_liaison.name,
    )
    assert "Course" not in str(payload)
    assert payload["until"] == days(300).isoformat()


@pytest.mark.parametrize(
    ("more", "codes"),
    [
        ({"until_on": None}, ["no_until"]),
        ({"kind": TRAINED}, ["never_ends"]),
        ({"until_on": days(-31)}, ["dates"]),
        ({"kind": LED, "until_on": None, "from_on": days(1)}, ["to_come"]),
        ({"instrument": "none_of_ours"}, ["unknown_instrument"]),
    ],
)
def test_an_entry_says_what_can_be(
    database: Database, cast: Cast, more: dict[str, Any], codes: list[str]
) -> None:
    assert refused(database, cast.cqi_director, cast.reviewer, **more) == codes


def test_nobody_writes_or_withdraws_what_is_about_themselves(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        build.grant(session, cast.cqi_liaison, Role.REVIEWER, round=cast.round)
    assert refused(database, cast.cqi_liaison, cast.cqi_liaison) == ["own_entry"]
    made = write(database, cast.cqi_director, cast.cqi_liaison)
    assert withdrawing(database, cast.cqi_liaison, made) == ["own_entry"]


def withdrawing(
    database: Database, by: Person, entry: LedgerEntry, reason: str = "Wrong day"
) -> list[str]:
    """The codes of what is in the way; none where it was withdrawn."""
    try:
        with database.writing() as session:
            actions.withdraw_entry(
                session,
                entry_id=entry.public_id,
                reason=reason,
                actor=build.actor(session, by),
                now=build.NOW,
                today=TODAY,
            )
    except errors.Blocked as blocked:
        return [each.code for each in blocked.blockers]
    return []


def test_a_withdrawn_entry_stays_in_the_register_and_counts_no_more(
    database: Database, cast: Cast
) -> None:
    made = write(database, cast.cqi_director, cast.reviewer)
    assert withdrawing(database, cast.cqi_liaison, made, " ") == ["no_reason"]
    assert withdrawing(database, cast.cqi_liaison, made) == []
    assert withdrawing(database, cast.cqi_liaison, made) == ["withdrawn"]
    with database.reading() as session:
        one = queries.register(session, build.actor(session, cast.cqi_liaison), TODAY)[0]
        assert queries.standing(session, [cast.reviewer.id]) == {}
        assert queries.own(session, build.actor(session, cast.reviewer)) == []
    assert one.written[0].withdrawn
    assert one.written[0].withdrawn.reason == "Wrong day"
    assert one.standing == []


def test_a_liaison_keeps_the_reviewers_of_the_region_alone(database: Database, cast: Cast) -> None:
    with pytest.raises(errors.NotFound):
        write(database, cast.cqi_liaison, cast.other_reviewer)
    made = write(database, cast.cqi_director, cast.other_reviewer)
    with pytest.raises(errors.NotFound):
        withdrawing(database, cast.cqi_liaison, made)
    with database.reading() as session:
        near = queries.register(session, build.actor(session, cast.cqi_liaison), TODAY)
        all_ = queries.register(session, build.actor(session, cast.cqi_director), TODAY)
    assert [one.name for one in near] == [cast.reviewer.name]
    assert {one.name for one in all_} == {cast.reviewer.name, FAR}


def test_a_site_leader_reads_the_register_and_writes_nothing(
    database: Database, cast: Cast, client_for: ClientFor
) -> None:
    write(database, cast.cqi_director, cast.reviewer)
    with database.writing() as session:
        leader = build.person(session, "Site Leader")
        build.grant(session, leader, Role.SITE_LEADER, round=cast.round)
    with pytest.raises(errors.Forbidden):
        write(database, leader, cast.reviewer)
    client = client_for(leader)
    text = client.get("/reviewers").text
    assert cast.reviewer.name in text
    assert FAR not in text
    assert "/reviewers/add" not in text
    assert client.get("/reviewers/add").status_code == 403


def test_who_keeps_one_region_and_leads_a_round_elsewhere_reads_there_only(
    database: Database, cast: Cast, client_for: ClientFor
) -> None:
    made = write(database, cast.cqi_director, cast.other_reviewer)
    with database.writing() as session:
        build.grant(session, cast.cqi_liaison, Role.SITE_LEADER, round=cast.other_round)
    client = client_for(cast.cqi_liaison)
    text = client.get("/reviewers").text
    assert FAR in text
    assert str(made.public_id) not in text
    assert client.get(f"/reviewers/entries/{made.public_id}/withdraw").status_code == 404


def test_an_entry_is_added_on_its_page_and_withdrawn_on_its_own(
    database: Database, cast: Cast, client_for: ClientFor
) -> None:
    client = client_for(cast.cqi_liaison)
    sent = {
        "person": str(cast.reviewer.public_id),
        "kind": "certified",
        "from_on": days(-400).isoformat(),
        "until_on": days(-3).isoformat(),
        "instrument": OURS,
        "note": "Number 17",
    }
    page = client.post("/reviewers/add", data={**sent, "until_on": ""})
    assert page.status_code == 422
    assert "Say until which day the certification counts." in page.text
    text = client.post("/reviewers/add", data=sent, follow_redirects=True).text
    assert f"Written down: {cast.reviewer.name}, certified." in text
    assert "certified until 7 Mar 2027, lapsed" in text
    with database.reading() as session:
        entry = session.scalars(sa.select(LedgerEntry)).one()
    where = f"/reviewers/entries/{entry.public_id}/withdraw"
    assert where in text
    assert client.post(where, data={"reason": ""}).status_code == 422
    text = client.post(where, data={"reason": "Another course"}, follow_redirects=True).text
    assert "Another course" in text
    assert where not in text


def test_reviewers_see_their_own_entries_on_their_first_page_and_not_the_register(
    database: Database, cast: Cast, client_for: ClientFor
) -> None:
    client = client_for(cast.reviewer)
    assert "Nothing is written down about you yet." in client.get("/").text
    write(database, cast.cqi_director, cast.reviewer, until_on=days(12))
    assert "until 22 Mar 2027" in client.get("/").text
    assert client.get("/reviewers").status_code == 403


def test_those_who_keep_the_register_are_told_on_their_first_page_what_lapses(
    database: Database, cast: Cast, client_for: ClientFor
) -> None:
    asked = f"Certification of {cast.reviewer.name}"
    write(database, cast.cqi_director, cast.reviewer)
    assert asked not in client_for(cast.cqi_liaison).get("/").text
    write(database, cast.cqi_director, cast.other_reviewer, until_on=days(60))
    with database.writing() as session:
        session.execute(
            sa.insert(LedgerEntry),
            {
                "person_id": cast.reviewer.id,
                "kind": CERTIFIED,
                "from_on": days(-9),
                "until_on": days(400),
                "instrument": "another",
                "written_by_id": cast.cqi_director.id,
                "written_at": build.NOW,
            },
        )
    with database.reading() as session:
        director = build.actor(session, cast.cqi_director)
        names = [name for name, _, _ in queries.lapsing(session, director, TODAY)]
    assert names == [FAR]
    text = client_for(cast.cqi_director).get("/").text
    assert f"Certification of {FAR}" in text
    assert asked not in text


def requirement(database: Database, cast: Cast) -> list[str] | None:
    with database.reading() as session:
        return session.get_one(Round, cast.round.id).requires


def test_who_opens_rounds_says_what_reviewers_need_and_changes_it_later(
    database: Database, cast: Cast, client_for: ClientFor
) -> None:
    client, path = client_for(cast.cqi_director), f"/rounds/{cast.round.public_id}/requirement"
    assert "Now: nothing." in client.get(path).text
    both = {"requires": ["certified", "trained"], "seen": ""}
    text = client.post(path, data=both, follow_redirects=True).text
    assert "Its reviewers need to be trained and certified." in text
    assert requirement(database, cast) == ["trained", "certified"]
    client.post(path, data={"seen": "trained certified"})
    assert requirement(database, cast) is None
    with database.reading() as session:
        kind = events.Event.kind == "round.requirement_changed"
        told = list(session.scalars(sa.select(events.Event.payload).where(kind)))
    assert told[0] == {"before": [], "requires": ["trained", "certified"]}


def test_a_requirement_that_was_changed_meanwhile_is_told_and_nothing_is_saved(
    database: Database, cast: Cast, client_for: ClientFor
) -> None:
    client, path = client_for(cast.cqi_director), f"/rounds/{cast.round.public_id}/requirement"
    client.post(path, data={"requires": ["trained"], "seen": ""})
    answer = client.post(path, data={"requires": ["certified"], "seen": ""})
    assert answer.status_code == 422
    assert "Somebody changed it meanwhile. It requires now: trained." in answer.text
    assert requirement(database, cast) == ["trained"]
    again = client.post(path, data={"requires": ["trained"], "seen": "trained"})
    assert "That is how it is already." in again.text


def test_a_round_is_opened_with_what_its_reviewers_need(cast: Cast, client_for: ClientFor) -> None:
    client, asked = client_for(cast.cqi_director), test_open_round.sent(cast)
    given = {**asked, "requires": ["certified"]}
    text = client.post(test_open_round.URL, data=given, follow_redirects=True).text
    assert "Its reviewers need to be certified." in text
    text = client.post(
        test_open_round.URL, data={**asked, "name": "Another"}, follow_redirects=True
    ).text
    assert "Its reviewers need" not in text


def test_the_outsider_gets_nothing(cast: Cast, client_for: ClientFor) -> None:
    client = client_for(cast.outsider)
    for path in ("/reviewers", "/reviewers/add", f"/rounds/{cast.round.public_id}/requirement"):
        assert client.get(path).status_code == 403
