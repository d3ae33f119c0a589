"""One source of protected evidence: masked elsewhere, opened here on purpose, written down."""

from __future__ import annotations

import uuid

import flask

from cqi.access import current, guard, reading_log
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.reviews import policy
from cqi.reviews.views import cards, frames, links, routes


@routes.blueprint.get("/reviews/<uuid:public_id>/evidence/<uuid:evidence_id>")
@guard.requires(Permission.REVIEW_SEE)
def protected_evidence(public_id: uuid.UUID, evidence_id: uuid.UUID) -> str:
    """What is masked on the pages of a case review, for those who score it or do its QA."""
    opened = routes.opened(public_id)
    sheet = opened.sheet
    if not policy.sees_protected(sheet.standing, current.actor()):
        raise errors.Forbidden("Only its reviewers and its QA open protected evidence.")
    sources = (one for found in sheet.evidence.values() for one in found)
    source = next((one for one in sources if one.public_id == evidence_id and one.protected), None)
    if source is None:
        raise errors.NotFound("there is no such evidence")
    reading_log.record_read(public_id, purpose="protected evidence")
    return flask.render_template(
        "reviews/protected_evidence.html",
        case=frames.of(opened),
        item=source.item,
        words=cards.source_words(sheet, source),
        detail=source.detail,
        by=source.by,
        at=routes.time_of(source.at),
        back=f"{links.item(public_id, sheet.instrument, source.item)}-evidence",
    )
