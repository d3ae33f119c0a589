"""Goals, strategies and steps of a draft are changed and dropped; promises are not."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st
from sqlalchemy import orm

from cqi.core import errors
from cqi.core.database import Database
from cqi.places.models import Place
from cqi.plans import actions, rules
from cqi.plans.models import Plan, Step
from cqi.plans.queries import records
from cqi.plans.rules import StepState
from cqi.plans.workflow import PlanMove
from cqi.rounds.models import Round
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import invented, reported
from tests.plans.invented import Made

FRIDAY, SATURDAY = dt.date(2027, 8, 6), dt.date(2027, 8, 7)


def given(session: orm.Session, cast: Cast) -> dict[str, Any]:
    return {"actor": invented.actor(session, cast.regional_director), "now": build.NOW}


def plan_of(session: orm.Session, cast: Cast, made: Made) -> Plan:
    return records.plan(session, invented.actor(session, cast.cqi_director), made.plan)


def new_step(cast: Cast, **more: Any) -> actions.NewStep:
    wish = {
        "title": "Read one assessment a month",
        "owner_id": cast.cqi_liaison.id,
        "starts_on": dt.date(2027, 4, 5),
        "due_on": FRIDAY,
        "evidence_asked": "Logs",
    }
    return actions.NewStep(**{**wish, **more})


def add(session: orm.Session, cast: Cast, plan: Plan, **more: Any) -> Step:
    way = plan.goals[0].strategies[0]
    new = new_step(cast, **more)
    return actions.add_step(session, strategy=way, new=new, **given(session, cast))


def codes(refused: pytest.ExceptionInfo[errors.Blocked]) -> list[str]:
    return [one.code for one in refused.value.blockers]


def sent_step(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "title": "Read one",
        "owner": cast.cqi_liaison.id,
        "starts_on": "2027-04-05",
        "due_on": "2027-08-06",
        "evidence_asked": "Logs",
        **more,
    }


def test_a_step_can_be_a_partners_with_a_contact_and_who_answers_for_it_here(
    database: Database, client_for: ClientFor, cast: Cast, drafted: Made
) -> None:
    client = client_for(cast.regional_director)
    address = f"/plans/goals/{drafted.steps[0]}/1/steps/new"
    sent = sent_step(cast, partner="Juniper Health", help_needed="A room")
    refused = client.post(address, data=sent)
    assert (refused.status_code, "how to reach the partner" in refused.text) == (422, True)
    assert 'value="Juniper Health"' in refused.text
    client.post(address, data=sent | {"partner_contact": "Desk, 555 0100"})
    page = client.get(f"/plans/{drafted.plan}").text
    assert "Cqi_Liaison Person for Juniper Health" in page
    assert "Help needed: A room" in page
    with database.reading() as session:
        [step] = records.steps_of(plan_of(session, cast, drafted))
        assert step.partner_contact == "Desk, 555 0100"
        address_of_step = f"/plans/steps/{step.public_id}"
    assert "Juniper Health, Desk, 555 0100" in client.get(address_of_step).text
    lone = sent_step(cast, partner_contact="Desk")
    assert "Name the organisation" in client.post(address, data=lone).text


def test_a_due_day_that_is_no_working_day_is_said(
    client_for: ClientFor, cast: Cast, drafted: Made
) -> None:
    client = client_for(cast.regional_director)
    address = f"/plans/goals/{drafted.steps[0]}/1/steps/new"
    client.post(address, data=sent_step(cast, due_on=str(SATURDAY)))
    page = client.get(f"/plans/{drafted.plan}").text
    assert "Step 1.1.1 is due on Sat 7 Aug, which is no working day." in page
    assert "(no working day)" in page
    client.post(address, data=sent_step(cast))
    assert "Step 1.1.2 is due" not in client.get(f"/plans/{drafted.plan}").text


def test_steps_wait_for_each_other_but_never_in_a_circle(
    database: Database, cast: Cast, drafted: Made
) -> None:
    with database.writing() as session:
        plan = plan_of(session, cast, drafted)
        one = add(session, cast, plan)
        two = add(session, cast, plan, depends_on_id=one.id)
        three = add(session, cast, plan, depends_on_id=two.id)
        for on in (one, three):
            new = new_step(cast, depends_on_id=on.id, revision=one.revision)
            with pytest.raises(errors.Blocked) as refused:
                actions.change_step(session, step=one, new=new, **given(session, cast))
            assert codes(refused) == ["depends_in_a_circle"]
        later = build.round(session, session.merge(cast.region), [session.merge(cast.county)])
        other = invented.draft(session, cast, "Another plan", later)
        elsewhere = add(session, cast, other)
        with pytest.raises(errors.Blocked) as refused:
            add(session, cast, plan, depends_on_id=elsewhere.id)
        assert codes(refused) == ["depends_elsewhere"]


@hypothesis.given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=40))
def test_no_order_of_changes_makes_a_circle(changes: list[tuple[int, int]]) -> None:
    waits: dict[int, int | None] = dict.fromkeys(range(10))
    for step, on in changes:
        if not rules.in_a_circle(waits, step, on):
            waits[step] = on
    for start in waits:
        seen: list[int] = []
        at: int | None = start
        while at is not None:
            assert at not in seen
            seen.append(at)
            at = waits[at]


def test_a_dropped_step_stays_in_sight_and_its_number_is_not_used_again(
    database: Database, client_for: ClientFor, cast: Cast, drafted: Made
) -> None:
    with database.writing() as session:
        plan = plan_of(session, cast, drafted)
        first, second = add(session, cast, plan), add(session, cast, plan)
        ids = (first.public_id, second.public_id)
    client = client_for(cast.regional_director)
    address = f"/plans/steps/{ids[1]}/drop"
    refused = client.post(address, data={"words": " "})
    assert (refused.status_code, "Say why it is dropped." in refused.text) == (422, True)
    client.post(address, data={"words": "The court does it."})
    assert "Dropped: The court does it." in client.get(f"/plans/{drafted.plan}").text
    assert client.post(address, data={"words": "Again"}).status_code == 422
    with database.writing() as session:
        plan = plan_of(session, cast, drafted)
        assert records.number(add(session, cast, plan)) == "1.1.3"
        dropped = records.step(session, invented.actor(session, cast.cqi_director), ids[1])
        assert (dropped.state, dropped.entries[-1].kind) == (StepState.DROPPED, "dropped")


def test_a_goal_whose_only_step_is_dropped_keeps_the_plan_from_being_submitted(
    database: Database, cast: Cast, drafted: Made
) -> None:
    with database.writing() as session:
        plan = plan_of(session, cast, drafted)
        step = add(session, cast, plan)
        actions.drop_draft_step(session, step=step, reason="No.", **given(session, cast))
        with pytest.raises(errors.Blocked) as refused:
            invented.move(session, plan, PlanMove.SUBMIT, cast.regional_director)
        assert codes(refused) == ["no_steps"]


def test_a_step_that_another_waits_for_is_not_dropped(
    database: Database, cast: Cast, drafted: Made
) -> None:
    with database.writing() as session:
        plan = plan_of(session, cast, drafted)
        one = add(session, cast, plan)
        add(session, cast, plan, depends_on_id=one.id)
        with pytest.raises(errors.Blocked) as refused:
            actions.drop_draft_step(session, step=one, reason="No.", **given(session, cast))
        assert codes(refused) == ["others_wait"]
        assert "1.1.2" in refused.value.blockers[0].message


def test_two_who_change_a_step_lose_neither_text(
    database: Database, client_for: ClientFor, cast: Cast, drafted: Made
) -> None:
    with database.writing() as session:
        address = (
            f"/plans/steps/{add(session, cast, plan_of(session, cast, drafted)).public_id}/edit"
        )
    client = client_for(cast.regional_director)
    assert 'value="Read one assessment a month"' in client.get(address).text
    assert client.post(address, data=sent_step(cast, title="Theirs", revision=1)).status_code == 302
    mine = sent_step(cast, title="Mine", revision=1)
    refused = client.post(address, data=mine)
    assert refused.status_code == 422
    assert "<dd>Theirs</dd>" in refused.text
    assert 'value="Mine"' in refused.text
    assert client.post(address, data=mine | {"revision": 2}).status_code == 302
    assert "Mine" in client.get(f"/plans/{drafted.plan}").text


def test_a_strategy_says_why_it_should_work_and_who_leads_it(
    client_for: ClientFor, cast: Cast, drafted: Made
) -> None:
    client = client_for(cast.regional_director)
    address = f"/plans/goals/{drafted.steps[0]}/1/edit"
    sent = {"title": "Coach on the job", "why": "It did in Region Two.", "evidence": "A study"}
    sent |= {"lead": str(cast.supervisor.id), "revision": "1"}
    assert client.post(address, data=sent).status_code == 302
    page = client.get(f"/plans/{drafted.plan}").text
    for words in ("Coach on the job", "It did in Region Two.", "A study", "Supervisor Person"):
        assert words in page
    refused = client.post(address, data=sent | {"title": "Mine"})
    assert (refused.status_code, "Coach on the job" in refused.text) == (422, True)


def test_a_goal_is_changed_with_its_target_its_day_and_its_sample(
    database: Database, client_for: ClientFor, cast: Cast, drafted: Made
) -> None:
    """The baseline of the goal was made up as 21 of 58; another measure takes the round's."""
    with database.writing() as session:
        of = session.get_one(Round, cast.round.id)
        reported.rate(session, of, session.get_one(Place, cast.county.id), {"SRM01": 6}, 12)
    client = client_for(cast.regional_director)
    address = f"/plans/goals/{drafted.steps[0]}/edit"
    sent = {"measure": "SRM05", "title": "Seen to", "target": "60.3", "revision": "1"}
    refused = client.post(address, data=sent)
    assert "Say why the target is not taken from the PIP arithmetic." in refused.text
    sent |= {"target_reason": "The state asks for it.", "measured_on": "2028-03-01"}
    assert client.post(address, data=sent | {"sample": "All cases"}).status_code == 302
    page = client.get(f"/plans/{drafted.plan}").text
    assert "baseline 21 of 58" in page
    assert "target 60.3% (negotiated). The state asks for it." in page
    assert 'value="60.3"' in client.get(address).text
    assert "Measured again on 1 Mar 2028, on All cases." in page
    other = {"measure": "SRM01", "title": "Seen to", "target": "", "revision": "2"}
    assert client.post(address, data=other).status_code == 302
    page = client.get(f"/plans/{drafted.plan}").text
    assert re.search(r"SRM01 [^:<]+: baseline 6 of 12 \(run ", page)
    assert "PIP arithmetic" in page
    assert client.post(address, data=other).status_code == 422, "the revision is an old one"


