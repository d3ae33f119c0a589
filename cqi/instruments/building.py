"""From parsed tables to frozen dataclasses. The tables have passed the structure check."""

from __future__ import annotations

from typing import Any

from cqi.instruments import conditions, definition

Table = dict[str, Any]


def instrument(
    table: Table, items: tuple[definition.Item, ...], digest: str
) -> definition.Instrument:
    """The instrument; its items come in the order in which the components list them."""
    components = tuple(_component(raw) for raw in table["components"])
    order = {code: n for n, code in enumerate(code for c in components for code in c.items)}
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
    )


def item(table: Table) -> definition.Item:
    """One item from its file."""
    return definition.Item(
        code=table["item"],
        component=table["component"],
        title=table["title"],
        purpose=table["purpose"],
        good_looks_like=table["good_looks_like"],
        questions=tuple(_question(raw) for raw in table["questions"]),
        ratings=tuple(
            definition.RatingRow(definition.Rating(raw["rating"]), _condition(raw.get("when")))
            for raw in table["ratings"]
        ),
        evidence=_evidence(table["evidence"]),
        core=table.get("core", False),
        themes=tuple(table.get("themes", [])),
        applies_when=_condition(table.get("applies_when")),
    )


def _fact(table: Table) -> definition.Fact:
    choices = tuple(definition.Choice(**choice) for choice in table.get("choices", []))
    answer = definition.Answer(table["answer"])
    return definition.Fact(**{**table, "answer": answer, "choices": choices})


def _component(table: Table) -> definition.Component:
    rows = _component_rows(table.get("ratings", []))
    return definition.Component(**{**table, "items": tuple(table["items"]), "ratings": rows})


def _component_rows(rows: list[Table]) -> tuple[definition.ComponentRatingRow, ...]:
    return tuple(
        definition.ComponentRatingRow(
            definition.Rating(row["rating"]), _count_condition(row.get("when"))
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


def _question(table: Table) -> definition.Question:
    answer = definition.Answer(table["answer"])
    asked_when = _condition(table.get("asked_when"))
    return definition.Question(**{**table, "answer": answer, "asked_when": asked_when})


def _condition(table: Table | None) -> definition.Condition | None:
    if table is None:
        return None
    [(quantifier, terms)] = table.items()
    comparisons = tuple(conditions.parse(term) for term in terms)
    return definition.Condition(definition.Quantifier(quantifier), comparisons)


def _evidence(table: Table) -> definition.Evidence:
    narrative = table["narrative"]
    return definition.Evidence(
        required_for=tuple(definition.Rating(rating) for rating in narrative["required_for"]),
        prompts=tuple(narrative.get("prompts", [])),
        at_least=table["sources"]["at_least"],
    )
