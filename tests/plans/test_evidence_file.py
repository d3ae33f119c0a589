"""Evidence on its way: handed in with a claim, refused whole, kept encrypted, downloaded safely."""

from __future__ import annotations

import io
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cqi.core import events
from cqi.core.database import Database
from cqi.plans.models import StepEntry, StepFile
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import files
from tests.plans.invented import Made

Given = tuple[str, bytes]


def send(client: FlaskClient, step: uuid.UUID, *given: Given, **more: str) -> TestResponse:
    data: dict[str, Any] = {"claim-words": "Both logs", "claim-helped": "no"}
    data |= {f"claim-{name}": value for name, value in more.items()}
    data["claim-files"] = [(io.BytesIO(content), name) for name, content in given]
    return client.post(f"/plans/steps/{step}/claim", data=data)


def counted(database: Database, table: Any) -> int:
    with database.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def stored(database: Database) -> list[StepFile]:
    with database.reading() as session:
        return list(session.scalars(sa.select(StepFile).order_by(StepFile.id)))


def test_files_and_a_link_come_with_a_claim_and_are_on_the_page(
    client_for: ClientFor, cast: Cast, database: Database, made: Made
) -> None:
    step, link = made.steps[0], "https://www.example.org/minutes"
    both = (("Logs of May.pdf", files.pdf()), ("wall.png", files.picture()))
    answer = send(client_for(cast.regional_director), step, *both, link=link)
    assert answer.status_code == 302, answer.text
    page = client_for(cast.cqi_liaison).get(f"/plans/steps/{step}").text
    assert page.count("Logs of May.pdf") == 2  # what was handed in, and what happened
    assert f'href="{link}" rel="noopener noreferrer"' in page
    for one in stored(database):
        assert f"/plans/steps/files/{one.public_id}" in page


def test_names_and_contents_are_encrypted_and_no_event_holds_a_name(
    client_for: ClientFor, cast: Cast, database: Database, made: Made
) -> None:
    send(client_for(cast.regional_director), made.steps[0], ("Logs of Ann B.txt", b"Two logs"))
    with database.reading() as session:
        raw = session.execute(sa.text("select name, content from step_files")).one()
        assert b"Ann" not in bytes(raw[0])
        assert b"logs" not in bytes(raw[1])
        said = str(list(session.scalars(sa.select(events.Event.payload))))
        assert "Ann" not in said
        assert stored(database)[0].digest in said


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (("run.exe", b"MZ\x90\x00"), "not a file that can be taken"),
        (("run.pdf", b"MZ\x90\x00"), "not a file that can be taken"),
        (("one.docx", files.pdf()), "by its content it is a PDF"),
        (("one.txt", b"<script>alert(1)</script>"), "HTML, SVG or a script"),
        (("one.txt", b""), "it is empty"),
        (("../../one.txt", b"Two logs"), "holds a path"),
        ((".one.txt", b"Two logs"), "begins with a dot"),
        (("one.txt", b"x" * (10 * 1024 * 1024 + 1)), "larger than 10 MB"),
    ],
)
def test_one_refused_file_stores_nothing_and_loses_no_word(
    client_for: ClientFor, cast: Cast, database: Database, made: Made, given: Given, says: str
) -> None:
    good = ("good.txt", b"Two logs")
    client = client_for(cast.regional_director)
    answer = send(client, made.steps[0], good, given, words="Both logs, of May and June")
    assert answer.status_code == 422
    assert says in answer.text
    assert "Choose your files again" in answer.text
    assert "Both logs, of May and June" in answer.text
    assert counted(database, StepFile) == counted(database, StepEntry) == 0


def test_a_refused_file_and_missing_words_are_said_at_once(
    client_for: ClientFor, cast: Cast, made: Made
) -> None:
    client = client_for(cast.regional_director)
    page = send(client, made.steps[0], ("one.exe", b"MZ\x00"), words="", helped="").text
    assert "Say what proves that it is done." in page
    assert "Say whether the CQI liaison helped." in page
    assert "not a file that can be taken" in page


@pytest.mark.parametrize("link", ["http://www.example.org/", "javascript:alert(1)"])
def test_a_link_that_is_none_is_refused(
    client_for: ClientFor, cast: Cast, database: Database, made: Made, link: str
) -> None:
    answer = send(client_for(cast.regional_director), made.steps[0], link=link)
    assert answer.status_code == 422
    assert "begins with https://" in answer.text
    assert counted(database, StepEntry) == 0


def test_six_files_are_too_many(client_for: ClientFor, cast: Cast, made: Made) -> None:
    many = [(f"{number}.txt", b"Two logs") for number in range(6)]
    answer = send(client_for(cast.regional_director), made.steps[0], *many)
    assert answer.status_code == 422
    assert "5 files at most" in answer.text


def test_a_huge_request_gets_a_plain_page_and_a_stranger_cannot_send_a_large_one(
    client_for: ClientFor, cast: Cast, made: Made
) -> None:
    large = b"x" * (3 * 1024 * 1024)
    answer = send(client_for(cast.regional_director), made.steps[0], ("large.txt", large))
    assert answer.status_code == 302
    huge = b"x" * (52 * 1024 * 1024)
    answer = send(client_for(cast.regional_director), made.steps[1], ("huge.txt", huge))
    assert answer.status_code == 413
    assert "larger than 51 MB" in answer.text
    stranger = send(client_for(None), made.steps[1], ("large.txt", large))
    assert stranger.status_code in {302, 401, 403}


def test_a_download_is_kept_and_never_shown_and_is_one_event(
    client_for: ClientFor, cast: Cast, database: Database, made: Made
) -> None:
    content = files.pdf()
    send(client_for(cast.regional_director), made.steps[0], ("Prüfung; Ж Mai.pdf", content))
    [one] = stored(database)
    answer = client_for(cast.cqi_liaison).get(f"/plans/steps/files/{one.public_id}")
    assert answer.data == content
    assert answer.headers["Content-Type"] == "application/pdf"
    name = f"evidence-1.1.1-{one.public_id.hex[-6:]}.pdf"  # its own name may name people
    assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    with database.reading() as session:
        query = sa.select(events.Event).where(events.Event.kind == "plan.evidence_read")
        [event] = session.scalars(query)
        assert event.actor_id == cast.cqi_liaison.id
        assert event.at == build.NOW
        assert "fung" not in str(event.payload)
        assert events.verify(session).problem == ""


@pytest.mark.parametrize("who", ["reviewer", "supervisor", "other_reviewer"])
def test_a_file_of_a_step_that_one_does_not_see_is_not_found(
    client_for: ClientFor, cast: Cast, database: Database, made: Made, who: str
) -> None:
    send(client_for(cast.regional_director), made.steps[0], ("one.txt", b"Two logs"))
    [one] = stored(database)
    answer = client_for(getattr(cast, who)).get(f"/plans/steps/files/{one.public_id}")
    assert answer.status_code == 404
    with database.reading() as session:
        read = sa.select(events.Event.id).where(events.Event.kind == "plan.evidence_read")
        assert session.scalar(read) is None


def test_the_outsider_is_refused(
    client_for: ClientFor, cast: Cast, database: Database, made: Made
) -> None:
    send(client_for(cast.regional_director), made.steps[0], ("one.txt", b"Two logs"))
    [one] = stored(database)
    assert client_for(cast.outsider).get(f"/plans/steps/files/{one.public_id}").status_code == 403
