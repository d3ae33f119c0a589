"""A component or item over the rounds of a place, and in every region over the years."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from pathlib import Path

import pytest
from sqlalchemy import orm

from cqi.core import folders
from cqi.core.database import Database
from cqi.instruments import library
from cqi.instruments.definition import Instrument, Rating
from cqi.measures import queries as measures
from cqi.measures.rules.tabulation import MeasureRow
from cqi.places.models import Place
from cqi.reporting.queries import states
from cqi.reporting.rules import apart
from cqi.rounds.models import Round
from cqi.rounds.rules import RoundKind
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.measures import stored
from tests.measures.stored import Review
from tests.reporting import state, two_rounds
from tests.reporting.state import State
from tests.reporting.test_dashboards import words
from tests.reporting.two_rounds import Rounds

FULL, STRENGTH, ANI = (
    Rating.SUBSTANTIALLY_ACHIEVED,
    Rating.STRENGTH,
    Rating.AREA_NEEDING_IMPROVEMENT,
)


@pytest.fixture
def rounds(database: Database, cast: Cast) -> Rounds:
    with database.writing() as session:
        return two_rounds.made(session, cast)


@pytest.fixture
def region(cast: Cast) -> str:
    return f"/reports/regions/{cast.region.public_id}"


@pytest.fixture
def whole(database: Database) -> State:
    with database.writing() as session:
        return state.make(session)


@dataclasses.dataclass(frozen=True)
class Later:
    """Another round of the region: its year, its kind, what it compares with, its instrument."""

    year: int
    kind: RoundKind
    before: Round | None = None
    pages: Instrument | None = None


def add(session: orm.Session, rounds: Rounds, cast: Cast, one: Later) -> Round:
    """Twelve case reviews, seven of them strengths in SRM05."""
    made = build.round(
        session,
        session.merge(cast.region, load=False),
        [session.merge(rounds.near, load=False)],
        kind=one.kind,
        compares_with=session.merge(one.before, load=False) if one.before else None,
        pages=one.pages,
    )
    made.on_site_from = made.on_site_to = dt.date(one.year, 6, 1)
    session.flush()
    for number in range(12):
        ratings = {"SRM05": STRENGTH if number < 7 else ANI, "SRM": FULL}
        stored.review(session, made, rounds.near, Review(f"{made.id}-{number:03}", ratings))
    return made


def trend(html: str) -> str:
    """What the card of the trend says, its drawing aside."""
    card = html[html.index('<section class="card stack-sm" id="trend"') :]
    said = re.sub(r"<svg.*?</svg>", " ", card[: card.index("</section>")], flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", said).split())


def row_of(database: Database, one: Round, code: str) -> MeasureRow:
    """The figure that a run of one round makes from its rows."""
    with database.reading() as session:
        asked = measures.asked_of(session.get_one(Round, one.id))
        return measures.measures(session, asked).row(code)


def counted(row: MeasureRow) -> str:
    by = " of " if row.counts_only else "/"
    return f"{row.achieved}{by}{row.applicable}"


def test_an_item_shows_every_round_of_its_region_with_the_figures_of_their_runs(
    database: Database, client_for: ClientFor, cast: Cast, rounds: Rounds, region: str
) -> None:
    with database.writing() as session:
        third = add(session, rounds, cast, Later(2028, RoundKind.ONGOING, before=rounds.follow_up))
    page = client_for(cast.regional_director).get(f"{region}/SRM05").text
    said = trend(page)
    for one, name in (
        (rounds.baseline, "Baseline 2026 Mar 2026"),
        (rounds.follow_up, "Follow-up 2027 Mar 2027"),
        (third, "Ongoing 2028 Jun 2028"),
    ):
        assert f"{name} {counted(row_of(database, one, 'SRM05'))}" in said
    assert "58.3%" in said
    assert "<svg" in page
    assert "These figures as a table" in said


def test_an_interim_review_stands_beside_the_line_and_rounds_apart_break_it(
    database: Database, client_for: ClientFor, cast: Cast, rounds: Rounds, region: str
) -> None:
    client = client_for(cast.regional_director)
    assert "A line joins" not in trend(client.get(f"{region}/SRM05").text)
    with database.writing() as session:
        add(session, rounds, cast, Later(2028, RoundKind.INTERIM_PEER))
    address = f"{region}/SRM05?round={rounds.follow_up.public_id}"
    said = trend(client.get(address).text)
    assert "Interim review by peers 2028 (interim, not in comparisons) Jun 2028 7/12" in said
    assert "A line joins" not in said
    with database.writing() as session:
        add(session, rounds, cast, Later(2029, RoundKind.ONGOING))
    assert "A line joins rounds that are compared with each other" in trend(
        client.get(address).text
    )


def test_a_round_on_another_instrument_is_left_out_and_says_why(
    database: Database, client_for: ClientFor, cast: Cast, rounds: Rounds, region: str
) -> None:
    with database.writing() as session:
        add(session, rounds, cast, Later(2025, RoundKind.BASELINE, pages=build.instrument("osri")))
    said = trend(client_for(cast.regional_director).get(f"{region}/SRM05").text)
    assert "Baseline 2025 is not in it: scored with another instrument, " in said
    assert "Jun 2025" not in said
    assert "10/30" in said


def changed(instrument: Instrument, **changes: object) -> Instrument:
    """A next version, in which SRM05 is another one."""
    items = tuple(
        dataclasses.replace(item, **changes) if item.code == "SRM05" else item
        for item in instrument.items
    )
    return dataclasses.replace(instrument, version="1.1", digest="1" * 64, items=items)


def test_versions_stand_together_only_where_the_rule_is_the_same() -> None:
    here = build.instrument()
    item = here.item("SRM05")
    assert apart.why("SRM05", here, here) == ""
    assert apart.why("SRM05", here, changed(here, title="Safety looked at again")) == ""
    other = changed(here, ratings=tuple(reversed(item.ratings)))
    assert apart.why("SRM05", here, other) == f"{here.title} 1.1 has another rule for SRM05"
    assert apart.why("SRM", here, other) == f"{here.title} 1.1 has another rule for SRM"
    assert apart.why("SRM06", here, other) == ""
    gone = tuple(each for each in here.items if each.code != "SRM05")
    without = dataclasses.replace(here, version="0.9", digest="0" * 64, items=gone)
    assert apart.why("SRM05", here, without) == f"{here.title} 0.9 did not have SRM05"
    assert apart.several_versions("SRM05", [here, here]) == ""
    assert apart.several_versions("SRM05", [other, here]) == (
        "Versions 1.0 and 1.1 have the same rule for SRM05."
    )


def test_rounds_on_two_versions_stand_together_where_the_rule_is_the_same(
    database: Database, client_for: ClientFor, cast: Cast, region: str, two_versions: Path
) -> None:
    old, new = (library.read(two_versions / version) for version in ("1.0", "1.1"))
    with database.writing() as session:
        place, county = session.merge(cast.region), session.merge(cast.county)
        before = build.round(session, place, [county], pages=old)
        before.on_site_from = before.on_site_to = dt.date(2026, 3, 2)
        kind = RoundKind.FOLLOW_UP
        after = build.round(session, place, [county], kind=kind, compares_with=before, pages=new)
        for one in (before, after):
            for number in range(12):
                rated = dict.fromkeys(("VIS", "TIM"), STRENGTH if number < 9 else ANI)
                wanted = Review(f"{one.id}{number:03}", rated)
                stored.review(session, one, county, wanted)
    client = client_for(cast.cqi_director)
    for address in (region, "/reports/measures"):
        same = trend(client.get(f"{address}/VIS").text)
        assert "Mar 2026 9/12" in same
        assert "Mar 2027 9/12" in same
        assert "Versions 1.0 and 1.1 have the same rule for VIS." in same
        other = trend(client.get(f"{address}/TIM").text)
        assert f"Baseline 2026 is not in it: {old.title} 1.0 has another rule for TIM." in other
        assert "A trend needs two" in other
        added = trend(client.get(f"{address}/NEW").text)
        assert f"Baseline 2026 is not in it: {old.title} 1.0 did not have NEW." in added


def test_two_rounds_of_one_name_keep_the_reason_of_either() -> None:
    reasons = [("Ongoing 2027", "why"), ("Ongoing 2027", ""), ("Ongoing 2027", "why")]
    assert apart.words(reasons) == ("Ongoing 2027 is not in it: why.",)


def test_one_round_makes_no_trend_and_says_so(
    database: Database, client_for: ClientFor, cast: Cast, region: str
) -> None:
    with database.writing() as session:
        wanted = Review("11", {"SRM05": STRENGTH})
        stored.review(session, session.merge(cast.round), cast.county, wanted)
    said = trend(client_for(cast.regional_director).get(f"{region}/SRM05").text)
    assert "A trend needs two rounds with a final case review; so far there is one." in said


def test_a_countys_trend_is_of_its_own_cases_in_counts_where_they_are_few(
    client_for: ClientFor, cast: Cast, rounds: Rounds
) -> None:
    client = client_for(cast.regional_director)
    said = trend(client.get(f"/reports/counties/{rounds.far.public_id}/SRM05").text)
    assert "Mar 2026 1 of 5" in said
    assert "Mar 2027 4 of 5" in said
    assert "20.0%" not in said


def test_the_state_shows_an_item_in_the_newest_round_of_each_region(
    database: Database, client_for: ClientFor, cast: Cast, whole: State
) -> None:
    page = words(client_for(cast.cqi_director).get("/reports/measures/SRM05").text)
    for name, key in (("North, follow-up 2026", "after"), ("South, baseline 2026", "south")):
        row = row_of(database, whole.rounds[key], "SRM05")
        assert f"{name} " in page
        assert f"{row.achieved} of {row.applicable}" in page
    assert "East: not reviewed yet." in page
    assert build.instrument().item("SRM05").good_looks_like.split()[0] in page


def test_the_years_are_those_of_the_states_report(
    database: Database, client_for: ClientFor, cast: Cast, whole: State
) -> None:
    with database.reading() as session:
        report = states.report(session, states.Wanted(state.AS_OF))
    assert [year.on.year for year in report.years] == [2025, 2026]
    client = client_for(cast.cqi_director)
    for code in ("SRM", "ICP"):
        said = trend(client.get(f"/reports/measures/{code}").text)
        for year in report.years:
            row = year.rows[code]
            assert f"May {year.on.year} {counted(row)}" in said
        assert "One region May 2025" in said
        assert "Two regions May 2026" in said


def test_a_region_on_another_instrument_is_named_with_the_reason(
    database: Database, client_for: ClientFor, cast: Cast, whole: State
) -> None:
    other = library.load(folders.data_folder("review_instruments"), "osri", "1.0")
    with database.writing() as session:
        east = session.merge(whole.regions["East"])
        made = build.round(session, east, [session.merge(whole.counties["Greene"])], pages=other)
        place = session.get_one(Place, whole.counties["Greene"].id)
        stored.review(session, made, place, Review("E-1", {}))
    page = words(client_for(cast.cqi_director).get("/reports/measures/SRM05").text)
    assert f"East is not in it: scored with another instrument, {other.title} 1.0." in page


def test_only_regions_within_reach_stand_in_it_or_are_added_up(
    database: Database, client_for: ClientFor, cast: Cast, rounds: Rounds, whole: State
) -> None:
    own = client_for(cast.regional_director).get("/reports/measures/SRM05").text
    assert "Region One, follow-up 2027" in words(own)
    assert "North" not in words(own)
    assert "the regions within your reach, added up" in own
    assert "One region Mar 2026 10/30" in trend(own)
    assert "May 2026" not in trend(own)
    everything = client_for(cast.cqi_director).get("/reports/measures/SRM05").text
    assert "North" in words(everything)
    assert "Three regions May 2026" in trend(everything)


def test_kinds_of_rounds_and_of_cases_can_be_chosen(
    client_for: ClientFor, cast: Cast, rounds: Rounds
) -> None:
    client = client_for(cast.regional_director)
    first = words(client.get("/reports/measures/SRM05?kind=baseline").text)
    assert "Region One, baseline 2026" in first
    assert "10 of 30" in first
    assert "25 of 30" not in first
    in_home = client.get("/reports/measures/SRM05?case_type=in_home").text
    assert "of 15" in words(in_home)
    assert "/15" in trend(in_home)
    none = client.get("/reports/measures/SRM05?kind=ongoing")
    assert none.status_code == 200
    assert "No region has a figure to show" in none.text
    assert client.get("/reports/measures/XXX99").status_code == 404


def test_the_states_page_leads_to_every_item_and_those_to_the_regions(
    client_for: ClientFor, cast: Cast, rounds: Rounds, region: str
) -> None:
    client = client_for(cast.regional_director)
    page = client.get("/reports/regions").text
    for one in (*build.instrument().items, *build.instrument().components):
        assert f'href="/reports/measures/{one.code}"' in page
    item = client.get("/reports/measures/SRM05").text
    assert f'href="{region}/SRM05?round={rounds.follow_up.public_id}"' in item
    assert 'href="/reports/measures/SRM"' in item
    assert 'href="/reports/measures/SRM05"' in client.get(f"{region}/SRM05").text


@pytest.mark.parametrize("who", ["outsider", "reviewer", "supervisor", "administrator"])
def test_who_has_no_grant_for_reports_sees_no_measure_of_the_state(
    client_for: ClientFor, cast: Cast, rounds: Rounds, who: str
) -> None:
    client = client_for(getattr(cast, who))
    assert client.get("/reports/measures/SRM05").status_code == 403
