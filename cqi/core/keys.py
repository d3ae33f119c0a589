"""Secrets of one installation: one file, made once, readable by its owner only.

A lost key file is a lost database: the embedded database, the encrypted columns and the
event chain all hang on it.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from cqi.core import errors


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
    new = secrets.token_bytes
    return Keys(database=new(32), columns={"1": new(32)}, events={"1": new(32)}, web=new(32))


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


def load(path: Path) -> Keys:
    """Read a key file. Raises BadInput that says what to do when it is missing or damaged."""
    try:
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
    """Parse a key file's text. Raises ValueError or KeyError when it is damaged."""
    content = json.loads(text)
    return Keys(
        database=bytes.fromhex(content["database"]),
        columns={key: bytes.fromhex(value) for key, value in content["columns"].items()},
        events={key: bytes.fromhex(value) for key, value in content["events"].items()},
        web=bytes.fromhex(content["web"]),
    )
