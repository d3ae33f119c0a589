"""What the clocks of feedback have to tell, and nobody was told yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.feedback.models import MemoRelease
from cqi.feedback.queries import drafts, reach, readers, waiting
from cqi.feedback.rules.clocks import Clocks
from cqi.notices.models import Notice
from cqi.notices.rules import NoticeKind
from cqi.reviews.models import CaseReview
from cqi.reviews.rules import ReviewState

_REMEMBERED = dt.timedelta(days=366)  # a memo that is older reminds nobody any more


@dataclass(frozen=True)
class ToTell:
    """What the clock has to say: of which review, to whom."""

    kind: NoticeKind
    review: CaseReview
    people: frozenset[int]


def to_tell(session: orm.Session, clocks: Clocks, now: dt.datetime) -> list[ToTell]:
    """What nobody was told yet: memos that wait for their release, or are late, memos that are to
    be read soon, or late, and memos whose review was opened again."""
    return [
        *_of_release(session, clocks),
        *_of_reading(session, clocks, now),
        *_of_reopening(session, clocks),
    ]


def _of_release(session: orm.Session, clocks: Clocks) -> Iterator[ToTell]:
    found, today = drafts.unreleased(session), clocks.calendar.today
    told = _told(session, found, (NoticeKind.MEMO_TO_RELEASE, NoticeKind.MEMO_RELEASE_LATE))
    for one in found:
        assert one.final_at is not None  # noqa: S101 - the query asks for final reviews
        kind = NoticeKind.MEMO_TO_RELEASE
        if not _since(told, kind, one, one.final_at):
            yield ToTell(kind, one, readers.releasers(session, one, today))
        late = NoticeKind.MEMO_RELEASE_LATE
        if clocks.memo_due(one.final_at).late and not _since(told, late, one, one.final_at):
            people = readers.releasers(session, one, today) | readers.above(session, one, today)
            yield ToTell(late, one, people)


def _of_reading(session: orm.Session, clocks: Clocks, now: dt.datetime) -> Iterator[ToTell]:
    # nobody was told a day for what went out before memos were released
    kept = MemoRelease.content.is_not(None)
    recent = sa.and_(MemoRelease.released_at >= now - _REMEMBERED, kept)
    people = waiting.waiting(session, recent, clocks.calendar.today)
    query = reach.releases().where(MemoRelease.id.in_(list(people)))
    due = [(one, clocks.read_due(one.released_at)) for one in session.scalars(query)]
    due = [(one, when) for one, when in due if when.kind]
    kinds = (NoticeKind.MEMO_READ_SOON, NoticeKind.MEMO_READ_LATE)
    told = _told(session, [one.review for one, _ in due], kinds)
    for one, when in due:
        kind = kinds[when.late]
        if not _since(told, kind, one.review, one.released_at):
            yield ToTell(kind, one.review, frozenset(people[one.id]))


def _of_reopening(session: orm.Session, clocks: Clocks) -> Iterator[ToTell]:
    """Who got a memo hears that its review was opened again: what was asked is overtaken."""
    opened = sa.and_(reach.newest(), CaseReview.state.not_in(_ENDED))
    found = list(session.scalars(reach.releases().where(opened)))
    kind = NoticeKind.MEMO_REOPENED
    told = _told(session, [one.review for one in found], (kind,))
    for one in found:
        if not _since(told, kind, one.review, one.released_at):
            people = readers.readers(session, one.review, clocks.calendar.today)
            yield ToTell(kind, one.review, frozenset(people))


_ENDED = (ReviewState.FINAL, ReviewState.WITHDRAWN)
_Told = dict[tuple[str, object], dt.datetime]


def _told(session: orm.Session, found: Iterable[CaseReview], kinds: Iterable[NoticeKind]) -> _Told:
    """(kind, review's public id) -> when somebody was told last."""
    query = (
        sa.select(Notice.kind, Notice.subject_id, sa.func.max(Notice.at))
        .where(
            Notice.kind.in_([kind.value for kind in kinds]),
            Notice.subject_id.in_([one.public_id for one in found]),
        )
        .group_by(Notice.kind, Notice.subject_id)
    )
    return {(kind, subject): at for kind, subject, at in session.execute(query)}


def _since(told: _Told, kind: NoticeKind, one: CaseReview, start: dt.datetime) -> bool:
    """Whether that was told since a clock started: a later one tells again."""
    at = told.get((kind.value, one.public_id))
    return at is not None and at >= start
