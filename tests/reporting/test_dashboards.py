"""Dashboards: what they say, on what it rests, and whom they show which cases."""

from __future__ import annotations

import re
from html import unescape

import pytest
import sqlalchemy as sa

from cqi.access.permissions import Role
from cqi.cases import actions as cases
from cqi.cases.models import Case
from cqi.cases.policy import NewConflict
from cqi.cases.rules import ConflictKind
from cqi.core.database import Database
from cqi.instruments.definition import Rating
from cqi.measures import queries as measures
from cqi.measures.rules import findings, tabulation
from cqi.reporting.rules import dashboards, sentences
from cqi.reviews.models import CaseReview, StoredRating
from cqi.reviews.rules import ReviewState
from cqi.reviews.views import examples
from cqi.rounds.models import Round
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.measures import stored
from tests.measures.stored import Review
from tests.reporting import two_rounds
from tests.reporting.two_rounds import Rounds


@pytest.fixture
def rounds(database: Database, cast: Cast) -> Rounds:
    with database.writing() as session:
        return two_rounds.made(session, cast)


@pytest.fixture
def region(cast: Cast) -> str:
    return f"/reports/regions/{cast.region.public_id}"


def words(html: str) -> str:
    """What a page's main part says, without its tags."""
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())


def test_a_region_says_first_what_changed(
    client_for: ClientFor, cast: Cast, rounds: Rounds, region: str
) -> None:
    page = words(client_for(cast.regional_director).get(region).text)
    assert "Of six components, one improved, one had no clear change and four had too few" in page
    assert "33.3% 10 of 30" in page
    assert "83.3% 25 of 30" in page
    assert "+50.0 +25.4 to +66.9 Improved" in page


def test_every_figure_of_a_region_is_that_of_its_run(
    database: Database, client_for: ClientFor, cast: Cast, rounds: Rounds, region: str
) -> None:
    with database.reading() as session:
        one = session.get_one(Round, rounds.follow_up.id)
        run = measures.measures(session, measures.asked_of(one))
    client = client_for(cast.regional_director)
    for component in ("SRM", "INV"):
        page = words(client.get(region).text)
        compared, before = run.comparison(component), run.baseline_row(component)
        assert compared is not None
        assert before is not None
        row = run.row(component)
        for each in (before, row):
            assert f"{each.achieved} of {each.applicable}" in page
        assert sentences.span(compared) in page
        inside = words(client.get(f"{region}/{component}").text)
        assert str(
            sentences.of_change(build.instrument().component(component).title, compared)
        ) in (inside)


def test_practice_second_readings_and_withdrawn_reviews_stand_under_left_out(
    client_for: ClientFor, cast: Cast, rounds: Rounds, region: str
) -> None:
    page = words(client_for(cast.regional_director).get(region).text)
    assert "30 final at baseline, 30 now; 0 imported" in page
    said = "2 eliminated or withdrawn, 4 practice or second readings, 2 not final yet"
    assert said in page


def test_an_item_has_figures_and_no_word(
    client_for: ClientFor, cast: Cast, rounds: Rounds, region: str
) -> None:
    page = words(client_for(cast.regional_director).get(f"{region}/SRM05").text)
    assert "a strength in 25 of 30 cases (83.3%), 10 of 30 cases (33.3%) at baseline" in page
    assert "Improved" not in page


def test_under_the_limit_there_are_counts_and_no_share(
    client_for: ClientFor, cast: Cast, rounds: Rounds
) -> None:
    client = client_for(cast.regional_director)
    page = client.get(f"/reports/counties/{rounds.far.public_id}").text
    own = words(page)
    assert "1 of 5" in own
    assert "(20.0%)" not in own
    assert "Fewer than 10 cases in a round: counts only" in own
    assert "33.3% 10 of 30 83.3% 25 of 30" in own  # the region's figures beside them
    table = client.get(f"/reports/counties/{rounds.far.public_id}/SRM").text
    assert 'class="plot" width="100%" height="46"' not in table


