"""From parsed tables to frozen dataclasses. The tables have passed the structure check."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from cqi.instruments import conditions, definition

Table = dict[str, Any]
Scales = Mapping[str, definition.Scale]


def instrument(
    table: Table, items: tuple[definition.Item, ...], digest: str
) -> definition.Instrument:
    """The instrument; items come as the components list them, each before its parts."""
    components = tuple(_component(raw) for raw in table["components"])
    order = {code: n for n, code in enumerate(_codes(components, items))}
    return definition.Instrument(
        id=table["id"],
        version=table["version"],
        title=table["title"],
        language=table["language"],
        source=table["source"],
        facts=tuple(_fact(raw) for raw in table.get("facts", [])),
        components=components,
        items=tuple(sorted(items, key=lambda item: order.get(item.code, len(order)))),
        component_ratings=_component_rows(table.get("component_ratings", [])),
        digest=digest,
        confirm_with=table.get("confirm_with", ""),
        subjects=tuple(definition.SubjectKind(**raw) for raw in table.get("subjects", [])),
        scales=tuple(_scale(raw) for raw in table.get("scales", [])),
    )


def scales(table: Table) -> dict[str, definition.Scale]:
    """The scales that an instrument declares, by id; of two with one id the first."""
    return {raw["id"]: _scale(raw) for raw in reversed(table.get("scales", []))}


def item(table: Table, known: Scales) -> definition.Item:
    """One item from its file; a scale that is not known has no points."""
    asked_on = {
        raw["id"]: _scale_of(raw["scale"], known)
        for raw in table.get("questions", [])
        if "scale" in raw
    }
    return definition.Item(
        code=table["item"],
        component=table["component"],
        title=table["title"],
        purpose=table["purpose"],
        good_looks_like=table["good_looks_like"],
        questions=tuple(_question(raw, asked_on) for raw in table.get("questions", [])),
        ratings=tuple(_row(raw, asked_on, table.get("parts", [])) for raw in table["ratings"]),
        evidence=_evidence(table["evidence"]),
        core=table.get("core", False),
        themes=tuple(table.get("themes", [])),
        applies_when=_condition(table.get("applies_when")),
        parts=tuple(table.get("parts", [])),
        confirm=table.get("confirm", False),
    )


def _codes(
    components: tuple[definition.Component, ...], items: tuple[definition.Item, ...]
) -> Iterator[str]:
    parts = {each.code: each.parts for each in items}
    for code in (code for component in components for code in component.items):
        yield code
        yield from parts.get(code, ())


def _scale(table: Table) -> definition.Scale:
    return definition.Scale(
        id=table["id"],
        title=table["title"],
        points=tuple(definition.Point(**point) for point in table["points"]),
        zones=tuple(definition.Zone(**zone) for zone in table["zones"]),
    )


def _scale_of(name: str, known: Scales) -> definition.Scale:
    return known.get(name) or definition.Scale(name, "", (), ())


def _fact(table: Table) -> definition.Fact:
    choices = tuple(definition.Choice(**choice) for choice in table.get("choices", []))
    answer = definition.Answer(table["answer"])
    return definition.Fact(**{**table, "answer": answer, "choices": choices})


def _component(table: Table) -> definition.Component:
    made = {
        "items": tuple(table["items"]),
        "ratings": _component_rows(table.get("ratings", [])),
        "applies_when": _condition(table.get("applies_when")),
    }
    return definition.Component(**{**table, **made})


def _component_rows(rows: list[Table]) -> tuple[definition.ComponentRatingRow, ...]:
    return tuple(
        definition.ComponentRatingRow(
            rating=definition.Rating(row["rating"]),
            when=_count_condition(row.get("when")),
            confirm=row.get("confirm", False),
        )
        for row in rows
    )


def _count_condition(table: Table | None) -> definition.CountCondition | None:
    if table is None:
        return None
    [(quantifier, terms)] = table.items()
    counts = tuple(_count(term) for term in terms)
    return definition.CountCondition(definition.Quantifier(quantifier), counts)


def _count(term: Table) -> definition.Count:
    of = term.get("of")
    return definition.Count(
        counted=definition.Counted(term["count"]),
        of=tuple(of) if isinstance(of, list) else of,
        at_most=term.get("at_most"),
        at_least=term.get("at_least"),
    )


def _question(table: Table, asked_on: Scales) -> definition.Question:
    made = {
        "answer": definition.Answer(table["answer"]),
        "asked_when": _condition(table.get("asked_when"), asked_on),
        "scale": asked_on.get(table["id"]),
    }
    return definition.Question(**{**table, **made})


def _row(table: Table, asked_on: Scales, parts: list[str]) -> definition.RatingRow:
    return definition.RatingRow(
        rating=definition.Rating(table["rating"]),
        when=_condition(table.get("when"), asked_on, parts),
        confirm=table.get("confirm", False),
    )


def _condition(
    table: Table | None, asked_on: Scales | None = None, parts: list[str] | None = None
) -> definition.Condition | None:
    if table is None:
        return None
    [(quantifier, terms)] = table.items()
    comparisons = tuple(_comparison(term, asked_on or {}, parts or []) for term in terms)
    return definition.Condition(definition.Quantifier(quantifier), comparisons)


def _comparison(text: str, asked_on: Scales, parts: list[str]) -> definition.Comparison:
    """One term; what a literal means on a scale or for a part is looked up here, once."""
    term = conditions.parse(text)
    scale = asked_on.get(term.name)
    if scale is not None:
        points, words = scale.points_in(term.literal), scale.words(term.literal)
        return dataclasses.replace(term, points=points, words=words)
    if term.name in parts and term.literal in definition.ITEM_RATINGS:
        return dataclasses.replace(term, words=definition.Rating(term.literal).noun)
    return term


def _evidence(table: Table) -> definition.Evidence:
    narrative = table["narrative"]
    return definition.Evidence(
        required_for=tuple(definition.Rating(rating) for rating in narrative["required_for"]),
        prompts=tuple(narrative.get("prompts", [])),
        at_least=table["sources"]["at_least"],
    )
