"""The demonstration has messages that went out, and some that wait for the morning."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.notices import queries
from cqi.notices.models import Notice
from cqi.notices.rules import NoticeKind
from tests.cli import test_demonstration as demonstrations

made, session = demonstrations.made, demonstrations.session
Kind = NoticeKind
AT_ONCE = {Kind.ALERT_RAISED, Kind.ADMINISTRATOR_PROPOSED, Kind.REVIEWER_IN_CONFLICT}


def test_old_e_mails_went_out_and_two_people_get_theirs_once_a_day(session: orm.Session) -> None:
    waiting = queries.waiting(session)
    [daily] = [each for each in waiting if each.held]
    assert daily.address == "cqi.director@demo.example"
    assert Kind.PLANNING_ITEM_LATE in {each.kind for each in daily.notices}
    assert {each.notice.kind for each in waiting if not each.held} >= AT_ONCE
    newest = session.scalar(sa.select(sa.func.max(Notice.at)))
    assert newest is not None
    told = [notice.at for each in waiting for notice in each.notices]
    assert min(told) > newest - dt.timedelta(days=5), "all of earlier days is sent"
    sent = sa.select(Notice.digest_id).where(Notice.kind == Kind.REPORT_PUBLISHED)
    assert len(set(session.scalars(sent))) == 1