def test_a_county_is_held_against_the_rest_of_its_region(
    client_for: ClientFor, cast: Cast, database: Database
) -> None:
    with database.writing() as session:
        made = two_rounds.made(session, cast, after=72)
        far = sa.select(CaseReview.id).join(Case).where(Case.county_id == made.far.id)
        its = StoredRating.review_id.in_(far)
        frozen = sa.update(CaseReview).where(CaseReview.id.in_(far))
        session.execute(frozen.values(state=ReviewState.REOPENED))
        poor = sa.update(StoredRating).where(its, StoredRating.code == "SRM")
        session.execute(poor.values(rating=Rating.NOT_ACHIEVED))
        session.execute(frozen.values(state=ReviewState.FINAL))
    client = client_for(cast.regional_director)
    page = words(client.get(f"/reports/counties/{made.far.public_id}").text)
    assert "0 of 12" in page
    assert "Below the rest of the region" in page
    assert "Above the rest of the region" in page  # INV, where all are achieved


def test_a_place_that_differs_by_chance_cannot_be_told_apart() -> None:
    whole, part = (
        tabulation.MeasureRow(
            tabulation.Measure("SRM"), tabulation.WHOLE,
            ((Rating.SUBSTANTIALLY_ACHIEVED, yes), (Rating.NOT_ACHIEVED, no)),
            tabulation.Excluded(), findings.DEFAULT_LIMITS,
        )
        for yes, no in ((20, 20), (8, 4))
    )  # fmt: skip
    said = dashboards.beside(part, whole, "the region")
    assert said == "Cannot be told apart from the rest of the region"


def test_a_figure_opens_the_list_of_its_cases_for_who_may_see_them(
    client_for: ClientFor, cast: Cast, rounds: Rounds, region: str
) -> None:
    liaison, director = client_for(cast.cqi_liaison), client_for(cast.regional_director)
    page = liaison.get(f"{region}/SRM05").text
    numbers = set(re.findall(rf">{rounds.follow_up.id}-\d+<", page))
    assert len(numbers) == 30
    assert f">{rounds.follow_up.id}-91<" not in numbers
    assert "All 30" in words(page)
    needs = liaison.get(f"{region}/SRM05?rating=area_needing_improvement").text
    assert len(set(re.findall(rf">{rounds.follow_up.id}-\d+<", needs))) == 5
    closed = director.get(f"{region}/SRM05").text
    assert not re.findall(rf">{rounds.follow_up.id}-\d+<", closed)
    assert "30 cases count in this figure" in words(closed)
    assert "open to people who may read case reviews" in words(closed)


def test_a_case_with_a_conflict_of_interest_counts_and_is_not_listed(
    database: Database, client_for: ClientFor, cast: Cast, rounds: Rounds, region: str
) -> None:
    number = f"{rounds.follow_up.id}-004"
    with database.writing() as session:
        liaison = build.actor(session, cast.cqi_liaison)
        declared = NewConflict(liaison.person_id, ConflictKind.FRIEND, number)
        cases.declare_conflict(session, declared, actor=liaison, now=build.NOW)
    page = client_for(cast.cqi_liaison).get(f"{region}/SRM05").text
    assert number not in page
    assert "29 of 30 are case reviews that your access reaches" in words(page)


def test_links_go_from_the_state_to_the_cases(
    client_for: ClientFor, cast: Cast, rounds: Rounds
) -> None:
    client = client_for(cast.cqi_liaison)
    address = "/reports"
    for part in ("/reports/regions", '/reports/regions/[^/"?]+', "/SRM", "/SRM05", "/reviews/"):
        links = [
            url.replace("&amp;", "&")
            for url in re.findall(r'href="([^"]+)"', client.get(address).text)
        ]
        address = next(url for url in links if re.search(rf"{part}(\?|#|$|[0-9a-f-]+/)", url))
    assert client.get(address.partition("#")[0]).status_code == 200


