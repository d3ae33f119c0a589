"""Where the state machine plays: a prepared database, copied for each run, and what stands in it.

A copy is a file on the embedded database and a database of its own on PostgreSQL, so no run sees
another's case review and the audit chain of each run can be walked to its end.
"""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import shutil
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.cases.models import Case
from cqi.cases.rules import CaseType, StaffKind
from cqi.core import configuration, events
from cqi.core import database as databases
from cqi.core.database import Database
from cqi.reviews import actions, models
from cqi.rounds.models import Round
from tests import build
from tests.fixtures import postgresql
from tests.fixtures.cast import SUPERVISOR_STAFF_ID, Cast
from tests.fixtures.scoring import TODAY

NAMED = ("SRM01", "SRM05", "INV01", "ICP03", "MAS02")
KINDS: dict[str, dict[str, Any]] = {  # of rounds: what they ask for, what goes to second level
    "few": {"items": list(NAMED), "second_level_share": 0},
    "few_due": {"items": list(NAMED), "second_level_share": 100},
    "whole": {"second_level_share": 0},
    "whole_due": {"second_level_share": 100},
}
KIN = "W-200"  # the staff number of whoever works the case
CONTENT: tuple[type[Any], ...] = (
    *(models.FactAnswer, models.Answer, models.Narrative, models.TextVersion, models.Evidence),
    *(models.InterviewRow, models.StoredRating, models.ReviewPerson, models.ReviewSubject),
    *(models.QaNote, models.QaEntry, models.Override),
)
BESIDE = (models.ReviewStep, models.SafetyAlert)
Rows = dict[str, list[Any]]
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Prepared:
    """A database that nobody has open: people by name, and one case review, assigned."""

    settings: configuration.Configuration
    server: str  # PostgreSQL's, empty on the embedded database
    actors: Mapping[str, Actor]
    review: uuid.UUID

    @contextlib.contextmanager
    def copy(self) -> Iterator[Database]:
        """The same again."""
        with self._settings() as settings:
            database = databases.open_database(settings)
            try:
                yield database
            finally:
                database.dispose()

    @contextlib.contextmanager
    def _settings(self) -> Iterator[configuration.Configuration]:
        if self.server:
            template = postgresql.name_of(self.settings.database_url)
            with postgresql.database(self.server, template=template) as url:
                yield dataclasses.replace(self.settings, database_url=url)
            return
        folder = self.settings.data_dir / f"run {next(_numbers)}"
        folder.mkdir()
        settings = dataclasses.replace(self.settings, data_dir=folder)
        shutil.copy(self.settings.database_file, settings.database_file)
        yield settings
        shutil.rmtree(folder)


def prepare(
    database: Database, cast: Cast, settings: configuration.Configuration, server: str
) -> Prepared:
    """Bring everybody, give the reviewer a case, and leave the database closed."""
    with database.writing() as session:
        people = _people(session, cast)
        actors = {name: build.actor(session, person, TODAY) for name, person in people.items()}
        review = _assigned(session, cast, actors)
        events.seal(session, today=TODAY, now=build.NOW)
    database.dispose()
    return Prepared(settings, server, actors, review)


def _people(session: orm.Session, cast: Cast) -> dict[str, Person]:
    region: dict[str, Any] = {"place": cast.region}
    on_round: dict[str, Any] = {"round": cast.round}
    new: dict[str, list[tuple[Role, dict[str, Any]]]] = {
        "colleague": [(Role.REVIEWER, on_round)],
        "second": [(Role.QA_LEAD, region)],
        "third": [(Role.QA_LEAD, region)],
        "many": [(Role.QA_LEAD, region), (Role.REVIEWER, on_round), (Role.CQI_DIRECTOR, {})],
        "kin": [(Role.QA_LEAD, region), (Role.REVIEWER, on_round)],
        "far": [(Role.QA_LEAD, {"place": cast.other_region})],
        "leader": [(Role.SITE_LEADER, on_round)],
    }
    found = {
        "reviewer": cast.reviewer,
        "lead": cast.qa_lead,
        "director": cast.cqi_director,
        "liaison": cast.cqi_liaison,
        "supervisor": cast.supervisor,
        "regional": cast.regional_director,
        "outsider": cast.outsider,
    }
    for name, grants in new.items():
        found[name] = build.person(session, name, staff_id=KIN if name == "kin" else None)
        for role, reach in grants:
            build.grant(session, found[name], role, **reach)
    return found


def _assigned(session: orm.Session, cast: Cast, actors: Mapping[str, Actor]) -> uuid.UUID:
    staff = {StaffKind.CASEWORKER: KIN, StaffKind.SUPERVISOR: SUPERVISOR_STAFF_ID}
    case = build.case(
        session, cast.county, unit=cast.unit, case_type=CaseType.FOSTER_CARE, staff=staff
    )
    made = actions.assign_case(
        session,
        in_round=session.get_one(Round, cast.round.id),
        case=session.get_one(Case, case.id),
        reviewers=[actors["reviewer"]],
        actor=actors["liaison"],
        now=build.NOW,
    )
    return made.public_id


def rows_of(session: orm.Session, review_id: int) -> Rows:
    """Every row of a case review as it lies in the database, by table; texts as they are hidden."""
    connection = session.connection()
    found = {
        table: connection.execute(statement, {"review": review_id}).all()
        for table, statement in _ROWS.items()
    }
    return {table: [tuple(row) for row in rows] for table, rows in found.items()}


def _statement(table: str, column: str = "review_id") -> sa.TextClause:
    return sa.text(f"select * from {table} where {column} = :review order by id")  # noqa: S608 - our own tables


_ROWS = {model.__tablename__: _statement(model.__tablename__) for model in (*CONTENT, *BESIDE)}
_ROWS["case_reviews"] = _statement("case_reviews", "id")
_ROWS["safety_alert_steps"] = sa.text(
    "select * from safety_alert_steps where alert_id in"
    " (select id from safety_alerts where review_id = :review) order by id"
)
_ROWS["conflicts_of_interest"] = sa.text(  # there is one case
    "select * from conflicts_of_interest where :review > 0 order by id"
)
FROZEN = frozenset(model.__tablename__ for model in CONTENT)


def events_after(session: orm.Session, last: int) -> list[events.Event]:
    """What was added to the chain since, by anybody, in order."""
    query = sa.select(events.Event).where(events.Event.id > last).order_by(events.Event.id)
    return list(session.scalars(query))
