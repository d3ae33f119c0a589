"""Systemic needs: what stands in the way of practice and no caseworker can mend alone."""

from __future__ import annotations

import enum
import uuid
from dataclasses import dataclass

LONGEST = 2000


class NeedKind(enum.StrEnum):
    """What is needed."""

    TRAINING = "training"
    SERVICES = "services"
    POLICY = "policy"
    INFORMATION_SYSTEM = "information_system"


KIND_WORDS = {
    NeedKind.TRAINING: "Training",
    NeedKind.SERVICES: "Services",
    NeedKind.POLICY: "Policy",
    NeedKind.INFORMATION_SYSTEM: "Information system",
}


class NeedState(enum.StrEnum):
    """Where a need stands; asked again, it is raised once more."""

    RAISED = "raised"
    ANSWERED = "answered"
    CLOSED = "closed"


STATE_WORDS = {
    NeedState.RAISED: "Waits for a reply",
    NeedState.ANSWERED: "Answered",
    NeedState.CLOSED: "Closed",
}


class NeedOwner(enum.StrEnum):
    """Who has to reply."""

    REGION = "region"
    STATE = "state"


OWNER_WORDS = {NeedOwner.REGION: "Regional Director", NeedOwner.STATE: "CQI director"}


@dataclass(frozen=True)
class NewNeed:
    """A need as a page sends it; `key` becomes its public id: sent twice, it is one. `item` is the
    activity that it shows in, or empty."""

    key: uuid.UUID
    kind: NeedKind
    words: str
    item: str = ""
