"""The places on top of every page, by role: what a role may not open is not there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import flask

from cqi.access import current
from cqi.access.actor import Actor
from cqi.access.permissions import ROLE_WORDS, Permission, Role

MOST = 5


@dataclass(frozen=True)
class Entry:
    """One place to go. An entry whose endpoint does not exist (yet) is left out."""

    title: str
    endpoint: str
    permission: Permission


HOME = Entry("Home", "home.home", Permission.HOME_SEE)
MY_REVIEWS = Entry("My reviews", "home.home", Permission.REVIEW_SCORE)
QA_QUEUE = Entry("QA queue", "reviews.qa_queue", Permission.REVIEW_APPROVE)
ROUNDS = Entry("Rounds", "reviews.rounds", Permission.ROUND_SEE)
RESULTS = Entry("Results", "reporting.results", Permission.REPORT_SEE)
FEEDBACK = Entry("Feedback", "feedback.memos", Permission.FEEDBACK_SEE)
PLANS = Entry("Plans", "plans.plans", Permission.PLAN_SEE)
PLACES = Entry("Places", "places.places", Permission.PLACES_SEE)
SETTINGS = Entry("Settings", "settings.settings", Permission.SETTINGS_SEE)
INSTRUMENTS = Entry("Instruments", "instruments.instruments", Permission.INSTRUMENTS_SEE)

OF_ROLE: dict[Role, tuple[Entry, ...]] = {
    Role.ADMINISTRATOR: (HOME, PLACES, SETTINGS, INSTRUMENTS),
    Role.CQI_DIRECTOR: (HOME, ROUNDS, RESULTS, PLANS, SETTINGS),
    Role.CQI_LIAISON: (HOME, ROUNDS, RESULTS, PLANS, INSTRUMENTS),
    Role.SITE_LEADER: (HOME, ROUNDS, INSTRUMENTS),
    Role.QA_LEAD: (QA_QUEUE, ROUNDS, INSTRUMENTS),
    Role.REVIEWER: (MY_REVIEWS, ROUNDS, INSTRUMENTS),
    Role.ANALYST: (HOME, ROUNDS, RESULTS, INSTRUMENTS),
    Role.REGIONAL_DIRECTOR: (HOME, RESULTS, FEEDBACK, PLANS, INSTRUMENTS),
    Role.SUPERVISOR: (HOME, FEEDBACK, INSTRUMENTS),
    Role.CASEWORKER: (HOME, FEEDBACK, INSTRUMENTS),
    Role.STATE_OFFICE: (HOME, PLANS, PLACES),
    Role.STAKEHOLDER: (HOME,),
    Role.AUDITOR: (HOME,),
}


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
            "role": ", ".join(ROLE_WORDS[role] for role in actor.roles),
            "sign_out_url": flask.url_for("sign_in.sign_out"),
            "navigation": [
                (entry.title, flask.url_for(entry.endpoint), _is_here(entry))
                for entry in entries(actor)
            ],
        }
    return frame


def entries(actor: Actor) -> list[Entry]:
    """At most five places of somebody's roles, that exist and that they may open."""
    found: dict[str, Entry] = {}
    for entry in _of_roles(actor):
        exists = entry.endpoint in flask.current_app.view_functions
        if exists and actor.holds(entry.permission):
            found.setdefault(entry.endpoint, entry)
    return list(found.values())[:MOST]


def _of_roles(actor: Actor) -> Iterator[Entry]:
    for role in actor.roles:
        yield from OF_ROLE[role]


def _is_here(entry: Entry) -> bool:
    return flask.request.endpoint == entry.endpoint
