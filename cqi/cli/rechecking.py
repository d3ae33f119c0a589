"""`cqi instruments recheck`: do the ratings that are kept still follow from the answers?"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field

import click

from cqi.cli import installation
from cqi.reviews import queries


@dataclass
class _Tally:
    """What was seen of all case reviews."""

    checked: int = 0
    imported: int = 0
    differences: list[queries.Difference] = field(default_factory=list)

    def add(self, one: queries.Rechecked) -> None:
        self.checked += not one.imported
        self.imported += one.imported
        self.differences += one.differences


def run(format_: str) -> None:
    """Rate every case review anew, name each difference, and exit with 1 where there is one."""
    tally = _Tally()
    with installation.opened().reading() as session:
        for one in queries.rechecked(session):
            tally.add(one)
    if format_ == "json":
        installation.print_json(_as_json(tally))
    else:
        for found in tally.differences:
            click.echo(_difference(found))
        click.echo(_summary(tally))
    if tally.differences:
        sys.exit(1)


def _as_json(tally: _Tally) -> dict[str, object]:
    return {
        "checked": tally.checked,
        "imported": tally.imported,
        "differences": [
            {
                "review": str(found.review),
                "code": found.code or None,
                "stored": found.stored,
                "derived": found.derived,
                "why": found.why or None,
            }
            for found in tally.differences
        ],
    }


def _difference(found: queries.Difference) -> str:
    if found.why:
        return f"{found.review}: cannot be rated: {found.why}"
    stored, derived = found.stored or "no rating", found.derived or "no rating"
    return f"{found.review} {found.code}: stored is {stored}, the answers give {derived}"


def _summary(tally: _Tally) -> str:
    wrong = len({found.review for found in tally.differences})
    if wrong:
        said = f"{wrong} of {tally.checked} case reviews: ratings do not follow from the answers"
    else:
        said = f"{tally.checked} case reviews: every rating follows from the answers"
    return f"{said}; {tally.imported} imported ones have no answers to derive from"
