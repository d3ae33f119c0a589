"""Opening a round on its page."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest
import sqlalchemy as sa

from cqi.core import errors
from cqi.core.database import Database
from cqi.instruments import library, publishing
from cqi.rounds import actions, queries
from cqi.rounds.models import Round
from cqi.rounds.queries import NewRound
from cqi.rounds.rules import RoundKind
from cqi.sampling import queries as sampling
from cqi.sampling.rules.eligibility import Period
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor

URL = "/rounds/open"


def sent(cast: Cast, **other: str) -> dict[str, str]:
    found = {
        "name": "2027 Region One baseline",
        "kind": "baseline",
        "region": str(cast.region.public_id),
        "instrument": "mississippi_practice_model 1.0",
        "pur_from": "2026-04-01",
        "on_site_from": "2027-04-05",
        "on_site_to": "2027-04-16",
        "compares_with": "",
    }
    return found | other


def test_a_round_is_opened_and_shown(cast: Cast, client_for: ClientFor) -> None:
    client = client_for(cast.cqi_director)
    assert "Mississippi Practice Model 1.0" in client.get(URL).text
    answer = client.post(URL, data=sent(cast), follow_redirects=True)
    assert answer.status_code == 200
    assert "The round 2027 Region One baseline is open." in answer.text
    assert "5 to 16 Apr 2027" in answer.text


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"name": ""}, "Give the round a name."),
        ({"region": ""}, "Choose a region, or tick counties below."),
        ({"on_site_to": "2027-04-01"}, "The last day on site is before the first."),
        ({"pur_from": "soon"}, "Write a date as year-month-day"),
        ({"kind": "follow_up"}, "A follow-up compares with a baseline"),
        ({"sampling_from": "2026-04-01"}, "give both, or neither"),
        (
            {"sampling_from": "2026-09-01", "sampling_to": "2026-08-31"},
            "The sampling period ends before it begins.",
        ),
        (
            {"sampling_from": "2026-03-31", "sampling_to": "2026-08-31"},
            "The sampling period begins before the period under review",
        ),
        (
            {"sampling_from": "2026-04-01", "sampling_to": "2027-04-05"},
            "The sampling period ends before the first day on site.",
        ),
    ],
)
def test_every_reason_against_it_comes_back(
    cast: Cast, client_for: ClientFor, other: dict[str, str], words: str
) -> None:
    answer = client_for(cast.cqi_director).post(URL, data=sent(cast, **other))
    assert answer.status_code == 422
    assert words in answer.text
    assert "<title>Error: " in answer.text


def test_a_round_may_be_of_some_counties(
    cast: Cast, client_for: ClientFor, database: Database
) -> None:
    client = client_for(cast.cqi_director)
    ticked = {
        "region": "",
        "counties": [f"county-{one.public_id}" for one in (cast.county, cast.other_county)],
    }
    both = client.post(URL, data={**sent(cast), "counties": ticked["counties"]})
    assert "Choose either a region or some counties" in both.text
    assert both.text.count(" checked") >= 2  # what was ticked is still ticked
    made = client.post(URL, data={**sent(cast), **ticked}, follow_redirects=True).text
    assert "The round 2027 Region One baseline is open." in made
    with database.reading() as session:
        [one] = session.scalars(sa.select(Round).where(Round.name == "2027 Region One baseline"))
        assert one.region_id is None
        assert queries.county_ids(session, one) == {cast.county.id, cast.other_county.id}
    assert (
        client.post(URL, data={**sent(cast), "region": "", "counties": "county-0"}).status_code
        == 422
    )


def test_an_interim_review_lies_beside_no_scheduled_round_of_its_region(
    cast: Cast, client_for: ClientFor
) -> None:
    client = client_for(cast.cqi_director)
    between = {"on_site_from": "2027-02-01", "on_site_to": "2027-02-05"}
    for kind, name in (("interim_peer", "By peers"), ("interim_county_team", "By the county")):
        made = client.post(URL, data=sent(cast, kind=kind, name=name, **between))
        assert made.status_code == 303
    upon = {"on_site_from": "2027-03-12", "on_site_to": "2027-03-19"}  # the baseline's last day
    refused = client.post(URL, data=sent(cast, kind="interim_peer", **upon))
    assert refused.status_code == 422
    assert f"Baseline “{cast.round.name}” is on site in this region" in refused.text
    assert "An interim review comes before or after" in refused.text
    refused = client.post(URL, data=sent(cast, **between))
    assert "Interim review by peers “By peers” is on site in this region" in refused.text
    elsewhere = sent(cast, kind="interim_peer", region=str(cast.other_region.public_id), **between)
    assert client.post(URL, data=elsewhere).status_code == 303
    text = client.get(f"/rollout/regions/{cast.region.public_id}").text
    card = text.partition('id="interim')[2].partition("</section>")[0]
    assert card.index("By peers") < card.index("Interim review by peers")
    assert "By the county" in card
    assert "on site 1 to 5 Feb 2027" in card


def test_a_round_may_be_sampled_from_a_period_of_its_own(
    cast: Cast, client_for: ClientFor, database: Database
) -> None:
    own = {"sampling_from": "2026-04-01", "sampling_to": "2026-09-30"}
    client = client_for(cast.cqi_director)
    answer = client.post(URL, data=sent(cast, **own), follow_redirects=True)
    assert "Sampled from 1 Apr to 30 Sep 2026." in answer.text
    client.post(URL, data=sent(cast, name="Without"))
    days = dt.date.fromisoformat
    with database.reading() as session:
        found = {one.name: sampling.period(one) for one in session.scalars(sa.select(Round))}
    assert found[sent(cast)["name"]] == Period(days("2026-04-01"), days("2026-09-30"))
    assert found["Without"] == Period(days("2026-04-01"), days("2027-04-04"))


def test_a_draft_of_an_instrument_is_not_offered_and_not_taken(
    cast: Cast, client_for: ClientFor, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "read", lambda _folder: {})
    client = client_for(cast.cqi_director)
    assert "Mississippi Practice Model 1.0" not in client.get(URL).text
    new = NewRound(
        name="On a draft",
        kind=RoundKind.BASELINE,
        region_id=cast.region.id,
        instrument="mississippi_practice_model",
        version="1.0",
        pur_from=dt.date(2026, 4, 1),
        on_site_from=dt.date(2027, 4, 5),
        on_site_to=dt.date(2027, 4, 16),
    )
    with database.writing() as session, pytest.raises(errors.Blocked) as refused:
        actions.open_round(session, new=new, actor=None, now=build.NOW)
    assert [blocker.code for blocker in refused.value.blockers] == ["draft_instrument"]


def on_shapes(cast: Cast, version: str, compares_with: Round | None) -> NewRound:
    return NewRound(
        name=f"On {version}",
        kind=RoundKind.INTERIM_PEER,
        region_id=cast.region.id,
        instrument="shapes",
        version=version,
        pur_from=dt.date(2026, 4, 1),
        on_site_from=dt.date(2027, 4, 5),
        on_site_to=dt.date(2027, 4, 16),
        compares_with=compares_with,
    )


def test_a_round_compares_with_one_on_another_version_where_a_rule_was_kept(
    cast: Cast, database: Database, two_versions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (two_versions / "1.1").is_dir()
    monkeypatch.setattr(library, "is_published", lambda *_: True)
    with database.writing() as session:
        first = actions.open_round(
            session, new=on_shapes(cast, "1.0", None), actor=None, now=build.NOW
        )
        later = actions.open_round(
            session, new=on_shapes(cast, "1.1", first), actor=None, now=build.NOW
        )
        assert later.compares_with is first


def test_a_round_compares_with_none_in_which_no_rule_is_the_same(
    cast: Cast, database: Database
) -> None:
    new = dataclasses.replace(on_shapes(cast, "1.0", None), instrument="osri")
    with database.writing() as session:
        first = actions.open_round(session, new=new, actor=None, now=build.NOW)
        other = dataclasses.replace(
            on_shapes(cast, "1.0", first), name="Other", instrument="mississippi_practice_model"
        )
        with pytest.raises(errors.Blocked) as refused:
            actions.open_round(session, new=other, actor=None, now=build.NOW)
    assert [blocker.code for blocker in refused.value.blockers] == ["other_version"]


@pytest.mark.parametrize("who", ["outsider", "reviewer", "cqi_liaison", "qa_lead"])
def test_others_open_nothing(cast: Cast, client_for: ClientFor, who: str) -> None:
    client = client_for(getattr(cast, who))
    assert client.get(URL).status_code == 403
    assert client.post(URL, data=sent(cast)).status_code == 403


def boxes(*codes: str, instrument: str = "mississippi_practice_model-1.0") -> list[str]:
    return [f"{instrument}-{code}" for code in codes]


def test_a_round_asks_for_all_items_unless_some_are_ticked(
    cast: Cast, client_for: ClientFor, database: Database
) -> None:
    client = client_for(cast.cqi_director)
    page = client.get(URL).text
    assert "Only some items of Mississippi Practice Model 1.0" in page
    assert '<details class="look" >' in page, "folded at first"
    client.post(URL, data=sent(cast))
    given = {**sent(cast, name="A few"), "items": boxes("MAS04", "all-ICP")}
    answer = client.post(URL, data=given, follow_redirects=True)
    assert "Only MAS04, ICP01" in answer.text
    with database.reading() as session:
        found = {one.name: one.items for one in session.query(Round) if one.region_id}
    assert found["2027 Region One baseline"] is None
    assert found["A few"] == ["MAS04", *(f"ICP{n:02}" for n in range(1, 8))]


def test_ticking_everything_is_asking_for_all(cast: Cast, client_for: ClientFor) -> None:
    codes = [f"all-{code}" for code in ("MAS", "SRM", "INV", "SNA", "PCR", "ICP")]
    given = {**sent(cast), "items": boxes(*codes)}
    answer = client_for(cast.cqi_director).post(URL, data=given, follow_redirects=True)
    assert "is open." in answer.text
    assert "Only MAS01" not in answer.text


def test_items_of_another_instrument_come_back_ticked_with_words(
    cast: Cast, client_for: ClientFor
) -> None:
    given = {**sent(cast), "items": boxes("I01", instrument="osri-1.0")}
    answer = client_for(cast.cqi_director).post(URL, data=given)
    assert answer.status_code == 422
    assert "You ticked items of another instrument than Mississippi Practice Model" in answer.text
    assert 'value="osri-1.0-I01" checked' in answer.text
    assert '<details class="look" open>' in answer.text
    assert 'href="#items"' in answer.text
    unknown = client_for(cast.cqi_director).post(URL, data={**sent(cast), "items": ["x"]})
    assert (unknown.status_code, "Choose from the list." in unknown.text) == (422, True)
