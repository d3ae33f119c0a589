"""What there is to tell, in words that name nobody, and when its e-mail goes and goes again."""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from cqi.core import working_days
from cqi.notices.rules import kinds

NoticeKind = kinds.NoticeKind
Kind = kinds.Kind
KINDS = kinds.KINDS


NOTICE_WORDS = {kind: each.words for kind, each in KINDS.items()}
ENDPOINTS = {kind: each.endpoint for kind, each in KINDS.items()}
URGENT = frozenset(kind for kind, each in KINDS.items() if each.urgent)

_DAY = dt.timedelta(days=1)
_PAUSES = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
_CLOSE = """\
This message names nobody and says nothing about a case, on purpose.
Do not answer it.
"""


class MailChoice(enum.StrEnum):
    """When somebody wants the e-mails of what can wait."""

    AT_ONCE = "at_once"
    DAILY = "daily"


@dataclass(frozen=True)
class DigestTimes:
    """When daily e-mails go: at an hour of each working day, as the agency's clocks show it.

    `hour_on` says which hour holds on a day. An hour that the clocks skip is the moment at which
    it would have been; of an hour that comes twice, it is the first.
    """

    zone: ZoneInfo
    hour_on: Callable[[dt.date], int]
    holidays: Collection[dt.date] = frozenset()

    def on(self, day: dt.date) -> dt.datetime:
        """The time of one day, whether it is a working day or not."""
        hour = dt.time(self.hour_on(day))
        return dt.datetime.combine(day, hour, self.zone).astimezone(dt.UTC)

    def last(self, now: dt.datetime) -> dt.datetime:
        """The newest time that is not after `now`."""
        return next(at for at in self._walk(now, -_DAY) if at <= now)

    def next(self, now: dt.datetime) -> dt.datetime:
        """The first time after `now`."""
        return next(at for at in self._walk(now, _DAY) if at > now)

    def _walk(self, now: dt.datetime, step: dt.timedelta) -> Iterator[dt.datetime]:
        """From the day on the other side of today: clocks that go back may show a day again."""
        day = now.astimezone(self.zone).date() - step
        while True:
            if working_days.is_working_day(day, self.holidays):
                yield self.on(day)
            day += step


def pause(tries: int) -> dt.timedelta:
    """How long to wait after so many tries (from 1): longer each time, from a minute to 4 hours."""
    return _PAUSES[min(tries, len(_PAUSES)) - 1]


def try_is_over(tries: int, send_at: dt.datetime, now: dt.datetime) -> bool:
    """True when the last of so many tries has ended for sure, so that another may begin.

    Each try is given up within the shortest pause; `send_at` is the next try as that one set it.
    """
    began_at = send_at - pause(tries)
    return now - began_at >= _PAUSES[0]


@dataclass(frozen=True)
class Told:
    """One notice as an e-mail says it: its kind, and its public id for the link."""

    kind: NoticeKind
    notice: uuid.UUID


@dataclass(frozen=True)
class Mail:
    """One e-mail to try: what it tells of, to whom, for the how manieth time.

    Its `id` stays through all tries: the notice's own, or that of a daily e-mail of several.
    """

    id: uuid.UUID
    told: tuple[Told, ...]
    at: dt.datetime
    address: str
    tries: int


@dataclass(frozen=True)
class Letter:
    """The words of one e-mail."""

    subject: str
    body: str


def letter(told: Sequence[Told], address: str) -> Letter:
    """What an e-mail says: what happened, where to read it, and nothing else.

    `address` is that of the product, as https://cqi.agency.gov.
    """
    if len(told) > 1:
        return _digest(told, address)
    words = KINDS[told[0].kind].words
    link = _link(address, told[0])
    return Letter(words, f"{words}. Please sign in and read it:\n\n{link}\n\n{_CLOSE}")


def _digest(told: Sequence[Told], address: str) -> Letter:
    """How many of each kind, with a link to each."""
    parts = []
    for kind in NoticeKind:
        links = [f"    {_link(address, one)}\n" for one in told if one.kind is kind]
        parts += [f"{counted(kind, len(links))}:\n{''.join(links)}\n"] if links else []
    kinds = {one.kind for one in told}
    subject = counted(kinds.pop(), len(told)) if len(kinds) == 1 else f"{len(told)} notices for you"
    head = "Please sign in and read what you were told since the last daily e-mail:\n\n"
    change = f"You chose one e-mail a day. Change that here:\n\n{address}/notices\n\n"
    return Letter(subject, f"{head}{''.join(parts)}{change}{_CLOSE}")


def counted(kind: NoticeKind, count: int) -> str:
    """ "A report waits for your approval", "3 reports wait for your approval"."""
    row = KINDS[kind]
    if count == 1:
        return row.words
    return row.many.format(count=count) if row.many else f"{row.words} ({count} times)"


def _link(address: str, told: Told) -> str:
    return f"{address}/notices/{told.notice}"
