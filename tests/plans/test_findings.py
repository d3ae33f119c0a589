"""Findings of a plan: proposed from frozen figures, then accepted, merged or declined."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import errors, events
from cqi.core.database import Database
from cqi.measures.models import MeasureRun
from cqi.places.models import Place
from cqi.plans import actions, rules
from cqi.plans.models import Plan, PlanFinding
from cqi.plans.queries import records
from cqi.plans.rules.findings import FindingDecision, FindingKind, SystemicFactor
from cqi.plans.views import findings as views
from cqi.plans.workflow import PlanMove
from cqi.rounds.models import Round
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import invented, reported

DAY = invented.TODAY.day
ACCEPTED, MERGED = FindingDecision.ACCEPTED, FindingDecision.MERGED
DECLINED, PROPOSED = FindingDecision.DECLINED, FindingDecision.PROPOSED
# by cases touched: SRM05 (8), SRM01 (6), INV01 (3); a strength: PCR02
RATED = {"SRM05": 4, "SRM01": 6, "INV01": 9, "PCR02": 12}


@dataclass
class Table:
    """A draft with three findings and a strength, worked on by the Regional Director."""

    database: Database
    cast: Cast
    plan: uuid.UUID

    def actor(self, session: orm.Session) -> Actor:
        return invented.actor(session, self.cast.regional_director)

    def row(self, session: orm.Session) -> Plan:
        return records.plan(session, self.actor(session), self.plan)

    def decide(self, *said: actions.Decision) -> int:
        with self.database.writing() as session:
            return actions.decide_findings(
                session,
                plan=self.row(session),
                decisions=said,
                actor=self.actor(session),
                now=build.NOW,
            )

    def refused(self, *said: actions.Decision) -> list[tuple[str, str | None]]:
        with pytest.raises(errors.Blocked) as refused:
            self.decide(*said)
        return [(one.code, one.place) for one in refused.value.blockers]

    def decisions(self) -> list[FindingDecision]:
        with self.database.reading() as session:
            return [one.decision for one in self.row(session).findings]


@pytest.fixture
def table(database: Database, cast: Cast) -> Table:
    with database.writing() as session:
        of = session.get_one(Round, cast.round.id)
        reported.rate(session, of, session.merge(cast.county), RATED, 12)
        plan = begin(session, cast, cast.region.id)
        return Table(database, cast, plan.public_id)


def begin(session: orm.Session, cast: Cast, place_id: int) -> Plan:
    actor = invented.actor(session, cast.regional_director)
    new = actions.NewPlan(place_id, cast.round.id, "A plan")
    return actions.begin_plan(session, new=new, actor=actor, now=build.NOW, today=DAY)


def said(
    number: int, what: FindingDecision, reason: str = "", into: int | None = None, revision: int = 1
) -> actions.Decision:
    return actions.Decision(number, what, reason, into, revision)


def test_findings_are_proposed_in_order_with_their_figures_and_frozen_run(table: Table) -> None:
    with table.database.reading() as session:
        found = table.row(session).findings
        assert [(one.position, one.kind, one.code) for one in found] == [
            (1, FindingKind.PRACTICE, "SRM05"),
            (2, FindingKind.PRACTICE, "SRM01"),
            (3, FindingKind.PRACTICE, "INV01"),
            (4, FindingKind.STRENGTH, "PCR02"),
        ]
        assert found[0].figures == {"achieved": 4, "applicable": 12}
        runs = session.scalars(sa.select(MeasureRun.run_id)).all()
        assert {one.run for one in found} == set(runs)


def test_figures_stay_as_they_were_when_reviews_change(table: Table) -> None:
    with table.database.writing() as session:
        of = session.get_one(Round, table.cast.round.id)
        reported.rate(
            session, of, build.county(session, session.merge(table.cast.region)), RATED, 1
        )
    with table.database.writing() as session:
        plan = table.row(session)
        goal = actions.add_measured_goal(
            session,
            plan=plan,
            wish=actions.GoalWish("Look again", "SRM05"),
            actor=table.actor(session),
            now=build.NOW,
            today=DAY,
        )
        assert (goal.baseline_achieved, goal.baseline_applicable) == (4, 12)
        assert goal.baseline_run == plan.findings[0].run


def test_a_countys_plan_rests_on_its_own_cases(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        of, region = session.get_one(Round, cast.round.id), session.merge(cast.region)
        reported.rate(session, of, session.merge(cast.county), {"SRM05": 4}, 12)
        reported.rate(session, of, build.county(session, region), {"SRM05": 0}, 15)
        county, whole = (begin(session, cast, one.id) for one in (cast.county, cast.region))
        assert county.findings[0].figures == {"achieved": 4, "applicable": 12}
        assert whole.findings[0].figures == {"achieved": 4, "applicable": 27}


def test_several_decisions_are_taken_at_once_each_with_an_event(table: Table) -> None:
    count = table.decide(
        said(1, ACCEPTED),
        said(2, MERGED, "The same visits.", into=1),
        said(3, DECLINED, "Two new workers."),
        said(4, PROPOSED),
    )
    assert count == 3
    assert table.decisions() == [ACCEPTED, MERGED, DECLINED, PROPOSED]
    with table.database.reading() as session:
        decided = events.Event.kind == "plan.finding_decided"
        assert len(session.scalars(sa.select(events.Event).where(decided)).all()) == 3
        declined = table.row(session).findings[2]
        assert (declined.reason, declined.decided_by_id) == (
            "Two new workers.",
            table.cast.regional_director.id,
        )


def test_declining_and_merging_need_a_reason_and_where_one_is_refused_none_is_taken(
    table: Table,
) -> None:
    assert table.refused(said(1, ACCEPTED), said(2, DECLINED)) == [("no_reason", "f2-reason")]
    assert table.refused(said(1, ACCEPTED), said(2, MERGED, into=1)) == [("no_reason", "f2-reason")]
    assert set(table.decisions()) == {PROPOSED}


@pytest.mark.parametrize("into", [None, 1, 3, 99])
def test_a_finding_merges_into_another_that_stays(table: Table, into: int | None) -> None:
    decisions = (said(1, MERGED, "The same visits.", into=into), said(3, DECLINED, "No."))
    assert ("merged_into_nothing", "f1-into") in table.refused(*decisions)


def test_what_others_merged_into_does_not_go_by_itself(table: Table) -> None:
    table.decide(said(1, ACCEPTED), said(2, MERGED, "The same visits.", into=1))
    gone = said(1, DECLINED, "No.", revision=2)
    assert table.refused(gone) == [("others_merged_into_it", "f1-decision")]
    assert table.decide(gone, said(2, ACCEPTED, revision=2)) == 2


def test_a_decision_on_what_somebody_changed_meanwhile_is_refused(table: Table) -> None:
    table.decide(said(1, ACCEPTED))
    assert table.refused(said(1, DECLINED, "No.")) == [("changed_meanwhile", "f1-decision")]
    assert table.decide(said(1, ACCEPTED)) == 0, "the same again changes nothing"


def test_a_finding_that_a_goal_answers_is_not_declined(table: Table) -> None:
    table.decide(said(1, ACCEPTED))
    with table.database.writing() as session:
        actions.add_measured_goal(
            session,
            plan=table.row(session),
            wish=actions.GoalWish("Look again", "SRM05", finding=1),
            actor=table.actor(session),
            now=build.NOW,
            today=DAY,
        )
    gone = said(1, DECLINED, "No.", revision=2)
    assert table.refused(gone) == [("goal_answers_it", "f1-decision")]


def test_a_plan_is_submitted_once_each_need_is_answered_and_has_its_goal(table: Table) -> None:
    """Strengths may wait."""
    with table.database.writing() as session:
        facts = records.plan_facts(table.row(session))
        assert facts.findings_open == 3
    table.decide(
        said(1, ACCEPTED), said(2, MERGED, "The same visits.", into=1), said(3, DECLINED, "No.")
    )
    with table.database.writing() as session:
        plan = table.row(session)
        facts = records.plan_facts(plan)
        assert (facts.findings_open, facts.findings_without_goal) == (0, (1,))
        given = {"actor": table.actor(session), "now": build.NOW}
        wish = actions.GoalWish("Look again", "SRM05", finding=1)
        goal = actions.add_measured_goal(session, plan=plan, wish=wish, today=DAY, **given)
        actions.add_strategy(session, goal=goal, title="Read together", **given)
        invented.add_step(session, table.cast, plan, table.cast.cqi_liaison, invented.FAR)
        invented.move(session, plan, PlanMove.SUBMIT, table.cast.regional_director)
        assert plan.state is rules.PlanState.SUBMITTED
        with pytest.raises(errors.Blocked):
            actions.decide_findings(session, plan=plan, decisions=[said(3, ACCEPTED)], **given)


def test_a_goal_answers_an_accepted_finding_before_the_plan_is_submitted(
    table: Table, client_for: ClientFor
) -> None:
    """All is declined, and one goal answers nothing; a finding that is added by hand counts."""
    table.decide(said(1, DECLINED, "No."), said(2, DECLINED, "No."), said(3, DECLINED, "No."))
    with table.database.writing() as session:
        plan, given = table.row(session), {"actor": table.actor(session), "now": build.NOW}
        aim = ("Look again", "SRM", "SRM05", rules.Count(21, 58))
        goal = actions.add_goal(session, plan=plan, new=actions.NewGoal(*aim), **given)
        actions.add_strategy(session, goal=goal, title="Read together", **given)
        invented.add_step(session, table.cast, plan, table.cast.cqi_liaison, invented.FAR)
        with pytest.raises(errors.Blocked) as refused:
            invented.move(session, plan, PlanMove.SUBMIT, table.cast.regional_director)
        assert [one.code for one in refused.value.blockers] == ["goal_without_finding"]
        public_id = plan.public_id
    page = client_for(table.cast.regional_director).get(f"/plans/{public_id}").text
    assert 'href="#goal-1">Goal 1 answers no accepted finding' in page
    with table.database.writing() as session:
        plan, lead = table.row(session), table.actor(session)
        number = invented.add_finding(session, plan, lead)
        plan.goals[0].finding_id = {one.position: one.id for one in plan.findings}[number]
        session.flush()
        invented.move(session, plan, PlanMove.SUBMIT, table.cast.regional_director)
        assert plan.state is rules.PlanState.SUBMITTED


def test_a_strength_may_aim_at_its_baseline_and_a_need_may_not(table: Table) -> None:
    table.decide(said(1, ACCEPTED), said(4, ACCEPTED))
    with table.database.writing() as session:
        plan, given = table.row(session), {"actor": table.actor(session), "now": build.NOW}

        def goal(code: str, finding: int, target: int) -> None:
            wish = actions.GoalWish("Keep it", code, finding, target, "We keep it.")
            actions.add_measured_goal(session, plan=plan, wish=wish, today=DAY, **given)

        goal("PCR02", 4, 10_000)
        for code, finding, target in (("PCR02", 4, 9900), ("SRM05", 1, 3300)):
            with pytest.raises(errors.Blocked) as refused:
                goal(code, finding, target)
            assert [one.code for one in refused.value.blockers] == ["target_below_baseline"]


def test_a_factor_is_added_by_hand_and_a_measure_is_not_twice(table: Table) -> None:
    with table.database.writing() as session:
        plan, given = table.row(session), {"actor": table.actor(session), "now": build.NOW}
        few = session.get_one(Place, table.cast.county.id)
        assert few is not None

        def add(**about: object) -> PlanFinding:
            new = actions.NewFinding("Too few homes", "None in the south.", **about)
            return actions.add_finding(session, plan=plan, new=new, today=DAY, **given)

        factor = add(factor=SystemicFactor.SERVICE_ARRAY)
        assert (factor.position, factor.kind, factor.decision) == (
            5,
            FindingKind.SYSTEMIC,
            ACCEPTED,
        )
        by_hand = add(code="MAS01")
        assert (by_hand.figures, by_hand.run) == (
            {"achieved": 0, "applicable": 0},
            plan.findings[0].run,
        )
        for about in ({"code": "SRM05"}, {}):
            with pytest.raises(errors.Blocked):
                add(**about)


def test_the_page_takes_all_rows_at_once_and_keeps_what_was_typed_when_refused(
    client_for: ClientFor, table: Table
) -> None:
    client, address = client_for(table.cast.regional_director), f"/plans/{table.plan}/findings"
    page = client.get(address).text
    assert page.index("SRM05") < page.index("SRM01") < page.index("INV01") < page.index("PCR02")
    assert "3 findings wait." in page
    sent = {f"f{number}-revision": "1" for number in (1, 2, 3, 4)}
    sent |= {f"f{number}-decision": "proposed" for number in (3, 4)}
    sent |= {"f1-decision": "declined", "f1-reason": "", "f2-decision": "declined"}
    sent |= {"f2-reason": "We do this already."}
    refused = client.post(address, data=sent)
    assert refused.status_code == 422
    assert "Say why finding 1 is declined" in refused.text
    assert 'value="We do this already."' in refused.text
    assert set(table.decisions()) == {PROPOSED}
    assert client.post(address, data=sent | {"f1-decision": "accepted"}).status_code == 302
    assert table.decisions() == [ACCEPTED, DECLINED, PROPOSED, PROPOSED]
    page = client.get(address).text
    assert "Declined by Regional_Director Person" in page
    assert "Add a goal" in page


def test_those_that_nobody_chose_are_declined_together_with_one_reason(
    client_for: ClientFor, table: Table
) -> None:
    client, address = client_for(table.cast.regional_director), f"/plans/{table.plan}/findings"
    sent = {f"f{number}-revision": "1" for number in (1, 2, 3, 4)}
    sent |= {f"f{number}-decision": "proposed" for number in (2, 3, 4)}
    sent |= {"f1-decision": "accepted", "rest": "declined"}
    refused = client.post(address, data=sent)
    assert (refused.status_code, "Say why the rest is declined." in refused.text) == (422, True)
    client.post(address, data=sent | {"rest_reason": "Not this year."})
    assert table.decisions() == [ACCEPTED, DECLINED, DECLINED, PROPOSED], "strengths are no needs"


def test_what_is_settled_and_what_touches_fewer_cases_is_folded_but_for_errors(
    client_for: ClientFor, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "_FIRST", 1)
    client, address = client_for(table.cast.regional_director), f"/plans/{table.plan}/findings"
    more = '<details class="more" ><summary>2 more findings to decide on</summary>'
    assert more in client.get(address).text
    sent = {f"f{number}-revision": "1" for number in (1, 2, 3, 4)}
    sent |= {f"f{number}-decision": "proposed" for number in (1, 2, 4)}
    refused = client.post(address, data=sent | {"f3-decision": "declined"}).text
    assert more.replace(" >", " open>") in refused, "what is to mend is in sight"
    client.post(address, data=sent | {"f3-decision": "declined", "f3-reason": "Not now."})
    page = client.get(address).text
    assert "<summary>1 more finding to decide on</summary>" in page
    settled = page.partition("<summary>1 finding merged or declined, each with its reason")[2]
    assert "Not now." in settled


def test_strange_rows_are_refused_and_change_nothing(client_for: ClientFor, table: Table) -> None:
    client, address = client_for(table.cast.regional_director), f"/plans/{table.plan}/findings"
    sent = {f"f{number}-decision": "proposed" for number in (2, 3, 4)}
    for strange in (
        {"f1-decision": "loved"},
        {"f1-decision": "merged", "f1-into": "x"},
        {"f1-decision": "accepted", "f1-revision": "9" * 40},
    ):
        assert client.post(address, data=sent | strange).status_code == 422
    assert set(table.decisions()) == {PROPOSED}


def test_root_causes_are_written_and_two_writers_see_both_texts(
    client_for: ClientFor, table: Table
) -> None:
    client = client_for(table.cast.regional_director)
    address = f"/plans/{table.plan}/findings/1/notes"
    first = {"title": "Looked at again too seldom", "words": "No time.", "revision": "1"}
    assert client.post(address, data=first).status_code == 302
    second = client.post(address, data=first | {"words": "No training."})
    assert second.status_code == 422
    assert "As somebody else wrote it meanwhile" in second.text
    assert "No time." in second.text
    assert "No training." in second.text
    assert 'value="2"' in second.text
    assert "No time." in client.get(f"/plans/{table.plan}/findings").text
    assert client.get(f"/plans/{table.plan}/findings/99/notes").status_code == 404


def test_a_finding_is_added_on_its_page(client_for: ClientFor, table: Table) -> None:
    client, address = client_for(table.cast.regional_director), f"/plans/{table.plan}/findings/new"
    assert "Service array" in client.get(address).text
    sent = {"about": "factor:training", "title": "New workers learn late", "words": ""}
    assert client.post(address, data=sent | {"about": "factor:x"}).status_code == 422
    assert client.post(address, data=sent).status_code == 302
    assert "New workers learn late" in client.get(f"/plans/{table.plan}/findings").text
    refused = client.post(address, data=sent | {"about": "measure:SRM05"})
    assert "Finding 1 is about it already" in refused.text


def test_others_read_the_findings_and_change_nothing(client_for: ClientFor, table: Table) -> None:
    address = f"/plans/{table.plan}/findings"
    liaison, outsider = client_for(table.cast.cqi_liaison), client_for(table.cast.outsider)
    page = liaison.get(address).text
    assert "Save the decisions" not in page
    assert "4 of 12" in page
    assert liaison.post(address).status_code == 403
    assert [outsider.get(address).status_code, outsider.post(address).status_code] == [403, 403]


def test_compared_findings_show_points_and_a_word_only_where_the_rule_gives_one(
    database: Database, client_for: ClientFor, cast: Cast
) -> None:
    with database.writing() as session:
        county, region = session.merge(cast.county), session.merge(cast.region)
        before = session.get_one(Round, cast.round.id)
        now = build.round(session, region, [county], compares_with=before)
        now.on_site_from, now.on_site_to = dt.date(2027, 3, 1), dt.date(2027, 3, 5)
        reported.rate(session, before, county, {"SRM": 36, "SRM05": 36}, 40)
        reported.rate(session, now, county, {"SRM": 12, "SRM05": 12}, 40)
        actor = invented.actor(session, cast.regional_director)
        new = actions.NewPlan(cast.region.id, now.id, "A plan")
        plan = actions.begin_plan(session, new=new, actor=actor, now=build.NOW, today=DAY)
        kept = {one.code: one.figures for one in plan.findings}
        assert kept["SRM05"] == {"achieved": 12, "applicable": 40, "before": [36, 40]}
        public_id = plan.public_id
    page = client_for(cast.regional_director).get(f"/plans/{public_id}/findings").text
    assert "-60.0 points" in page
