"""Secrets of one installation: one file, made once, readable by its owner only.

A lost key file is a lost database: the embedded database, the encrypted columns and the
event chain all hang on it.
"""

from __future__ import annotations

import functools
import json
import os
import secrets
from dataclasses import dataclass, field, replace
from pathlib import Path

from cqi.core import errors

_SIZE = 32  # bytes
_ANYBODY = 0o007


@dataclass(frozen=True)
class Keys:
    """Raw 256-bit keys. `columns` and `events` hold older keys too, by key id, for reading."""

    database: bytes = field(repr=False)
    columns: dict[str, bytes] = field(repr=False)
    events: dict[str, bytes] = field(repr=False)
    web: bytes = field(repr=False)

    @property
    def column_key_id(self) -> str:
        """The key that new column values are encrypted with: the newest."""
        return max(self.columns, key=int)

    @property
    def event_key_id(self) -> str:
        """The key that new events are chained with: the newest."""
        return max(self.events, key=int)


def fresh() -> Keys:
    """New random keys."""
    new = functools.partial(secrets.token_bytes, _SIZE)
    return Keys(database=new(), columns={"1": new()}, events={"1": new()}, web=new())


def create(path: Path) -> Keys:
    """Make the key file (0600, in a folder 0700). Refuses to overwrite one."""
    keys = fresh()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise errors.BadInput(f"the key file {path} cannot be made: {error.strerror}") from error
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(as_text(keys))
    return keys


def rotated(keys: Keys) -> Keys:
    """The same with a new key for columns and one for events; the older ones still read."""
    new = secrets.token_bytes
    columns = {**keys.columns, str(int(keys.column_key_id) + 1): new(_SIZE)}
    events = {**keys.events, str(int(keys.event_key_id) + 1): new(_SIZE)}
    return replace(keys, columns=columns, events=events)


def without(keys: Keys, column_key_id: str) -> Keys:
    """The same without one older key for columns."""
    return replace(keys, columns={k: v for k, v in keys.columns.items() if k != column_key_id})


def keep(path: Path, keys: Keys) -> None:
    """Put keys in the place of those in a key file, whole or not at all. Raises BadInput."""
    half = path.with_name(path.name + ".part")
    try:
        half.unlink(missing_ok=True)
        handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(as_text(keys))
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
    except OSError as error:
        raise errors.BadInput(f"{path} cannot be written: {error.strerror}") from error


def load(path: Path) -> Keys:
    """Read a key file. Raises BadInput that says what to do when it is missing or damaged, holds
    no real keys, or can be read by anybody on the machine."""
    try:
        if path.stat().st_mode & _ANYBODY:
            message = f"anybody on this machine may read {path}: run chmod 600 {path}"
            raise errors.BadInput(message)
        return from_text(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        message = (
            f"the key file {path} is missing: put the saved copy there, or set CQI_KEY_FILE;"
            " without it the database cannot be read"
        )
        raise errors.BadInput(message) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise errors.BadInput(f"the key file {path} cannot be read: restore its copy") from error


def as_text(keys: Keys) -> str:
    """The key file's text: JSON with hexadecimal keys."""
    content = {
        "database": keys.database.hex(),
        "columns": {key: value.hex() for key, value in keys.columns.items()},
        "events": {key: value.hex() for key, value in keys.events.items()},
        "web": keys.web.hex(),
    }
    return json.dumps(content, indent=2) + "\n"


def from_text(text: str) -> Keys:
    """Parse a key file's text. Raises ValueError or KeyError when it is damaged, or holds what is
    no random key: one of another length, or of one byte again and again."""
    content = json.loads(text)
    found = Keys(
        database=_key(content["database"]),
        columns={name: _key(value) for name, value in content["columns"].items()},
        events={name: _key(value) for name, value in content["events"].items()},
        web=_key(content["web"]),
    )
    if not found.columns or not found.events:
        raise ValueError("no key for columns or events")
    return found


def _key(text: str) -> bytes:
    key = bytes.fromhex(text)
    if len(key) != _SIZE or len(set(key)) == 1:
        raise ValueError("no random key of 256 bits")
    return key
