"""What may never be changed cannot be changed, whoever asks the database."""

from __future__ import annotations

import runpy
import uuid

import pytest
import sqlalchemy as sa

from cqi.core import folders, schema
from cqi.core.database import Database
from tests import build
from tests.core import one_of_each

DECLARED = runpy.run_path(str(folders.data_folder("migrations") / "triggers.py"))


@pytest.fixture
def filled(database: Database) -> Database:
    """One row in every table."""
    with database.engine.begin() as connection:
        one_of_each.fill(connection)
    return database


def attempt(database: Database, statement: str) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql(statement)


def touch(table: str) -> str:
    column = next(iter(one_of_each.metadata().tables[table].columns)).name
    return f'update "{table}" set {column} = {column}'  # noqa: S608 - our own tables


@pytest.mark.parametrize("table", DECLARED["APPEND_ONLY"])
def test_an_append_only_table_takes_neither_update_nor_delete(filled: Database, table: str) -> None:
    for statement in (touch(table), f'delete from "{table}"'):  # noqa: S608 - our own tables
        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            attempt(filled, statement)


def test_a_saved_text_can_be_emptied_and_nothing_else(filled: Database) -> None:
    for statement in (
        "delete from text_versions",
        "update text_versions set digest = 'other', text = null",
        "update text_versions set place = 'other', text = null",
        "update text_versions set revision = 9, text = null",
        touch("text_versions"),
    ):
        with pytest.raises(sa.exc.DBAPIError, match=r"append-only|only be emptied"):
            attempt(filled, statement)
    attempt(filled, "update text_versions set text = null")


def test_an_analysts_text_can_be_emptied_and_nothing_else(filled: Database) -> None:
    for statement in (
        "delete from narrative_versions",
        "update narrative_versions set digest = 'other', text = null",
        "update narrative_versions set section = 'other', text = null",
        "update narrative_versions set revision = 9, text = null",
        touch("narrative_versions"),
    ):
        with pytest.raises(sa.exc.DBAPIError, match=r"append-only|only be emptied"):
            attempt(filled, statement)
    attempt(filled, "update narrative_versions set text = null")


def test_what_was_said_on_a_qa_note_can_be_emptied_and_nothing_else(filled: Database) -> None:
    for statement in (
        "delete from qa_entries",
        "update qa_entries set kind = 'reply', text = null",
        "update qa_entries set by_id = 9, text = null",
        touch("qa_entries"),
    ):
        with pytest.raises(sa.exc.DBAPIError, match=r"append-only|only be emptied"):
            attempt(filled, statement)
    attempt(filled, "update qa_entries set text = null")


def finish(database: Database) -> None:
    changes = {"state": "final", "final_at": build.NOW, "pur_to": build.NOW.date()}
    reviews = one_of_each.metadata().tables["case_reviews"]
    with database.engine.begin() as connection:
        connection.execute(sa.update(reviews).values(changes))


@pytest.mark.parametrize("table", DECLARED["OF_A_REVIEW"])
def test_what_belongs_to_a_final_review_is_frozen(filled: Database, table: str) -> None:
    attempt(filled, touch(table))
    finish(filled)
    columns = [
        column.name
        for column in one_of_each.metadata().tables[table].columns
        if column.name != "id"
    ]
    names = ", ".join(columns)
    again = f'insert into "{table}" ({names}) select {names} from "{table}"'  # noqa: S608 - our own tables
    for statement in (again, touch(table), f'delete from "{table}"'):  # noqa: S608 - our own tables
        with pytest.raises(sa.exc.DBAPIError, match="final case review is frozen"):
            attempt(filled, statement)


def test_a_coaching_note_is_a_draft_until_it_is_shared_and_then_stays(filled: Database) -> None:
    attempt(filled, "update coaching_notes set revision = 2")
    with pytest.raises(sa.exc.DBAPIError, match="are kept"):
        attempt(filled, "delete from coaching_notes")
    notes = one_of_each.metadata().tables["coaching_notes"]
    with filled.engine.begin() as connection:
        connection.execute(sa.update(notes).values(shared_at=build.NOW))
    for statement in (touch("coaching_notes"), "update coaching_notes set shared_at = null"):
        with pytest.raises(sa.exc.DBAPIError, match="stays as it is"):
            attempt(filled, statement)


@pytest.mark.parametrize("column", ["item", "kind", "words"])
def test_a_systemic_need_moves_and_stays_as_it_was_raised(filled: Database, column: str) -> None:
    attempt(filled, "update systemic_needs set state = 'answered', owner = 'state'")
    value = {"item": "'SRM01'", "kind": "'policy'", "words": "'x'"}[column]
    if filled.engine.dialect.name == "postgresql" and column == "words":
        value = "'x'::bytea"
    with pytest.raises(sa.exc.DBAPIError, match="stays as it was raised"):
        attempt(filled, f"update systemic_needs set {column} = {value}")  # noqa: S608 - our own words
    with pytest.raises(sa.exc.DBAPIError, match="not deleted"):
        attempt(filled, "delete from systemic_needs")


