"""What people do with rounds: open one."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.rounds.models import Round
from cqi.rounds.queries import NewRound


def open_round(
    session: orm.Session, *, new: NewRound, actor: Actor | None, now: dt.datetime
) -> Round:
    """Open a round; its region's counties on the first on-site day are frozen into it.

    `actor` None is the command line. Raises Forbidden, or Blocked with every reason.
    """
    raise NotImplementedError
