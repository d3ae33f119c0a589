"""The digest that freezes a published version: over what the files say, not how they are laid out.

SHA-256 (hex) of canonical JSON: keys sorted, no spaces, UTF-8. Comments, line ends and the names of
item files do not matter; worked cases and crosswalks are not part of it.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from cqi.instruments import loading


def of_table(table: Any) -> str:
    """The digest of one parsed table or list."""
    text = json.dumps(table, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def of_definition(raw: loading.RawDefinition) -> str:
    """The digest of a version: instrument.toml and all items, the items in order of their code."""
    items = sorted((raw_item.table for raw_item in raw.items), key=lambda t: str(t.get("item")))
    instrument = raw.instrument.table if raw.instrument else None
    return of_table({"instrument": instrument, "items": items})


def by_file(raw: loading.RawDefinition) -> dict[str, str]:
    """The digest of each file, so that a change can be named."""
    files = [*([raw.instrument] if raw.instrument else []), *raw.items]
    return {file.name: of_table(file.table) for file in files}
