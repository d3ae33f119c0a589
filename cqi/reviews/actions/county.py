"""Telling a county what to get ready for the days on site."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.core import errors, events
from cqi.notices import actions as notices
from cqi.notices.rules import NoticeKind
from cqi.places.models import Place
from cqi.reviews.queries import county as queries
from cqi.reviews.rules import county
from cqi.rounds import queries as rounds
from cqi.rounds.models import CountyNotice, Round


def tell_county(
    session: orm.Session,
    *,
    in_round: Round,
    place: Place,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> CountyNotice:
    """Send a county's people the notice as it stands now, and keep it as it was sent.

    Raises Forbidden, or Blocked: no_cases, nobody.
    """
    if not actor.may(Permission.ROUND_ASSIGN, rounds.thing(session, in_round)):
        raise errors.Forbidden("You may not tell the counties of this round.")
    stream = events.Stream("round", in_round.public_id)
    events.hold(session, stream)
    letter = queries.letter(session, in_round, place, today)
    people = queries.recipients(session, place.id, today)
    errors.require(county.telling_blockers(len(letter.cases), len(people)))
    content = queries.frozen(letter, people)
    made = CountyNotice(
        round=in_round, county_id=place.id, content=content, by_id=actor.person_id, at=now
    )
    session.add(made)
    session.flush()
    told = notices.tell(
        session, NoticeKind.COUNTY_TOLD, people=people, subject=made.public_id, now=now
    )
    payload = {"county": place.id, "notice": str(made.public_id), "told": told}
    payload["cases"] = [each["case"] for each in content["cases"]]
    happening = events.Happening("round.county_told", actor.person_id, now)
    events.record(session, stream, happening, payload)
    return made
