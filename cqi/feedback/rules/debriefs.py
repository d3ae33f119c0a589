"""What a debrief is: reviewers tell what they saw before the review is final: tentative."""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from dataclasses import dataclass


class Attending(enum.StrEnum):
    """Who was there, as what; never by name."""

    CASEWORKER = "caseworker"
    SUPERVISOR = "supervisor"
    REVIEWERS = "reviewers"
    SITE_LEADER = "site_leader"
    QA_LEAD = "qa_lead"
    OTHERS = "others"


ATTENDING_WORDS = {
    Attending.CASEWORKER: "Caseworker",
    Attending.SUPERVISOR: "Supervisor",
    Attending.REVIEWERS: "Reviewers",
    Attending.SITE_LEADER: "Site leader",
    Attending.QA_LEAD: "QA lead",
    Attending.OTHERS: "Others of the agency",
}
TENTATIVE = "Tentative: the review was not final. What holds stands in the memo that follows it."


@dataclass(frozen=True)
class NewDebrief:
    """A debrief to write down: when, who was there, what was said of strengths and of needs. Sent
    twice under one `key`, which is the page's, it is one."""

    held_at: dt.datetime
    attended: tuple[Attending, ...]
    worked: str = ""
    to_work_on: str = ""
    key: uuid.UUID | None = None
