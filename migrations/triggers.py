"""The one list of triggers: what may never be changed, whoever asks the database, and what moves
the stamp of a round's results.

Imports nothing of the product. `declared(dialect)` gives name -> statements; a trigger's name
begins with its table's name and two underscores; where it needs a younger table, with that one's.
"""

APPEND_ONLY = (
    "events",
    "event_seals",
    "setting_values",
    "review_steps",
    "safety_alert_steps",
    "measure_runs",
    "pooled_runs",
    "debriefs",
    "memo_releases",
    "memo_acknowledgements",
    "reconsideration_steps",
    "coaching_entries",
    "systemic_need_steps",
    "step_entries",
    "step_files",
    "plan_entries",
    "plan_reminders",
    "plan_reminder_people",
    "plan_reminder_answers",
    "plan_calls",
    "report_remarks",
    "second_level_changes",
    "disclosures",
    "rollout_decisions",
    "benchmarks",
    "frames",
    "frame_cases",
    "draws",
    "drawn_cases",
    "ledger_entries",
    "ledger_withdrawals",
    "county_notices",
    "publications",
    "publication_runs",
    "published_files",
    "report_steps",
    "report_comments",
)
# tables that are frozen while their case review is final or withdrawn
OF_A_REVIEW = (
    "fact_answers",
    "answers",
    "narratives",
    "evidence",
    "ratings",
    "review_people",
    "review_subjects",
    "qa_notes",
    "overrides",
    "interviews",
    "interview_plans",
)
_MAY_CHANGE = "(old.state in ('final', 'withdrawn') and new.state <> 'reopened')"
# an update could carry a row out of a final case review as well as into one
_ROWS = {
    "insert": "new.review_id",
    "update": "old.review_id, new.review_id",
    "delete": "old.review_id",
}
# tables of texts that are kept but for their words, with the columns beside those
KEPT_TEXTS = {
    "text_versions": ("review_id", "place", "revision", "digest", "by_id", "at"),
    "narrative_versions": ("report_id", "section", "revision", "digest", "by_id", "at"),
    "qa_entries": ("note_id", "review_id", "kind", "by_id", "at"),
}
_PINNED = (
    "round_id",
    "case_id",
    "purpose",
    "reading",
    "instrument",
    "instrument_version",
    "instrument_digest",
    "public_id",
)
_OF_AN_ELIMINATION = ("public_id", "drawn_case_id", "reason", "proposed_by_id", "proposed_at")
_OF_A_NEED = ("public_id", "review_id", "item", "kind", "words", "raised_by_id", "raised_at")
_OF_AN_ALERT = (
    "public_id",
    "review_id",
    "urgency",
    "seen",
    "child",
    "about_unit",
    "raised_by_id",
    "raised_at",
    "acknowledge_due_at",
    "answer_due_at",
)
_OF_A_REQUEST = (
    "public_id",
    "review_id",
    "release_id",
    "item",
    "rating",
    "ground",
    "words",
    "asked_by_id",
    "asked_at",
)


def _refusals():
    """(name, table, operation, condition or None, message)."""
    for table in APPEND_ONLY:
        for operation in ("update", "delete"):
            yield f"{table}__no_{operation}", table, operation, None, f"{table} is append-only"
    for table, columns in KEPT_TEXTS.items():
        yield f"{table}__no_delete", table, "delete", None, f"{table} is append-only"
        kept = ["new.text is not null", *(f"new.{column} <> old.{column}" for column in columns)]
        message = "a saved text can only be emptied"
        yield f"{table}__no_update", table, "update", " or ".join(kept), message
    for table in OF_A_REVIEW:
        for operation in ("insert", "update", "delete"):
            frozen = (
                "exists (select 1 from case_reviews r where r.id in"
                f" ({_ROWS[operation]}) and r.state in ('final', 'withdrawn'))"
            )
            message = "a final case review is frozen"
            yield f"{table}__frozen_{operation}", table, operation, frozen, message
    yield (
        "case_reviews__no_delete", "case_reviews", "delete", None,
        "case reviews are withdrawn, not deleted",
    )  # fmt: skip
    yield (
        "case_reviews__frozen_update", "case_reviews", "update", _MAY_CHANGE,
        "a final case review is frozen",
    )  # fmt: skip
    pinned = " or ".join(f"new.{column} <> old.{column}" for column in _PINNED)
    yield (
        "case_reviews__pinned_update", "case_reviews", "update", pinned,
        "what a case review rests on cannot change",
    )  # fmt: skip
    yield (
        "safety_alerts__no_delete", "safety_alerts", "delete", None,
        "safety alerts are closed, not deleted",
    )  # fmt: skip
    yield (
        "eliminations__no_delete", "eliminations", "delete", None,
        "eliminations are declined, not deleted",
    )  # fmt: skip
    proposed = " or ".join(f"new.{column} <> old.{column}" for column in _OF_AN_ELIMINATION)
    yield (
        "eliminations__decided_update", "eliminations", "update",
        f"old.approved is not null or {proposed}", "an elimination stays as it was decided",
    )  # fmt: skip
    yield (
        "coaching_notes__no_delete", "coaching_notes", "delete", None,
        "coaching notes are kept",
    )  # fmt: skip
    yield (
        "coaching_notes__shared_update", "coaching_notes", "update", "old.shared_at is not null",
        "a shared coaching note stays as it is",
    )  # fmt: skip
    yield (
        "systemic_needs__no_delete", "systemic_needs", "delete", None,
        "systemic needs are closed, not deleted",
    )  # fmt: skip
    needed = " or ".join(f"new.{column} <> old.{column}" for column in _OF_A_NEED)
    yield (
        "systemic_needs__raised_update", "systemic_needs", "update", needed,
        "a systemic need stays as it was raised",
    )  # fmt: skip
    raised = " or ".join(f"new.{column} <> old.{column}" for column in _OF_AN_ALERT)
    yield (
        "safety_alerts__raised_update", "safety_alerts", "update", raised,
        "a safety alert stays as it was raised",
    )  # fmt: skip
    yield (
        "reconsiderations__no_delete", "reconsiderations", "delete", None,
        "requests to look at a rating again are withdrawn, not deleted",
    )  # fmt: skip
    asked = " or ".join(f"new.{column} <> old.{column}" for column in _OF_A_REQUEST)
    yield (
        "reconsiderations__asked_update", "reconsiderations", "update",
        f"old.state <> 'asked' or {asked}",
        "a request to look at a rating again stays as it was asked and decided",
    )  # fmt: skip


