"""Who knows which cases are read twice, and who sees how far two readings agree (ADR 0024)."""

from __future__ import annotations

from cqi.access.actor import Actor, Thing
from cqi.access.permissions import Permission, Role

ARE_FOR_OTHERS = (
    "You review in this round, so somebody else puts second pairs on its cases: nobody who reviews"
    " knows which cases are read twice."
)
AGREEMENT_IS_FOR_OTHERS = (
    "How far readings agree is for QA leads and the CQI director who review no case of the round."
)


def knows_readings(actor: Actor, lies: Thing) -> bool:
    """True for whoever assigns cases in a round and reviews none of it: they know which cases are
    read twice, and by whom."""
    return not _reviews(actor, lies) and actor.may(Permission.ROUND_ASSIGN, lies)


def compares_readings(actor: Actor, lies: Thing) -> bool:
    """True for whoever may see how far readings agree and reviews nothing of the round now."""
    return not _reviews(actor, lies) and actor.may(Permission.AGREEMENT_SEE, lies)


def sees_who_differs(actor: Actor, lies: Thing) -> bool:
    """Whose readings differ, and which way, is for QA leads alone: they coach."""
    return compares_readings(actor, lies) and actor.may(Permission.REVIEW_APPROVE, lies)


def _reviews(actor: Actor, lies: Thing) -> bool:
    return any(
        grant.role is Role.REVIEWER and grant.round_id == lies.round_id for grant in actor.grants
    )
