"""Safety alerts: who is told, who may do what, when they climb, and what they hold up."""

from __future__ import annotations

import datetime as dt
import json
import uuid

import pytest
import sqlalchemy as sa

from cqi.core import errors, events
from cqi.core.events import Event
from cqi.notices import queries as notices
from cqi.reviews import actions, queries, workflow
from cqi.reviews.rules import AlertState, ReviewState
from cqi.reviews.workflow import AlertStep
from cqi.settings import actions as settings
from tests import build
from tests.architecture import source
from tests.fixtures.scoring import TODAY
from tests.reviews import alerting as alertings
from tests.reviews.alerting import Alerting

alerting = alertings.alerting


def steps(alerting: Alerting, alert: uuid.UUID) -> list[AlertStep]:
    return [each.step for each in alerting.sheet(alert).steps]


def test_the_page_in_docs_is_the_table() -> None:
    page = (source.ROOT / "docs" / "safety-alert-workflow.md").read_text(encoding="utf-8")
    assert page == workflow.alert_document(), "write it again as the page itself says"


def test_every_step_of_an_alert_stands_once_in_the_table_or_stays() -> None:
    moves = [each.step for each in workflow.ALERT_TRANSITIONS]
    assert [*moves, *workflow.ALERT_STAYS] == list(AlertStep)


def test_nothing_but_an_accepted_answer_closes_an_alert() -> None:
    closing = [t.step for t in workflow.ALERT_TRANSITIONS if t.ends is AlertState.CLOSED]
    assert closing == [AlertStep.ACCEPT_ANSWER]
    assert workflow.ALERT_BY_STEP[AlertStep.ACCEPT_ANSWER].starts == {AlertState.ANSWERED}


def test_the_supervisor_and_the_regional_director_are_told_at_once(alerting: Alerting) -> None:
    alerting.raised()
    cast = alerting.cast
    assert alerting.told("alert_raised") == {cast.supervisor.id, cast.regional_director.id}


def test_about_the_unit_the_regional_director_alone_is_told_and_sees_it(
    alerting: Alerting,
) -> None:
    alert = alerting.raised(about_unit=True)
    cast = alerting.cast
    assert alerting.told("alert_raised") == {cast.regional_director.id}
    assert alerting.seen_by(cast.supervisor) == []
    assert alerting.seen_by(cast.regional_director) == [alert]
    with pytest.raises(errors.Forbidden):
        alerting.answer(alert, cast.supervisor)
    alerting.answer(alert, cast.regional_director)
    assert alerting.sheet(alert).alert.state is AlertState.ANSWERED


def test_where_nobody_answers_for_the_case_the_cqi_director_is_told(alerting: Alerting) -> None:
    cast = alerting.cast
    with alerting.desk.database.writing() as session:
        for person in (cast.supervisor, cast.regional_director):
            session.get_one(type(person), person.id).active = False
    alerting.raised()
    assert alerting.told("alert_raised") == {cast.cqi_director.id}


def test_a_button_that_is_pressed_twice_raises_one_alert(alerting: Alerting) -> None:
    wish = alertings.new()
    cast = alerting.cast
    assert alerting.raise_as(cast.reviewer, wish) == alerting.raise_as(cast.reviewer, wish)
    assert len(alerting.seen_by(cast.cqi_director)) == 1


def test_an_alert_lacks_nothing_when_it_is_raised(alerting: Alerting) -> None:
    wish = {"seen": "  ", "child": "", "hotline_at": build.NOW + dt.timedelta(minutes=1)}
    with pytest.raises(errors.Blocked) as refused:
        alerting.raised(**wish)
    codes = [each.code for each in refused.value.blockers]
    assert codes == ["not_said", "no_child", "hotline_ahead"]


def test_only_its_reviewers_raise_an_alert_on_a_case(alerting: Alerting) -> None:
    for person in (alerting.cast.qa_lead, alerting.cast.supervisor, alerting.cast.other_reviewer):
        with pytest.raises(errors.Forbidden):
            alerting.raise_as(person, alertings.new())


def test_an_alert_can_be_raised_on_a_case_that_is_with_qa(alerting: Alerting) -> None:
    alerting.desk.complete()
    alerting.desk.submit()
    assert alerting.sheet(alerting.raised()).open


def test_an_alert_can_be_raised_on_a_final_case_too(alerting: Alerting) -> None:
    desk = alerting.desk
    desk.complete()
    desk.submit()
    desk.begin_qa()
    desk.approve()
    assert alerting.sheet(alerting.raised()).open


