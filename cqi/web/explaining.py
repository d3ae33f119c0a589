"""Who sees what, and by which grant: asked of the very queries that the pages ask.

Each grant is tried as if its person had no other. Only ids, roles and reaches come out.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import orm

from cqi.access import permissions
from cqi.access import queries as access
from cqi.access.permissions import Permission, Role
from cqi.cases import queries as cases
from cqi.cases.models import Case
from cqi.feedback import queries as feedback
from cqi.reviews import queries as reviews

_CONTENT = {Permission.REVIEW_SEE, Permission.FEEDBACK_SEE, Permission.ALERT_SEE}


@dataclass(frozen=True)
class Finds:
    """What one grant lets its person find, as public ids; of one case or of all."""

    grant_id: uuid.UUID
    person_id: int
    person: str
    role: Role
    reviews: tuple[uuid.UUID, ...]
    memos: tuple[uuid.UUID, ...]
    alerts: tuple[uuid.UUID, ...]
    raised: bool = False  # these alerts are seen for having raised them, by any of their grants

    def __bool__(self) -> bool:
        """False where it finds no case content at all."""
        return bool(self.reviews or self.memos or self.alerts)

    @property
    def words(self) -> str:
        """ "2 case reviews, 1 feedback memo"."""
        named = (
            (len(self.reviews), "case review"),
            (len(self.memos), "feedback memo"),
            (len(self.alerts), "safety alert"),
        )
        return ", ".join(f"{n} {word}{'' if n == 1 else 's'}" for n, word in named if n)


def who_sees(session: orm.Session, case: Case, today: dt.date) -> list[Finds]:
    """Every grant by which somebody finds anything of a case, by the person's name."""
    staff = cases.staff_ids(session, case.id)
    lies = {case.county_id, case.unit_id}
    near = (
        one
        for one in access.held(session, today)
        if _may_matter(one, lies, one.actor.staff_id in staff)
    )
    found = (_finds(session, one, case.id, today) for one in near)
    return [one for one in _raised_once(found, reviews.alert_raisers(session, case.id)) if one]


def _raised_once(found: Iterable[Finds], raised_by: Mapping[uuid.UUID, int]) -> Iterator[Finds]:
    """What each grant opens; apart from it, and once, the alerts that its person raised."""
    told: set[uuid.UUID] = set()
    for one in found:
        own = {each for each in one.alerts if raised_by[each] == one.person_id}
        yield replace(one, alerts=tuple(each for each in one.alerts if each not in own))
        new = tuple(each for each in one.alerts if each in own - told)
        yield replace(one, reviews=(), memos=(), alerts=new, raised=True)
        told |= own


def _may_matter(one: access.Held, lies: set[int | None], works: bool) -> bool:
    """A quick look that leaves grants out which cannot reach the case; the query decides."""
    [grant] = one.actor.grants
    here = grant.everywhere or works or grant.round_id is not None or bool(grant.places & lies)
    return here and bool(permissions.permissions_of(grant.role) & _CONTENT)


def sees(session: orm.Session, person_id: int, today: dt.date) -> list[Finds]:
    """What each grant of a person lets them find."""
    return [_finds(session, one, None, today) for one in access.held(session, today, person_id)]


def _finds(session: orm.Session, one: access.Held, case_id: int | None, today: dt.date) -> Finds:
    actor, may = one.actor, one.actor.holds
    found = reviews.found_by(session, actor, case_id) if may(Permission.REVIEW_SEE) else []
    alerts = (
        reviews.alerts_found_by(session, actor, case_id, today) if may(Permission.ALERT_SEE) else []
    )
    memos = (
        feedback.readable(session, actor, case_id, today) if may(Permission.FEEDBACK_SEE) else []
    )
    return Finds(
        one.grant_id,
        actor.person_id,
        one.person,
        actor.grants[0].role,
        tuple(found),
        tuple(memos),
        tuple(alerts),
    )


def kept_out(session: orm.Session, case: Case) -> Iterator[tuple[str, str]]:
    """(name, why) of everybody whom a conflict of interest keeps from the case's reviews."""
    declared = cases.people_in_conflict(session, case)
    for name in sorted(access.people_names(session, declared).values()):
        yield name, "Has a conflict of interest on file"
    for name in cases.names_of_staff(session, case.id):
        yield name, "Works or worked the case, by the case list"
