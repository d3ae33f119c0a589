"""What pages send of themselves in hidden fields: keys and numbers."""

from __future__ import annotations

import uuid

import wtforms

from cqi.core import identifiers


def key_of(field: wtforms.Field) -> uuid.UUID:
    """The page's key; a form without one is something new."""
    try:
        return uuid.UUID(field.data or "")
    except ValueError:
        return identifiers.uuid7()


def number_of(field: wtforms.Field) -> int:
    """The revision that a page showed; what is no number is none."""
    text = str(field.data or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
