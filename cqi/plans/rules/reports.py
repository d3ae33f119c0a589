"""Progress reports: how often there is one."""

from __future__ import annotations

import enum


class ReportKind(enum.StrEnum):
    """What a progress report covers, and whom it is for."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


KIND_WORDS = {
    ReportKind.MONTHLY: "Monthly progress report",
    ReportKind.QUARTERLY: "Quarterly progress report to the state",
}
