"""Files of finished ratings, and bringing one in."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping

import xlsxwriter
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.places.models import Place
from cqi.reviews import actions
from cqi.reviews.rules.importing import NAMES
from cqi.rounds.models import Round
from tests import build

HEAD = ",".join(NAMES)
TODAY = build.NOW.date()
FINAL_ON = "2026-11-20"
CODES = tuple(item.code for item in build.instrument().items)


def row(of: Round, county: Place, **other: str) -> dict[str, str]:
    """One good row, but for what is given."""
    good = {
        "round": of.name,
        "county_fips": county.code,
        "case_number": "E-1",
        "case_type": "foster_care",
        "item": "SRM05",
        "rating": "strength",
        "final_on": FINAL_ON,
    }
    return {**good, **other}


def whole_case(
    of: Round, county: Place, number: str = "E-1", ratings: Mapping[str, str] | None = None
) -> list[dict[str, str]]:
    """All items of a case, strengths but for `ratings`."""
    given = ratings or {}
    return [
        row(of, county, case_number=number, item=code, rating=given.get(code, "strength"))
        for code in CODES
    ]


def csv(rows: Iterable[Mapping[str, str]], head: str = HEAD) -> str:
    """The file; no value of these tests holds a comma."""
    return "\n".join([head, *(",".join(each[name] for name in NAMES) for each in rows)]) + "\n"


def xlsx(rows: Iterable[Mapping[str, str]]) -> bytes:
    """The same as a workbook."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, NAMES)
    for number, each in enumerate(rows, 1):
        sheet.write_row(number, 0, [each[name] for name in NAMES])
    book.close()
    return target.getvalue()


def bring_in(
    session: orm.Session, content: bytes | str, actor: Actor | None = None, *, dry_run: bool = False
) -> actions.RatingsImport:
    raw = content.encode() if isinstance(content, str) else content
    return actions.import_ratings(
        session, content=raw, actor=actor, today=TODAY, now=build.NOW, dry_run=dry_run
    )
