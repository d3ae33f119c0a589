"""The invented case list of a round, as the CSV that an agency would import."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import string
from dataclasses import dataclass

from cqi.cases.rules import CaseType, lists
from cqi.cli.demonstration.invention import Sketch
from cqi.instruments.definition import YES

_TYPES = (
    [CaseType.FOSTER_CARE] * 6 + [CaseType.IN_HOME] * 3 + [CaseType.IN_HOME_ALTERNATIVE_RESPONSE]
)


@dataclass(frozen=True)
class Where:
    """The county and unit of a case, and who works it."""

    fips: str
    unit: str
    caseworker: str
    supervisor: str


def case_types(rng: random.Random, count: int) -> list[CaseType]:
    """Six foster care cases in ten, in a shuffled order."""
    types = [_TYPES[k % len(_TYPES)] for k in range(count)]
    rng.shuffle(types)
    return types


def row(
    rng: random.Random, number: str, sketch: Sketch, where: Where, period: tuple[dt.date, dt.date]
) -> dict[str, str]:
    """One line of the list; its dates agree with what is true of the case."""
    held = {name for name, value in sketch.life.items() if value == YES}
    foster = sketch.life["case_type"] == CaseType.FOSTER_CARE
    opened = _day(rng, period, within="opened_in_pur" in held)
    entered = _later(rng, opened, period) if "entered_care_in_pur" in held else opened
    cells = {
        "case_number": number,
        "case_type": sketch.life["case_type"],
        "county_fips": where.fips,
        "unit": where.unit,
        "caseworker_id": where.caseworker,
        "supervisor_id": where.supervisor,
        "opened_on": opened.isoformat(),
        "family_id": f"F-{number}",
    }
    if "closed_in_pur" in held:
        cells["closed_on"] = (period[1] - dt.timedelta(days=rng.randint(2, 25))).isoformat()
    if foster:
        cells["entered_care_on"] = entered.isoformat()
        cells["child_initial"] = rng.choice(string.ascii_uppercase)
        cells["child_birth_year"] = str(opened.year - rng.randint(1, 15))
        if "discharged_in_pur" in held:
            left = period[1] - dt.timedelta(days=rng.randint(26, 60))
            cells["discharged_on"] = left.isoformat()
    return cells


def _day(rng: random.Random, period: tuple[dt.date, dt.date], *, within: bool) -> dt.date:
    if within:
        return period[0] + dt.timedelta(days=rng.randint(5, 120))
    return period[0] - dt.timedelta(days=rng.randint(30, 700))


def _later(rng: random.Random, opened: dt.date, period: tuple[dt.date, dt.date]) -> dt.date:
    return max(opened, period[0]) + dt.timedelta(days=rng.randint(0, 60))


def as_csv(rows: list[dict[str, str]]) -> bytes:
    """The list as a file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, lists.COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
