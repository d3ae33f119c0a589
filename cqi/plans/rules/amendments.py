"""What may change in a plan after its approval, by asking: nothing else does."""

from __future__ import annotations

import enum


class AmendmentKind(enum.StrEnum):
    """What shall change."""

    EXTENSION = "extension"
    STEP = "step"
    TARGET = "target"
    DROP = "drop"


class AmendmentState(enum.StrEnum):
    """Where a request for a change stands."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


KIND_WORDS = {
    AmendmentKind.EXTENSION: "More time for a step",
    AmendmentKind.STEP: "A change of a step",
    AmendmentKind.TARGET: "A change of a target",
    AmendmentKind.DROP: "Dropping a step",
}
STATE_WORDS = {
    AmendmentState.ASKED: "Asked",
    AmendmentState.GRANTED: "Granted",
    AmendmentState.REFUSED: "Refused",
    AmendmentState.WITHDRAWN: "Withdrawn",
}
