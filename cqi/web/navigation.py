"""The places on top of every page, by role: what a role may not open is not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import flask

from cqi.access import current
from cqi.access.actor import Actor
from cqi.access.permissions import ROLE_WORDS, Permission, Role
from cqi.notices import queries as notices
from cqi.reviews import queries as reviews

MOST = 5


@dataclass(frozen=True)
class Entry:
    """One place to go. An entry whose endpoint does not exist (yet) is left out.

    `section` is the blueprint whose other pages lie under this place.
    """

    title: str
    endpoint: str
    permission: Permission
    section: str = ""


HOME = Entry("Home", "home.home", Permission.HOME_SEE)
MY_REVIEWS = Entry("My reviews", "home.home", Permission.REVIEW_SCORE)
QA_QUEUE = Entry("QA queue", "reviews.qa_queue", Permission.REVIEW_APPROVE)
CONSISTENCY = Entry("Consistency", "reviews.consistency", Permission.REVIEW_APPROVE)
PRACTICE = Entry("Practice cases", "reviews.practice", Permission.REVIEW_SCORE)
ROUNDS = Entry("Rounds", "reviews.rounds", Permission.ROUND_SEE)
REVIEWERS = Entry("Reviewers", "ledger.reviewers", Permission.LEDGER_SEE, "ledger")
RESULTS = Entry("Results", "reporting.results", Permission.REPORT_SEE, "reporting")
REPORTS = Entry("Reports", "reporting.published", Permission.PUBLICATION_SEE)
REPORTS_DUE = Entry("Reports due", "reporting.due", Permission.REPORT_DUE)
FEEDBACK = Entry("Feedback", "feedback.memos", Permission.FEEDBACK_SEE, "feedback")
RECONSIDERATIONS = Entry(
    "Ratings looked at again", "feedback.reconsiderations", Permission.RECONSIDERATION_SEE
)
ALERTS = Entry("Safety alerts", "reviews.safety_alerts", Permission.ALERT_REGISTER)
PLANS = Entry("Plans", "plans.plans", Permission.PLAN_SEE, "plans")
DEADLINES = Entry("Home", "plans.director_home", Permission.PLAN_SEE)
MY_STEPS = Entry("My steps", "plans.own_steps", Permission.STEP_SEE, "plans")
PLACES = Entry("Places", "places.places", Permission.PLACES_SEE, "places")
SETTINGS = Entry("Settings", "settings.settings", Permission.SETTINGS_SEE, "settings")
PEOPLE = Entry("People", "people.people", Permission.PEOPLE_MANAGE, "people")
DISCLOSURES = Entry("Disclosures", "disclosures.disclosures", Permission.DISCLOSURE_SEE)
EMAIL = Entry("E-mail", "notices.outbox", Permission.PEOPLE_MANAGE)
AUDIT = Entry("Audit trail", "audit.audit", Permission.AUDIT_SEE, "audit")
INSTRUMENTS = Entry(
    "Instruments", "instruments.instruments", Permission.INSTRUMENTS_SEE, "instruments"
)

# What stands beside the list of people, for whoever may open it.
ABOUT_PEOPLE = (
    PEOPLE,
    Entry("Proposed administrators", "grants.proposals", Permission.PEOPLE_MANAGE),
    Entry("Roles and what they may do", "roles.matrix", Permission.PEOPLE_MANAGE),
    Entry("Who can see a case", "roles.who_sees", Permission.PEOPLE_MANAGE),
    DISCLOSURES,
)

# Whose first page is one of their places has no second entry for it.
OF_ROLE: dict[Role, tuple[Entry, ...]] = {
    Role.ADMINISTRATOR: (PEOPLE, PLACES, SETTINGS, INSTRUMENTS, EMAIL),
    Role.CQI_DIRECTOR: (HOME, ROUNDS, RESULTS, PLANS, SETTINGS),
    Role.CQI_LIAISON: (HOME, ROUNDS, RESULTS, FEEDBACK, PLANS),
    Role.SITE_LEADER: (HOME, ROUNDS, ALERTS, FEEDBACK, REVIEWERS),
    Role.QA_LEAD: (QA_QUEUE, ROUNDS, CONSISTENCY, REPORTS, INSTRUMENTS),
    Role.REVIEWER: (MY_REVIEWS, ROUNDS, PRACTICE, INSTRUMENTS),
    Role.ANALYST: (RESULTS, REPORTS, REPORTS_DUE, ROUNDS, INSTRUMENTS),
    Role.REGIONAL_DIRECTOR: (DEADLINES, RESULTS, FEEDBACK, ALERTS, PLANS),
    Role.SUPERVISOR: (FEEDBACK, ALERTS, MY_STEPS, INSTRUMENTS),
    Role.CASEWORKER: (FEEDBACK, INSTRUMENTS),
    Role.STATE_OFFICE: (PLANS, REPORTS, REPORTS_DUE, PLACES),
    Role.STAKEHOLDER: (REPORTS, MY_STEPS),
    Role.AUDITOR: (AUDIT, DISCLOSURES),
}

# for whoever may open them and has no place of theirs on top
AT_THE_FOOT = (FEEDBACK, RECONSIDERATIONS, INSTRUMENTS, PLACES, REVIEWERS, REPORTS)


def install(app: flask.Flask) -> None:
    """Give every template what its frame needs."""
    app.context_processor(_frame)


def _frame() -> dict[str, object]:
    actor = current.signed_in()
    frame: dict[str, object] = {
        "demonstration": current.installation().demonstration,
        "home_url": flask.url_for("home.home"),
        "sign_in_url": flask.url_for("sign_in.sign_in"),
    }
    if actor is not None:
        frame |= {
            "who": actor.name,
            "person_id": actor.public_id,
            "role": ", ".join(ROLE_WORDS[role] for role in actor.roles),
            "sign_out_url": flask.url_for("sign_in.sign_out"),
            "navigation": _places(entries(actor)),
            "people_places": _people_places,
            "more_places": _places(more(actor)),
        }
    if actor is not None and actor.holds(Permission.HOME_SEE):
        # counts are functions: asked for by whole pages alone, not by the parts that a save swaps
        frame |= {"notices": _new_notices, "notices_url": flask.url_for("notices.notices")}
        frame |= {"own_sign_in_url": flask.url_for("own_sign_in.own_sign_in")}
        frame |= _ending()
        frame |= {"counts_at": {flask.url_for(ALERTS.endpoint): _open_alerts}}
    return frame


def _ending() -> dict[str, object]:
    """When this sign-in ends without a key or a click, and whom the page tells of those."""
    signed_in = current.sign_in()
    if signed_in is None:
        return {}
    seconds = max(signed_in.left(current.now()), 1)
    return {"activity_url": flask.url_for("sign_in.activity"), "seconds_left": seconds}


def _people_places() -> list[tuple[str, str]]:
    """(title, address) of what stands beside the list of people."""
    actor = current.actor()
    return [
        (one.title, flask.url_for(one.endpoint))
        for one in ABOUT_PEOPLE
        if actor.holds(one.permission)
    ]


def _new_notices() -> int:
    return notices.new_count(current.session(), current.actor())


def entries(actor: Actor) -> list[Entry]:
    """At most five places of somebody's roles, that exist and that they may open."""
    return _open_to(actor, _of_roles(actor))[:MOST]


