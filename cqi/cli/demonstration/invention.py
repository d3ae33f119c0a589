"""Invents what reviewers would have written: facts, answers, narratives and evidence.

Pure and deterministic: the same seed invents the same case. Narratives come from the worked cases
of the instrument's own definition, so that they fit the item and its rating.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cqi.cases.rules import CaseType
from cqi.instruments import definition, rating, worked_cases
from cqi.instruments.definition import NA, NO, YES, Rating
from cqi.reviews.rules import EvidenceSource

Stories = Mapping[tuple[str, Rating], Sequence[worked_cases.WorkedCase]]

_NA_REASON = "Nothing in the record or the interviews calls for it in this case."
_FULLER = (
    "The visit log and the people we spoke with tell the same story.",
    "We read the record of the whole period and asked about the weeks that it says little of.",
    "The caseworker could say at once what was tried and what came of it.",
    "Dates in the record and in the interviews agree within a few days.",
)
_RECORDS = (
    EvidenceSource.CASE_NARRATIVE,
    EvidenceSource.VISIT_LOG,
    EvidenceSource.CASE_PLAN,
    EvidenceSource.ASSESSMENT,
    EvidenceSource.MEETING_NOTES,
    EvidenceSource.SERVICE_REPORT,
)
_FOSTER_INTERVIEWS = (
    EvidenceSource.CASEWORKER,
    EvidenceSource.MOTHER,
    EvidenceSource.FOSTER_CAREGIVER,
    EvidenceSource.CHILD,
)
_HOME_INTERVIEWS = (
    EvidenceSource.CASEWORKER,
    EvidenceSource.MOTHER,
    EvidenceSource.FATHER,
    EvidenceSource.SERVICE_PROVIDER,
)
_FOSTER_CHANCES = {
    "report_in_pur": 0.4,
    "entered_care_in_pur": 0.35,
    "discharged_in_pur": 0.18,
    "safety_or_risk_identified": 0.75,
    "services_in_place": 0.92,
    "referral_made": 0.6,
    "specialized_need": 0.4,
    "case_plan_due": 1.0,  # every case of the invented list has been open for months
    "plan_review_due": 0.8,
    "ftm_held_or_required": 0.75,
    "planning_outside_ftm": 0.35,
    "school_age": 0.6,
    "household_changed": 0.3,
}
_HOME_CHANCES = _FOSTER_CHANCES | {
    "report_in_pur": 0.7,
    "entered_care_in_pur": 0.06,
    "discharged_in_pur": 0.0,
    "plan_review_due": 0.6,
    "ftm_held_or_required": 0.55,
    "household_changed": 0.4,
}


@dataclass
class Sketch:
    """One invented case review. Answers and reasons by item and question, texts by item."""

    facts: dict[str, str]
    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    reasons: dict[str, dict[str, str]] = field(default_factory=dict)
    narratives: dict[str, str] = field(default_factory=dict)
    evidence: dict[str, list[tuple[EvidenceSource, str]]] = field(default_factory=dict)


def facts(rng: random.Random, case_type: CaseType) -> dict[str, str]:
    """The face sheet of an invented case: names of facts to yes, no or the case type."""
    foster = case_type is CaseType.FOSTER_CARE
    chances = _FOSTER_CHANCES if foster else _HOME_CHANCES
    held = {name: rng.random() < chance for name, chance in chances.items()}
    held["opened_in_pur"] = held["entered_care_in_pur"] and rng.random() < 0.7
    if not foster:
        held["opened_in_pur"] = rng.random() < 0.5
    held["reunified_in_pur"] = foster and rng.random() < (0.7 if held["discharged_in_pur"] else 0.1)
    held["closed_in_pur"] = rng.random() < (
        0.85 if held["discharged_in_pur"] else 0.06 + 0.24 * (not foster)
    )
    held["safety_or_risk_identified"] |= held["report_in_pur"]
    return {"case_type": case_type.value} | {k: YES if v else NO for k, v in held.items()}


def needs(
    rng: random.Random,
    instrument: definition.Instrument,
    applicable: Mapping[str, Sequence[str]],
    achieved: frozenset[str],
) -> frozenset[str]:
    """Items that need improvement, such that just the components in `achieved` are achieved."""
    found: list[str] = []
    for component, codes in applicable.items():
        core = [code for code in codes if instrument.item(code).core]
        other = [code for code in codes if code not in core]
        if component in achieved:
            found += rng.sample(other, 1) if other and rng.random() < 0.4 else []
        elif core:
            found += rng.sample(core, 1) + rng.sample(codes, min(len(codes) - 1, 1))
        else:
            found += rng.sample(codes, max(0, min(len(codes) - 1, rng.choice((2, 2, 3)))))
    return frozenset(found)


def sketch(
    rng: random.Random,
    instrument: definition.Instrument,
    stories: Stories,
    *,
    case_type: CaseType,
    achieved: frozenset[str],
) -> Sketch:
    """One whole invented case review that obeys every rule of the definition."""
    case = Sketch(facts(rng, case_type))
    asked = _asked(instrument, case.facts)
    applicable: dict[str, list[str]] = {}
    for item in instrument.items:
        if item.code in asked:
            applicable.setdefault(item.component, []).append(item.code)
    needing = needs(rng, instrument, applicable, achieved)
    fuller = rng.random() < 1 / 3
    for code, questions in asked.items():
        _answer(rng, case, instrument.item(code), questions, needing=code in needing)
        _explain(rng, case, instrument, stories, code=code, fuller=fuller)
    return case


def _asked(
    instrument: definition.Instrument, known: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    rated = ((i, rating.rate_item(instrument, i, known, {})) for i in instrument.items)
    return {item.code: result.asked for item, result in rated if result.applies and result.asked}


def _answer(
    rng: random.Random,
    case: Sketch,
    item: definition.Item,
    questions: Sequence[str],
    *,
    needing: bool,
) -> None:
    values = dict.fromkeys(questions, YES)
    if needing:
        for question in rng.sample(list(questions), min(len(questions), rng.choice((1, 1, 2)))):
            values[question] = NO
    for question in questions[1:]:
        may = NA in item.question(question).values
        if may and values[question] == YES and rng.random() < 0.12:
            values[question] = NA
            case.reasons.setdefault(item.code, {})[question] = _NA_REASON
    case.answers[item.code] = values


def _explain(
    rng: random.Random,
    case: Sketch,
    instrument: definition.Instrument,
    stories: Stories,
    *,
    code: str,
    fuller: bool,
) -> None:
    item = instrument.item(code)
    rated = rating.rate_item(instrument, item, case.facts, case.answers[code])
    if rated.rating in item.evidence.required_for:
        case.narratives[code] = _narrative(
            rng, stories.get((code, rated.rating), ()), fuller=fuller
        )
    if rated.rating is not Rating.NOT_APPLICABLE:
        foster = case.facts["case_type"] == CaseType.FOSTER_CARE
        interviews = _FOSTER_INTERVIEWS if foster else _HOME_INTERVIEWS
        number = max(item.evidence.at_least, 2 if fuller else 1)
        chosen = [rng.choice(_RECORDS), *rng.sample(interviews, number - 1)]
        detail = "Entries of the whole period under review" if fuller else ""
        case.evidence[code] = [(source, detail) for source in chosen]


def _fitting(
    told: Sequence[worked_cases.WorkedCase], known: Mapping[str, str]
) -> Sequence[worked_cases.WorkedCase]:
    """The worked cases whose facts are this case's too; all where none fits."""
    return [one for one in told if not _differing(one.facts, known)] or told


def _differing(facts_: Mapping[str, str | bool], known: Mapping[str, str]) -> list[str]:
    said = {name: _said(value) for name, value in facts_.items()}
    return [name for name, value in said.items() if value != known.get(name)]


def _said(value: str | bool) -> str:
    return str(value) if isinstance(value, str) else (YES if value else NO)


def _narrative(rng: random.Random, told: Sequence[worked_cases.WorkedCase], *, fuller: bool) -> str:
    if not told:
        return "The record and the interviews agree."
    case = rng.choice(told)
    if not fuller:
        return case.story
    return f"{case.story}\n\n{case.because} {' '.join(rng.sample(_FULLER, 2))}"