def test_the_state_shows_the_regions_within_reach_only(
    database: Database, client_for: ClientFor, cast: Cast, rounds: Rounds
) -> None:
    with database.writing() as session:
        for number in range(3):
            wanted = Review(f"77{number}", {"SRM": Rating.SUBSTANTIALLY_ACHIEVED})
            stored.review(session, session.merge(cast.other_round), cast.other_county, wanted)
    everything = words(client_for(cast.cqi_director).get("/reports/regions").text)
    assert (
        "2 regions: 1 with a round to compare, 1 with one round, 0 without results." in everything
    )
    assert "Region Two Baseline 2027, 3 cases" in everything
    assert "3 of 3" in everything
    assert "Of six comparisons of a component in a region, one improved" in everything
    own = words(client_for(cast.regional_director).get("/reports/regions").text)
    assert "Region One Follow-up 2027, 30 cases" in own
    assert "Region Two" not in own


def test_a_region_that_was_never_reviewed_says_what_comes_next(
    client_for: ClientFor, cast: Cast, rounds: Rounds, database: Database
) -> None:
    with database.writing() as session:
        empty = build.region(session, "Region Three", above=session.merge(cast.state))
    client = client_for(cast.cqi_director)
    assert "No round has looked at this region yet" in (
        client.get(f"/reports/regions/{empty.public_id}").text
    )
    state = words(client.get("/reports/regions").text)
    assert "Region Three Not reviewed yet" in state
    assert "Region Two No case review is final yet" in state
    assert client.get(f"/reports/regions/{empty.public_id}/SRM").status_code == 404


@pytest.mark.parametrize("final", [0, 1])
def test_a_round_with_no_or_one_final_review_says_so(
    database: Database, client_for: ClientFor, cast: Cast, region: str, final: int
) -> None:
    with database.writing() as session:
        for number in range(final):
            wanted = Review(f"5{number}", {"SRM": Rating.SUBSTANTIALLY_ACHIEVED})
            stored.review(session, session.merge(cast.round), cast.county, wanted)
    client = client_for(cast.regional_director)
    for address in (region, f"/reports/counties/{cast.county.public_id}", f"{region}/SRM"):
        answer = client.get(address)
        assert answer.status_code == 200
        said = ("No case review is final yet", "1 of 1")[final]
        assert said in words(answer.text), address
    page = words(client.get(region).text)
    assert ("A change can be told after a second round" in page) is bool(final)


def test_the_round_and_the_kind_of_case_can_be_chosen(
    client_for: ClientFor, cast: Cast, rounds: Rounds, region: str
) -> None:
    client = client_for(cast.regional_director)
    alone = words(client.get(f"{region}?round={rounds.baseline.public_id}").text)
    assert "30 case reviews are final in this round" in alone
    assert "25 of 30" not in alone
    county = f"/reports/counties/{rounds.far.public_id}"
    assert "0 final at baseline, 0 now" in words(client.get(f"{county}?case_type=in_home").text)
    assert "5 final at baseline, 5 now" in words(client.get(f"{county}?case_type=foster_care").text)
    foster = words(client.get(f"{region}?case_type=foster_care").text)
    assert "15 final at baseline, 15 now" in foster
    wrong = client.get(f"{region}?case_type=nothing")
    assert wrong.status_code == 422
    assert "nothing is none of" in wrong.text
    unknown = words(client.get(f"{region}?round=nowhere&rating=x").text)
    assert "30 final at baseline, 30 now" in unknown


def test_the_choice_of_a_county_leads_to_its_page(
    client_for: ClientFor, cast: Cast, rounds: Rounds, region: str
) -> None:
    client = client_for(cast.regional_director)
    answer = client.get(f"{region}?county={rounds.far.code}&case_type=in_home")
    assert answer.status_code == 303
    assert f"/reports/counties/{rounds.far.public_id}?case_type=in_home" in answer.location


