"""What there is to tell, in words that name nobody, and when to try an e-mail again."""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from dataclasses import dataclass


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


NOTICE_WORDS = {
    NoticeKind.ALERT_RAISED: "A safety alert was raised",
    NoticeKind.ALERT_LATE: "A safety alert is late",
    NoticeKind.ALERT_ANSWERED: "A safety alert was answered",
    NoticeKind.ALERT_RETURNED: "The answer to a safety alert came back",
    NoticeKind.ALERT_CLOSED: "A safety alert is closed",
    NoticeKind.REVIEWER_IN_CONFLICT: "A reviewer has a conflict of interest: assign somebody else",
    NoticeKind.ADMINISTRATOR_PROPOSED: "A proposed administrator waits for you: confirm or decline",
    NoticeKind.COUNTY_TOLD: "A case review comes to your county: what to get ready",
    NoticeKind.PLANNING_ITEM_LATE: "Something that you get ready for a review is late",
    NoticeKind.REPORT_TO_APPROVE: "A report waits for your approval",
    NoticeKind.REPORT_SENT_BACK: "A report came back to you: read what should change",
    NoticeKind.REPORT_PUBLISHED: "A report that you wrote in is published",
}
# the page of what a notice is about, which takes its subject's public id
ENDPOINTS = dict.fromkeys(NoticeKind, "reviews.safety_alert") | {
    NoticeKind.REVIEWER_IN_CONFLICT: "reviews.change_reviewers",
    NoticeKind.ADMINISTRATOR_PROPOSED: "people.person",
    NoticeKind.COUNTY_TOLD: "reviews.county_notice",
    NoticeKind.PLANNING_ITEM_LATE: "readiness.own_items",
    NoticeKind.REPORT_TO_APPROVE: "reporting.report",
    NoticeKind.REPORT_SENT_BACK: "reporting.report",
    NoticeKind.REPORT_PUBLISHED: "reporting.report",
}

_PAUSES = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
_BODY = """\
{words}. Please sign in and read it:

{link}

This message names nobody and says nothing about a case, on purpose.
Do not answer it.
"""


def pause(tries: int) -> dt.timedelta:
    """How long to wait after so many tries (from 1): longer each time, from a minute to 4 hours."""
    return _PAUSES[min(tries, len(_PAUSES)) - 1]


@dataclass(frozen=True)
class Mail:
    """One e-mail to try: to whom, of which notice, for the how manieth time."""

    notice: uuid.UUID
    kind: NoticeKind
    at: dt.datetime
    address: str
    tries: int


@dataclass(frozen=True)
class Letter:
    """The words of one e-mail."""

    subject: str
    body: str


def letter(kind: NoticeKind, link: str) -> Letter:
    """What the e-mail of a notice says: what happened, where to read it, and nothing else."""
    words = NOTICE_WORDS[kind]
    return Letter(words, _BODY.format(words=words, link=link))
