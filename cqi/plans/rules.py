"""What a program improvement plan is made of (domain.md section 2)."""

from __future__ import annotations

import enum


class PlanState(enum.StrEnum):
    """Where a plan stands."""

    DRAFT = "draft"
    ACTIVE = "active"
    CLOSED = "closed"


class StepState(enum.StrEnum):
    """Where an action step stands: done is claimed by the owner, verified by somebody else."""

    OPEN = "open"
    CLAIMED = "claimed"
    VERIFIED = "verified"


class TargetKind(enum.StrEnum):
    """Where a goal's target comes from."""

    PIP_ARITHMETIC = "pip_arithmetic"
    NEGOTIATED = "negotiated"
