"""What people do with cases: bring them in from a list."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.cases.rules import ImportResult


def import_cases(
    session: orm.Session,
    *,
    content: bytes,
    actor: Actor | None,
    today: dt.date,
    now: dt.datetime,
    dry_run: bool = False,
) -> ImportResult:
    """Bring in a CSV list of cases, all or nothing; `actor` None is the command line.

    Raises Forbidden without the permission. Problems are in the result, never raised; with
    any of them, or on a dry run, nothing is created.
    """
    raise NotImplementedError
