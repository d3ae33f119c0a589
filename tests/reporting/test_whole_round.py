"""A round from its first case to report and memo, on every instrument that is shipped.

Nothing here knows an instrument: what to answer is found by asking the engine.
"""

from __future__ import annotations

import io
import json
import re
import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import orm

from cqi.access.permissions import Role
from cqi.cases.rules import CaseType, StaffKind
from cqi.core import events, folders
from cqi.core.database import Database
from cqi.instruments import library
from cqi.instruments.definition import Instrument, Rating
from cqi.measures import actions as measure_actions
from cqi.measures import queries as measures
from cqi.measures.rules import output
from cqi.reporting import queries as reporting
from cqi.reviews import actions, queries
from cqi.reviews.models import CaseReview
from cqi.rounds.models import Round
from tests import build
from tests.feedback import invented
from tests.fixtures import cast as casts
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.measures import stored

ROOT = folders.data_folder("review_instruments")
SHIPPED = [library.load(ROOT, one.instrument_id, one.version) for one in library.versions(ROOT)]
CASES = 10  # enough for a share where all of them apply
NEED = Rating.AREA_NEEDING_IMPROVEMENT
OF_ITEMS = ("strength",)
OF_COMPONENTS = ("substantially_achieved", "partially_achieved", "not_achieved")
STAFF = {
    StaffKind.CASEWORKER: casts.CASEWORKER_STAFF_ID,
    StaffKind.SUPERVISOR: casts.SUPERVISOR_STAFF_ID,
}


@dataclass(frozen=True)
class Finished:
    """A finished round, with the ratings of its reviews by public id and code."""

    round_id: int
    public_id: uuid.UUID
    reviews: dict[uuid.UUID, dict[str, Rating | None]]

    def count(self, code: str, rating: str) -> int:
        """In how many reviews something is rated so."""
        return sum(ratings[code] == rating for ratings in self.reviews.values())


@pytest.fixture(params=SHIPPED, ids=lambda one: one.id)
def pages(request: pytest.FixtureRequest) -> Instrument:
    found: Instrument = request.param
    return found


