"""What a list says about a case besides its line of the frame, as text and back."""

from __future__ import annotations

import datetime as dt
import json

from cqi.cases.rules import CaseType, Hold, NewCase, StaffKind


def written(case: NewCase) -> str:
    """JSON, the shortest that `read` understands."""
    held = {
        "unit": case.unit_id,
        "dates": {name: day.isoformat() for name, day in case.dates.items() if day},
        "staff": {kind.value: staff for kind, staff in case.staff.items()},
        "child": [case.child_initial, case.child_birth_year],
        "family": case.family_id,
        "hold": case.hold,
        "county": case.county_id,
        "line": case.line,
    }
    return json.dumps({key: value for key, value in held.items() if value not in (None, {})})


def read(text: str, case_number: str, case_type: CaseType) -> NewCase:
    """The case again."""
    held = json.loads(text)
    dates: dict[str, dt.date | None] = {
        "opened_on": None,
        "closed_on": None,
        "entered_care_on": None,
        "discharged_on": None,
    }
    dates |= {name: dt.date.fromisoformat(day) for name, day in held.get("dates", {}).items()}
    initial, year = held.get("child", [None, None])
    return NewCase(
        line=held["line"],
        case_number=case_number,
        case_type=case_type,
        county_id=held["county"],
        unit_id=held.get("unit"),
        dates=dates,
        staff={StaffKind(kind): staff for kind, staff in held.get("staff", {}).items()},
        child_initial=initial,
        child_birth_year=year,
        family_id=held.get("family"),
        hold=Hold(held["hold"]) if "hold" in held else None,
    )
