"""What dashboards say of cases that stand in both rounds, and of weights of the draw."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

import pytest
from sqlalchemy import orm

from cqi.core.database import Database
from cqi.instruments.definition import Rating
from cqi.measures import queries as measures
from cqi.measures.rules import findings, tabulation
from cqi.places.models import Place
from cqi.reporting.rules import dashboards
from cqi.reporting.rules.dashboards import Row
from cqi.rounds.models import Round
from cqi.rounds.rules import RoundKind
from cqi.sampling import actions, queries
from cqi.sampling.actions import NewDraw
from tests import build
from tests.fixtures import samples
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.measures import stored
from tests.measures.stored import Review
from tests.reporting.test_dashboards import words

FULL, NOT = Rating.SUBSTANTIALLY_ACHIEVED, Rating.NOT_ACHIEVED
DESIGN = 'strata = ["case_type"]\nallocation = {foster_care = 8, in_home = %d}\nreserve = 0\n'


@pytest.fixture
def region(cast: Cast) -> str:
    return f"/reports/regions/{cast.region.public_id}"


def two(session: orm.Session, cast: Cast, shared: int, own: int = 12) -> Round:
    """Cases of both rounds go from not achieved to achieved in SRM; half of the others are
    achieved in either round. INV is achieved everywhere."""
    place = session.merge(cast.region), session.merge(cast.county)
    before = build.round(session, place[0], [place[1]])
    kind = RoundKind.FOLLOW_UP
    after = build.round(session, place[0], [place[1]], kind=kind, compares_with=before)
    for one, month in ((before, 2), (after, 11)):
        one.on_site_from = one.on_site_to = dt.date(2026, month, 2)
        for number in range(own):
            ratings = {"SRM": FULL if number % 2 else NOT, "INV": FULL}
            stored.review(session, one, place[1], Review(f"{one.id}{number:03}", ratings))
        for number in range(shared):
            ratings = {"SRM": FULL if one is after else NOT, "INV": FULL}
            stored.review(session, one, place[1], Review(f"88{number:03}", ratings))
    return after


def test_a_region_says_how_many_cases_stand_in_both_rounds_and_what_is_said_without_them(
    database: Database, client_for: ClientFor, cast: Cast, region: str
) -> None:
    with database.writing() as session:
        after = two(session, cast, 15)
    with database.reading() as session:
        asked = measures.asked_of(session.get_one(Round, after.id))
        without = measures.measures(session, asked).comparison("SRM").without_overlap
    assert without.finding is findings.Finding.TOO_FEW
    client = client_for(cast.regional_director)
    html = client.get(region).text
    page = words(html)
    assert "+55.6" in page  # with them: 6 of 27, then 21 of 27
    said = "Without them: SRM too few cases to tell, 0.0 (−34.8 to +34.8) points."
    assert f"15 cases were reviewed in both rounds. {said}" in page
    report = re.search(r'href="([^"]+)#doc-method"', html)
    assert report is not None
    assert 'id="doc-method"' in client.get(report[1]).text
    inside = words(client.get(f"{region}/INV").text)
    assert "15 cases were reviewed in both rounds. Without them: no clear change, 0.0" in inside
    county = words(client.get(f"/reports/counties/{cast.county.public_id}").text)
    assert f"15 cases were reviewed in both rounds. {said}" in county


def test_where_no_word_becomes_another_one_that_is_said(
    database: Database, client_for: ClientFor, cast: Cast, region: str
) -> None:
    with database.writing() as session:
        two(session, cast, 1, own=40)
    client = client_for(cast.regional_director)
    said = "1 case was reviewed in both rounds. Without it every word above stays the same."
    assert said in words(client.get(region).text)


def test_rounds_without_a_case_in_common_say_nothing_of_it(
    database: Database, client_for: ClientFor, cast: Cast, region: str
) -> None:
    with database.writing() as session:
        two(session, cast, 0)
    assert "reviewed in both rounds" not in client_for(cast.regional_director).get(region).text


def row(code: str, pair: findings.Pair, both: findings.Pair) -> Row:
    what = tabulation.Measure(code)
    terms = dashboards.lines.Agreed(same_version=True)
    change = tabulation.apart(terms, tabulation.comparison_of(terms, what, pair), both)
    now = tabulation.MeasureRow(
        what, tabulation.WHOLE, (), tabulation.Excluded(), findings.DEFAULT_LIMITS
    )
    return Row(code, code, dashboards.lines.Line(now, now, change))


def test_words_without_the_cases_of_both_rounds() -> None:
    pair = findings.Pair(10, 30, 25, 30)
    few = row("SRM", pair, findings.Pair(5, 22, 20, 22))
    assert dashboards.with_and_without([few], 23) == (
        "23 cases were reviewed in both rounds. Without them: too few cases to tell, 5 of 8 at"
        " baseline, 5 of 8 now."
    )
    none = row("SRM", pair, findings.Pair(0, 0, 0, 0))
    assert dashboards.with_and_without([none], 2) == (
        "2 cases were reviewed in both rounds. Without them: the same, as none of them counts in"
        " both."
    )
    assert dashboards.with_and_without([none], 0) == ""
    change = dataclasses.replace(few.line.change, finding=findings.Finding.NOT_COMPARED)
    other = dataclasses.replace(few, line=dataclasses.replace(few.line, change=change))
    assert dashboards.with_and_without([other], 23) == ""


def reviewed(session: orm.Session, cast: Cast, in_home: int) -> None:
    """A sample of eight cases in foster care, of 20, and some at home, of ten; all are final."""
    session.merge(cast.round)
    one = session.get_one(Round, cast.round.id)
    frame = samples.bring_in(session, one, samples.case_list(cast.county.code)).frame
    new = NewDraw(DESIGN % in_home, "s")
    actions.draw(session, frame=frame, new=new, actor=None, now=build.NOW)
    place = session.get_one(Place, cast.county.id)
    for case in queries.sample(session, one):
        stored.review(session, one, place, Review(case.case_number, {"SRM": FULL}))


@pytest.mark.parametrize(("in_home", "differ"), [(3, True), (4, False)])
def test_where_the_draw_weighs_cases_a_page_says_so_and_leads_to_the_report_that_does(
    database: Database,
    client_for: ClientFor,
    cast: Cast,
    region: str,
    in_home: int,
    differ: bool,
) -> None:
    with database.writing() as session:
        reviewed(session, cast, in_home)
    client = client_for(cast.regional_director)
    county = f"/reports/counties/{cast.county.public_id}"
    for address in (region, f"{region}/SRM", county):
        html = client.get(address).text
        page = words(html)
        assert f"{8 + in_home} final" in page
        said = "each case counts once, though the draw gave them different weights"
        assert (said in page) is differ, address
        link = re.search(r'href="([^"]+)#doc-method">The report has the shares weighted', html)
        assert (link is not None) is differ
        if link:
            assert "Components weighted by the draw" in client.get(link[1]).text


def test_a_case_that_was_not_drawn_leaves_no_weights_to_speak_of(
    database: Database, client_for: ClientFor, cast: Cast, region: str
) -> None:
    with database.writing() as session:
        reviewed(session, cast, 3)
        one = session.get_one(Round, cast.round.id)
        stored.review(session, one, session.merge(cast.county), Review("Z-1", {"SRM": FULL}))
    page = words(client_for(cast.regional_director).get(region).text)
    assert "12 final" in page
    assert "different weights" not in page
