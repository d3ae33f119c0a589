"""Handing a case review to QA: what keeps it, or what happens then."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.instruments import completeness, narrative_checks
from cqi.reviews import actions, policy, queries
from cqi.reviews.views import frames, links, notes, routes
from cqi.reviews.workflow import Step
from cqi.ui import dates


@routes.blueprint.get("/reviews/<uuid:public_id>/submit", endpoint="submit_for_qa")
@guard.requires(Permission.REVIEW_SCORE)
def show_submission(public_id: uuid.UUID) -> ResponseReturnValue:
    """Everything that is missing, each a link; or what happens next, and the button."""
    review = routes.found(public_id)
    routes.require(Permission.REVIEW_SCORE, review, "only its reviewers hand it in")
    return _page(routes.reread(review))


def _page(opened: routes.Opened) -> str:
    sheet = opened.sheet
    gaps = list(_lines(opened))
    found = policy.blockers(Step.SUBMIT_FOR_QA, sheet.standing, current.actor())
    others = [(blocker.message, "") for blocker in found]
    return flask.render_template(
        "reviews/submit_for_qa.html",
        case=frames.of(opened),
        blockers=[*others, *gaps],
        number=len(others) + len(sheet.missing),
        warnings=list(_warnings(opened)),
        ends_on=dates.full_day(opened.review.pur_to or current.today()),
        ended=opened.review.pur_to is not None,
        has_errors=bool(others or gaps),
    )


def _lines(opened: routes.Opened) -> Iterator[tuple[str, str]]:
    """(words, address) of every gap; where there are many, those of one item in one line."""
    missing = opened.sheet.missing
    if len(missing) <= frames.LISTED:
        yield from ((gap.message, _address(opened, gap)) for gap in missing)
        return
    for _, gaps in itertools.groupby(missing, key=lambda gap: gap.item or gap.name):
        listed = list(gaps)
        yield links.together(opened.sheet.instrument, listed), _address(opened, listed[0])


def _address(opened: routes.Opened, gap: completeness.Missing) -> str:
    return links.address(opened.public_id, opened.sheet.instrument, gap)


def _warnings(opened: routes.Opened) -> Iterator[tuple[str, str, str]]:
    """(place, text, address): worth a look, but not in the way."""
    for code, text in _unheard_sources(opened):
        yield code, text, links.item(opened.public_id, opened.sheet.instrument, code)
    sheet = opened.sheet
    for note in sheet.notes:
        if note.waits_for_reviewers:
            yield note.place, "a QA note waits for your reply.", notes.address(opened, note)
    names = queries.names_on_file(current.session(), opened.review)
    for item in sheet.instrument.items:
        entry = sheet.narratives.get(item.code)
        if entry is None or sheet.rating.items[item.code].applies is False:
            continue
        for words in narrative_checks.look_again(item, entry.value, names):
            address = links.item(opened.public_id, sheet.instrument, item.code)
            yield item.code, f"the narrative {words}", address


def _unheard_sources(opened: routes.Opened) -> Iterator[tuple[str, str]]:
    """Evidence that is an interview which is not held."""
    unheard = {one.id: one.label for one in opened.sheet.interviews if one.outcome != "held"}
    for code, sources in opened.sheet.evidence.items():
        for source in sources:
            if source.interview in unheard:
                label = unheard[source.interview]
                yield code, f"it names the interview “{label}”, which is not held."


@routes.blueprint.post("/reviews/<uuid:public_id>/submit")
@guard.requires(Permission.REVIEW_SCORE)
def send_submission(public_id: uuid.UUID) -> ResponseReturnValue:
    """Hand it to QA. What is missing comes back as the page of reasons."""
    review = routes.found(public_id)
    try:
        actions.submit_for_qa(
            current.session(),
            review=review,
            actor=current.actor(),
            now=current.now(),
            today=current.today(),
        )
    except errors.Blocked:
        return _page(routes.opened(public_id)), 422
    flask.flash(f"Case {review.case.case_number} is with QA. You can read it, but not change it.")
    return flask.redirect(flask.url_for("home.home"), code=303)
