"""`cqi db`, `cqi backup`, `cqi restore`, `cqi audit`, on both engines."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from cqi.core import configuration, schema
from cqi.core import database as databases
from tests.fixtures import installation, postgresql
from tests.fixtures.commands import Command

PLACES = "county,fips,region\nAdams County,28001,I-South\nAlcorn County,28003,I-North\n"


@pytest.fixture
def new(command: Command, tmp_path: Path, engine_url: str) -> Command:
    """An installation that nothing was done for yet."""
    return command.on(tmp_path / "new", engine_url)


def import_places(command: Command, folder: Path) -> None:
    file = folder / "places.csv"
    file.write_text(PLACES, encoding="utf-8")
    command("places", "import", file).good()


def test_upgrade_makes_a_database_check_finds_it_right_and_downgrade_empties_it(
    new: Command,
) -> None:
    upgraded = new("db", "upgrade").good()
    assert upgraded.out.startswith("the database is at 0")
    assert "a lost key file is a lost database" in upgraded.err
    checked = new("db", "check").good()
    again = new("db", "upgrade").good()
    assert again.err == "", "keys are made once"
    assert "as the product needs it" in checked.out
    assert new("db", "downgrade", "base").good().out == "the database is at nothing\n"
    stale = new("db", "check")
    assert stale.code == 1
    assert "the database is at nothing and needs 0" in stale.out


def test_a_command_says_how_to_make_or_mend_the_database(new: Command, engine_name: str) -> None:
    nothing = new("rounds", "list")
    assert (nothing.code, nothing.out) == (2, "")
    assert ("cqi db upgrade" if engine_name == "embedded" else "key file") in nothing.err
    new("db", "upgrade").good()
    new("db", "downgrade", "base").good()
    stale = new("rounds", "list", "--format", "json")
    assert (stale.code, stale.out) == (2, "")
    assert "run `cqi db upgrade`" in stale.err


def test_what_was_backed_up_comes_back(
    installed: Command,
    settings: configuration.Configuration,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    import_places(installed, tmp_path)
    file = tmp_path / "kept.backup"
    wrote = installed("backup", file).good()
    assert "1 events in the chain, verified" in wrote.out
    assert b"Adams" not in file.read_bytes(), "encrypted"
    twice = installed("backup", file)
    assert (twice.code, twice.out) == (2, "")
    assert "exists already" in twice.err

    full = installed("restore", file)
    assert (full.code, full.out) == (2, "")
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(settings.key_file.parent, elsewhere / "keys")
    if settings.embedded:
        restored = installed.on(elsewhere)
        _restore(restored, file)
        return
    server = request.getfixturevalue("postgresql_server")
    with postgresql.database(server) as url:
        _restore(installed.on(elsewhere, url), file)


def _restore(command: Command, file: Path) -> None:
    assert "1 events in the chain, verified" in command("restore", file).good().out
    held = command("audit", "verify").good().out
    assert held == "2 events in 2 streams and 1 seals hold\n", "its own, and that it was restored"


def test_a_damaged_backup_is_refused(installed: Command, tmp_path: Path) -> None:
    file = tmp_path / "kept.backup"
    installed("backup", file).good()
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    shutil.copytree(tmp_path / "installation" / "keys", tmp_path / "elsewhere" / "keys")
    ran = installed.on(tmp_path / "elsewhere", "")("restore", file)
    assert (ran.code, ran.out) == (2, "")
    assert not (tmp_path / "elsewhere" / "cqi.db").exists()


def test_a_server_that_does_not_answer_is_said_in_one_line(
    command: Command, postgresql_template: str, postgresql_server: str, tmp_path: Path,
    embedded_template: configuration.Configuration,
) -> None:  # fmt: skip
    folder, file = tmp_path / "installation", tmp_path / "kept.backup"
    shutil.copytree(embedded_template.key_file.parent, folder / "keys")
    ready = postgresql.name_of(postgresql_template)
    with postgresql.database(postgresql_server, template=ready) as url:
        command.on(folder, url)("backup", file).good()
    command.on(folder, "postgresql+psycopg://nobody@127.0.0.1:1/x")
    for arguments in (("restore", file), ("backup", tmp_path / "other.backup"), ("db", "check")):
        ran = command(*arguments)
        assert (ran.code, ran.out) == (1, "")
        assert ran.err.startswith("cqi: the database of CQI_DATABASE_URL does not answer: ")
        assert ran.err.count("\n") == 1
    assert not (tmp_path / "other.backup").exists()


def changed(settings: configuration.Configuration, statement: str) -> None:
    """Change what the triggers forbid, as somebody with the database in hand could."""
    engine = databases.open_database(settings).engine
    with engine.begin() as connection:
        schema.drop_triggers(connection)
        connection.execute(sa.text(statement))
        schema.create_triggers(connection)
    engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "update events set kind = 'places.invented' where id = 1",
        "update events set at = '2001-01-01 00:00:00' where id = 1",
        "delete from events where id = 1",
        "update event_heads set sequence = 7",
    ],
)
def test_verify_walks_the_chain_and_names_what_was_tampered_with(
    installed: Command, settings: configuration.Configuration, tmp_path: Path, statement: str
) -> None:
    import_places(installed, tmp_path)
    assert installed("audit", "verify").good().out == ("1 events in 1 streams and 0 seals hold\n")
    changed(settings, statement)
    ran = installed("audit", "verify")
    assert (ran.code, ran.out) == (1, "")
    assert "the chain does not hold" in ran.err
    if statement.startswith("update events"):
        assert "event 1 (places " in ran.err


def test_a_day_is_sealed_once(installed: Command, tmp_path: Path) -> None:
    import_places(installed, tmp_path)
    sealed = installed("audit", "seal").good().out.split()
    assert len(sealed[-1]) == 64
    assert installed("audit", "seal").good().out == "today is sealed already\n"
    assert "and 1 seals hold" in installed("audit", "verify").good().out


def test_a_seal_is_kept_outside_as_one_object_and_never_overwritten(
    installed: Command, tmp_path: Path
) -> None:
    import_places(installed, tmp_path)
    out = tmp_path / "2027-03-10.json"
    said = installed("audit", "seal", "--out", out).good().out
    kept = json.loads(out.read_text(encoding="utf-8"))
    assert list(kept) == [
        "sealed_on", "sealed_at", "last_event_id", "heads", "heads_digest", "previous_hash",
        "key_id", "hash",
    ]  # fmt: skip
    assert said.splitlines() == [f"{kept['sealed_on']} {kept['hash']}", f"wrote {out}"]
    assert (kept["last_event_id"], kept["heads"]) == (1, 1)

    again = installed("audit", "seal", "--out", out).good().out
    assert again.splitlines() == ["today is sealed already", f"{out} holds it already"]
    second = tmp_path / "second.json"
    installed("audit", "seal", "--out", second).good()
    assert second.read_bytes() == out.read_bytes(), "the seal of the day, not another one"

    out.write_text("{}")
    for wrong, words in ((out, "never overwrites"), (tmp_path / "no" / "x", "cannot be written")):
        ran = installed("audit", "seal", "--out", wrong)
        assert ran.code == 2
        assert words in ran.err
    assert out.read_text() == "{}"
    assert "and 1 seals hold" in installed("audit", "verify").good().out


def test_a_seal_kept_outside_tells_of_a_chain_that_was_made_anew(
    installed: Command, settings: configuration.Configuration, tmp_path: Path
) -> None:
    import_places(installed, tmp_path)
    out = tmp_path / "seal.json"
    installed("audit", "seal", "--out", out).good()
    assert "and 1 seals hold" in installed("audit", "verify", "--seal", out).good().out
    changed(settings, "delete from event_seals")
    installed("audit", "verify").good()
    installed("audit", "seal").good()
    ran = installed("audit", "verify", "--seal", out)
    assert (ran.code, ran.out) == (1, "")
    assert "is not one of its own" in ran.err
    for text in ("{", "[]"):
        out.write_text(text)
        assert installed("audit", "verify", "--seal", out).code == 2


def test_a_seal_from_between_a_backup_and_its_restore_is_explained(
    installed: Command,
    settings: configuration.Configuration,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    import_places(installed, tmp_path)
    backup, kept, elsewhere = tmp_path / "a.backup", tmp_path / "seal.json", tmp_path / "elsewhere"
    installed("backup", backup).good()
    installed("audit", "seal", "--out", kept).good()
    shutil.copytree(settings.key_file.parent, elsewhere / "keys")
    server = request.getfixturevalue("postgresql_server")
    with contextlib.ExitStack() as stack:
        url = "" if settings.embedded else stack.enter_context(postgresql.database(server))
        restored = installed.on(elsewhere, url)
        said = restored("restore", backup).good().out
        assert "sealed anew: " in said
        ran = restored("audit", "verify", "--seal", kept)
        assert ran.code == 1
        assert "is not one of its own (a backup was restored on " in ran.err


def test_the_trail_is_written_to_a_file_of_either_kind(installed: Command, tmp_path: Path) -> None:
    import_places(installed, tmp_path)
    table, lines = tmp_path / "trail.csv", tmp_path / "trail.jsonl"
    for out in (table, lines):
        assert installed("audit", "export", "--out", out).good().out == f"wrote {out}\n"
    [row] = csv.DictReader(io.StringIO(table.read_text(encoding="utf-8")))
    [line] = [json.loads(text) for text in lines.read_text(encoding="utf-8").splitlines()]
    assert row["kind"] == line["kind"] == "places.imported"
    assert row["hash"] == line["hash"]
    assert json.loads(row["payload"]) == line["payload"]
    assert installed("audit", "export", "--out", table).code == 2, "it never overwrites"
    assert installed("audit", "export", "--out", tmp_path / "trail.txt").code == 2
    old = tmp_path / "old.jsonl"
    installed("audit", "export", "--out", old, "--until", "2001-01-01").good()
    assert old.read_text() == ""


def test_the_wrong_key_file_is_told_apart(installed: Command, tmp_path: Path) -> None:
    other: Any = installation.settings_in(tmp_path / "other")
    installed.patch.setenv("CQI_KEY_FILE", str(other.key_file))
    ran = installed("rounds", "list")
    assert (ran.code, ran.out) == (2, "")
    assert "the key file" in ran.err


def test_new_keys_are_made_by_command_and_the_chain_holds_over_them(
    installed: Command, settings: configuration.Configuration, tmp_path: Path
) -> None:
    import_places(installed, tmp_path)
    before = settings.key_file.read_text()
    assert installed("keys", "rotate").good().out == "new keys: columns 2, events 2\n"
    assert installed("audit", "verify").good().out == "2 events in 2 streams and 0 seals hold\n"
    settings.key_file.write_text(before)
    ran = installed("audit", "verify")
    assert ran.code == 1
    assert "its key 2 is not in the key file" in ran.err
