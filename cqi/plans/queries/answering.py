"""Who leads a plan and who verifies it: people who hold the role for its place."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.actor import Actor
from cqi.access.permissions import Role
from cqi.places import queries as places


@dataclass(frozen=True)
class Answering:
    """Who leads a plan and who verifies its steps; "you" stands for whoever looks."""

    leads: tuple[str, ...]
    verifies: tuple[str, ...]

    @property
    def words(self) -> str:
        """ "You lead it. Ivo Bracken, CQI liaison, verifies." """
        return " ".join(filter(None, (self._lead, self._verify)))

    @property
    def _lead(self) -> str:
        if self.leads == ("You",):
            return "You lead it."
        return f"{_listed(self.leads)} {'leads' if len(self.leads) == 1 else 'lead'} it." * any(
            self.leads
        )

    @property
    def _verify(self) -> str:
        if self.verifies == ("You",):
            return "You verify its steps."
        if not self.verifies:
            return ""
        verb = "verifies" if len(self.verifies) == 1 else "verify"
        return f"{_listed(self.verifies)}, CQI liaison, {verb}."


def answering(session: orm.Session, actor: Actor, place_id: int, today: dt.date) -> Answering:
    """Who answers for the plans of a place on a day."""
    above = places.above(session, [place_id], today)
    leads = access.holders(session, Role.REGIONAL_DIRECTOR, above, today)
    verifies = access.holders(session, Role.CQI_LIAISON, above, today)
    names = access.people_names(session, leads | verifies)
    names = {key: "You" if key == actor.person_id else name for key, name in names.items()}
    return Answering(
        tuple(sorted(names[key] for key in leads)), tuple(sorted(names[key] for key in verifies))
    )


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