@pytest.fixture
def finished(database: Database, cast: Cast, pages: Instrument) -> Finished:
    with database.writing() as session:
        region, county = session.merge(cast.region), session.merge(cast.county)
        on = build.round(session, region, [county], pages=pages)
        build.grant(session, cast.reviewer, Role.REVIEWER, round=on)
        reviews = {}
        for number in range(CASES):
            review = one_review(session, cast, on, number)
            need = {pages.items[-1 - number * len(pages.items) // CASES].code: NEED}
            build.final(session, review, cast.reviewer, cast.qa_lead, wish=need)
            invented.release(session, cast, review)
            reviews[review.id] = review.public_id
        assert queries.recheck(session) == []
        assert queries.finished(session, [on.id]) == {on.id}
        rated: dict[uuid.UUID, dict[str, Rating | None]] = {}
        for row in queries.stored_ratings(session, on.id):
            rated.setdefault(reviews[row.review_id], {})[row.code] = row.rating
        return Finished(on.id, on.public_id, rated)


def one_review(session: orm.Session, cast: Cast, on: Round, number: int) -> CaseReview:
    """A case of the cast's unit, assigned by the liaison; three in ten are in-home."""
    case = build.case(
        session,
        session.merge(cast.county),
        unit=session.merge(cast.unit),
        case_type=CaseType.FOSTER_CARE if number % 10 < 7 else CaseType.IN_HOME,
        staff=STAFF,
    )
    return actions.assign_case(
        session,
        in_round=on,
        case=case,
        reviewers=[build.actor(session, cast.reviewer)],
        actor=build.actor(session, cast.cqi_liaison),
        now=build.NOW,
    )


def figures(database: Database, finished: Finished) -> dict[str, Any]:
    """What `cqi measures --format json` prints."""
    with database.writing() as session:
        wanted = reporting.Wanted(session.get_one(Round, finished.round_id), build.NOW.date())
        asked = reporting.asked_of(session, wanted)
        run = measure_actions.freeze_run(session, asked, actor=None, now=build.NOW)
        again = stored.run(session, run.run_id)
        document = output.as_json(again, build.NOW.date())
        assert document == output.as_json(measures.measures(session, asked), build.NOW.date())
    read: dict[str, Any] = json.loads(json.dumps(document))
    return read


def words_of(client: FlaskClient, address: str) -> str:
    """A page, or a PDF, as the words that somebody reads."""
    answer = client.get(address)
    assert answer.status_code == 200
    if answer.mimetype == "application/pdf":
        text = " ".join(p.extract_text() for p in PdfReader(io.BytesIO(answer.data)).pages)
    else:
        text = re.sub(r"<[^>]+>", " ", answer.text[answer.text.index("<main") :])
        for code, sign in (("&#39;", "'"), ("&#34;", '"'), ("&amp;", "&")):
            text = text.replace(code, sign)
    return " ".join(text.split())


def test_the_figures_of_a_round_have_the_agreed_shape(
    database: Database, finished: Finished, pages: Instrument
) -> None:
    found = figures(database, finished)
    assert (found["instrument"], found["version"]) == (pages.id, pages.version)
    assert found["reviews"] == CASES
    order = [
        code
        for component in pages.components
        for code in (component.code, *(i.code for i in pages.items_of(component.code)))
    ]
    assert [row["item"] or row["component"] for row in found["rows"]] == order
    for row in found["rows"]:
        code, left_out = row["item"] or row["component"], row["excluded"]
        assert row["applicable"] + left_out["not_applicable"] + left_out["not_rated"] == CASES
        assert left_out["not_rated"] == 0
        assert (row["rate"] is None) is (row["applicable"] < 10)
        whole = pages.whole_of(code)
        assert row.get("part_of") == (whole.code if whole else None)
        for rating in OF_ITEMS if row["item"] else OF_COMPONENTS:
            assert row[rating] == finished.count(code, rating)
    assert finished.count(pages.items[-1].code, NEED) > 0


def test_the_report_is_a_page_and_a_pdf(
    client_for: ClientFor, cast: Cast, finished: Finished, pages: Instrument
) -> None:
    client = client_for(cast.regional_director)
    for ending in ("", ".pdf"):
        said = words_of(client, f"/reports/rounds/{finished.public_id}{ending}")
        for component in pages.components:
            assert component.title in said
        assert f"{len(pages.wholes)} items" in said
    for ending in ("json", "csv", "xlsx"):
        assert client.get(f"/reports/rounds/{finished.public_id}.{ending}").status_code == 200


def test_each_memo_says_what_to_work_on_and_names_nobody(
    client_for: ClientFor, cast: Cast, finished: Finished, pages: Instrument
) -> None:
    client = client_for(cast.supervisor)
    for review, ratings in finished.reviews.items():
        needed = [item for item in pages.items if ratings[item.code] == NEED]
        rated = [ratings[item.code] for item in pages.wholes]
        strengths = rated.count(Rating.STRENGTH)
        applicable = len(rated) - rated.count(Rating.NOT_APPLICABLE)
        for ending in ("", ".pdf"):
            said = words_of(client, f"/feedback/{review}{ending}")
            _, _, to_work_on = said.partition("What to work on")
            assert f"{strengths} of {applicable} items that applied are strengths" in said
            assert all(item.title in to_work_on for item in needed)
            assert ("Rated so because" in to_work_on) is bool(needed)
            assert not [kind.label for kind in pages.subjects if f"{kind.label} A" in said]


def test_the_pages_of_the_round_and_of_its_cases_open(
    client_for: ClientFor, cast: Cast, finished: Finished, pages: Instrument
) -> None:
    client = client_for(cast.cqi_liaison)
    said = words_of(client, f"/rounds/{finished.public_id}")
    assert pages.title in said
    assert all(component.code in said for component in pages.components)
    client = client_for(cast.qa_lead)
    for review in list(finished.reviews)[:2]:
        answer = client.get(f"/reviews/{review}", follow_redirects=True)
        assert answer.status_code == 200


def test_the_event_chain_of_a_round_holds(database: Database, finished: Finished) -> None:
    with database.reading() as session:
        found = events.verify(session)
    assert found.problem == ""
    assert found.events > 5 * len(finished.reviews)
