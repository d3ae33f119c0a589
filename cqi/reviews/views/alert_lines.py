"""How a safety alert stands in a list, and its times in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import flask

from cqi.access import current
from cqi.reviews import queries, rules
from cqi.reviews.queries.alerts import AlertStepTaken
from cqi.reviews.views import routes
from cqi.reviews.workflow import AlertStep
from cqi.ui import dates

TAKEN = {
    AlertStep.ACKNOWLEDGE: "Acknowledged",
    AlertStep.ANSWER: "Answered",
    AlertStep.RETURN_ANSWER: "Answer returned",
    AlertStep.ACCEPT_ANSWER: "Answer accepted, closed",
    AlertStep.NOTE_HOTLINE_CALL: "Call to the hotline noted",
    AlertStep.CLIMB_UNACKNOWLEDGED: "Not acknowledged in time: the CQI director was told",
    AlertStep.CLIMB_UNANSWERED: "Not answered in time: the CQI director was told",
}


@dataclass(frozen=True)
class Time:
    """One of an alert's times: when it was done, or until when it is due. `late` marks both."""

    done: str
    due: str
    late: bool


@dataclass(frozen=True)
class Line:
    """One safety alert in a list or at the head of its page; times are in words."""

    url: str
    case_number: str
    where: str
    urgency: str
    state: str
    open: bool
    about_unit: bool
    raised_at: str
    raised_by: str
    hotline_at: str
    acknowledged: Time
    answered: Time
    climbed_at: str
    closed_at: str

    @property
    def late(self) -> bool:
        """True while it is open and something about it is overdue."""
        return self.open and (self.acknowledged.late or self.answered.late)


def of(sheet: queries.AlertSheet) -> Line:
    """A line for a page."""
    alert = sheet.alert
    return Line(
        url=flask.url_for("reviews.safety_alert", public_id=alert.public_id),
        case_number=sheet.case_number,
        where=f"{sheet.county}, {sheet.round}",
        urgency=rules.URGENCY_WORDS[alert.urgency],
        state=rules.ALERT_STATE_WORDS[alert.state],
        open=sheet.open,
        about_unit=alert.about_unit,
        raised_at=moment(alert.raised_at),
        raised_by=sheet.raised_by,
        hotline_at=moment(alert.hotline_at),
        acknowledged=_time(sheet.acknowledged_at, alert.acknowledge_due_at),
        answered=_time(sheet.answered_at, alert.answer_due_at),
        climbed_at=moment(sheet.climbed_at),
        closed_at=moment(sheet.closed_at),
    )


def _time(done: dt.datetime | None, due: dt.datetime) -> Time:
    return Time(moment(done), moment(due), (done or current.now()) > due)


def moment(instant: dt.datetime | None) -> str:
    """ "10 Mar, 10:42" on the agency's clocks, with the year of another year; empty for None."""
    if instant is None:
        return ""
    here = routes.local(instant)
    day = dates.day if here.year == current.today().year else dates.full_day
    return f"{day(here.date())}, {dates.clock(here)}"


def step_of(step: AlertStepTaken) -> tuple[str, str, str]:
    """(what, when and by whom, text) of one step."""
    by = f", {step.by}" if step.by else ""
    return TAKEN[step.step], f"{moment(step.at)}{by}", step.text