def test_nothing_of_a_submitted_plan_is_changed(
    database: Database, client_for: ClientFor, cast: Cast, drafted: Made
) -> None:
    with database.writing() as session:
        plan = plan_of(session, cast, drafted)
        step = add(session, cast, plan).public_id
        invented.move(session, plan, PlanMove.SUBMIT, cast.regional_director)
    client, goal = client_for(cast.regional_director), drafted.steps[0]
    for path, sent in {
        f"steps/{step}/edit": sent_step(cast, revision=1),
        f"steps/{step}/drop": {"words": "No."},
        f"goals/{goal}/1/edit": {"title": "Other", "revision": "1"},
        f"goals/{goal}/edit": {"measure": "SRM05", "title": "Other", "revision": "1"},
    }.items():
        answer = client.post(f"/plans/{path}", data=sent)
        assert (answer.status_code, "changes by an amendment alone" in answer.text) == (422, True)


def test_the_outsider_changes_nothing(client_for: ClientFor, cast: Cast, drafted: Made) -> None:
    client, goal = client_for(cast.outsider), drafted.steps[0]
    for path in (f"goals/{goal}/edit", f"goals/{goal}/1/edit", f"steps/{goal}/edit"):
        assert client.get(f"/plans/{path}").status_code == 403, path
        assert client.post(f"/plans/{path}").status_code == 403, path
