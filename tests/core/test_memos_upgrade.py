"""What people read and acknowledged before memos were released stays theirs."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa

from cqi.core import configuration, schema
from cqi.core.database import Database
from cqi.core.encryption import EncryptedText
from cqi.feedback import queries
from tests import build
from tests.feedback import invented
from tests.feedback.invented import CLOCKS
from tests.fixtures.cast import Cast

READ = sa.text(
    "insert into acknowledgements (public_id, review_id, person_id, words, at)"
    " values (:public_id, :review_id, :person_id, :words, :at)"
).bindparams(
    sa.bindparam("public_id", type_=sa.Uuid()),
    sa.bindparam("words", type_=EncryptedText()),
    sa.bindparam("at", type_=sa.DateTime()),
)


def test_a_memo_from_before_is_still_read_and_acknowledged(
    database: Database, cast: Cast, settings: configuration.Configuration
) -> None:
    review = invented.final_review(database, cast, released=False)
    schema.downgrade(settings, database.keys, "0019")
    with database.engine.begin() as connection:
        key = connection.scalar(sa.text("select max(id) from case_reviews"))
        for person, words in ((cast.caseworker, "It is fair."), (cast.supervisor, None)):
            row = {"review_id": key, "person_id": person.id, "words": words}
            at = build.NOW.replace(tzinfo=None) + dt.timedelta(minutes=person.id)
            connection.execute(READ, {**row, "public_id": uuid.uuid4(), "at": at})
    schema.upgrade(settings, database.keys, "head")
    with database.reading() as session:
        supervisor = build.actor(session, cast.supervisor)
        sheet = queries.memo(session, supervisor, review, CLOCKS)
        assert sheet.memo is not None
        assert [need.code for need in sheet.memo.needs] == ["SNA06"]
        assert (sheet.released_by, sheet.row.stands, sheet.row.waits_for) == ("", True, ())
        told = {reader.kind.value: reader.words for reader in sheet.row.readers}
        assert told == {"caseworker": "It is fair.", "supervisor": ""}
        liaison = build.actor(session, cast.cqi_liaison)
        assert queries.to_release(session, liaison, CLOCKS) == []
