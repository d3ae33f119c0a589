"""Invents what reviewers would have written: facts, answers, narratives and evidence.

Pure and deterministic: the same seed invents the same case. Narratives come from the worked cases
of the instrument's own definition, so that they fit the item and its rating.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cqi.cases.rules import CaseType
from cqi.cli.demonstration import answering
from cqi.instruments import component_rating, definition, worked_cases
from cqi.instruments.asking import Ask
from cqi.instruments.definition import NA, NO, YES, Rating
from cqi.reviews.rules import EvidenceSource

Stories = Mapping[tuple[str, Rating], Sequence[worked_cases.WorkedCase]]
Needing = frozenset[str]  # codes of items

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


_TRIES = 40  # sets of needs, until a component is rated as it shall be


@dataclass(frozen=True)
class Pages:
    """What is scored, with the stories of its worked cases and what the state file says of it.

    `facts` say how often a fact holds that not every instrument asks, `subjects` who is listed.
    """

    instrument: definition.Instrument
    stories: Stories
    facts: Mapping[str, Any]
    subjects: Mapping[str, Any]


@dataclass
class Sketch:
    """One invented case review: by item what was answered, why, and where it was learned.

    `life` is what is true of the case, asked or not; subjects are id -> label by kind, with ids
    of the sketch's own.
    """

    life: dict[str, str]
    facts: dict[str, str]
    subjects: dict[str, dict[str, str]]
    answers: answering.Answers = field(default_factory=dict)
    reasons: dict[str, dict[Ask, str]] = field(default_factory=dict)
    narratives: dict[str, str] = field(default_factory=dict)
    evidence: dict[str, list[tuple[EvidenceSource, str]]] = field(default_factory=dict)


def facts(rng: random.Random, case_type: CaseType) -> dict[str, str]:
    """What is true of an invented case: names of facts to yes, no or the case type."""
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


def sketch(
    rng: random.Random, pages: Pages, *, case_type: CaseType, achieved: frozenset[str]
) -> Sketch:
    """One whole invented case review that obeys every rule of the definition."""
    case = _face_sheet(rng, pages, case_type)
    known = answering.Case(pages.instrument, case.facts, case.subjects)
    asked = {item.code: known.asks(item.code) for item in pages.instrument.wholes}
    applicable: dict[str, list[str]] = {}
    for code, asks in asked.items():
        if asks:
            applicable.setdefault(pages.instrument.item(code).component, []).append(code)
    needing = needs(rng, known, applicable, achieved)
    fuller = rng.random() < 1 / 3
    for codes in applicable.values():
        for code in codes:
            _answer(rng, case, known, asked[code], needing=code in needing)
            for one in pages.instrument.family(code):
                _explain(rng, case, known, pages.stories, code=one, fuller=fuller)
    return case


def _face_sheet(rng: random.Random, pages: Pages, case_type: CaseType) -> Sketch:
    life = facts(rng, case_type)
    for fact in pages.instrument.facts:
        if fact.name not in life:
            life[fact.name] = _fact(rng, fact, pages.facts.get(fact.name, {}), life)
    known = {fact.name: life[fact.name] for fact in pages.instrument.facts}
    return Sketch(life, known, _subjects(rng, pages, life))


def _fact(
    rng: random.Random, fact: definition.Fact, told: Mapping[str, Any], life: Mapping[str, str]
) -> str:
    """A fact by the chances of its values; a number alone is the chance of yes."""
    if life.get(told.get("only_if", ""), YES) != YES:
        return NO
    chances = told.get(_kind_of_case(life), dict.fromkeys(fact.values, 1))
    if not isinstance(chances, Mapping):
        chances = {YES: chances, NO: 1 - chances}
    [value] = rng.choices([*chances], [*chances.values()])
    return str(value)


def _subjects(
    rng: random.Random, pages: Pages, life: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    listed = {}
    for kind in pages.instrument.subjects:
        told = pages.subjects.get(kind.kind, {})
        if life.get(told.get("only_if", ""), YES) == YES:
            labels = told.get("labels", [kind.label])
            number = rng.randint(1, told.get(_kind_of_case(life), len(labels)))
            listed[kind.kind] = {f"{kind.kind} {n}": labels[n] for n in range(number)}
    return listed


def _kind_of_case(life: Mapping[str, str]) -> str:
    return "foster_care" if life["case_type"] == CaseType.FOSTER_CARE else "in_home"


def needs(
    rng: random.Random,
    known: answering.Case,
    applicable: Mapping[str, Sequence[str]],
    achieved: frozenset[str],
) -> Needing:
    """Items that need improvement, such that just the components in `achieved` are achieved.

    What a first guess does not bring about, other sets of needs may; some components cannot.
    """
    found: list[str] = []
    for component, codes in applicable.items():
        chosen = _guess(rng, known, codes, achieved=component in achieved)
        for _ in range(_TRIES):
            if _achieved(known, component, codes, chosen) is (component in achieved):
                break
            chosen = rng.sample(codes, rng.randint(0, len(codes)))
        found += chosen
    return frozenset(found)


def _guess(
    rng: random.Random, known: answering.Case, codes: Sequence[str], *, achieved: bool
) -> list[str]:
    core = [code for code in codes if known.instrument.item(code).core]
    other = [code for code in codes if code not in core]
    if achieved:
        return rng.sample(other, 1) if other and rng.random() < 0.4 else []
    if core:
        return rng.sample(core, 1) + rng.sample(codes, min(len(codes) - 1, 1))
    return rng.sample(codes, max(0, min(len(codes) - 1, rng.choice((2, 2, 3)))))


def _achieved(
    known: answering.Case, component: str, codes: Sequence[str], needing: Sequence[str]
) -> bool:
    made = known.instrument.component(component)
    ratings = dict.fromkeys(made.items, Rating.NOT_APPLICABLE)
    ratings |= dict.fromkeys(codes, Rating.STRENGTH)
    ratings |= dict.fromkeys(needing, Rating.AREA_NEEDING_IMPROVEMENT)
    rated = component_rating.rate(known.instrument, made, ratings, known.facts)
    return rated.rating is Rating.SUBSTANTIALLY_ACHIEVED


def _answer(
    rng: random.Random,
    case: Sketch,
    known: answering.Case,
    asks: Sequence[tuple[str, Ask]],
    *,
    needing: bool,
) -> None:
    """Good answers to an item and its parts, with one or two bad ones where it needs improvement,
    and a few of NA; what else they take to give the rating is found."""
    whole = known.instrument.family(asks[0][0])[0]
    worse = rng.sample(asks, min(len(asks), rng.choice((1, 1, 2)))) if needing else []
    silent = [
        (code, ask)
        for code, ask in asks[1:]
        if NA in known.instrument.item(code).question(ask.question).values
        and (code, ask) not in worse
        and rng.random() < 0.12
    ]

    def order(item: definition.Item, ask: Ask) -> Sequence[str]:
        question = item.question(ask.question)
        if (item.code, ask) in worse:
            return answering.worse_first(question)
        last = (item.code, ask) in silent
        return answering.na_first(question) if last else answering.better_first(question)

    wish = Rating.AREA_NEEDING_IMPROVEMENT if needing else Rating.STRENGTH
    found = answering.find(known, whole, {whole: wish}, order)
    case.answers |= found or answering.find(known, whole, {}, order) or {}
    for code in known.instrument.family(whole):
        given = case.answers.get(code, {})
        reasons = {ask: _NA_REASON for ask, value in given.items() if value == NA}
        case.reasons |= {code: reasons} if reasons else {}


def _explain(
    rng: random.Random,
    case: Sketch,
    known: answering.Case,
    stories: Stories,
    *,
    code: str,
    fuller: bool,
) -> None:
    item = known.instrument.item(code)
    family = known.instrument.family(code)
    rated = known.rated({one: case.answers[one] for one in family})[code]
    if rated.rating is None or rated.rating is Rating.NOT_APPLICABLE:
        return
    if rated.rating in item.evidence.required_for:
        told = stories.get((code, rated.rating), ())
        case.narratives[code] = _narrative(rng, told, case.facts, fuller=fuller)
    if item.evidence.at_least:
        foster = case.facts["case_type"] == CaseType.FOSTER_CARE
        interviews = _FOSTER_INTERVIEWS if foster else _HOME_INTERVIEWS
        number = max(item.evidence.at_least, 2 if fuller else 1)
        chosen = [rng.choice(_RECORDS), *rng.sample(interviews, number - 1)]
        detail = "Entries of the whole period under review" if fuller else ""
        case.evidence[code] = [(source, detail) for source in chosen]


def _narrative(
    rng: random.Random,
    told: Sequence[worked_cases.WorkedCase],
    known: Mapping[str, str],
    *,
    fuller: bool,
) -> str:
    if not told:
        return "The record and the interviews agree."
    start = rng.randrange(len(told))
    turned = [*told[start:], *told[:start]]
    case = min(turned, key=lambda one: _differing(one.facts, known))
    if not fuller:
        return case.story
    return f"{case.story}\n\n{case.because} {' '.join(rng.sample(_FULLER, 2))}"


def _differing(facts_: Mapping[str, str | bool], known: Mapping[str, str]) -> tuple[bool, int]:
    """How badly a story fits a case: another kind of case is worst, then each other fact."""
    differing = [name for name, value in facts_.items() if _said(value) != known.get(name)]
    return "case_type" in differing, len(differing)


def _said(value: str | bool) -> str:
    return str(value) if isinstance(value, str) else (YES if value else NO)
