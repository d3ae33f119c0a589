"""A memo is worded and released by whoever leads the round, and stays as it went out."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.core import events
from cqi.core.database import Database
from cqi.core.errors import Blocked, Conflict, Forbidden, NotFound
from cqi.feedback import actions, queries
from cqi.feedback.rules import Wording
from cqi.notices.models import Notice
from cqi.notices.rules import NoticeKind
from cqi.reviews import actions as reviews
from cqi.reviews.models import CaseReview
from tests import build
from tests.feedback import invented
from tests.feedback.invented import CLOCKS
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor

TODAY = CLOCKS.calendar.today
LATER = build.NOW + dt.timedelta(hours=2)


@pytest.fixture
def review(database: Database, cast: Cast) -> uuid.UUID:
    return invented.final_review(database, cast, released=False)


@pytest.fixture
def site_leader(database: Database, cast: Cast) -> Person:
    with database.writing() as session:
        person = build.person(session, "Site Leader")
        build.grant(session, person, Role.SITE_LEADER, round=session.merge(cast.round))
        return person


def codes(refused: pytest.ExceptionInfo[Blocked]) -> list[str]:
    return [each.code for each in refused.value.blockers]


def everybody(cast: Cast) -> Iterator[tuple[str, Person]]:
    for name in ("supervisor", "caseworker", "regional_director", "cqi_director", "cqi_liaison"):
        yield name, getattr(cast, name)


def test_nobody_reads_a_memo_before_it_is_released(
    database: Database, cast: Cast, review: uuid.UUID
) -> None:
    with database.reading() as session:
        for name, person in everybody(cast):
            actor = build.actor(session, person)
            assert queries.memos(session, actor, CLOCKS) == (), name
            with pytest.raises(NotFound):
                queries.memo(session, actor, review, CLOCKS)


def test_a_site_leader_finds_it_words_it_and_releases_it(
    database: Database, cast: Cast, site_leader: Person, review: uuid.UUID
) -> None:
    with database.writing() as session:
        actor = build.actor(session, site_leader)
        [row] = queries.to_release(session, actor, CLOCKS)
        assert (row.public_id, row.due.on, row.begun) == (review, dt.date(2027, 3, 24), False)
        one = queries.review_to_release(session, actor, review)
        first = queries.draft(session, one).made.strengths[0].code
        said = Wording("Opening.", "Closing.", {"SNA06": "In other words."}, frozenset({first}))
        written = actions.Writing(said)
        seen = actions.Seen(
            actions.write(session, review=one, writing=written, actor=actor, now=build.NOW)
        )
        assert queries.to_release(session, actor, CLOCKS)[0].begun
        actions.release(session, review=one, seen=seen, actor=actor, now=LATER, today=LATER.date())
        assert queries.to_release(session, actor, CLOCKS) == []
        sheet = queries.memo(session, build.actor(session, cast.caseworker), review, CLOCKS)
        assert sheet.memo is not None
        assert (sheet.memo.opening, sheet.memo.closing) == ("Opening.", "Closing.")
        assert [need.seen for need in sheet.memo.needs] == ["In other words."]
        assert first not in [point.code for point in sheet.memo.all_strengths]
        assert sheet.memo.strength_count == sheet.memo.applicable - 1
        assert sheet.released_by == "Site Leader"
        told = sa.select(Notice.person_id).where(Notice.kind == NoticeKind.MEMO_RELEASED)
        assert set(session.scalars(told)) == {cast.caseworker.id, cast.supervisor.id}
        kinds = sa.select(events.Event.kind).where(events.Event.kind.startswith("feedback."))
        assert list(session.scalars(kinds.order_by(events.Event.id))) == [
            "feedback.written",
            "feedback.released",
        ]
        payloads = str(list(session.scalars(sa.select(events.Event.payload))))
        assert "In other words" not in payloads


def test_it_stays_as_it_went_out_while_the_review_changes_and_a_new_one_follows(
    database: Database, cast: Cast, review: uuid.UUID
) -> None:
    with database.writing() as session:
        one = session.scalars(sa.select(CaseReview)).one()
        invented.release(session, cast, one)
        reader = build.actor(session, cast.caseworker)
        before = queries.memo(session, reader, review, CLOCKS)
        director = build.actor(session, cast.cqi_director)
        reviews.reopen(session, review=one, reason="Again.", actor=director, now=LATER)
        opened = queries.memo(session, reader, review, CLOCKS)
        assert opened.memo == before.memo
        assert (before.row.stands, opened.row.stands) == (True, False)
        release = queries.released(session, reader, review, TODAY)
        with pytest.raises(Blocked) as refused:
            actions.acknowledge(session, release=release, actor=reader, now=LATER, today=TODAY)
        assert codes(refused) == ["reopened"]
        later = LATER + dt.timedelta(hours=1)
        invented.final_again(session, cast, one, later, {"SRM05": "a"})
        liaison = build.actor(session, cast.cqi_liaison)
        [row] = queries.to_release(session, liaison, CLOCKS)
        assert row.again
        invented.release(session, cast, one, now=later)
        newest = queries.memo(session, reader, review, CLOCKS)
        assert newest.memo is not None
        assert "SRM05" in [need.code for need in newest.memo.needs]
        assert (newest.row.number, newest.numbers, newest.row.waits) == (2, (1, 2), True)
        assert queries.memo(session, reader, review, CLOCKS, 1).memo == before.memo


def test_words_from_before_the_review_was_opened_again_stand_in_nothing(
    database: Database, cast: Cast, review: uuid.UUID
) -> None:
    with database.writing() as session:
        one = session.scalars(sa.select(CaseReview)).one()
        liaison = build.actor(session, cast.cqi_liaison)
        old = actions.Seen(0, one.final_at)
        said = actions.Writing(Wording(texts={"SNA06": "As it was."}), old)
        old = actions.Seen(
            actions.write(session, review=one, writing=said, actor=liaison, now=build.NOW),
            one.final_at,
        )
        director = build.actor(session, cast.cqi_director)
        reviews.reopen(session, review=one, reason="Again.", actor=director, now=LATER)
        later = LATER + dt.timedelta(hours=1)
        invented.final_again(session, cast, one, later, {"SRM05": "a"})
        draft = queries.draft(session, one)
        assert draft.earlier.texts == {"SNA06": "As it was."}
        assert "As it was." not in [point.seen for point in draft.memo.needs]
        given = {"review": one, "actor": liaison, "now": later}
        for call in (
            lambda: actions.release(session, seen=old, today=TODAY, **given),
            lambda: actions.write(session, writing=actions.Writing(Wording(), old), **given),
        ):
            with pytest.raises(Blocked) as refused:
                call()
            assert codes(refused) == ["changed"]


def test_refusals_say_why(database: Database, cast: Cast, review: uuid.UUID) -> None:
    with database.writing() as session:
        one = session.scalars(sa.select(CaseReview)).one()
        leader = build.person(session, "Leads And Reviews")
        for role in (Role.SITE_LEADER, Role.REVIEWER):
            build.grant(session, leader, role, round=session.merge(cast.round))
        given = {"review": one, "now": LATER}
        liaison = build.actor(session, cast.cqi_liaison)
        with pytest.raises(Blocked) as refused:
            actions.release(session, seen=actions.Seen(3), actor=liaison, today=TODAY, **given)
        assert codes(refused) == ["changed"]
        with pytest.raises(Forbidden):
            actions.release(
                session,
                seen=actions.Seen(),
                actor=build.actor(session, cast.qa_lead),
                today=TODAY,
                **given,
            )
        invented.release(session, cast, one)
        for call in (
            lambda: actions.release(
                session, seen=actions.Seen(), actor=liaison, today=TODAY, **given
            ),
            lambda: actions.write(
                session, writing=actions.Writing(Wording("x")), actor=liaison, **given
            ),
        ):
            with pytest.raises(Blocked) as refused:
                call()
            assert codes(refused) == ["already_released"]


def test_who_scored_the_case_does_not_release_its_memo(
    database: Database, cast: Cast, review: uuid.UUID
) -> None:
    with database.writing() as session:
        round_ = session.merge(cast.round)
        build.grant(session, session.merge(cast.reviewer), Role.SITE_LEADER, round=round_)
        actor = build.actor(session, cast.reviewer)
        one = session.scalars(sa.select(CaseReview)).one()
        with pytest.raises(Blocked) as refused:
            actions.release(
                session, review=one, seen=actions.Seen(), actor=actor, now=LATER, today=TODAY
            )
        assert codes(refused) == ["own_work"]


def test_two_who_write_at_once_lose_nothing(
    database: Database, cast: Cast, review: uuid.UUID
) -> None:
    with database.writing() as session:
        one = session.scalars(sa.select(CaseReview)).one()
        given = {"review": one, "now": LATER}
        for person, words in ((cast.cqi_liaison, "One."), (cast.cqi_director, "Two.")):
            actor, writing = build.actor(session, person), actions.Writing(Wording(words))
            if words == "One.":
                actions.write(session, writing=writing, actor=actor, **given)
                continue
            with pytest.raises(Conflict) as found:
                actions.write(session, writing=writing, actor=actor, **given)
        assert "One." in found.value.saved
        assert "Two." in found.value.sent
        assert (found.value.revision, found.value.by_id) == (1, cast.cqi_liaison.id)


def address(review: uuid.UUID, rest: str = "release") -> str:
    return f"/feedback/{review}/{rest}"


def test_the_page_shows_the_words_and_what_to_look_at_twice(
    client_for: ClientFor, database: Database, cast: Cast, review: uuid.UUID
) -> None:
    client = client_for(cast.cqi_liaison)
    page = client.get(address(review)).text
    assert "Invented words about" in page
    assert "Nothing stands out." in page
    form = {"text_SNA06": "The mother said “never”.", "revision": "0"}
    kept = client.post(address(review), data=form | unchanged(page))
    assert kept.status_code == 302
    page = client.get(address(review)).text
    assert "It quotes somebody." in page
    assert "“mother said” may tell who said what." in page
    preview = client.get(address(review, "preview")).text
    assert "The mother said “never”." in preview
    assert "Not released yet" in preview
    assert client_for(cast.caseworker).get(f"/feedback/{review}").status_code == 404


def unchanged(page: str) -> dict[str, str]:
    """Every field but SNA06 as the page has it."""
    found = re.findall(r'<textarea[^>]*name="(text_\w+)"[^>]*>\s*(.*?)</textarea>', page, re.S)
    return {name: words.strip() for name, words in found if name != "text_SNA06"}


def test_the_second_button_sends_it(
    client_for: ClientFor, database: Database, cast: Cast, review: uuid.UUID
) -> None:
    client = client_for(cast.cqi_liaison)
    form = unchanged(client.get(address(review)).text) | {
        "text_SNA06": "Better words.",
        "revision": "0",
        "send": "send",
    }
    assert client.post(address(review), data=form).location == f"/feedback/{review}"
    page = client_for(cast.caseworker).get(f"/feedback/{review}").text
    assert "Better words." in page
    assert f"released by {cast.cqi_liaison.name}" in page
    again = client.post(address(review), data=form)
    assert again.status_code == 422
    assert "This memo is released." in again.text


def test_a_conflict_shows_both_texts(
    client_for: ClientFor, database: Database, cast: Cast, review: uuid.UUID
) -> None:
    first, second = client_for(cast.cqi_liaison), client_for(cast.cqi_director)
    kept = unchanged(first.get(address(review)).text) | {"revision": "0"}
    first.post(address(review), data=kept | {"text_SNA06": "From the liaison."})
    answer = second.post(address(review), data=kept | {"text_SNA06": "From the director."})
    assert answer.status_code == 409
    assert "From the liaison." in answer.text
    assert "From the director." in answer.text
    assert cast.cqi_liaison.name in answer.text
    again = second.post(address(review), data=kept | {"text_SNA06": "Of both.", "revision": "1"})
    assert again.status_code == 302


@pytest.mark.parametrize("rest", ["release", "preview"])
def test_others_get_nothing(
    client_for: ClientFor, cast: Cast, review: uuid.UUID, rest: str, database: Database
) -> None:
    for name in (
        "supervisor",
        "caseworker",
        "regional_director",
        "reviewer",
        "qa_lead",
        "outsider",
    ):
        assert client_for(getattr(cast, name)).get(address(review, rest)).status_code == 403, name
    with database.writing() as session:
        far = build.person(session, "Far Leader")
        build.grant(session, far, Role.SITE_LEADER, round=session.merge(cast.other_round))
    assert client_for(far).get(address(review, rest)).status_code == 404
