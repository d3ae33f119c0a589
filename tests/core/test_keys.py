"""Keys and what they encrypt."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from cqi.core import encryption, errors, keys


@pytest.fixture
def secrets() -> Iterator[keys.Keys]:
    """Keys of this test's own; those of the process come back afterwards."""
    before = dict(encryption._ring)
    fresh = keys.fresh()
    encryption.use(fresh)
    yield fresh
    encryption._ring.update(before)


def test_a_key_file_is_its_owners_only_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "keys.json"
    made = keys.create(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert keys.load(path) == made
    with pytest.raises(errors.BadInput):
        keys.create(path)
    assert keys.load(path) == made


@pytest.mark.parametrize("text", ["", "{}", '{"database": "zz"}', "[]"])
def test_a_damaged_key_file_says_what_to_do(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys.json"
    keys.keep(path, keys.fresh())
    path.write_text(text)
    with pytest.raises(errors.BadInput, match="restore"):
        keys.load(path)


@pytest.mark.parametrize("mode", [0o604, 0o602, 0o644])
def test_a_key_file_that_anybody_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "keys" / "keys.json"
    keys.create(path)
    path.chmod(mode)
    with pytest.raises(errors.BadInput, match=f"chmod 600 {path}"):
        keys.load(path)


@pytest.mark.parametrize("word", ["00" * 32, "ff" * 32, "ab" * 16, ""])
@pytest.mark.parametrize("name", ["database", "columns", "events", "web"])
def test_what_is_no_random_key_is_refused(tmp_path: Path, name: str, word: str) -> None:
    path = tmp_path / "keys.json"
    content = json.loads(keys.as_text(keys.fresh()))
    content[name] = {"1": word} if name in ("columns", "events") else word
    keys.keep(path, keys.fresh())
    keys.load(path)
    path.write_text(json.dumps(content))
    with pytest.raises(errors.BadInput, match="restore"):
        keys.load(path)


def test_new_keys_write_and_the_older_ones_still_read(secrets: keys.Keys, tmp_path: Path) -> None:
    old = encryption.encrypt("written before")
    path = tmp_path / "keys.json"
    keys.keep(path, keys.rotated(secrets))
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]
    after = keys.load(path)
    encryption.use(after)
    new = encryption.encrypt("written after")
    assert (after.column_key_id, after.event_key_id) == ("2", "2")
    assert (new[1:2], old[1:2]) == (b"2", b"1")
    assert (encryption.decrypt(old), encryption.decrypt(new)) == ("written before", "written after")
    assert (after.database, after.web) == (secrets.database, secrets.web)
    encryption.use(secrets)
    with pytest.raises(KeyError):
        encryption.decrypt(new)


def test_a_missing_key_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(errors.BadInput, match="CQI_KEY_FILE"):
        keys.load(tmp_path / "keys.json")


def test_keys_do_not_stand_in_what_is_printed(secrets: keys.Keys) -> None:
    assert secrets.database.hex() not in repr(secrets)
    assert repr(secrets.database) not in repr(secrets)


@pytest.mark.parametrize("text", ["", "ä mother said <he hit me>", "x" * 10_000])
def test_a_text_comes_back(secrets: keys.Keys, text: str) -> None:
    first, second = encryption.encrypt(text), encryption.encrypt(text)
    assert first != second
    assert text.encode() not in first or not text
    assert encryption.decrypt(first) == encryption.decrypt(second) == text


def test_an_older_key_still_reads_and_a_newer_one_writes(secrets: keys.Keys) -> None:
    old = encryption.encrypt("words")
    rotated = replace(secrets, columns={**secrets.columns, "10": keys.fresh().database})
    encryption.use(rotated)
    assert rotated.column_key_id == "10"
    assert encryption.decrypt(old) == "words"
    assert encryption.encrypt("words")[1:3] == b"10"


def test_a_changed_value_is_refused(secrets: keys.Keys) -> None:
    value = bytearray(encryption.encrypt("words"))
    value[-1] ^= 1
    with pytest.raises(InvalidTag):
        encryption.decrypt(bytes(value))
