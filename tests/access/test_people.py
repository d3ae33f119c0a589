"""What administrators change about people, and the link with which somebody sets a password."""

from __future__ import annotations

import datetime as dt
import functools
import threading
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from cqi.access import actions, people, queries, set_up, sign_ins
from cqi.access.models import GrantRow, Person, SetUpLink, SignInSession
from cqi.access.people import Wanted
from cqi.access.permissions import Role
from cqi.access.policy import PersonChange
from cqi.core import errors, events
from cqi.core.database import Database
from tests import build
from tests.fixtures.cast import Cast

WORDS = "four quite ordinary words"
Refusal = pytest.ExceptionInfo[errors.Blocked]

disable_person = functools.partial(actions.disable_person, today=build.NOW.date())


def codes(refused: Refusal) -> list[str]:
    return [blocker.code for blocker in refused.value.blockers]


def do(
    database: Database, cast: Cast, action: Callable[..., Any], whom: Person, **more: Any
) -> Any:
    """One action of the administrator, in a transaction of its own."""
    with database.writing() as session:
        actor = build.actor(session, cast.administrator)
        return action(session, whom.public_id, actor=actor, now=build.NOW, **more)


def kinds(database: Database, whom: Person) -> list[str]:
    """What happened to a person, in order."""
    with database.reading() as session:
        query = sa.select(events.Event.kind).where(events.Event.stream_id == whom.public_id)
        return list(session.scalars(query.order_by(events.Event.id)))


def second_administrator(database: Database, number: int = 1) -> list[Person]:
    with database.writing() as session:
        made = [build.person(session, f"Administrator {n + 2}") for n in range(number)]
        for each in made:
            build.grant(session, each, Role.ADMINISTRATOR)
        return made


def test_a_disabled_person_is_nobody_at_the_next_request(
    database: Database, cast: Cast, today: dt.date
) -> None:
    with database.writing() as session:
        row = sign_ins.open_row(
            session, person_id=cast.reviewer.id, now=build.NOW, today=build.NOW.date()
        )
    do(database, cast, disable_person, cast.reviewer, reason="Left the agency.")
    with database.reading() as session:
        assert queries.actor_for(session, cast.reviewer.id, today) is None
        ended = session.get_one(SignInSession, row.id)
        person = session.get_one(Person, cast.reviewer.id)
        assert (ended.end_reason, person.active_reason) == ("disabled", "Left the agency.")
        assert person.fs_uniquifier != cast.reviewer.fs_uniquifier
    assert kinds(database, cast.reviewer) == ["access.person_disabled", "access.signed_out"]
    do(database, cast, actions.enable_person, cast.reviewer, reason="Is back.")
    with database.reading() as session:
        assert build.actor(session, cast.reviewer).roles == (Role.REVIEWER,)


@pytest.mark.parametrize("action", [disable_person, actions.end_all_sign_ins])
def test_a_reason_is_asked_for(database: Database, cast: Cast, action: Callable[..., Any]) -> None:
    with pytest.raises(errors.Blocked) as refused:
        do(database, cast, action, cast.reviewer, reason=" ")
    assert codes(refused) == ["reason_missing"]


def test_nobody_disables_or_changes_themselves(database: Database, cast: Cast) -> None:
    second_administrator(database, 2)
    with pytest.raises(errors.Blocked) as refused:
        do(database, cast, disable_person, cast.administrator, reason="x")
    assert codes(refused) == ["own_record"]
    change = PersonChange(cast.administrator.email, "Another name", "S-100")
    with pytest.raises(errors.Blocked) as refused:
        do(database, cast, actions.change_person, cast.administrator, change=change)
    assert codes(refused)[0] == "own_record"


