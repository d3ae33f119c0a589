"""Ratings that a QA lead sets against the computed ones, and takes back.

An override is a judgement on answers as they stood. When the reviewers may change answers again,
the steps that let them withdraw all overrides (`withdraw_all`).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import errors, events
from cqi.core.errors import Blocker
from cqi.instruments.definition import Rating
from cqi.reviews import policy, queries, rules
from cqi.reviews.actions import allowed, moving
from cqi.reviews.actions.moving import Doing
from cqi.reviews.models import CaseReview, Override, StoredRating


def override_rating(
    session: orm.Session,
    *,
    review: CaseReview,
    new: rules.NewOverride,
    actor: Actor,
    now: dt.datetime,
) -> uuid.UUID:
    """Rate an item otherwise than its answers do; its whole and its component follow by rule.

    An earlier override of the item is withdrawn. Returns the public id. Raises Forbidden (not a QA
    lead who may check this review), Blocked (wrong_state, no_reason, not_rated, same_rating), or
    BadInput for an item or rating that cannot be set.
    """
    doing = Doing(review, actor, now)
    moving.require(policy.check_blockers(queries.standing(session, review, lock=True), actor))
    _require(review, new)
    content = queries.contents_of(session, [review.id])[review.id]
    case = queries.assess(queries.instrument_of(review), content).rating
    computed, reason = case.items[new.item].rating, new.reason.replace("\r\n", "\n").strip()
    errors.require(_blockers(new, reason, computed))
    _withdraw(session, doing, Override.item == new.item)
    made = Override(
        review_id=review.id,
        item=new.item,
        rating=new.rating,
        computed=computed,
        reason=reason,
        by_id=actor.person_id,
        at=now,
    )
    session.add(made)
    moving.decide_on_level(session, doing, review.state)
    counted = count_again(session, review)
    payload = {
        "override": str(made.public_id),
        "item": new.item,
        "rating": new.rating.value,
        "reason": events.digest(reason),
        "counted": counted,
    }
    moving.record(session, doing, "review.rating_overridden", payload)
    return made.public_id


def withdraw_override(
    session: orm.Session,
    *,
    review: CaseReview,
    override_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Let the computed rating count again; the override stays on record.

    Raises NotFound; else as for `override_rating`.
    """
    doing = Doing(review, actor, now)
    moving.require(policy.check_blockers(queries.standing(session, review, lock=True), actor))
    items = _withdraw(session, doing, Override.public_id == override_id)
    if not items:
        raise errors.NotFound("this override is not in force any more")
    payload = {"override": str(override_id), "item": items[0]}
    moving.decide_on_level(session, doing, review.state)
    counted = count_again(session, review)
    moving.record(session, doing, "review.override_withdrawn", {**payload, "counted": counted})


def withdraw_all(session: orm.Session, doing: Doing) -> list[str]:
    """Withdraw every override of a case review; the codes of their items. Records no event."""
    items = _withdraw(session, doing, sa.true())
    if items:
        count_again(session, doing.review)
    return items


def count_again(session: orm.Session, review: CaseReview) -> dict[str, str]:
    """Store what counts where that is not what was computed; those ratings by code."""
    session.flush()
    given = queries.overrides_of(session, review)
    mine = StoredRating.review_id == review.id
    session.execute(sa.update(StoredRating).where(mine).values(overridden=None))
    changed = _changed(session, review, given) if given else {}
    for code, rating in changed.items():
        row = sa.update(StoredRating).where(mine, StoredRating.code == code)
        session.execute(row.values(overridden=rating))
    return {code: rating.value for code, rating in changed.items()}


def _changed(
    session: orm.Session, review: CaseReview, given: Mapping[str, queries.Given]
) -> dict[str, Rating]:
    instrument = queries.instrument_of(review)
    content = queries.contents_of(session, [review.id])[review.id]
    case = queries.assess(instrument, content).rating
    counts = queries.counted(instrument, case, content, given)
    found = {code: one.rating for code, one in counts.items.items()}
    found |= {code: one.rating for code, one in counts.components.items()}
    computed = {code: one.rating for code, one in case.items.items()}
    computed |= {code: one.rating for code, one in case.components.items()}
    return {code: one for code, one in found.items() if one and one is not computed[code]}


def _require(review: CaseReview, new: rules.NewOverride) -> None:
    instrument = queries.instrument_of(review)
    allowed.require_items(instrument, [new.item])
    if parts := instrument.item(new.item).parts:
        names = " or ".join(parts)
        raise errors.BadInput(f"{new.item} follows from its parts: override {names}.")
    if new.rating not in rules.OVERRIDES:
        raise errors.BadInput(
            "An item is a strength, an area needing improvement, or not applicable."
        )
    if len(new.reason) > rules.LONGEST_NOTE:
        raise errors.BadInput(f"A reason has at most {rules.LONGEST_NOTE} characters.")


def _blockers(new: rules.NewOverride, reason: str, computed: Rating | None) -> list[Blocker]:
    found = []
    if not reason:
        message = "Say why the rating is another one: the reason stays beside it."
        found.append(Blocker("no_reason", message, "reason"))
    if computed is None:
        found.append(Blocker("not_rated", f"{new.item} is not rated yet."))
    if computed is new.rating:
        message = "This is what the answers come to: nothing to override."
        found.append(Blocker("same_rating", message, "rating"))
    return found


def _withdraw(session: orm.Session, doing: Doing, which: sa.ColumnElement[bool]) -> list[str]:
    rows = session.scalars(
        sa.select(Override).where(
            Override.review_id == doing.review.id, Override.withdrawn_at.is_(None), which
        )
    ).all()
    for row in rows:
        row.withdrawn_at, row.withdrawn_by_id = doing.now, doing.actor.person_id
    return [row.item for row in rows]
