"""Case reviews in lists: mine, QA's, a round's."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.cases.models import Case
from cqi.cases.rules import CaseType
from cqi.instruments.definition import Rating
from cqi.reviews.queries.sheets import Progress
from cqi.reviews.rules import ReviewState
from cqi.rounds.models import Round


@dataclass(frozen=True)
class ReviewLine:
    """One case review in a list.

    `progress` is there while the reviewers have it, `components` (rating by code) after that;
    `stuck` says what would move it, empty where it moves; `returned_reason` is QA's last one,
    while it is returned.
    """

    public_id: uuid.UUID
    round_id: uuid.UUID
    round_name: str
    case_number: str
    case_type: CaseType
    county: str
    state: ReviewState
    state_since: dt.datetime
    days_in_state: int
    reviewers: tuple[str, ...]
    progress: Progress | None
    components: Mapping[str, Rating | None]
    returned_reason: str
    stuck: str


def my_reviews(session: orm.Session, actor: Actor, now: dt.datetime) -> list[ReviewLine]:
    """The case reviews that `actor` scores: returned first, then open, then the rest."""
    raise NotImplementedError


def qa_queue(session: orm.Session, actor: Actor, now: dt.datetime) -> list[ReviewLine]:
    """What waits for QA where `actor` may approve, oldest first; never what they scored."""
    raise NotImplementedError


def round_overview(
    session: orm.Session, actor: Actor, in_round: Round, now: dt.datetime
) -> list[ReviewLine]:
    """One line a case that `actor` sees: stuck first, then by state and number."""
    raise NotImplementedError


def review_counts(session: orm.Session, actor: Actor) -> dict[int, dict[ReviewState, int]]:
    """Round id -> how many of the case reviews that `actor` sees stand in each state."""
    raise NotImplementedError


def finished(session: orm.Session, round_ids: Collection[int]) -> frozenset[int]:
    """The rounds that are finished: each of their case reviews is final or withdrawn."""
    raise NotImplementedError


def team(session: orm.Session, in_round: Round, today: dt.date) -> list[Actor]:
    """The people with a reviewer's grant on a round, by name."""
    raise NotImplementedError


def cases_to_assign(session: orm.Session, actor: Actor, in_round: Round) -> list[Case]:
    """The cases of a round's counties that are not in it yet. Raises Forbidden."""
    raise NotImplementedError
