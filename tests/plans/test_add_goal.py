"""Adding a goal, its baseline from the measures of the round."""

from __future__ import annotations

from cqi.access.permissions import Role
from cqi.cases.models import Case
from cqi.core.database import Database
from cqi.places.models import Place
from cqi.rounds.models import Round
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans.invented import Made


def one_final_review(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        case: Case = build.case(session, session.get_one(Place, cast.county.id))
        round_ = session.get_one(Round, cast.round.id)
        review = build.case_review(session, round_, case, [cast.reviewer])
        build.final(session, review, cast.reviewer, cast.qa_lead)


def test_measures_are_offered_with_their_figures_and_few_cases_ask_for_a_target(
    client_for: ClientFor, database: Database, cast: Cast, drafted: Made
) -> None:
    one_final_review(database, cast)
    client, address = client_for(cast.regional_director), f"/plans/{drafted.plan}/goals/new"
    assert "SRM05 Ongoing safety and risk assessment: 1 of 1" in client.get(address).text
    sent = {"measure": "SRM05", "title": "Look again", "target": ""}
    refused = client.post(address, data=sent)
    assert refused.status_code == 422
    assert "the baseline has 1 applicable cases" in refused.text
    assert client.post(address, data=sent | {"target": "101"}).status_code == 422
    done = client.post(address, data=sent | {"target": "100"})
    assert done.location == f"/plans/{drafted.plan}"
    page = client.get(done.location).text
    assert "target 100.0% (negotiated)" in page


def test_parts_of_an_item_are_offered_like_any_item(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    pages = build.instrument("osri")
    with database.writing() as session:
        region, county = session.merge(cast.region), session.merge(cast.county)
        on = build.round(session, region, [county], pages=pages)
        build.grant(session, cast.reviewer, Role.REVIEWER, round=on)
        review = build.case_review(session, on, build.case(session, county), [cast.reviewer])
        need = {"I12B": "area_needing_improvement"}
        build.final(session, review, cast.reviewer, cast.qa_lead, wish=need)
    client = client_for(cast.regional_director)
    drafted = client.post("/plans/new", data={"round": on.id, "name": "A plan"}).location
    address = f"{drafted}/goals/new"
    offered = client.get(address).text
    for item in pages.items:
        assert f'value="{item.code}"' in offered
    assert "I12B Needs and services of parents: 0 of 1" in offered
    sent = {"measure": "I12B", "title": "Ask each parent", "target": "60"}
    assert client.post(address, data=sent).location == drafted
    assert "target 60.0% (negotiated)" in client.get(drafted).text


def test_who_verifies_does_not_draft(client_for: ClientFor, cast: Cast, drafted: Made) -> None:
    client = client_for(cast.cqi_liaison)
    assert client.get(f"/plans/{drafted.plan}/goals/new").status_code == 403


def test_the_outsider_is_refused(client_for: ClientFor, cast: Cast, drafted: Made) -> None:
    client, address = client_for(cast.outsider), f"/plans/{drafted.plan}/goals/new"
    assert client.get(address).status_code == 403
    assert client.post(address).status_code == 403


def test_who_leads_plans_elsewhere_drafts_nothing_here(
    database: Database, client_for: ClientFor, cast: Cast, drafted: Made
) -> None:
    """The liaison of this region is the Regional Director of another."""
    with database.writing() as session:
        build.grant(session, cast.cqi_liaison, Role.REGIONAL_DIRECTOR, place=cast.other_region)
    client, goal = client_for(cast.cqi_liaison), drafted.steps[0]
    assert client.get(f"/plans/{drafted.plan}").status_code == 200
    for path in (
        f"{drafted.plan}/goals/new",
        f"goals/{goal}/strategies/new",
        f"goals/{goal}/1/steps/new",
    ):
        assert client.get(f"/plans/{path}").status_code == 403, path
        assert client.post(f"/plans/{path}").status_code == 403, path
