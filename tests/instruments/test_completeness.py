from __future__ import annotations

from cqi.core import folders
from cqi.instruments import completeness, definition, library, rating
from cqi.instruments.completeness import Kind

FACTS: dict[str, str | bool] = {
    "case_type": "foster_care",
    "report_in_pur": True,
    "household_changed": False,
    "school_age": True,
}
ANSWERS = {
    "SAF01": {"a": "yes"},
    "SAF02": {"a": "yes", "c": "na"},
    "SAF03": {"a": "na"},
    "PLN01": {"a": "yes", "b": "yes"},
}
NARRATIVES = {"SAF01": "They went.", "PLN01": "It fits."}
SOURCES = {"SAF01": 2, "SAF02": 1, "PLN01": 1}
REASONS = {"SAF02": {"c": "Nobody was at home."}, "SAF03": {"a": "Taught at home."}}


def test_a_complete_case_review_misses_nothing(tiny: definition.Instrument) -> None:
    assert completeness.missing(tiny, FACTS, ANSWERS, NARRATIVES, SOURCES, REASONS) == ()


def test_an_empty_one_misses_facts_once_and_answers_that_surely_apply(
    tiny: definition.Instrument,
) -> None:
    gaps = completeness.missing(tiny, {}, {}, {}, {})
    assert [(gap.kind, gap.place) for gap in gaps] == [
        (Kind.FACT, (None, "case_type")),
        (Kind.FACT, (None, "report_in_pur")),
        (Kind.FACT, (None, "household_changed")),
        (Kind.FACT, (None, "school_age")),
        (Kind.ANSWER, ("SAF02", "a")),
        (Kind.EVIDENCE, ("SAF02", None)),  # whatever the rating, sources will be asked for
        (Kind.ANSWER, ("PLN01", "a")),
        (Kind.ANSWER, ("PLN01", "b")),
        (Kind.EVIDENCE, ("PLN01", None)),
    ]
    assert gaps[1].message == (
        "Face sheet: “Was there a report?” is not answered; needed for SAF01."
    )


def test_a_fact_that_no_longer_matters_is_not_missed(tiny: definition.Instrument) -> None:
    facts = {name: value for name, value in FACTS.items() if name != "school_age"}
    facts["case_type"] = "in_home"
    gaps = completeness.missing(tiny, facts, ANSWERS, NARRATIVES, SOURCES, REASONS)
    assert gaps == ()


def test_an_answer_of_na_needs_a_reason(tiny: definition.Instrument) -> None:
    reasons = {"SAF02": {"c": "  "}, "SAF03": REASONS["SAF03"]}
    [gap] = completeness.missing(tiny, FACTS, ANSWERS, NARRATIVES, SOURCES, reasons)
    assert (gap.kind, gap.place) == (Kind.NA_REASON, ("SAF02", "c"))
    assert gap.message == "SAF02: question c is NA and has no reason yet."


def test_a_narrative_is_needed_only_for_the_ratings_that_ask_for_it(
    tiny: definition.Instrument,
) -> None:
    narratives = {"SAF01": " ", "PLN01": "It fits."}
    [gap] = completeness.missing(tiny, FACTS, ANSWERS, narratives, SOURCES, REASONS)
    assert (gap.kind, gap.place) == (Kind.NARRATIVE, ("SAF01", None))
    assert gap.name == "narrative"


def test_evidence_sources_are_counted_for_items_rated_and_applicable(
    tiny: definition.Instrument,
) -> None:
    sources = {"SAF01": 1, "SAF02": 1, "PLN01": 1}
    [gap] = completeness.missing(tiny, FACTS, ANSWERS, NARRATIVES, sources, REASONS)
    assert (gap.name, gap.message) == ("evidence", "SAF01: 1 of 2 evidence sources named.")


def test_an_item_that_does_not_apply_asks_for_nothing(tiny: definition.Instrument) -> None:
    facts = {**FACTS, "report_in_pur": False, "case_type": "in_home"}
    gaps = completeness.missing(
        tiny, facts, ANSWERS, {"PLN01": "x"}, SOURCES, {**REASONS, "SAF03": {}}
    )
    assert gaps == ()


def test_an_na_needs_no_reason_while_it_is_not_known_whether_its_item_applies(
    tiny: definition.Instrument,
) -> None:
    gaps = completeness.missing(tiny, {}, {"SAF03": {"a": "na"}}, {}, {})
    assert Kind.NA_REASON not in {gap.kind for gap in gaps}


def test_without_reasons_every_na_needs_one(tiny: definition.Instrument) -> None:
    case = rating.rate(tiny, FACTS, ANSWERS)
    gaps = completeness.gaps_of(tiny, case, ANSWERS, NARRATIVES, SOURCES, {})
    assert gaps == completeness.gaps_of(tiny, case, ANSWERS, NARRATIVES, SOURCES)
    assert [gap.place for gap in gaps] == [("SAF02", "c"), ("SAF03", "a")]


def test_what_every_rating_asks_for_is_named_before_the_first_answer() -> None:
    root = folders.data_folder("review_instruments")
    model = library.load(root, "mississippi_practice_model", "1.0")
    facts = {fact.name: fact.values[0] for fact in model.facts}
    before = completeness.missing(model, facts, {}, {}, {})
    item = model.item("SRM03")
    answers = {"SRM03": dict.fromkeys(item.question_ids, "yes")}
    after = completeness.missing(model, facts, answers, {}, {})
    kinds = {gap.kind for gap in before if gap.item == "SRM03"}
    assert kinds == {Kind.ANSWER, Kind.NARRATIVE, Kind.EVIDENCE}
    assert len(after) == len(before) - len(item.question_ids)


def test_messages_and_kinds_are_those_that_pages_rely_on(tiny: definition.Instrument) -> None:
    assert [kind.value for kind in Kind] == [
        "fact", "subject", "interview", "answer", "na_reason", "narrative", "evidence",
    ]  # fmt: skip
    gaps = completeness.missing(tiny, FACTS, ANSWERS, {}, {"SAF01": 1}, {})
    assert [gap.message for gap in gaps] == [
        "SAF01: the narrative is not written yet.",
        "SAF01: 1 of 2 evidence sources named.",
        "SAF02: question c is NA and has no reason yet.",
        "SAF02: 0 of 1 evidence source named.",
        "SAF03: question a is NA and has no reason yet.",
        "PLN01: the narrative is not written yet.",
        "PLN01: 0 of 1 evidence source named.",
    ]


def test_a_fact_that_many_items_need_names_three_of_them() -> None:
    root = folders.data_folder("review_instruments")
    model = library.load(root, "mississippi_practice_model", "1.0")
    gaps = {gap.name: gap.message for gap in completeness.missing(model, {}, {}, {}, {})}
    assert gaps["case_type"].endswith("needed for MAS06, MAS07, SRM07 and 11 more.")
    assert gaps["closed_in_pur"].endswith("needed for MAS08, SRM09 and SNA07.")
    assert gaps["referral_made"].endswith("needed for MAS04.")