def test_the_last_two_administrators_cannot_go(
    database: Database, cast: Cast, today: dt.date
) -> None:
    [second] = second_administrator(database)
    with pytest.raises(errors.Blocked) as refused:
        do(database, cast, disable_person, second, reason="x")
    assert codes(refused) == ["last_two"]
    with database.reading() as session:
        grant = session.scalars(sa.select(GrantRow).where(GrantRow.person_id == second.id)).one()
        actor = build.actor(session, cast.administrator)
    with database.writing() as session:
        end = {"reason": "x", "actor": actor, "now": build.NOW, "today": today}
        with pytest.raises(errors.Blocked) as refused:
            actions.end_grant(session, grant.public_id, **end)
    assert codes(refused) == ["last_two"]
    second_administrator(database)
    do(database, cast, disable_person, second, reason="x")


def test_two_administrators_who_disable_each_other_at_once_leave_two(
    database: Database, cast: Cast
) -> None:
    """Of three, each of two disables another at the same moment: one of them hears that it may
    not be."""
    first, second = second_administrator(database, 2)
    outcomes: list[str] = []
    begin = threading.Barrier(2)

    def disable(by: Person, whom: Person) -> None:
        begin.wait()
        try:
            with database.writing() as session:
                actor = build.actor(session, by)
                disable_person(session, whom.public_id, reason="x", actor=actor, now=build.NOW)
            outcomes.append("done")
        except errors.Blocked:
            outcomes.append("refused")
        except AssertionError:  # the other was quicker: this one is nobody any more
            outcomes.append("refused")

    threads = [
        threading.Thread(target=disable, args=pair)
        for pair in ((cast.administrator, first), (first, second))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]
    with database.reading() as session:
        assert len(queries.administrators(session, build.NOW.date())) == 2


def test_an_ended_grant_has_no_effect_at_the_next_request(
    database: Database, cast: Cast, today: dt.date
) -> None:
    with database.writing() as session:
        query = sa.select(GrantRow).where(GrantRow.person_id == cast.reviewer.id)
        grant = session.scalars(query).one()
        actor = build.actor(session, cast.administrator)
        actions.end_grant(
            session, grant.public_id, reason="Done", actor=actor, now=build.NOW, today=today
        )
    with database.reading() as session:
        assert build.actor(session, cast.reviewer).roles == ()
        [line] = people.grants_of(session, [cast.reviewer.id], today)[cast.reviewer.id]
    assert (line.standing, line.end_reason, line.ended_by_id) == (
        "ended",
        "Done",
        cast.administrator.id,
    )


def test_a_change_says_what_and_no_value_in_its_event(database: Database, cast: Cast) -> None:
    change = PersonChange("New.Name@Example.org ", "New Name", "R-7")
    do(database, cast, actions.change_person, cast.reviewer, change=change)
    with database.reading() as session:
        person = session.get_one(Person, cast.reviewer.id)
        assert (person.email, person.name, person.staff_id) == (
            "new.name@example.org",
            "New Name",
            "R-7",
        )
        event = session.scalars(sa.select(events.Event).order_by(events.Event.id.desc())).first()
    assert event is not None
    assert event.payload == {"what": ["email", "name", "staff_id"]}
    with pytest.raises(errors.Blocked) as refused:
        do(database, cast, actions.change_person, cast.reviewer, change=change)
    assert codes(refused) == ["changed"], "made on what was seen before the first change"


def test_a_changed_address_or_staff_number_may_not_be_another_s(
    database: Database, cast: Cast
) -> None:
    change = PersonChange(cast.qa_lead.email.upper(), "Name", cast.supervisor.staff_id)
    with pytest.raises(errors.Blocked) as refused:
        do(database, cast, actions.change_person, cast.reviewer, change=change)
    assert codes(refused) == ["email_taken", "staff_id_taken"]
    same = PersonChange(cast.supervisor.email, "Same", cast.supervisor.staff_id)
    do(database, cast, actions.change_person, cast.supervisor, change=same)


@pytest.mark.parametrize("role", ["outsider", "cqi_director"])
def test_only_administrators_do_any_of_it(
    database: Database, cast: Cast, today: dt.date, role: str
) -> None:
    change = PersonChange("x@example.org", "X")
    calls: list[tuple[Callable[..., Any], dict[str, Any]]] = [
        (actions.change_person, {"change": change}),
        (disable_person, {"reason": "x"}),
        (actions.enable_person, {"reason": "x"}),
        (actions.end_all_sign_ins, {"reason": "x"}),
        (set_up.make_link, {"today": today}),
    ]
    with database.writing() as session:
        actor = build.actor(session, getattr(cast, role))
        for action, more in calls:
            with pytest.raises(errors.Forbidden):
                action(session, cast.reviewer.public_id, actor=actor, now=build.NOW, **more)