def test_from_raised_to_closed_with_who_hears_of_it(alerting: Alerting) -> None:
    cast, alert = alerting.cast, alerting.raised()
    alerting.acknowledge(alert)
    alerting.answer(alert)
    assert alerting.told("alert_answered") == {alerting.site_leader.id}
    alerting.give_back(alert)
    assert alerting.told("alert_returned") == {cast.supervisor.id, cast.regional_director.id}
    alerting.answer(alert, cast.regional_director)
    alerting.accept(alert)
    assert alerting.told("alert_closed") == {cast.reviewer.id, cast.regional_director.id}
    sheet = alerting.sheet(alert)
    assert sheet.alert.state is AlertState.CLOSED
    taken = steps(alerting, alert)
    assert taken == ["acknowledge", "answer", "return_answer", "answer", "accept_answer"]
    assert workflow.fold_alert(taken) is sheet.alert.state
    assert [each.text for each in sheet.steps if each.step is AlertStep.ANSWER] == [
        alertings.ANSWER,
        alertings.ANSWER,
    ]


def test_an_answer_says_something(alerting: Alerting) -> None:
    alert = alerting.raised()
    with pytest.raises(errors.Blocked) as refused:
        alerting.answer(alert, text=" \n")
    assert [each.code for each in refused.value.blockers] == ["no_text"]


@pytest.mark.parametrize("who", ["reviewer", "qa_lead", "cqi_director", "caseworker"])
def test_others_do_not_answer(alerting: Alerting, who: str) -> None:
    alert = alerting.raised()
    with pytest.raises(errors.Forbidden):
        alerting.answer(alert, getattr(alerting.cast, who))


def test_the_site_leader_decides_and_the_cqi_director_only_where_there_is_none(
    alerting: Alerting,
) -> None:
    alert = alerting.raised()
    alerting.answer(alert)
    with pytest.raises(errors.Forbidden):
        alerting.accept(alert, alerting.cast.supervisor)
    with pytest.raises(errors.Blocked, match="site leader decides"):
        alerting.accept(alert, alerting.cast.cqi_director)
    with alerting.desk.database.writing() as session:
        alertings.without_site_leader(session, alerting)
    alerting.accept(alert, alerting.cast.cqi_director)
    assert not alerting.sheet(alert).open


def test_nobody_accepts_their_own_answer(alerting: Alerting) -> None:
    alert = alerting.raised()
    with alerting.desk.database.writing() as session:
        build.grant(
            session, alerting.site_leader, alertings.Role.SUPERVISOR, place=alerting.cast.unit
        )
    alerting.answer(alert, alerting.site_leader)
    with pytest.raises(errors.Blocked) as refused:
        alerting.accept(alert)
    assert [each.code for each in refused.value.blockers] == ["own_answer"]
    alerting.accept(alert, alerting.cast.cqi_director)


def test_what_was_decided_cannot_be_decided_again(alerting: Alerting) -> None:
    alert = alerting.raised()
    alerting.answer(alert)
    alerting.accept(alert)
    for again in (alerting.answer, alerting.accept, alerting.give_back, alerting.acknowledge):
        with pytest.raises(errors.Blocked, match="alert is closed"):
            again(alert)


def test_a_late_alert_climbs_once_for_each_of_its_clocks(alerting: Alerting) -> None:
    alert = alerting.raised()
    assert alerting.climb(1.9) == 0
    assert alerting.climb(2) == 1
    assert alerting.climb(3) == 0
    assert alerting.told("alert_late") == {alerting.cast.cqi_director.id}
    alerting.acknowledge(alert, after=4)
    assert alerting.climb(25) == 1
    assert alerting.climb(26) == 0
    alerting.answer(alert, after=30)
    taken = steps(alerting, alert)
    assert taken == ["climb_unacknowledged", "acknowledge", "climb_unanswered", "answer"]
    assert workflow.fold_alert(taken) is AlertState.ANSWERED
    assert alerting.climb(100) == 0


def test_what_is_answered_in_time_never_climbs(alerting: Alerting) -> None:
    alerting.answer(alerting.raised())
    assert alerting.climb(100) == 0


def test_clocks_follow_the_settings_of_the_day_it_was_raised(alerting: Alerting) -> None:
    key = "reviews.safety_alert_acknowledge_hours"
    change = settings.Change(key=key, text="6", from_on=TODAY, reason="Invented.", confirmed=True)
    with alerting.desk.database.writing() as session:
        settings.set_value(session, change, actor_id=None, now=build.NOW)
    alerting.raised()
    assert alerting.climb(5.9) == 0
    assert alerting.climb(6) == 1


