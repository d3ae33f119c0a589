"""Putting a case into a round and people on its case review."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.cases.models import Case
from cqi.reviews.models import CaseReview
from cqi.rounds.models import Round


def assign_case(
    session: orm.Session,
    *,
    in_round: Round,
    case: Case,
    reviewers: Sequence[Actor],
    actor: Actor,
    now: dt.datetime,
) -> CaseReview:
    """Put a case into a round and give it its reviewers (`queries.team` has those to choose from).

    Raises Forbidden, or Blocked: county_not_in_round, already_in_round, not_on_team, conflict.
    """
    raise NotImplementedError


def add_reviewer(
    session: orm.Session, *, review: CaseReview, reviewer: Actor, actor: Actor, now: dt.datetime
) -> None:
    """Put one more person on a case review. Raises Forbidden or Blocked."""
    raise NotImplementedError


def remove_reviewer(
    session: orm.Session, *, review: CaseReview, person_id: int, actor: Actor, now: dt.datetime
) -> None:
    """Take a reviewer off a case review; what they answered stays. Raises Forbidden or Blocked."""
    raise NotImplementedError