def test_a_link_sets_a_password_once_and_ends_every_sign_in(
    database: Database, cast: Cast, today: dt.date
) -> None:
    secret = do(database, cast, set_up.make_link, cast.reviewer, today=today)
    with database.writing() as session:
        stored = session.scalars(sa.select(SetUpLink)).one()
        assert secret not in str(vars(stored)), "kept as a digest alone"
        row = sign_ins.open_row(
            session, person_id=cast.reviewer.id, now=build.NOW, today=build.NOW.date()
        )
        with pytest.raises(errors.Blocked):
            set_up.set_password(session, secret, "short", now=build.NOW)
        set_up.set_password(session, secret, WORDS, now=build.NOW)
        session.flush()
        session.expire_all()
        assert session.get_one(SignInSession, row.id).end_reason == "password_set"
        assert session.get_one(Person, cast.reviewer.id).password != cast.reviewer.password
        with pytest.raises(errors.NotFound):
            set_up.set_password(session, secret, WORDS, now=build.NOW)


def test_a_link_ends_with_its_time_with_a_newer_one_and_with_the_person(
    database: Database, cast: Cast, today: dt.date
) -> None:
    later = build.NOW + dt.timedelta(hours=72)
    first = do(database, cast, set_up.make_link, cast.reviewer, today=today)
    second = do(database, cast, set_up.make_link, cast.reviewer, today=today)
    with database.reading() as session:
        assert not set_up.works(session, first, build.NOW)
        assert set_up.works(session, second, later - dt.timedelta(seconds=1))
        assert not set_up.works(session, second, later)
    do(database, cast, disable_person, cast.reviewer, reason="x")
    with database.reading() as session:
        assert not set_up.works(session, second, build.NOW)
    with pytest.raises(errors.Blocked) as refused:
        do(database, cast, set_up.make_link, cast.reviewer, today=today)
    assert codes(refused) == ["disabled"]


def test_no_administrator_takes_over_another_s_password(
    database: Database, cast: Cast, today: dt.date
) -> None:
    [second] = second_administrator(database)
    with pytest.raises(errors.Blocked) as refused:
        do(database, cast, set_up.make_link, second, today=today)
    assert codes(refused) == ["administrator"]
    with database.writing() as session:
        secret = set_up.make_link(session, second.public_id, actor=None, now=build.NOW, today=today)
        assert set_up.works(session, secret, build.NOW)


def test_people_are_found_by_words_role_place_and_state(
    database: Database, cast: Cast, today: dt.date
) -> None:
    with database.writing() as session:
        build.person(session, "Under_score 100%", password=False)
        found = {
            "words": people.listed(session, Wanted(words="qa%lead"), today),
            "wildcards": people.listed(session, Wanted(words="r_score 100%"), today),
            "address": people.listed(session, Wanted(words=cast.reviewer.email.upper()), today),
            "staff": people.listed(session, Wanted(words="s-100"), today),
            "role": people.listed(session, Wanted(role=Role.REVIEWER), today),
            "place": people.listed(session, Wanted(place_id=cast.region.id), today),
            "state": people.listed(session, Wanted(state=people.State.NOT_SET_UP), today),
        }
    names = {key: {line.name for line in listed.lines} for key, listed in found.items()}
    assert names["words"] == set(), "a percent sign stands for itself"
    assert names["wildcards"] == {"Under_score 100%"}
    assert names["address"] == {cast.reviewer.name}
    assert names["staff"] == {cast.supervisor.name}
    assert found["role"].number == 2
    assert names["place"] == {
        cast.cqi_liaison.name,
        cast.qa_lead.name,
        cast.regional_director.name,
        cast.supervisor.name,
    }
    assert names["state"] == {"Under_score 100%"}
