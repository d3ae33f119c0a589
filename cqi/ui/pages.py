"""The blueprint that brings the template macros: `{% import "ui/macros.html" as ui %}`; and long
lists, a page at a time.

The macros need one Jinja global from the web shell: `asset_url(name)`.
"""

from __future__ import annotations

from dataclasses import dataclass

import flask
from flask import Blueprint

blueprint = Blueprint("ui", __name__, template_folder="templates")
_LARGEST = 2**63
_FURTHEST = 100_000  # a page that no list reaches, and every database counts to


@dataclass(frozen=True)
class Stretch:
    """Which part of a long list a page shows: the `page`th, from 1, of `size` entries."""

    page: int
    size: int
    number: int

    @property
    def first(self) -> int:
        """The number of its first entry."""
        return (self.page - 1) * self.size + 1

    @property
    def last(self) -> int:
        """The number of its last entry."""
        return min(self.page * self.size, self.number)


def number(name: str) -> int | None:
    """A number in an address; none where it is larger than a database counts."""
    found = flask.request.args.get(name, type=int)
    return found if found is not None and abs(found) < _LARGEST else None


def asked_page() -> int:
    """The page of a long list that an address asks for; the first where it asks for none."""
    return min(max(number("page") or 1, 1), _FURTHEST)
