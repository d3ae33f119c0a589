"""A state of affairs in which every page has something to show, and ways to look at all of it.

Pages, forms and tables are found: by the URL map, by what the pages link to and by the models.
"""

from __future__ import annotations

import functools
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlparse

import flask
import pytest
import sqlalchemy as sa
from werkzeug.exceptions import HTTPException

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.core import encryption, schema
from cqi.core.database import Database
from cqi.feedback.models import ReconsiderationStep
from cqi.feedback.rules.reconsidering import ReconsiderationState
from cqi.feedback.workflow import Step
from cqi.instruments.definition import Rating
from cqi.reviews import actions, rules
from cqi.reviews.models import CaseReview
from cqi.rounds.models import Round
from tests import build
from tests.core import one_of_each
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import Desk
from tests.proof import forms
from tests.web import matrix_reconsidering
from tests.web import test_every_route as routes

ids = routes.ids
LONG = 100  # a column that takes as much holds words of people
WORDS_TOO = {"cases.family_id", "people.email", "passkeys.name"}
NO_WORDS = {"people.password", "people.tf_totp_secret", "passkeys.extensions"}


@dataclass
class World:
    """Case reviews: begun (`desk`), with QA, final, and begun on the federal instrument."""

    app: flask.Flask
    database: Database
    desk: Desk
    with_qa: Desk
    final: Desk
    federal: uuid.UUID
    people: Mapping[str, Person]
    ids: Mapping[str, uuid.UUID]
    client_for: ClientFor

    @functools.cached_property
    def starts(self) -> list[str]:
        """An address of every route that is read, and of every case review."""
        calls = [call.path for call in routes.calls(self.app, self.ids) if call.method == "GET"]
        reviews = (self.with_qa.public_id, self.final.public_id, self.federal)
        for review in reviews:
            own = {**self.ids, "/reviews": review, "/feedback": review}
            found = [call.path for call in routes.calls(self.app, own) if call.method == "GET"]
            calls += [path for path in found if str(review) in path]
        return list(dict.fromkeys(calls))

    def endpoint(self, path: str, method: str = "GET") -> str:
        try:
            place = self.app.url_map.bind("localhost")
            found: str = place.match(path.partition("?")[0], method=method)[0]
        except HTTPException:
            return ""
        return found

    def pages(self, most: int = 99, *, files: bool = True) -> Iterator[tuple[str, str, Any]]:
        """(person, path, answer) of every route for everybody, and of one more page of each that
        these link to; an address is shown to `most` of those who may open it."""
        shown, more = Counter[str](), Counter[tuple[str, str]]()
        for key, person in self.people.items():
            client, met = self.client_for(person), set[str]()
            waiting = [path for path in self.starts if files or not is_file(path)]
            while waiting:
                path = waiting.pop(0)
                if path in met or shown[path] >= most:
                    continue
                met.add(path)
                answer = client.get(path)
                shown[path] += answer.status_code < 400
                yield key, path, answer
                if answer.mimetype == "text/html" and answer.status_code == 200:
                    waiting += self._further(key, forms.links(answer.text), more)

    def _further(self, key: str, links: list[str], more: Counter[tuple[str, str]]) -> Iterator[str]:
        starts = set(self.starts)
        for link in links:
            place = (key, self.endpoint(link))
            if place[1] and link not in starts and not is_file(link) and not more[place]:
                more[place] += 1
                yield link

    def forms(self) -> list[tuple[str, forms.Form]]:
        """(person, form): every form of every page, once for each place it is sent to by name."""
        return self.forms_and_asked()[0]

    def forms_and_asked(self) -> tuple[list[tuple[str, forms.Form]], set[str]]:
        """The same, and the names that pages ask for in addresses: of forms and of links."""
        found: dict[tuple[str, ...], tuple[str, forms.Form]] = {}
        asked: set[str] = set()
        for key, path, answer in self.pages(4, files=False):
            if answer.mimetype == "text/html" and answer.status_code == 200:
                read = forms.reader(answer.text, path)
                asked |= {
                    name for form in read.forms if form.method == "get" for name in form.names
                }
                asked |= {name for link in read.links for name in parse_qs(urlparse(link).query)}
                for form in forms.posted(read):
                    button = form.button.partition("=")[0]
                    found.setdefault((form.action, button, *form.names), (key, form))
        return list(found.values()), asked

    def words_columns(self) -> list[sa.Column[Any]]:
        """Every column that may hold words of people."""
        tables = one_of_each.metadata().sorted_tables
        return [column for table in tables for column in table.columns if holds_words(column)]

    def fill(self, words: Callable[[sa.Column[Any], int], str]) -> None:
        """Put words into every such column of every row, past triggers: (column, row number)."""
        with self.database.engine.connect() as connection:
            connection.info["writes"] = True
            with connection.begin():
                schema.drop_triggers(connection)
                for column in self.words_columns():
                    fill_column(connection, column, words)
                schema.create_triggers(connection)


