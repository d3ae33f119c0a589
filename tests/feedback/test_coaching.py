"""Coaching notes: kept as a draft, shared with one caseworker, written on by those two alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields

import pytest
import sqlalchemy as sa

from cqi.access.permissions import Role
from cqi.cases.rules import StaffKind
from cqi.core import events, identifiers
from cqi.core.database import Database
from cqi.core.errors import Blocked, Conflict, Forbidden, NotFound
from cqi.feedback import actions, queries
from cqi.feedback.models import CoachingEntry, CoachingNote
from cqi.feedback.policy import coaching as policy
from cqi.feedback.policy.coaching import NoteStanding
from cqi.feedback.rules.coaching import EntryKind, Wish
from cqi.notices.models import Notice
from tests import build
from tests.feedback import coached, invented
from tests.feedback.coached import TODAY
from tests.feedback.invented import CLOCKS
from tests.fixtures import counting
from tests.fixtures.cast import Cast

CAST = [each.name for each in fields(Cast) if each.type == "Person"]
OF_TWO = NoteStanding(supervisor=1, worker=2)


def told(database: Database, kind: str) -> set[int]:
    with database.reading() as session:
        return set(session.scalars(sa.select(Notice.person_id).where(Notice.kind == kind)))


def codes(refused: pytest.ExceptionInfo[Blocked]) -> list[str]:
    return [blocker.code for blocker in refused.value.blockers]


def finders(database: Database, cast: Cast, note: object) -> set[str]:
    """Who of the cast finds a note, by opening it and in their list: the same people."""
    found = set()
    with database.reading() as session:
        for name in CAST:
            actor = build.actor(session, getattr(cast, name))
            listed = {one.public_id for one in queries.notes(session, actor, CLOCKS)}
            try:
                queries.note(session, actor, note)
                opened = True
            except NotFound:
                opened = False
            assert opened == (note in listed)
            found |= {name} if opened else set()
    return found


def test_the_supervisor_and_the_caseworker_alone_find_a_shared_note(
    database: Database, cast: Cast
) -> None:
    note = coached.shared(database, cast)
    assert finders(database, cast, note) == {"supervisor", "caseworker"}


def test_a_draft_is_found_by_the_supervisor_alone_and_tells_nobody(
    database: Database, cast: Cast
) -> None:
    review = invented.final_review(database, cast)
    with database.writing() as session:
        note = coached.draft(session, cast, review).public_id
    assert finders(database, cast, note) == {"supervisor"}
    assert told(database, "coaching_shared") == set()


def test_another_supervisor_of_the_unit_does_not_find_it(database: Database, cast: Cast) -> None:
    note = coached.shared(database, cast)
    with database.writing() as session:
        other = build.person(session)
        build.grant(session, other, Role.SUPERVISOR, place=cast.unit)
        with pytest.raises(NotFound):
            queries.note(session, build.actor(session, other), note)


def test_sharing_tells_the_caseworker_and_each_entry_the_other_one(
    database: Database, cast: Cast
) -> None:
    note = coached.shared(database, cast)
    assert told(database, "coaching_shared") == {cast.caseworker.id}
    coached.write_on(database, cast.caseworker, note, EntryKind.ANSWERED)
    assert told(database, "coaching_written") == {cast.supervisor.id}
    coached.write_on(database, cast.supervisor, note, EntryKind.ADDED)
    assert told(database, "coaching_written") == {cast.supervisor.id, cast.caseworker.id}


def test_what_is_written_stands_encrypted_and_in_events_as_digests_alone(
    database: Database, cast: Cast
) -> None:
    note = coached.shared(database, cast)
    coached.write_on(database, cast.caseworker, note, EntryKind.ANSWERED, "The porch works.")
    with database.reading() as session:
        kept = [*session.execute(sa.text("select trying from coaching_notes")).scalars()]
        kept += session.execute(sa.text("select words from coaching_entries")).scalars()
        assert len(kept) == 2
        assert not [one for one in kept if b"visits" in bytes(one) or b"porch" in bytes(one)]
        query = sa.select(events.Event).where(events.Event.stream_kind == "coaching_note")
        found = list(session.scalars(query.order_by(events.Event.id)))
        assert [each.kind for each in found] == [
            "coaching.drafted", "coaching.shared", "coaching.answered",
        ]  # fmt: skip
        said = str([each.payload for each in found])
        assert "visits" not in said
        assert "porch" not in said
        assert events.digest("The porch works.") in said
        assert "told" not in said  # nor whom it is shared with
        assert not session.scalars(
            sa.select(events.Event).where(
                events.Event.stream_kind == "review", events.Event.kind.like("coaching%")
            )
        ).all()


def test_a_draft_is_changed_and_kept_once_more_only_over_what_was_seen(
    database: Database, cast: Cast
) -> None:
    review, key = invented.final_review(database, cast), identifiers.uuid7()
    first = coached.wish(cast, trying="First words")
    with database.writing() as session:
        assert coached.draft(session, cast, review, first, key=key).revision == 1
        again = coached.draft(session, cast, review, first, key=key)  # the button, twice
        assert again.revision == 1
        newer = coached.wish(cast, trying="Second words")
        assert coached.draft(session, cast, review, newer, key=key, expected=1).revision == 2
        with pytest.raises(Conflict) as found:
            coached.draft(session, cast, review, coached.wish(cast), key=key, expected=1)
        assert "Second words" in found.value.saved
        assert coached.TRYING in found.value.sent
        assert session.scalars(sa.select(CoachingNote)).one().trying == "Second words"


def test_a_shared_note_cannot_be_drafted_anew(database: Database, cast: Cast) -> None:
    review = invented.final_review(database, cast)
    note = coached.shared(database, cast, review)
    with database.writing() as session:
        changed = coached.wish(cast, trying="Other words")
        with pytest.raises(Blocked) as refused:
            coached.draft(session, cast, review, changed, key=note, expected=1)
        assert codes(refused) == ["already_shared"]


def test_what_comes_after_is_added_and_an_outcome_closes(database: Database, cast: Cast) -> None:
    note, later = coached.shared(database, cast), dt.date(2027, 4, 9)
    coached.write_on(database, cast.caseworker, note, EntryKind.ANSWERED, "It helped.")
    coached.write_on(
        database, cast.supervisor, note, EntryKind.ADDED, "Once more.", follow_up_on=later
    )
    with database.reading() as session:
        [sheet] = queries.notes(session, build.actor(session, cast.caseworker), CLOCKS)
    assert [(one.kind, one.by, one.words) for one in sheet.entries] == [
        (EntryKind.ANSWERED, cast.caseworker.name, "It helped."),
        (EntryKind.ADDED, cast.supervisor.name, "Once more."),
    ]
    assert sheet.trying == coached.TRYING
    assert sheet.due
    assert sheet.due.on == later
    assert sheet.open
    coached.write_on(database, cast.supervisor, note, EntryKind.OUTCOME, "Every child was seen.")
    with database.reading() as session:
        [sheet] = queries.notes(session, build.actor(session, cast.caseworker), CLOCKS)
        assert not sheet.open
    with pytest.raises(Blocked) as refused:
        coached.write_on(database, cast.caseworker, note, EntryKind.ANSWERED)
    assert codes(refused) == ["closed"]


def test_nothing_is_written_on_a_draft(database: Database, cast: Cast) -> None:
    review = invented.final_review(database, cast)
    with database.writing() as session:
        note = coached.draft(session, cast, review).public_id
    with pytest.raises(Blocked) as refused:
        coached.write_on(database, cast.supervisor, note, EntryKind.ADDED)
    assert codes(refused) == ["not_shared"]


def test_an_entry_that_is_sent_twice_is_one(database: Database, cast: Cast) -> None:
    note, key = coached.shared(database, cast), identifiers.uuid7()
    for _ in range(2):
        coached.write_on(database, cast.caseworker, note, EntryKind.ANSWERED, key=key)
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count(CoachingEntry.id))) == 1


def test_who_does_not_supervise_the_case_coaches_nobody(database: Database, cast: Cast) -> None:
    review = invented.final_review(database, cast)
    for name in ("regional_director", "cqi_director", "caseworker"):
        with database.writing() as session, pytest.raises(Forbidden):
            coached.draft(session, cast, review, person=getattr(cast, name))


def test_a_supervisor_elsewhere_who_works_the_case_does_not_coach_on_it(
    database: Database, cast: Cast
) -> None:
    staff = {StaffKind.CASEWORKER: "N-7"}
    review = invented.final_review(database, cast, staff=staff)
    with database.writing() as session:
        other = build.person(session, staff_id="N-7")
        build.grant(session, other, Role.SUPERVISOR, place=cast.other_county)
        with pytest.raises(Forbidden):
            coached.draft(session, cast, review, person=other)


@pytest.mark.parametrize("gone", ["disabled", "never on the case"])
def test_notes_are_shared_with_the_cases_active_caseworkers_alone(
    database: Database, cast: Cast, gone: str
) -> None:
    staff = None if gone == "disabled" else {StaffKind.SUPERVISOR: "S-100"}
    review = invented.final_review(database, cast, staff=staff or invented.STAFF)
    with database.writing() as session:
        session.merge(cast.caseworker).active = gone != "disabled"
        session.flush()
        with pytest.raises(Blocked) as refused:
            coached.draft(session, cast, review)
        assert codes(refused) == ["no_worker"]


NOW, PAST = TODAY, TODAY - dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (Wish(2, "SRM03", "Try it.", NOW), []),
        (Wish(9, "SRM03", "Try it.", NOW), ["no_worker"]),
        (Wish(None, "SRM99", "x" * 4001, None), ["no_worker", "no_activity", "too_long"]),
    ],
)
def test_what_a_draft_must_say(said: Wish, expected: list[str]) -> None:
    found = policy.draft_blockers(said, {2}, {"SRM03"})
    assert [one.code for one in found] == expected


@pytest.mark.parametrize(
    ("words", "day", "expected"),
    [
        ("Try it.", NOW, []),
        ("", None, ["no_words", "no_day"]),
        ("Try it.", PAST, ["day_over"]),
    ],
)
def test_what_a_note_must_say_before_it_is_shared(
    words: str, day: dt.date | None, expected: list[str]
) -> None:
    found = policy.sharing_blockers(Wish(2, "SRM03", words, day), TODAY)
    assert [one.code for one in found] == expected


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("closed", [True, False])
@pytest.mark.parametrize("who", ["supervisor", "worker", "neither"])
def test_who_writes_what_on_a_note(
    database: Database, cast: Cast, who: str, shared: bool, closed: bool
) -> None:
    people = {
        "supervisor": cast.supervisor,
        "worker": cast.caseworker,
        "neither": cast.cqi_director,
    }
    standing = NoteStanding(cast.supervisor.id, cast.caseworker.id, shared, closed)
    with database.reading() as session:
        kinds = policy.entry_kinds(standing, build.actor(session, people[who]))
    allowed = {"supervisor": ("added", "outcome"), "worker": ("answered",), "neither": ()}
    assert kinds == (allowed[who] if shared and not closed else ())


def test_an_entry_needs_words_and_a_day_that_is_to_come(database: Database, cast: Cast) -> None:
    standing = NoteStanding(cast.supervisor.id, cast.caseworker.id)
    with database.reading() as session:
        actor = build.actor(session, cast.supervisor)
    found = policy.entry_blockers(EntryKind.ANSWERED, standing, actor, "", (PAST, TODAY))
    assert [one.code for one in found] == ["not_permitted", "no_words", "day_over"]


def test_notes_are_listed_by_the_day_of_their_follow_up_with_few_queries(
    database: Database, cast: Cast
) -> None:
    days = [TODAY + dt.timedelta(days=number) for number in (9, 2, 0)]
    for day in days:
        coached.shared(database, cast, said=coached.wish(cast, follow_up_on=day))
    with database.reading() as session:
        actor = build.actor(session, cast.supervisor)
        with counting.queries(database) as asked:
            found = queries.notes(session, actor, CLOCKS)
        assert len(asked) <= 5
    assert [one.due.on for one in found if one.due] == sorted(days)
    assert [one.due.words for one in found if one.due][:2] == [
        "due today",
        "due Fri 12 Mar, in 2 working days",
    ]


def test_a_caseworker_who_left_the_case_keeps_the_note(database: Database, cast: Cast) -> None:
    note = coached.shared(database, cast)
    with database.writing() as session:
        session.execute(sa.text("update case_staff set until_on = '2021-01-01'"))
        worker = build.actor(session, cast.caseworker)
        assert queries.note(session, worker, note).public_id == note


def test_nobody_else_writes_on_a_note_they_were_handed(database: Database, cast: Cast) -> None:
    note = coached.shared(database, cast)
    with database.writing() as session:
        found = queries.note(session, build.actor(session, cast.supervisor), note)
        writing = actions.WritingOn(identifiers.uuid7(), EntryKind.ADDED, "Hello.")
        who = coached.given(session, cast.regional_director)
        with pytest.raises(NotFound):
            actions.write_on_coaching(session, note=found, writing=writing, **who)
        with pytest.raises(NotFound):
            actions.share_coaching(session, note=found, **who)
