"""What a final review says, as a memo nobody has worded yet."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.feedback import rules
from cqi.instruments.asking import Ask
from cqi.instruments.definition import Rating
from cqi.reviews import queries as reviews
from cqi.reviews import rules as review_rules
from cqi.reviews.models import CaseReview, StoredRating


def assembled(session: orm.Session, one: CaseReview) -> rules.Memo:
    """Strengths and needs of a review as its ratings stand, in the reviewers' words."""
    content = reviews.sheet(session, one)
    return rules.memo(content.instrument, _scored(session, one, content))


def _scored(session: orm.Session, one: CaseReview, sheet: reviews.ReviewSheet) -> rules.Scored:
    """What counts is the stored rating; the answers say why, or that QA set it."""
    rated, ratings = sheet.rating.items, _ratings(session, one)
    return rules.Scored(
        ratings=ratings,
        computed={
            code: each.rating
            for code, each in rated.items()
            if each.rating and sheet.overrides and each.rating is not ratings.get(code)
        },
        answers={code: dict(_answers(sheet, code)) for code in sheet.answers},
        narratives={item: entry.value for item, entry in sheet.narratives.items()},
        reasons={code: each.reason for code, each in rated.items()},
        decided_by={code: each.decided_by for code, each in rated.items()},
        withheld=frozenset(
            item
            for item, sources in sheet.evidence.items()
            if any(source.protected for source in sources)
        ),
        listed={kind: len(listed) for kind, listed in sheet.subjects.items()},
    )


def _answers(sheet: reviews.ReviewSheet, code: str) -> Iterator[tuple[Ask, str]]:
    """The answers to what is asked: one to a question that is asked no more is none."""
    entries = sheet.answers[code]
    for ask in sheet.rating.items[code].asks:
        entry = entries.get(review_rules.asked(*ask))
        if entry is not None:
            yield ask, entry.value


def _ratings(session: orm.Session, one: CaseReview) -> dict[str, Rating | None]:
    """Of items and components, by code."""
    query = sa.select(StoredRating.code, StoredRating.counted).where(
        StoredRating.review_id == one.id
    )
    return dict(session.execute(query).all())
