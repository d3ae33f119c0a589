"""Adding and taking away evidence sources."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.reviews.models import CaseReview
from cqi.reviews.rules import NewEvidence


def add_evidence(
    session: orm.Session,
    *,
    review: CaseReview,
    sources: Sequence[NewEvidence],
    actor: Actor,
    now: dt.datetime,
) -> list[uuid.UUID]:
    """Name one or many sources. Returns their public ids. Errors as for `record_answers`."""
    raise NotImplementedError


def remove_evidence(
    session: orm.Session,
    *,
    review: CaseReview,
    evidence_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Take a source away; it stays on record. Raises NotFound; else as for `record_answers`."""
    raise NotImplementedError
