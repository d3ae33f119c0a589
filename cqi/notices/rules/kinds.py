"""Every kind of notice, with all that it says."""

from __future__ import annotations

import enum
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
    PLAN_DUE = "plan_due"
    PLAN_COUNTY_NAMED = "plan_county_named"
    PLAN_COUNTY_SPARED = "plan_county_spared"
    PLAN_DUE_SOON = "plan_due_soon"
    PLAN_LATE = "plan_late"
    PLAN_CLIMBED = "plan_climbed"
    PLAN_REVIEW_DUE = "plan_review_due"
    PLAN_REVIEW_LATE = "plan_review_late"
    PLAN_REVIEW_CLIMBED = "plan_review_climbed"
    PLAN_REPORT_DUE = "plan_report_due"
    PLAN_REPORT_LATE = "plan_report_late"
    PLAN_REPORT_CLIMBED = "plan_report_climbed"
    PLAN_SUBMITTED = "plan_submitted"
    PLAN_RETURNED = "plan_returned"
    PLAN_APPROVED = "plan_approved"
    STEP_YOURS = "step_yours"
    STEP_DUE = "step_due"
    STEPS_DUE = "steps_due"
    STEP_LATE = "step_late"
    STEPS_LATE = "steps_late"
    STEP_CLIMBED = "step_climbed"
    STEPS_CLIMBED = "steps_climbed"
    STEP_CLAIMED = "step_claimed"
    STEP_SENT_BACK = "step_sent_back"
    STEP_VERIFIED = "step_verified"
    AMENDMENT_ASKED = "amendment_asked"
    AMENDMENT_DECIDED = "amendment_decided"
    PLAN_REPORTED = "plan_reported"
    PLAN_REMARKED = "plan_remarked"


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
_PLAN, _STEP, _OWN_STEPS = "plans.plan", "plans.step", "plans.own_steps"
_AMENDMENT = "plans.amendment"
_PROGRESS, _TO_REPORT = "plans.progress_report", "plans.progress_reports"
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
    NoticeKind.PLAN_DUE: Kind(
        "An improvement plan is due: a report on your region was published",
        "plans.due",
        many="{count} improvement plans are due: reports on your region were published",
    ),
    NoticeKind.PLAN_COUNTY_NAMED: Kind(
        "A county is to write an improvement plan of its own",
        "plans.due",
        many="{count} counties are to write improvement plans of their own",
    ),
    NoticeKind.PLAN_COUNTY_SPARED: Kind(
        "A county need not write an improvement plan of its own any more",
        "plans.due",
        many="{count} counties need not write improvement plans of their own any more",
    ),
    NoticeKind.PLAN_DUE_SOON: Kind(
        "An improvement plan that you lead is to be submitted soon",
        "plans.due",
        many="{count} improvement plans that you lead are to be submitted soon",
    ),
    NoticeKind.PLAN_LATE: Kind(
        "An improvement plan that you lead is overdue: submit it",
        "plans.due",
        many="{count} improvement plans that you lead are overdue: submit them",
    ),
    NoticeKind.PLAN_CLIMBED: Kind(
        "An improvement plan that is not with the state is overdue, and now with you",
        "plans.due",
        many="{count} improvement plans that are not with the state are overdue, and now with you",
    ),
    NoticeKind.PLAN_REVIEW_DUE: Kind(
        "Your decision on an improvement plan is due soon",
        _PLAN,
        many="Your decisions on {count} improvement plans are due soon",
    ),
    NoticeKind.PLAN_REVIEW_LATE: Kind(
        "Your decision on an improvement plan is overdue",
        _PLAN,
        many="Your decisions on {count} improvement plans are overdue",
    ),
    NoticeKind.PLAN_REVIEW_CLIMBED: Kind(
        "The decision on an improvement plan is overdue, and now with you",
        _PLAN,
        many="The decisions on {count} improvement plans are overdue, and now with you",
    ),
    NoticeKind.PLAN_REPORT_DUE: Kind(
        "A progress report of an improvement plan is due soon",
        _TO_REPORT,
        many="Progress reports of {count} improvement plans are due soon",
    ),
    NoticeKind.PLAN_REPORT_LATE: Kind(
        "A progress report of an improvement plan is overdue: send it",
        _TO_REPORT,
        many="Progress reports of {count} improvement plans are overdue: send them",
    ),
    NoticeKind.PLAN_REPORT_CLIMBED: Kind(
        "A progress report of an improvement plan is overdue, and now with you",
        _TO_REPORT,
        many="Progress reports of {count} improvement plans are overdue, and now with you",
    ),
    NoticeKind.PLAN_SUBMITTED: Kind(
        "An improvement plan waits for your decision",
        _PLAN,
        many="{count} improvement plans wait for your decision",
    ),
    NoticeKind.PLAN_RETURNED: Kind(
        "An improvement plan came back to you: read what should change",
        _PLAN,
        many="{count} improvement plans came back to you: read what should change",
    ),
    NoticeKind.PLAN_APPROVED: Kind(
        "An improvement plan is approved", _PLAN, many="{count} improvement plans are approved"
    ),
    NoticeKind.STEP_YOURS: Kind(
        "You own steps of an improvement plan that was approved",
        _OWN_STEPS,
        many="You own steps of {count} improvement plans that were approved",
    ),
    NoticeKind.STEP_DUE: Kind(
        "A step of an improvement plan is due soon",
        _STEP,
        many="{count} steps of improvement plans are due soon",
    ),
    NoticeKind.STEPS_DUE: Kind(
        "Several steps of an improvement plan are due soon",
        _OWN_STEPS,
        many="Several steps of {count} improvement plans are due soon",
    ),
    NoticeKind.STEP_LATE: Kind(
        "A step of an improvement plan is late: claim it, or ask for more time",
        _STEP,
        many="{count} steps of improvement plans are late: claim them, or ask for more time",
    ),
    NoticeKind.STEPS_LATE: Kind(
        "Several steps of an improvement plan are late: claim them, or ask for more time",
        _OWN_STEPS,
        many="Several steps of {count} improvement plans are late",
    ),
    NoticeKind.STEP_CLIMBED: Kind(
        "A late step of an improvement plan is now with you: please acknowledge it",
        _STEP,
        many="{count} late steps of improvement plans are now with you: please acknowledge them",
    ),
    NoticeKind.STEPS_CLIMBED: Kind(
        "Several late steps of an improvement plan are now with you: please acknowledge them",
        _PLAN,
        many="Several late steps of {count} improvement plans are now with you",
    ),
    NoticeKind.STEP_CLAIMED: Kind(
        "A step of an improvement plan waits for you to verify it",
        _STEP,
        many="{count} steps of improvement plans wait for you to verify them",
    ),
    NoticeKind.STEP_SENT_BACK: Kind(
        "The evidence for a step of an improvement plan came back to you",
        _STEP,
        many="The evidence for {count} steps of improvement plans came back to you",
    ),
    NoticeKind.STEP_VERIFIED: Kind(
        "A step of an improvement plan is verified",
        _STEP,
        many="{count} steps of improvement plans are verified",
    ),
    NoticeKind.AMENDMENT_ASKED: Kind(
        "Somebody asks to change an approved improvement plan: please decide",
        _AMENDMENT,
        many="Somebody asks for {count} changes of approved improvement plans: please decide",
    ),
    NoticeKind.AMENDMENT_DECIDED: Kind(
        "The change of an improvement plan that you asked for is decided",
        _AMENDMENT,
        many="{count} changes of improvement plans that you asked for are decided",
    ),
    NoticeKind.PLAN_REPORTED: Kind(
        "A progress report of an improvement plan is there",
        _PROGRESS,
        many="{count} progress reports of improvement plans are there",
    ),
    NoticeKind.PLAN_REMARKED: Kind(
        "Somebody wrote on a progress report of an improvement plan",
        _PROGRESS,
        many="Somebody wrote on {count} progress reports of improvement plans",
    ),
}
