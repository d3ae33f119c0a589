"""Who hears of a deadline and when: reminders before it, then the ladder after it."""

from __future__ import annotations

import enum


class ReminderKind(enum.StrEnum):
    """What was told of a deadline; each is recorded once for each due date."""

    DAYS_14 = "days_14"
    DAYS_7 = "days_7"
    DAYS_1 = "days_1"
    OVERDUE = "overdue"
    REGIONAL_DIRECTOR = "regional_director"
    CQI_DIRECTOR = "cqi_director"
    STATE_OFFICE = "state_office"