def test_a_round_of_named_items_shows_those_and_is_not_shown_first(
    database: Database, client_for: ClientFor, cast: Cast, rounds: Rounds, region: str
) -> None:
    with database.writing() as session:
        items = build.round(session, session.merge(cast.region), [rounds.near])
        later = sa.update(Round).where(Round.id == items.id)
        days = {"on_site_from": build.NOW.date().replace(year=2028), "items": ["SRM05", "INV01"]}
        session.execute(later.values(**days, on_site_to=days["on_site_from"]))
        session.refresh(items)
        wanted = Review("60", {"SRM05": Rating.STRENGTH, "INV01": Rating.STRENGTH})
        stored.review(session, items, rounds.near, wanted)
    client = client_for(cast.regional_director)
    assert "25 of 30" in words(client.get(region).text)
    page = words(client.get(f"{region}?round={items.public_id}").text)
    assert "Named items" in page
    assert "SRM05" in page
    assert "SRM01" not in page
    assert client.get(f"{region}/SRM01?round={items.public_id}").status_code == 404


def test_figures_without_what_qa_set_are_one_click_away(
    database: Database, client_for: ClientFor, cast: Cast, region: str
) -> None:
    with database.writing() as session:
        made = session.merge(cast.round)
        for number in range(10):
            wanted = Review(f"4{number}", {"SRM05": Rating.STRENGTH}, ReviewState.IN_PROGRESS)
            one = stored.review(session, made, cast.county, wanted)
            one.pur_to, one.final_at = made.on_site_to, build.NOW
            session.flush()
            if number < 3:
                its = sa.update(StoredRating).where(StoredRating.review_id == one.id)
                session.execute(its.values(overridden=Rating.AREA_NEEDING_IMPROVEMENT))
            one.state = ReviewState.FINAL
    client = client_for(cast.regional_director)
    page = client.get(f"{region}/SRM05").text
    assert "7 of 10" in words(page)
    assert "3 item ratings set by QA: counted" in words(page)
    other = re.search(r'href="([^"]+)">Figures without what QA set', page)
    assert other is not None
    without = words(client.get(other[1].replace("&amp;", "&")).text)
    assert "10 of 10" in without
    assert "left out, computed ratings count" in without


def test_a_county_grant_shows_its_counts_and_not_the_rest_of_the_round(
    database: Database, client_for: ClientFor, cast: Cast, rounds: Rounds, region: str
) -> None:
    with database.writing() as session:
        somebody = build.person(session)
        build.grant(session, somebody, Role.ANALYST, place=session.merge(cast.county))
    client = client_for(somebody)
    page = words(client.get(f"/reports/counties/{cast.county.public_id}").text)
    assert "of 25" in page
    assert "of 30" not in page
    assert "open to those whose access reaches all of it" in page
    assert client.get(f"/reports/counties/{rounds.far.public_id}").status_code == 404
    assert client.get(region).status_code == 404


def test_results_lead_to_dashboards(
    client_for: ClientFor, cast: Cast, rounds: Rounds, region: str
) -> None:
    page = client_for(cast.regional_director).get("/reports").text
    assert "/reports/regions" in page
    assert f"{region}?round={rounds.follow_up.public_id}" in page


@pytest.mark.parametrize("who", ["outsider", "reviewer", "supervisor", "administrator"])
def test_who_has_no_grant_for_reports_sees_no_dashboard(
    client_for: ClientFor, cast: Cast, rounds: Rounds, region: str, who: str
) -> None:
    client = client_for(getattr(cast, who))
    for address in ("/reports/regions", region, f"{region}/SRM"):
        assert client.get(address).status_code == 403
    assert client.get(f"/reports/counties/{rounds.far.public_id}").status_code == 403


def test_an_item_says_what_good_looks_like_with_the_instruments_worked_cases(
    client_for: ClientFor, cast: Cast, rounds: Rounds, region: str
) -> None:
    client = client_for(cast.regional_director)
    item = build.instrument().item("SRM05")
    worked = examples.of(build.instrument())["SRM05"]
    page = unescape(client.get(f"{region}/SRM05").text)
    assert item.good_looks_like in page
    assert worked
    assert all(case.title in page for case in worked)
    assert "What good looks like" not in client.get(f"{region}/SRM").text
