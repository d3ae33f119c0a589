"""`cqi plans list` and `cqi plans remind` on the demonstration state."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from cqi.cli import installation
from cqi.core import holidays, working_days
from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.plans.models import PlanReminder
from cqi.plans.rules import PlanState
from cqi.ui import dates
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.commands import Command
from tests.fixtures.demonstration import Demonstration
from tests.plans import invented


@pytest.fixture
def demo(
    command: Command, engine_name: str, request: pytest.FixtureRequest
) -> tuple[Command, dt.date]:
    """With --today both commands only read, so that nobody needs a copy."""
    name = "demonstration" if engine_name == "embedded" else "postgresql_demonstration"
    made: Demonstration = request.getfixturevalue(name)
    return command.on(made.folder, made.url), made.made_on


def test_list_counts_steps_and_those_that_are_late(demo: tuple[Command, dt.date]) -> None:
    command, today = demo
    rows = command("plans", "list", "--today", str(today), "--format", "json").good().json
    late = {row["name"]: row["late"] for row in rows if row["late"]}
    assert late == {"Region I-South improvement plan": 3, "Region II-West improvement plan": 1}
    assert {row["state"] for row in rows} == set(PlanState)
    for row in rows:
        assert set(row) == {
            "id", "name", "place", "state", "steps", "verified", "claimed", "late",
        }  # fmt: skip
    said = command("plans", "list", "--today", str(today)).good().out
    assert "steps verified, 3 late" in said


def test_remind_says_how_many_working_days_late_each_step_is(
    demo: tuple[Command, dt.date],
) -> None:
    command, today = demo
    later = today + dt.timedelta(days=90)
    rows = command("plans", "remind", "--today", str(later), "--format", "json").good().json
    late = [row for row in rows if row["standing"] == "late"]
    assert len(late) > 3
    for row in late:
        due = dt.date.fromisoformat(row["due_on"])
        assert row["working_days"] == working_days.between(due, later, holidays.days())
        assert row["words"] == f"{dates.counted(row['working_days'], 'working day')} late"
    soon = today + dt.timedelta(days=10)  # a step is due on the 21st day from today
    rows = command("plans", "remind", "--today", str(soon), "--format", "json").good().json
    assert any(row["standing"] != "late" and row["kind"].startswith("days_") for row in rows)


def test_another_today_changes_what_is_late(demo: tuple[Command, dt.date]) -> None:
    command, today = demo

    def late(on: dt.date) -> int:
        rows = command("plans", "remind", "--today", str(on), "--format", "json").good().json
        return sum(row["standing"] == "late" for row in rows)

    assert late(today - dt.timedelta(days=400)) == 0
    assert late(today + dt.timedelta(days=90)) > 3
    for day in ("tomorrow", "9999-12-31", "0001-01-01"):
        for what in ("remind", "list"):
            bad = command("plans", what, "--today", day)
            assert (bad.code, bad.out) == (2, "")
            assert "Traceback" not in bad.err
    assert (
        "choose a day of the years 2000 to 2199"
        in command("plans", "remind", "--today", "9999-12-31").err
    )
    command("plans", "remind", "--today", "2199-12-31").good()


def test_remind_tells_once_and_a_dry_run_writes_nothing(
    installed: Command, database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    invented.active(database, cast, cast.supervisor)

    def written() -> int:
        with database.reading() as session:
            return session.scalar(sa.select(sa.func.count()).select_from(PlanReminder)) or 0

    dry = installed("plans", "remind", "--today", str(invented.TODAY.day)).good().out
    assert "Cqi_Director Person" in dry
    assert written() == 0
    clock = Clock(invented.TODAY.zone, frozen_at=build.NOW)
    monkeypatch.setattr(installation, "ticking", lambda: clock)
    rows = installed("plans", "remind", "--format", "json").good().json
    assert [(row["step"], row["kind"], row["told"]) for row in rows] == [
        ("1.1.1", "overdue", ["Supervisor Person"]),
        ("1.1.1", "regional_director", ["Regional_Director Person"]),
        ("1.1.1", "cqi_director", ["Cqi_Director Person"]),
        ("1.1.2", "days_7", ["Supervisor Person"]),
    ]
    assert written() > 2
    assert "Nobody has to be told" in installed("plans", "remind").good().out
