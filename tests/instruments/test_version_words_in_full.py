"""Every place of an item and of a component, told as a person reads it."""

from __future__ import annotations

import dataclasses

from cqi.instruments import definition, version_words, versions
from cqi.instruments.definition import Rating
from cqi.instruments.version_words import Told

ALWAYS = "Applies to every case."
REPORT = "there was a report in the period under review"
TIM_ROWS = "1. Strength: a is 0 and b is 0.\n2. Strength: c is Yes."
PERMANENCY = (
    "1. Substantially achieved: no area needing improvement.\n"
    "2. Partially achieved: at most 1 area needing improvement and at least 1 strength.\n"
    "3. Not achieved: in all other cases."
)
SHARED = (
    "1. Substantially achieved: no area needing improvement.\n"
    "2. Partially achieved: at least 1 strength.\n"
    "3. Not achieved: in all other cases."
)
VISITS = (
    "How good were the visits?\nAsk the parent.\n"
    "Six points: 1 Adverse · 2 Poor · 3 Marginal · 4 Fair · 5 Good · 6 Optimal\n"
    "Zones: Improve · Refine · Maintain"
)
ZONES = (
    "1: improve.\n2: improve.\n3: refine, acceptable.\n4: refine, acceptable.\n"
    "5: maintain, acceptable.\n6: maintain, acceptable.\nAsked of each parent."
)


def of_item(old: definition.Instrument, code: str, **changes: object) -> dict[str, tuple[str, str]]:
    """What is told of an item beside the same item with these changes, by place."""
    items = tuple(
        dataclasses.replace(item, **changes) if item.code == code else item for item in old.items
    )
    new = dataclasses.replace(old, items=items)
    return by_place(version_words.of_item(versions.compare(old, new), code))


def of_component(
    old: definition.Instrument, code: str, **changes: object
) -> dict[str, tuple[str, str]]:
    """The same of a component."""
    components = tuple(
        dataclasses.replace(each, **changes) if each.code == code else each
        for each in old.components
    )
    new = dataclasses.replace(old, components=components)
    return by_place(version_words.of_component(versions.compare(old, new), code))


def by_place(told: tuple[Told, ...]) -> dict[str, tuple[str, str]]:
    return {each.place: (each.old, each.new) for each in told}


def test_an_item_is_told_in_full(shapes: definition.Instrument) -> None:
    tim = shapes.item("TIM")
    changes = {
        "title": "On time",
        "purpose": "Was each begun?",
        "good_looks_like": "They go.",
        "component": "STA",
        "core": False,
        "themes": ("time", "safety"),
        "confirm": True,
        "applies_when": None,
        "parts": ("NEDC",),
        "ratings": (dataclasses.replace(tim.ratings[1], rating=Rating.NOT_APPLICABLE),),
        "evidence": dataclasses.replace(
            tim.evidence, required_for=(), at_least=0, prompts=("Who?", "When?")
        ),
    }
    assert of_item(shapes, "TIM", **changes) == {
        "title": ("In time", "On time"),
        "purpose": (
            "Was each report begun in time?\nWhat good looks like: Somebody goes at once.",
            "Was each begun?\nWhat good looks like: They go.",
        ),
        "component": ("SAF Safety", "STA Status"),
        "core": ("A core item.", "Not a core item."),
        "themes": ("None", "time · safety"),
        "marks to confirm": ("Rating rows 2.", "The item.\nRating rows 1."),
        "when it applies": (f"Applies when {REPORT}.", ALWAYS),
        "parts": ("None", "NEDC"),
        "rating rows": (
            f"{TIM_ROWS}\n3. Area needing improvement: in all other cases.",
            "1. Not applicable: c is Yes.",
        ),
        "evidence": (
            "A narrative is needed for an area needing improvement.\nEvidence sources: 1 at least.",
            "No narrative is needed.\nEvidence sources: 0 at least.",
        ),
        "prompts": ("", "Who?\nWhen?"),
    }
    both = dataclasses.replace(
        tim.evidence, required_for=(Rating.AREA_NEEDING_IMPROVEMENT, Rating.STRENGTH)
    )
    assert of_item(shapes, "TIM", evidence=both)["evidence"][1] == (
        "A narrative is needed for an area needing improvement and for a strength."
        "\nEvidence sources: 1 at least."
    )


def test_a_question_is_told_in_full(shapes: definition.Instrument) -> None:
    report, visits = shapes.item("VIS").questions
    changed = (
        dataclasses.replace(
            visits,
            for_each="",
            scale=None,
            answer=definition.Answer.COUNT,
            least=1,
            asked_when=shapes.item("TIM").applies_when,
            counting="Each counts.",
        ),
        dataclasses.replace(report, reverse=False, scored=False, for_each="child"),
    )
    assert of_item(shapes, "VIS", questions=changed) == {
        "question a": (
            "Answers: Yes, No.\nAsked of each report.\nYes is the worse answer.",
            "Answers: Yes, No.\nAsked of each child, at least 1.\nNot scored.",
        ),
        "question b": (ZONES, "A number from 1."),
        "question b, when it is asked": ("Always asked.", f"Asked when {REPORT}."),
        "question b, wording": (
            VISITS,
            "How good were the visits?\nAsk the parent.\nEach counts.",
        ),
    }
    assert of_item(shapes, "VIS", questions=(visits, report)) == {
        "order of questions": ("a · b", "b · a")
    }


def test_a_component_is_told_in_full(shapes: definition.Instrument) -> None:
    changes = {
        "title": "A home",
        "short_title": "Home",
        "purpose": "Does it last?",
        "items": ("SIB",),
        "applies_when": None,
        "ratings": shapes.component_ratings,
    }
    assert of_component(shapes, "PER", **changes) == {
        "title": ("Permanency\nShort: Permanency", "A home\nShort: Home"),
        "purpose": ("Does the child have a home that lasts?", "Does it last?"),
        "marks to confirm": ("Rating rows 2.", ""),
        "items": ("MOV · SIB", "SIB"),
        "when it applies": ("Applies when the case is a foster care case.", ALWAYS),
        "rating rows": (PERMANENCY, SHARED),
    }
    assert of_component(shapes, "PER", items=("SIB", "MOV")) == {
        "order of items": ("MOV · SIB", "SIB · MOV")
    }


def test_a_component_whose_words_are_alike_is_told_as_written(
    shapes: definition.Instrument,
) -> None:
    choice = shapes.facts[0].choices[1]
    same = dataclasses.replace(choice, says_not=shapes.facts[0].choices[0].says)
    fact = dataclasses.replace(shapes.facts[0], choices=(shapes.facts[0].choices[0], same))
    alike = dataclasses.replace(shapes, facts=(fact, *shapes.facts[1:]))
    in_care = shapes.component("PER").applies_when
    assert in_care
    [term] = in_care.terms
    not_home = definition.Condition(
        definition.Quantifier.ALL,
        (dataclasses.replace(term, operator="!=", literal="in_home"),),
    )
    assert of_component(alike, "PER", applies_when=not_home) == {
        "when it applies": (
            "Applies when all of case_type = foster_care.",
            "Applies when all of case_type != in_home.",
        )
    }


def test_core_items_are_told_where_they_are_counted(tiny: definition.Instrument) -> None:
    items = tuple(dataclasses.replace(item, core=item.code == "SAF02") for item in tiny.items)
    found = versions.compare(tiny, dataclasses.replace(tiny, items=items))
    assert version_words.of_component(found, "SAF") == (Told("core items", "SAF01", "SAF02"),)