def more(actor: Actor) -> list[Entry]:
    """What else of their roles they may open, and what everybody may look up: five places on top
    are not enough for all."""
    on_top = {entry.endpoint for entry in entries(actor)}
    found = _open_to(actor, (*_of_roles(actor), *AT_THE_FOOT))
    return [entry for entry in found if entry.endpoint not in on_top]


def _open_to(actor: Actor, listed: Iterable[Entry]) -> list[Entry]:
    found: dict[str, Entry] = {}
    for entry in listed:
        exists = entry.endpoint in flask.current_app.view_functions
        if exists and actor.holds(entry.permission):
            found.setdefault(entry.endpoint, entry)
    return list(found.values())


def _of_roles(actor: Actor) -> Iterator[Entry]:
    for role in actor.roles:
        yield from OF_ROLE[role]


def _places(found: list[Entry]) -> list[tuple[str, str, str]]:
    """(title, address, value of aria-current) of each: "page" here, "true" above this page."""
    exact = any(entry.endpoint == flask.request.endpoint for entry in found)
    return [(one.title, flask.url_for(one.endpoint), _current(one, exact)) for one in found]


def _open_alerts() -> int:
    return reviews.open_alert_count(current.session(), current.actor(), current.today())


def _current(entry: Entry, exact: bool) -> str:
    if exact:
        return "page" if flask.request.endpoint == entry.endpoint else ""
    return "true" if entry.section and flask.request.blueprint == entry.section else ""