def test_a_review_with_an_open_alert_cannot_become_final(alerting: Alerting) -> None:
    desk = alerting.desk
    desk.complete()
    desk.submit()
    desk.begin_qa()
    alert = alerting.raised()
    with pytest.raises(errors.Blocked) as refused:
        desk.approve()
    assert [(each.code, each.place) for each in refused.value.blockers] == [
        ("open_alert", str(alert))
    ]
    alerting.answer(alert)
    with pytest.raises(errors.Blocked):
        desk.approve()
    alerting.accept(alert)
    desk.approve()
    assert desk.sheet().standing.state is ReviewState.FINAL


def test_only_whoever_raised_it_notes_the_call_to_the_hotline_once(alerting: Alerting) -> None:
    cast, alert = alerting.cast, alerting.raised(hotline_at=None)
    note, at = actions.note_hotline_call, {"called_at": build.NOW}
    with pytest.raises(errors.Forbidden):
        alerting.take(note, alert, cast.supervisor, **at)
    late = {"called_at": build.NOW + dt.timedelta(hours=3)}
    with pytest.raises(errors.Blocked, match="still to come"):
        alerting.take(note, alert, cast.reviewer, **late)
    alerting.take(note, alert, cast.reviewer, **at)
    assert alerting.sheet(alert).alert.hotline_at == build.NOW
    with pytest.raises(errors.Blocked, match="noted already"):
        alerting.take(note, alert, cast.reviewer, **at)


def test_whoever_acts_has_seen_the_notice(alerting: Alerting) -> None:
    alert = alerting.raised()
    alerting.acknowledge(alert)
    with alerting.desk.database.reading() as session:
        counts = {
            person.name: notices.new_count(session, alerting.desk.actor(session, person))
            for person in (alerting.cast.supervisor, alerting.cast.regional_director)
        }
    assert list(counts.values()) == [0, 1]


def test_every_change_has_an_event_that_names_nobody(alerting: Alerting) -> None:
    cast, alert = alerting.cast, alerting.raised()
    alerting.climb(3)
    alerting.answer(alert)
    alerting.accept(alert)
    with alerting.desk.database.reading() as session:
        query = sa.select(Event).where(Event.stream_kind == "safety_alert").order_by(Event.id)
        found = list(session.scalars(query))
        assert events.verify(session).problem == ""
    assert [each.kind for each in found] == [
        "safety_alert.raised",
        "safety_alert.climb_unacknowledged",
        "safety_alert.answer",
        "safety_alert.accept_answer",
    ]
    assert {each.stream_id for each in found} == {alert}
    assert found[1].actor_id is None
    said = json.dumps([each.payload for each in found])
    names = [cast.supervisor.name, cast.reviewer.name, alerting.desk.case_number]
    for secret in (alertings.SEEN, alertings.ANSWER, "T.", *names):
        assert secret not in said


def test_texts_are_unreadable_in_the_database(alerting: Alerting) -> None:
    alerting.answer(alerting.raised())
    with alerting.desk.database.reading() as session:
        raw = session.execute(sa.text("select seen, child from safety_alerts")).one()
        text = session.scalar(sa.text("select text from safety_alert_steps where step = 'answer'"))
    assert alertings.SEEN.encode() not in bytes(raw.seen)
    assert bytes(raw.child) != b"T."
    assert alertings.ANSWER.encode() not in bytes(text)


def test_what_was_raised_stays_as_it_was(alerting: Alerting) -> None:
    alerting.raised()
    for change in (
        "update safety_alerts set about_unit = not about_unit",
        "delete from safety_alerts",
    ):
        with (
            pytest.raises(sa.exc.DBAPIError, match="safety alert"),
            alerting.desk.database.writing() as session,
        ):
            session.execute(sa.text(change))


def test_who_finds_an_alert_and_who_does_not(alerting: Alerting) -> None:
    alert, cast = alerting.raised(), alerting.cast
    seers = ("reviewer", "qa_lead", "supervisor", "regional_director", "cqi_director")
    assert all(alerting.seen_by(getattr(cast, who)) == [alert] for who in seers)
    assert alerting.seen_by(alerting.site_leader) == [alert]
    for who in ("other_reviewer", "outsider", "administrator", "caseworker"):
        assert alerting.seen_by(getattr(cast, who)) == []
        with alerting.desk.database.reading() as session:
            actor = alerting.desk.actor(session, getattr(cast, who))
            with pytest.raises(errors.NotFound):
                queries.safety_alert(session, actor, alert, TODAY)