def is_file(path: str) -> bool:
    return path.partition("?")[0].endswith((".pdf", ".csv", ".xlsx", ".json", ".jsonl"))


def holds_words(column: sa.Column[Any]) -> bool:
    name, kind = f"{column.table.name}.{column.name}", column.type
    if name in WORDS_TOO or isinstance(kind, encryption.EncryptedText):
        return True
    text = isinstance(kind, sa.String) and not isinstance(kind, sa.Enum)
    return text and name not in NO_WORDS and (kind.length is None or kind.length >= LONG)


def fill_column(
    connection: sa.Connection,
    column: sa.Column[Any],
    words: Callable[[sa.Column[Any], int], str],
) -> None:
    table = column.table
    [key] = [each for each in table.columns if each.primary_key]
    rows = connection.execute(sa.select(key).where(column.is_not(None))).scalars().all()
    for number, row in enumerate(rows):
        text = words(column, number)
        connection.execute(sa.update(table).where(key == row).values({column.name: text}))


def tables(database: Database) -> dict[tuple[str, Any], dict[str, Any]]:
    """Every row of every table, by table and key."""
    found = {}
    with database.reading() as session:
        for table in one_of_each.metadata().sorted_tables:
            keys = [column.name for column in table.primary_key.columns]
            for row in session.execute(sa.select(table)).mappings():
                found[table.name, tuple(row[key] for key in keys)] = dict(row)
    return found


@pytest.fixture
def one_engine(pytestconfig: pytest.Config) -> str:
    """For what is slow and much the same on both: the engine that `--proof-engine` names."""
    return str(pytestconfig.getoption("--proof-engine"))


@pytest.fixture
def world(
    app: flask.Flask,
    database: Database,
    cast: Cast,
    desk: Desk,
    ids: dict[str, uuid.UUID],
    client_for: ClientFor,
) -> World:
    """Made once a test, by the product's own actions."""
    desk.record(rules.narrative("SRM03", "The mother said so."))
    with_qa, final = (another_desk(desk) for _ in range(2))
    with_qa.with_qa().open_note()
    with_qa.override("SRM05", Rating.AREA_NEEDING_IMPROVEMENT)
    final.with_qa().approve()
    ids = {**ids, "/feedback/reconsiderations": looked_at_again(final)}
    people = dict(everybody(database, cast))
    return World(
        app, database, desk, with_qa, final, federal(database, cast), people, ids, client_for
    )


def looked_at_again(final: Desk) -> uuid.UUID:
    """A memo of the final case review with a request that waits and one that is decided."""
    with final.database.writing() as session:
        query = sa.select(CaseReview).where(CaseReview.public_id == final.public_id)
        review, by = session.scalars(query).one(), final.cast.supervisor.id
        decided = matrix_reconsidering.request(session, review, by)
        said = {"step": Step.UPHOLD.value, "words": "The visits were read again.", "at": build.NOW}
        session.add(ReconsiderationStep(reconsideration_id=decided.id, by_id=by, **said))
        decided.state = ReconsiderationState.UPHELD
        return matrix_reconsidering.request(session, review, by).public_id


def another_desk(desk: Desk) -> Desk:
    """One more case of the same round and reviewer."""
    cast = desk.cast
    with desk.database.writing() as session:
        case = build.case(session, cast.county, unit=cast.unit, staff={"caseworker": "W-100"})
        made = actions.assign_case(
            session,
            in_round=session.get_one(Round, cast.round.id),
            case=case,
            reviewers=[desk.actor(session, cast.reviewer)],
            actor=desk.actor(session, cast.cqi_liaison),
            now=build.NOW,
        )
        return replace(desk, public_id=made.public_id, case_number=case.case_number)


def federal(database: Database, cast: Cast) -> uuid.UUID:
    """A case review on the federal instrument, with two subjects of each kind."""
    pages = build.instrument("osri")
    with database.writing() as session:
        on = build.round(session, cast.region, [cast.county], pages=pages)
        build.grant(session, cast.reviewer, Role.REVIEWER, round=on)
        case = build.case(session, cast.county)
        review: CaseReview = build.case_review(session, on, case, [cast.reviewer])
        build.complete(session, review, cast.reviewer)
        return review.public_id


def everybody(database: Database, cast: Cast) -> Iterator[tuple[str, Person]]:
    """The cast, and somebody for each role that it lacks."""
    held = {key: person for key, person in vars(cast).items() if isinstance(person, Person)}
    yield from held.items()
    with database.writing() as session:
        for role in Role:
            if role.value not in held:
                somebody = build.person(session, f"{role.value} person".title())
                on = {"round": cast.round} if role is Role.SITE_LEADER else {"place": cast.state}
                build.grant(session, somebody, role, **on)
                yield role.value, somebody
