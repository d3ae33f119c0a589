"""What a case is (domain.md section 2)."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from cqi.core import errors


class CaseType(enum.StrEnum):
    """Foster care looks at one target child; in-home at the family with all children."""

    FOSTER_CARE = "foster_care"
    IN_HOME = "in_home"
    IN_HOME_ALTERNATIVE_RESPONSE = "in_home_alternative_response"


CASE_TYPE_WORDS = {
    CaseType.FOSTER_CARE: "Foster care",
    CaseType.IN_HOME: "In-home",
    CaseType.IN_HOME_ALTERNATIVE_RESPONSE: "In-home, alternative response",
}


class Hold(enum.StrEnum):
    """Why a case stays out of samples unless chosen."""

    FATALITY = "fatality"
    LITIGATION = "litigation"


class StaffKind(enum.StrEnum):
    """Who works a case, by the agency's staff number."""

    CASEWORKER = "caseworker"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True)
class ImportResult:
    """What an import did: data rows read, cases created, and every row that cannot be used."""

    rows: int
    created: int
    problems: tuple[errors.BadRow, ...] = ()
