"""What a report is beside its figures: its level, its states, when it is due."""

from __future__ import annotations

import datetime as dt
import enum
import hashlib
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cqi.core import working_days


class Level(enum.StrEnum):
    """What a report is about."""

    STATE = "state"
    REGION = "region"
    COUNTY = "county"


LEVEL_WORDS = {Level.STATE: "State", Level.REGION: "Region", Level.COUNTY: "County"}


class ReportState(enum.StrEnum):
    """Where a report stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


REPORT_STATE_WORDS = {
    ReportState.DRAFT: "Draft",
    ReportState.IN_REVIEW: "In review",
    ReportState.APPROVED: "Approved",
    ReportState.PUBLISHED: "Published",
    ReportState.SUPERSEDED: "Superseded",
}
OPEN = frozenset({ReportState.DRAFT, ReportState.IN_REVIEW, ReportState.APPROVED})
WORDS = 60_000  # characters of a narrative: more than 5,000 long words


@dataclass(frozen=True)
class Due:
    """When a report is due, and how it stands to that in working days; `late` is 0 where it is
    not late, or published."""

    on: dt.date
    left: int
    late: int = 0


def due(on: dt.date, today: dt.date, holidays: Collection[dt.date], *, done: bool) -> Due:
    """How a report stands to its due date."""
    left = working_days.between(today, on, holidays)
    return Due(on, left, 0 if done else max(-left, 0))


def file_name(level: str, public_id: uuid.UUID, ending: str) -> str:
    """What a file of a publication is called, wherever it is downloaded."""
    return f"{level}-report-{public_id}.{ending}"


def sums(files: Iterable[tuple[str, str]]) -> str:
    """One line a file, its SHA-256 and its name, sorted by name: what `sha256sum` prints."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(files))


def digest_of(files: Iterable[tuple[str, str]]) -> str:
    """One digest over all files of a publication: the SHA-256 of those lines."""
    return hashlib.sha256(sums(files).encode()).hexdigest()
