"""Which case a stream of events is about, for auditors: they see its number, never its content."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.cases.models import Case
from cqi.core import errors
from cqi.reviews.models import CaseReview
from cqi.rounds.models import Round


@dataclass(frozen=True)
class Reviewed:
    """A case review by the number of its case and the name of its round."""

    public_id: uuid.UUID
    case_number: str
    round_name: str


def reviewed(
    session: orm.Session, actor: Actor, public_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, Reviewed]:
    """Case reviews by public id; ids of other things are left out. Raises Forbidden."""
    return _found(session, actor, CaseReview.public_id.in_(list(public_ids)))


def reviewed_case(session: orm.Session, actor: Actor, case_number: str) -> list[Reviewed]:
    """The case reviews of a case, in each round. Raises Forbidden."""
    return list(_found(session, actor, Case.case_number == case_number.strip()).values())


def _found(
    session: orm.Session, actor: Actor, where: sa.ColumnElement[bool]
) -> dict[uuid.UUID, Reviewed]:
    if not actor.holds(Permission.AUDIT_SEE):
        raise errors.Forbidden("only an auditor reads the audit trail")
    query = (
        sa.select(CaseReview.public_id, Case.case_number, Round.name)
        .join(Case, Case.id == CaseReview.case_id)
        .join(Round, Round.id == CaseReview.round_id)
        .where(where)
        .order_by(Case.case_number, CaseReview.id)
    )
    return {row.public_id: Reviewed(*row) for row in session.execute(query)}
