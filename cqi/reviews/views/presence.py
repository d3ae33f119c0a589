"""Who else has this case review open, and where: the page's script asks while it is in sight."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.reviews import actions, queries
from cqi.reviews.views import links, routes


@routes.blueprint.post("/reviews/<uuid:public_id>/here")
@guard.requires(Permission.REVIEW_SEE)
def be_here(public_id: uuid.UUID) -> ResponseReturnValue:
    """Note where the actor is and say who else is here. It is no sign that they work: nobody
    pressed a key for it, so it must never make a sign-in last longer."""
    review, session = routes.found_to_score(public_id), current.session()
    actor, now = current.actor(), current.now()
    place = _place(review, flask.request.form.get("place", ""))
    actions.be_here(session, review=review, place=place, actor=actor, now=now)
    others = queries.others_here(session, review, actor, now)
    shown = [(name, _words(review, where)) for name, where in others]
    return flask.jsonify(html=flask.render_template("reviews/be_here.html", others=shown).strip())


def _place(review: queries.CaseReview, sent: str) -> str:
    """A place that the instrument has, or none."""
    instrument = queries.instrument_of(review)
    places = {links.FACTS, *(each.code for each in instrument.items)}
    places |= {each.code for each in instrument.components}
    return sent if sent in places else ""


def _words(review: queries.CaseReview, place: str) -> str:
    titles = {each.code: each.short_title for each in queries.instrument_of(review).components}
    return titles.get(place, "the face sheet" if place == links.FACTS else place)