def test_a_final_review_can_be_reopened_and_not_otherwise_changed(filled: Database) -> None:
    finish(filled)
    for statement in ("update case_reviews set revision = 9", "delete from case_reviews"):
        with pytest.raises(sa.exc.DBAPIError, match=r"frozen|not deleted"):
            attempt(filled, statement)
    attempt(filled, "update case_reviews set state = 'reopened'")


@pytest.mark.parametrize(
    "column", ["purpose", "reading", "instrument", "instrument_version", "instrument_digest"]
)
def test_what_a_review_rests_on_never_changes(filled: Database, column: str) -> None:
    value = {"purpose": "'practice'", "reading": "2"}.get(column, "'other'")
    with pytest.raises(sa.exc.DBAPIError, match="rests on cannot change"):
        attempt(filled, f"update case_reviews set {column} = {value}")  # noqa: S608 - our own words


def test_a_request_stays_as_it_was_asked_and_once_decided_as_it_was_decided(
    filled: Database,
) -> None:
    for statement in (
        "delete from reconsiderations",
        "update reconsiderations set item = 'SRM09'",
        "update reconsiderations set rating = 'not_applicable'",
        "update reconsiderations set words = null",
    ):
        with pytest.raises(sa.exc.DBAPIError, match=r"not deleted|stays as it was|[Nn]ull"):
            attempt(filled, statement)
    attempt(filled, "update reconsiderations set state = 'upheld'")
    with pytest.raises(sa.exc.DBAPIError, match="stays as it was asked and decided"):
        attempt(filled, "update reconsiderations set state = 'asked'")


@pytest.mark.parametrize("table", DECLARED["OF_A_REVIEW"])
def test_nothing_is_carried_out_of_a_final_review(filled: Database, table: str) -> None:
    reviews = one_of_each.metadata().tables["case_reviews"]
    kept = [each for each in reviews.columns if each.name not in ("id", "public_id")]
    given = [sa.literal(2) if each.name == "reading" else each for each in kept]
    another = sa.select(sa.literal(2), sa.literal(uuid.uuid4(), sa.Uuid()), *given)
    with filled.engine.begin() as connection:
        connection.execute(sa.insert(reviews).from_select(["id", "public_id", *kept], another))
    with filled.engine.begin() as connection:
        final = {"state": "final", "final_at": build.NOW, "pur_to": build.NOW.date()}
        first = reviews.c.reading == 1
        connection.execute(sa.update(reviews).where(first).values(final))
    away = f"update {table} set review_id = (select max(id) from case_reviews)"  # noqa: S608 - our own tables
    with pytest.raises(sa.exc.DBAPIError, match="final case review is frozen"):
        attempt(filled, away)


def test_postgresql_empties_no_table_at_once(filled: Database) -> None:
    if filled.engine.dialect.name != "postgresql":
        return  # the embedded database has no such statement
    for table in (*DECLARED["APPEND_ONLY"], *DECLARED["OF_A_REVIEW"], *DECLARED["KEPT_TEXTS"]):
        with pytest.raises(sa.exc.DBAPIError, match="cannot be emptied"):
            attempt(filled, f"truncate {table} cascade")


def test_the_list_names_every_table_that_may_never_change() -> None:
    assert set(DECLARED["APPEND_ONLY"]) == {
        "disclosures",
        "debriefs",
        "memo_releases",
        "memo_acknowledgements",
        "reconsideration_steps",
        "coaching_entries",
        "systemic_need_steps",
        "event_seals",
        "events",
        "measure_runs",
        "pooled_runs",
        "review_steps",
        "safety_alert_steps",
        "setting_values",
        "rollout_decisions",
        "benchmarks",
        "second_level_changes",
        "frames",
        "frame_cases",
        "draws",
        "drawn_cases",
        "ledger_entries",
        "ledger_withdrawals",
        "county_notices",
        "step_entries",
        "step_files",
        "plan_entries",
        "plan_reminders",
        "plan_reminder_people",
        "plan_reminder_answers",
        "plan_calls",
        "report_remarks",
        "publications",
        "publication_runs",
        "published_files",
        "report_steps",
        "report_comments",
    }
    assert set(DECLARED["OF_A_REVIEW"]) == {
        "answers",
        "evidence",
        "fact_answers",
        "interviews",
        "interview_plans",
        "narratives",
        "ratings",
        "review_people",
        "review_subjects",
        "qa_notes",
        "overrides",
    }
    assert set(DECLARED["KEPT_TEXTS"]) == {"text_versions", "qa_entries", "narrative_versions"}


def test_a_database_that_lacks_a_trigger_is_not_ready(database: Database) -> None:
    assert schema.check(database.engine).up_to_date
    on = ' on "events"' if database.engine.dialect.name == "postgresql" else ""
    with database.engine.begin() as connection:
        connection.exec_driver_sql(f'drop trigger "events__no_update"{on}')
    state = schema.check(database.engine)
    assert not state.up_to_date
    assert state.words == "the database lacks triggers: events__no_update"
