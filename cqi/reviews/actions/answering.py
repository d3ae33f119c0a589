"""The one action that records facts, answers and narratives, one or many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import errors
from cqi.instruments.component_rating import ComponentRating
from cqi.instruments.item_rating import ItemRating
from cqi.reviews.models import CaseReview
from cqi.reviews.rules import Change


@dataclass(frozen=True)
class Saved:
    """What `record_answers` did.

    `revisions` by anchor ("SRM05-b", "SRM05", "fact-case_type") of everything that was sent and
    now stands; `items` and `components` are the new ratings of what was touched; `conflicts`
    are the values that somebody else changed first: they were not saved, all others were.
    """

    revisions: Mapping[str, int]
    items: Mapping[str, ItemRating]
    components: Mapping[str, ComponentRating]
    conflicts: tuple[errors.Conflict, ...] = ()


def record_answers(
    session: orm.Session,
    *,
    review: CaseReview,
    changes: Sequence[Change],
    actor: Actor,
    now: dt.datetime,
) -> Saved:
    """Save changes and re-rate what they touch, with one event.

    A change to what already stands is no change and no conflict. A narrative that somebody else
    changed first comes back in `conflicts` with both texts. The first save starts the review.
    Raises Forbidden (not an assigned reviewer), Blocked (not_open, conflict of interest), or
    BadInput for a name or value that the instrument does not have.
    """
    raise NotImplementedError