def _sqlite(name, table, operation, condition, message):
    when = f" when {condition}" if condition else ""
    body = f"begin select raise(abort, '{message}'); end"
    return [f'create trigger "{name}" before {operation} on "{table}"{when} {body}']


def _postgresql(name, table, operation, condition, message):
    test = f"if {condition} then" if condition else "if true then"
    row = "old" if operation == "delete" else "new"
    function = (
        f'create or replace function "{name}"() returns trigger language plpgsql as $$ begin'
        f" {test} raise exception '{message}'; end if; return {row}; end $$"
    )
    trigger = (
        f'create trigger "{name}" before {operation} on "{table}"'
        f' for each row execute function "{name}"()'
    )
    return [function, trigger]


def _truncations():
    """PostgreSQL alone can empty a table without touching a row, past every trigger of rows."""
    for table in (
        *APPEND_ONLY, *KEPT_TEXTS, *OF_A_REVIEW, "case_reviews", "safety_alerts", "eliminations",
        "reconsiderations",
        "coaching_notes", "systemic_needs",
    ):  # fmt: skip
        name = f"{table}__no_truncate"
        function = (
            f'create or replace function "{name}"() returns trigger language plpgsql as $$ begin'
            f" raise exception '{table} cannot be emptied'; end $$"
        )
        trigger = (
            f'create trigger "{name}" before truncate on "{table}"'
            f' for each statement execute function "{name}"()'
        )
        yield name, [function, trigger]


_ENDED = "('final', 'withdrawn')"  # case reviews in all other states are counted alike
_DRAWN = "select d.round_id from draws d join drawn_cases c on c.draw_id = d.id"

_OF_A_CASE = (
    f"select r.round_id from case_reviews r where r.case_id = new.id union {_DRAWN}"
    " where c.case_number in (old.case_number, new.case_number)"
)


def _stamps():
    """(name, table, operation, condition or None, rounds): what changes the counts of rounds.

    Ratings are not among them: they cannot change while their case review counts (above).
    """
    counted = " or ".join(
        f"new.{column} is distinct from old.{column}"
        for column in ("round_id", "case_id", "purpose", "reading", "imported_digest")
    )
    ends = f"(new.state <> old.state and (old.state in {_ENDED} or new.state in {_ENDED}))"
    moved = " or ".join(
        f"new.{column} <> old.{column}" for column in ("county_id", "case_type", "case_number")
    )
    yield "rollups__review_added", "case_reviews", "insert", None, "new.round_id"
    yield (
        "rollups__review_changed", "case_reviews", "update", f"{ends} or {counted}",
        "old.round_id, new.round_id",
    )  # fmt: skip
    yield (
        "rollups__drawn_case_added", "drawn_cases", "insert", None,
        "select d.round_id from draws d where d.id = new.draw_id",
    )  # fmt: skip
    for operation in ("insert", "update"):
        yield (
            f"rollups__elimination_{operation}", "eliminations", operation, None,
            f"{_DRAWN} where c.id in (new.drawn_case_id, new.replacement_id)",
        )  # fmt: skip
    yield (
        "rollups__case_added", "cases", "insert", None,
        f"{_DRAWN} where c.case_number = new.case_number",
    )  # fmt: skip
    yield (
        "rollups__case_changed", "cases", "update", moved,
        _OF_A_CASE,
    )  # fmt: skip


def _stamp(dialect, name, table, operation, condition, rounds):
    move = f"update rounds set results_stamp = results_stamp + 1 where id in ({rounds});"
    head = f'create trigger "{name}" after {operation} on "{table}" for each row'
    when = f" when ({condition})" if condition else ""
    if dialect == "sqlite":
        return [f"{head}{when} begin {move} end"]
    function = (
        f'create or replace function "{name}"() returns trigger language plpgsql as $$ begin'
        f" {move} return null; end $$"
    )
    return [function, f'{head}{when} execute function "{name}"()']


def declared(dialect):
    """Every trigger of a dialect, "sqlite" or "postgresql"."""
    stamps = {stamp[0]: _stamp(dialect, *stamp) for stamp in _stamps()}
    if dialect == "sqlite":
        return {refusal[0]: _sqlite(*refusal) for refusal in _refusals()} | stamps
    refusals = {refusal[0]: _postgresql(*refusal) for refusal in _refusals()}
    return refusals | stamps | dict(_truncations())
