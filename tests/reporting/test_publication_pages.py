"""What was published, in the browser: the register, the very bytes, who opened it, two runs."""

from __future__ import annotations

import dataclasses
import hashlib
import re

import pytest

from cqi.access.permissions import Role
from cqi.core.database import Database
from cqi.measures.models import Publication
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.reporting import working
from tests.reporting.working import Desk

desk = working.desk

TYPES = {
    "html": "text/html",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "json": "application/json",
}


@pytest.fixture
def published(desk: Desk) -> tuple[Desk, Publication, dict[str, bytes]]:
    desk.write("Two units merged.")
    desk.send().approve()
    drawn = desk.draw(every_form=True)
    return desk, desk.publish(drawn), dict(drawn.files)


Published = tuple[Desk, Publication, dict[str, bytes]]


def test_downloads_are_the_very_bytes_under_their_names(
    client_for: ClientFor, published: Published, cast: Cast
) -> None:
    _, publication, files = published
    client, lines = client_for(cast.regional_director), []
    for ending in sorted(files):
        answer = client.get(f"/reports/published/{publication.public_id}.{ending}")
        name = f"region-report-{publication.public_id}.{ending}"
        assert answer.data == files[ending]
        assert answer.mimetype == TYPES[ending]
        how = "inline" if ending == "html" else "attachment"
        assert f'{how}; filename="{name}"' == answer.headers["Content-Disposition"]
        assert ("sandbox" in answer.headers["Content-Security-Policy"]) == (ending == "html")
        lines.append(f"{hashlib.sha256(answer.data).hexdigest()}  {name}\n")
    page = client.get(f"/reports/published/{publication.public_id}").text
    assert hashlib.sha256("".join(lines).encode()).hexdigest() in page
    assert all(line.split()[0] in page for line in lines)
    assert client.get(f"/reports/published/{publication.public_id}.doc").status_code == 404


def test_a_publication_stays_when_its_case_reviews_change_and_says_so(
    client_for: ClientFor, published: Published, cast: Cast
) -> None:
    desk, publication, files = published
    client, there = client_for(cast.cqi_director), f"/reports/published/{publication.public_id}"
    assert "No case review behind it has changed since." in client.get(there).text
    desk.reopen(3)
    page = client.get(there).text
    assert "3 case reviews changed since (3 open again or withdrawn)" in page
    desk.rate_again()
    assert "3 case reviews changed since (3 rated otherwise)" in client.get(there).text
    assert "3 case reviews changed since" in client.get("/reports/published").text
    assert client.get(f"{there}.json").data == files["json"]


def test_the_director_sees_who_opened_it_and_nobody_else_does(
    client_for: ClientFor, published: Published, cast: Cast
) -> None:
    _, publication, _ = published
    there = f"/reports/published/{publication.public_id}"
    director, other = client_for(cast.cqi_director), client_for(cast.regional_director)
    assert "Nobody yet." in director.get(there).text
    for address in (there, there, f"{there}.csv"):
        other.get(address)
    page = director.get(there).text
    rows = re.findall(r'data-label="Who">([^<]*)</th><td data-label="What">([^<]*)<', page)
    assert sorted(rows) == [
        ("Cqi_Director Person", "this page"),
        ("Regional_Director Person", "CSV"),
        ("Regional_Director Person", "this page"),
    ]
    assert "Who opened it" not in other.get(there).text


def test_two_runs_are_compared_figure_by_figure(
    client_for: ClientFor, published: Published, cast: Cast
) -> None:
    desk, _, _ = published
    first = desk.read().approved_run
    there = f"/reports/rounds/{cast.round.public_id}/runs"
    client = client_for(cast.regional_director)
    same = client.get(f"{there}?first={first}&second=now").text
    assert "None: both runs say the same" in same
    desk.reopen(2)
    desk.rate_again()
    page = client.get(f"{there}?first={first}&second=now").text
    differing = page[page.index("Figures that differ") : page.index("Figures that do not")]
    assert "SRM " in differing
    assert "12 of 16" in differing
    assert "10 of 16" in differing
    assert "SRM05" not in differing
    assert "SRM05" in page
    assert client.get(f"{there}?first={'0' * 64}&second=now").status_code == 404
    listed = client.get(there).text
    assert str(first) in listed
    assert "2 case reviews changed since (2 rated otherwise)" in listed


def test_a_round_without_a_run_says_when_there_is_one(client_for: ClientFor, cast: Cast) -> None:
    page = client_for(cast.regional_director).get(f"/reports/rounds/{cast.round.public_id}/runs")
    assert "No run of this round was frozen yet." in page.text


def test_a_superseded_publication_names_the_newer_one_and_the_reason(
    client_for: ClientFor, published: Published, database: Database, cast: Cast
) -> None:
    desk, first, _ = published
    second = dataclasses.replace(desk, public_id=working.begin(database, cast, desk.analyst))
    second.send().approve()
    newer = second.publish(reason="A table was <wrong>.")
    page = client_for(cast.regional_director).get(f"/reports/published/{first.public_id}").text
    assert f"/reports/published/{newer.public_id}" in page
    assert "A table was &lt;wrong&gt;." in page


@pytest.mark.parametrize("role", [Role.STATE_OFFICE, Role.STAKEHOLDER])
def test_who_sees_no_draft_reads_what_was_published(
    client_for: ClientFor, published: Published, database: Database, cast: Cast, role: Role
) -> None:
    desk, publication, _ = published
    with database.writing() as session:
        somebody = build.person(session, "Somebody")
        build.grant(session, somebody, role, place=cast.region)
        build.legal_basis(session, somebody)
    client = client_for(somebody)
    assert client.get(f"/reports/published/{publication.public_id}").status_code == 200
    assert str(publication.public_id) in client.get("/reports/published").text
    assert client.get(f"/reports/{desk.public_id}").status_code == 403


@pytest.mark.parametrize("who", ["outsider", "reviewer", "supervisor"])
def test_who_has_no_grant_for_publications_is_forbidden(
    client_for: ClientFor, published: Published, cast: Cast, who: str
) -> None:
    _, publication, _ = published
    client = client_for(getattr(cast, who))
    for address in ("", f"/{publication.public_id}", f"/{publication.public_id}.pdf"):
        assert client.get(f"/reports/published{address}").status_code == 403
    assert client.get(f"/reports/rounds/{cast.round.public_id}/runs").status_code == 403


def test_a_publication_of_another_region_is_not_found(
    client_for: ClientFor, published: Published, database: Database, cast: Cast
) -> None:
    _, publication, _ = published
    with database.writing() as session:
        far = build.person(session, "Far Director")
        build.grant(session, far, Role.REGIONAL_DIRECTOR, place=cast.other_region)
    client = client_for(far)
    assert client.get(f"/reports/published/{publication.public_id}").status_code == 404
    assert client.get(f"/reports/published/{publication.public_id}.csv").status_code == 404
