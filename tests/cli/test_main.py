"""The command itself: help, unknown commands, and how errors are said."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures.commands import Command
from tests.fixtures.demonstration import ROOT

COMMANDS = (
    "serve", "demo", "db", "backup", "restore", "audit", "instruments", "places", "cases",
    "people", "rounds", "measures", "report", "plans",
)  # fmt: skip


def test_help_lists_every_command(command: Command) -> None:
    said = command("--help").good().out
    assert all(name in said for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help(command: Command, name: str) -> None:
    assert "Usage: cqi" in command(name, "--help").good().out


@pytest.mark.parametrize(
    "arguments",
    [["nothing"], ["rounds", "nothing"], ["measures", "--by", "moon"], ["rounds", "create"]],
)
def test_bad_usage_ends_with_2_and_prints_nothing_on_standard_output(
    command: Command, arguments: list[str]
) -> None:
    ran = command(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err


@pytest.mark.parametrize(("name", "value"), [("CQI_TIME_ZONE", "Moon/Sea"), ("PORT", "eighty")])
def test_a_bad_environment_is_named(
    command: Command, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    ran = command("rounds", "list")
    assert (ran.code, ran.out) == (2, "")
    assert name in ran.err


def test_it_runs_as_a_process(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "CQI_DATA_DIR": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, "-m", "cqi.cli", "rounds", "list", "--format", "json"],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("cqi: there is no database in ")
