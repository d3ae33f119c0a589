"""Any order of being told, seeing, choosing, waiting and sending, against a plain model of what
goes when: nothing twice, nothing lost, nothing early."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field

import hypothesis
import pytest
import sqlalchemy as sa
from hypothesis import strategies as some

from cqi.access.models import Person
from cqi.core import holidays
from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.notices import actions, rules
from cqi.notices.models import MailChoiceRow, Notice
from cqi.notices.rules import Mail, MailChoice, NoticeKind
from tests import build
from tests.fixtures.cast import Cast
from tests.notices import telling

KINDS = (NoticeKind.ALERT_RAISED, NoticeKind.REPORT_TO_APPROVE, NoticeKind.REPORT_SENT_BACK)
TOLD, A_DAY = ("tell", (KINDS[1], 0)), ("wait", 24 * 60)
MINUTE = dt.timedelta(minutes=1)
TIMES = rules.DigestTimes(telling.ZONE, lambda _day: 7, holidays.days())
LATE = some.sampled_from((0, 0, 240))  # minutes from a notice's time until it is written
STEPS = some.lists(
    some.one_of(
        some.tuples(some.just("tell"), some.tuples(some.sampled_from(KINDS), LATE)),
        some.tuples(some.just("see"), some.none()),
        some.tuples(some.just("choose"), some.sampled_from(MailChoice)),
        some.tuples(some.just("wait"), some.sampled_from((1, 4, 60, 24 * 60))),
        some.tuples(some.just("send"), some.booleans()),
    ),
    min_size=12,
    max_size=30,
)


@dataclass
class One:
    """What the model knows of a notice."""

    key: uuid.UUID
    urgent: bool
    at: dt.datetime
    seen: bool = False
    mail: uuid.UUID | None = None  # which first told of it
    tries: int = 0
    next_at: dt.datetime | None = None
    sent: int = 0

    def waits(self) -> bool:
        return not self.sent and not (self.seen and not self.tries and not self.urgent)


@dataclass
class Play:
    """One person, the product, and the model beside it."""

    database: Database
    person: Person
    now: dt.datetime = build.NOW
    choice: MailChoice = MailChoice.AT_ONCE
    digest_at: dt.datetime | None = None
    told: dict[uuid.UUID, One] = field(default_factory=dict)

    def tell(self, what: tuple[NoticeKind, int]) -> None:
        kind, at = what[0], self.now - what[1] * MINUTE
        telling.told(self.database, self.person, kind=kind, now=at)
        key = telling.rows(self.database)[-1].public_id
        self.told[key] = One(key, kind in rules.URGENT, at)

    def see(self, _nothing: None) -> None:
        with self.database.writing() as session:
            actions.mark_seen(session, actor=build.actor(session, self.person), now=self.now)
        for one in self.told.values():
            one.seen = True

    def choose(self, choice: MailChoice) -> None:
        telling.choose(self.database, self.person, choice=choice)
        self.choice = choice

    def wait(self, minutes: int) -> None:
        self.now += minutes * MINUTE

    def send(self, works: bool) -> None:
        alone, together = self.expected()
        tried: list[Mail] = []

        def post(mail: Mail) -> None:
            tried.append(mail)
            if not works:
                raise OSError(0, "no")

        clock = Clock(telling.ZONE, frozen_at=self.now)
        actions.send_due(self.database, clock, post)
        told = [{each.notice for each in mail.told} for mail in tried]
        assert sorted(map(sorted, told)) == sorted(map(sorted, alone + together))
        for mail in tried:
            self.learn(mail, works)
        if any(self.told[next(iter(each))].tries == 1 for each in together):
            self.digest_at = TIMES.last(self.now)

    def expected(self) -> tuple[list[set[uuid.UUID]], list[set[uuid.UUID]]]:
        """The e-mails of one notice, and of a day, that are due now."""
        last = TIMES.last(self.now)
        alone, again, new = [], {}, set()
        for one in filter(One.waits, self.told.values()):
            daily = self.choice is MailChoice.DAILY and not one.urgent
            if one.tries:
                if one.next_at and one.next_at <= self.now:
                    again.setdefault(one.mail, set()).add(one.key)
            elif not daily:
                alone.append({one.key})
            elif one.at <= last and self.digest_at != last:
                new.add(one.key)
        return alone + list(again.values()), [new] if new else []

    def learn(self, mail: Mail, works: bool) -> None:
        for each in mail.told:
            one = self.told[each.notice]
            assert one.mail in (None, mail.id), "what was tried once goes on as the same e-mail"
            one.mail, one.tries = mail.id, one.tries + 1
            one.next_at, one.sent = self.now + rules.pause(one.tries), one.sent + works


@pytest.fixture
def person(cast: Cast) -> Person:
    return cast.cqi_director


@hypothesis.settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
)
@hypothesis.example(  # a daily e-mail that failed, and the next one
    MailChoice.DAILY,
    [TOLD, A_DAY, ("send", False), TOLD, A_DAY, ("send", True)],
)
@hypothesis.example(  # written after the hour that it is of
    MailChoice.DAILY,
    [TOLD, A_DAY, ("send", True), ("tell", (KINDS[1], 240)), ("send", True)],
)
@hypothesis.given(first=some.sampled_from(MailChoice), steps=STEPS)
def test_everything_that_was_not_seen_before_goes_once_and_at_its_time(
    database: Database, person: Person, first: MailChoice, steps: list[tuple[str, object]]
) -> None:
    with database.writing() as session:
        session.execute(sa.delete(Notice))
        session.execute(sa.delete(MailChoiceRow))
    play = Play(database, person)
    play.choose(first)
    for name, what in steps:
        getattr(play, name)(what)
    for _ in range(3):
        play.wait(5 * 24 * 60)
        play.send(works=True)
    assert {one.sent for one in play.told.values() if one.waits() or one.tries} <= {1}
    assert not [one for one in play.told.values() if one.waits()]
