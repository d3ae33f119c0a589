"""What every action on a report leaves behind: one event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import events
from cqi.reporting.models import ReportRow


@dataclass(frozen=True)
class Doing:
    """Who does it, when."""

    actor: Actor
    at: dt.datetime
    today: dt.date | None = None


def record(
    session: orm.Session, report: ReportRow, kind: str, doing: Doing, payload: Mapping[str, Any]
) -> None:
    session.flush()
    happening = events.Happening(f"report.{kind}", doing.actor.person_id, doing.at)
    events.record(session, events.Stream("report", report.public_id), happening, payload)
