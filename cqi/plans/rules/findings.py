"""What a plan answers: findings on practice, systemic factors, and strengths to keep."""

from __future__ import annotations

import enum


class FindingKind(enum.StrEnum):
    """What a finding is about."""

    PRACTICE = "practice"
    SYSTEMIC = "systemic"
    STRENGTH = "strength"


class SystemicFactor(enum.StrEnum):
    """What stands around casework and helps or hinders it."""

    TRAINING = "training"
    SERVICE_ARRAY = "service_array"
    INFORMATION_SYSTEM = "information_system"
    SUPERVISION_AND_CASELOAD = "supervision_and_caseload"
    POLICY = "policy"
    FOSTER_AND_ADOPTIVE_HOMES = "foster_and_adoptive_homes"
    COURTS_AND_PARTNERS = "courts_and_partners"


class FindingDecision(enum.StrEnum):
    """What the region says of a finding; none vanishes."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    MERGED = "merged"
    DECLINED = "declined"


KIND_WORDS = {
    FindingKind.PRACTICE: "Practice",
    FindingKind.SYSTEMIC: "Systemic factor",
    FindingKind.STRENGTH: "Strength",
}
FACTOR_WORDS = {
    SystemicFactor.TRAINING: "Training",
    SystemicFactor.SERVICE_ARRAY: "Service array",
    SystemicFactor.INFORMATION_SYSTEM: "Information system",
    SystemicFactor.SUPERVISION_AND_CASELOAD: "Supervision and caseload",
    SystemicFactor.POLICY: "Policy",
    SystemicFactor.FOSTER_AND_ADOPTIVE_HOMES: "Foster and adoptive homes",
    SystemicFactor.COURTS_AND_PARTNERS: "Courts and partners",
}
DECISION_WORDS = {
    FindingDecision.PROPOSED: "To decide",
    FindingDecision.ACCEPTED: "Accepted",
    FindingDecision.MERGED: "Merged",
    FindingDecision.DECLINED: "Declined",
}
