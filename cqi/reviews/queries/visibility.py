"""Which case reviews somebody sees, and one of them."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.instruments import definition
from cqi.reviews import policy
from cqi.reviews.models import CaseReview


def visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """Where-clause on `CaseReview`: reviewers see what they are assigned to, others by reach."""
    raise NotImplementedError


def case_review(session: orm.Session, actor: Actor, public_id: uuid.UUID) -> CaseReview:
    """A case review that `actor` sees, with its case and round loaded. Raises NotFound."""
    raise NotImplementedError


def standing(session: orm.Session, review: CaseReview) -> policy.Standing:
    """What `policy` needs to know, read under a lock when the session writes."""
    raise NotImplementedError


def instrument_of(review: CaseReview) -> definition.Instrument:
    """The pinned instrument. Raises BadInput where its files no longer have the pinned digest."""
    raise NotImplementedError
