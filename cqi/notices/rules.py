"""What there is to tell, in words that name nobody, and when its e-mail goes and goes again."""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from cqi.core import working_days


class NoticeKind(enum.StrEnum):
    """What somebody is told about."""

    ALERT_RAISED = "alert_raised"
    ALERT_LATE = "alert_late"
    ALERT_ANSWERED = "alert_answered"
    ALERT_RETURNED = "alert_returned"
    ALERT_CLOSED = "alert_closed"
    REVIEWER_IN_CONFLICT = "reviewer_in_conflict"
    ADMINISTRATOR_PROPOSED = "administrator_proposed"
    COUNTY_TOLD = "county_told"
    PLANNING_ITEM_LATE = "planning_item_late"
    REPORT_TO_APPROVE = "report_to_approve"
    REPORT_SENT_BACK = "report_sent_back"
    REPORT_PUBLISHED = "report_published"
    MEMO_TO_RELEASE = "memo_to_release"
    MEMO_RELEASE_LATE = "memo_release_late"
    MEMO_RELEASED = "memo_released"
    MEMO_READ_SOON = "memo_read_soon"
    MEMO_READ_LATE = "memo_read_late"
    MEMO_REOPENED = "memo_reopened"
    RECONSIDERATION_ASKED = "reconsideration_asked"
    RECONSIDERATION_LATE = "reconsideration_late"
    RECONSIDERATION_DECIDED = "reconsideration_decided"
    RECONSIDERATION_TO_REOPEN = "reconsideration_to_reopen"
    COACHING_SHARED = "coaching_shared"
    COACHING_WRITTEN = "coaching_written"
    NEED_RAISED = "need_raised"
    NEED_ASKED_AGAIN = "need_asked_again"
    NEED_ANSWERED = "need_answered"
    NEED_LATE = "need_late"


@dataclass(frozen=True)
class Kind:
    """All that one kind of notice says and does, in words that name nobody.

    `endpoint` is the page of what it is about, which takes the subject's public id. `urgent` ones
    are mailed at once to everybody. `many` is how a digest says several of them; it holds {count}.
    """

    words: str
    endpoint: str
    urgent: bool = False
    many: str = ""


_ALERT = "reviews.safety_alert"
_RELEASE, _MEMO = "feedback.release_memo", "feedback.memo"
_RECONSIDERATION = "feedback.reconsideration"
_COACHING, _NEED = "feedback.coaching_note", "feedback.need"
KINDS = {
    NoticeKind.ALERT_RAISED: Kind("A safety alert was raised", _ALERT, urgent=True),
    NoticeKind.ALERT_LATE: Kind("A safety alert is late", _ALERT, urgent=True),
    NoticeKind.ALERT_ANSWERED: Kind("A safety alert was answered", _ALERT, urgent=True),
    NoticeKind.ALERT_RETURNED: Kind("The answer to a safety alert came back", _ALERT, urgent=True),
    NoticeKind.ALERT_CLOSED: Kind("A safety alert is closed", _ALERT, urgent=True),
    # a review stands still until somebody else is assigned
    NoticeKind.REVIEWER_IN_CONFLICT: Kind(
        "A reviewer has a conflict of interest: assign somebody else",
        "reviews.change_reviewers",
        urgent=True,
    ),
    # whoever could stop a wrong administrator hears of the proposal at once
    NoticeKind.ADMINISTRATOR_PROPOSED: Kind(
        "A proposed administrator waits for you: confirm or decline", "people.person", urgent=True
    ),
    NoticeKind.COUNTY_TOLD: Kind(
        "A case review comes to your county: what to get ready",
        "reviews.county_notice",
        many="{count} case reviews come to your county: what to get ready",
    ),
    NoticeKind.PLANNING_ITEM_LATE: Kind(
        "Something that you get ready for a review is late",
        "readiness.own_items",
        many="{count} things that you get ready for a review are late",
    ),
    NoticeKind.REPORT_TO_APPROVE: Kind(
        "A report waits for your approval",
        "reporting.report",
        many="{count} reports wait for your approval",
    ),
    NoticeKind.REPORT_SENT_BACK: Kind(
        "A report came back to you: read what should change",
        "reporting.report",
        many="{count} reports came back to you: read what should change",
    ),
    NoticeKind.REPORT_PUBLISHED: Kind(
        "A report that you wrote in is published",
        "reporting.report",
        many="{count} reports that you wrote in are published",
    ),
    NoticeKind.MEMO_TO_RELEASE: Kind(
        "A feedback memo waits for its release",
        _RELEASE,
        many="{count} feedback memos wait for their release",
    ),
    NoticeKind.MEMO_RELEASE_LATE: Kind(
        "A feedback memo is late: it should have gone out by now",
        _RELEASE,
        many="{count} feedback memos are late: they should have gone out by now",
    ),
    NoticeKind.MEMO_RELEASED: Kind(
        "Feedback on a case is there for you", _MEMO, many="Feedback on {count} cases is there"
    ),
    NoticeKind.MEMO_READ_SOON: Kind(
        "A feedback memo waits until you say that you have read it",
        _MEMO,
        many="{count} feedback memos wait until you say that you have read them",
    ),
    NoticeKind.MEMO_READ_LATE: Kind(
        "A feedback memo is late: please say that you have read it",
        _MEMO,
        many="{count} feedback memos are late: please say that you have read them",
    ),
    NoticeKind.MEMO_REOPENED: Kind(
        "The review behind a memo that you got was opened again: a new memo will come",
        _MEMO,
        many="The reviews behind {count} memos that you got were opened again: new ones will come",
    ),
    NoticeKind.RECONSIDERATION_ASKED: Kind(
        "A rating is to be looked at again: please decide",
        _RECONSIDERATION,
        many="{count} ratings are to be looked at again: please decide",
    ),
    NoticeKind.RECONSIDERATION_LATE: Kind(
        "A decision on a rating that is looked at again is late",
        _RECONSIDERATION,
        many="{count} decisions on ratings that are looked at again are late",
    ),
    NoticeKind.RECONSIDERATION_DECIDED: Kind(
        "It is decided whether a rating changes",
        _RECONSIDERATION,
        many="Of {count} ratings it is decided whether they change",
    ),
    NoticeKind.RECONSIDERATION_TO_REOPEN: Kind(
        "A rating should change: please open its case review again",
        _RECONSIDERATION,
        many="{count} ratings should change: please open their case reviews again",
    ),
    NoticeKind.COACHING_SHARED: Kind(
        "A coaching note is there for you", _COACHING, many="{count} coaching notes are there"
    ),
    NoticeKind.COACHING_WRITTEN: Kind(
        "Something new stands on a coaching note",
        _COACHING,
        many="Something new stands on {count} coaching notes",
    ),
    NoticeKind.NEED_RAISED: Kind(
        "A systemic need waits for your reply",
        _NEED,
        many="{count} systemic needs wait for your reply",
    ),
    NoticeKind.NEED_ASKED_AGAIN: Kind(
        "A systemic need was asked again: your reply left something open",
        _NEED,
        many="{count} systemic needs were asked again: your replies left something open",
    ),
    NoticeKind.NEED_ANSWERED: Kind(
        "A systemic need that you raised has a reply",
        _NEED,
        many="{count} systemic needs that you raised have a reply",
    ),
    NoticeKind.NEED_LATE: Kind(
        "A systemic need is late: it waits for your reply",
        _NEED,
        many="{count} systemic needs are late: they wait for your reply",
    ),
}
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
