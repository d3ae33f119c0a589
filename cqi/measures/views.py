"""How far two readings of the same cases agree: a round's page and its files."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors, intervals
from cqi.documents import model, numbers, table_files
from cqi.instruments.definition import Instrument
from cqi.measures.rules import agreement as rules
from cqi.measures.rules import readers
from cqi.measures.rules.readers import Limits, Row, Standing
from cqi.reviews import policy
from cqi.reviews import queries as reviews
from cqi.reviews.rules.readings import ReadingsOfRound
from cqi.rounds import queries as rounds
from cqi.settings import queries as settings
from cqi.settings import registry
from cqi.ui import dates

blueprint = flask.Blueprint("measures", __name__, template_folder="templates")

# ending -> (writer, content type)
FILES: dict[str, tuple[Callable[[model.Document], bytes], str]] = {
    "xlsx": (
        table_files.xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "csv": (table_files.csv, "text/csv; charset=utf-8"),
}
_NOTHING = "–"


@dataclass(frozen=True)
class _Compared:
    """What the page and its files are made from."""

    round: reviews.Round
    instrument: Instrument
    read: ReadingsOfRound
    rows: tuple[Row, ...]
    limits: Limits

    @property
    def enough(self) -> bool:
        """Whether any row has the pairs for a percentage."""
        return any(not readers.few(row.agreement, self.limits) for row in self.rows)


@blueprint.get("/rounds/<uuid:public_id>/agreement")
@guard.requires(Permission.AGREEMENT_SEE)
def agreement(public_id: uuid.UUID) -> ResponseReturnValue:
    """The four measures of agreement by item and component; for QA leads, who differs how."""
    found = _compared(public_id)
    lies = rounds.thing(current.session(), found.round)
    coaches = policy.sees_who_differs(current.actor(), lies)
    table = _table(found, shown=True)
    return flask.render_template(
        "measures/agreement.html",
        round=found.round,
        url=flask.url_for("reviews.round", public_id=public_id),
        pairs=len(found.read.pairs),
        waiting=found.read.waiting,
        lead=_lead(found),
        below=[row for row in found.rows if _standing(row, found) is Standing.BELOW],
        table=table,
        heads=[(each.heading, "r" if each.kind == "number" else "") for each in table.columns],
        enough=found.enough,
        limits=found.limits,
        components=found.instrument.components,
        readers=readers.readers(found.instrument, found.read.pairs) if coaches else [],
        files=[
            (ending.upper(), flask.url_for(".agreement_file", public_id=public_id, ending=ending))
            for ending in FILES
        ],
    )


@blueprint.get("/rounds/<uuid:public_id>/agreement.<ending>")
@guard.requires(Permission.AGREEMENT_SEE)
def agreement_file(public_id: uuid.UUID, ending: str) -> ResponseReturnValue:
    """The same table as a file, xlsx or csv; nobody is named in it."""
    if ending not in FILES:
        raise errors.NotFound(f"there is no agreement as {ending}")
    write, content_type = FILES[ending]
    headers = {
        "Content-Type": content_type,
        "Content-Disposition": f'attachment; filename="agreement-{public_id}.{ending}"',
    }
    return write(_document(_compared(public_id))), headers


def _compared(public_id: uuid.UUID) -> _Compared:
    session, actor, today = current.session(), current.actor(), current.today()
    one = rounds.by_public_id(session, actor, public_id)
    read = reviews.read_twice(session, actor, one)
    instrument = reviews.pinned(one, one.items)
    limits = Limits(
        settings.number(session, registry.SMALLEST_N, today),
        settings.number(session, registry.AGREEMENT_WANTED, today),
    )
    return _Compared(one, instrument, read, tuple(readers.rows(instrument, read.pairs)), limits)


def _standing(row: Row, found: _Compared) -> Standing:
    return readers.standing(row.agreement, found.limits)


def _lead(found: _Compared) -> str:
    """What the two readings come to, in a sentence or two."""
    both, same, one_applies = readers.together(found.rows)
    cases = dates.counted(len(found.read.pairs), "case was", "cases were")
    ratings = dates.counted(both, "rating of an item", "ratings of items")
    enough = both and len(found.read.pairs) >= found.limits.smallest_n
    percent = f" ({numbers.percent(same, both)})" if enough else ""
    said = f"{cases} read by two pairs. Of {ratings} that both gave, {same}{percent}"
    said += " is the same." if same == 1 else " are the same."
    if not one_applies:
        return said
    times = "Once" if one_applies == 1 else f"{one_applies} times"
    return f"{said} {times}, one pair rated an item that the other calls not applicable."


def _document(found: _Compared) -> model.Document:
    """The table with what it rests on."""
    facts = (
        model.Fact("Round", found.round.name),
        model.Fact("Instrument", f"{found.instrument.title} {found.instrument.version}"),
        model.Fact("Cases read by two pairs", str(len(found.read.pairs))),
        model.Fact("Ratings", "As each pair first handed them in, before QA."),
        model.Fact("Fewest pairs for a percentage", str(found.limits.smallest_n)),
    )
    title = "Agreement between readings"
    section = model.Section("agreement", title, "", (_table(found),))
    return model.Document(title, found.round.name, "memo", facts, (section,))


@dataclass(frozen=True)
class _Column:
    """A column and what stands in it; one that `needs_pairs` is empty where they are too few."""

    column: model.Column
    cell: Callable[[Row, _Compared], model.Cell]
    needs_pairs: bool = False


def _table(found: _Compared, *, shown: bool = False) -> model.Table:
    """A row a component and item, in the instrument's order; `shown` leaves out columns of
    percentages where no row has the pairs for them."""
    kept = [each for each in _COLUMNS if found.enough or not (shown and each.needs_pairs)]
    return model.Table(
        "agreement",
        f"Agreement of two readings in {found.round.name}",
        tuple(_headed(each.column, found.limits) for each in kept),
        tuple(_row(row, kept, found) for row in found.rows),
    )


def _headed(column: model.Column, limits: Limits) -> model.Column:
    return replace(column, heading=column.heading.format(wanted=limits.wanted))


def _row(row: Row, kept: list[_Column], found: _Compared) -> model.Row:
    few = readers.few(row.agreement, found.limits)
    cells = [
        model.Cell(_NOTHING, (None,) * len(each.column.data))
        if few and each.needs_pairs
        else each.cell(row, found)
        for each in kept
    ]
    return model.Row(tuple(cells), strong=row.is_component, indent=1 if row.part_of else 0)


def _name(row: Row, _found: _Compared) -> model.Cell:
    return model.Cell(f"{row.title} ({row.code})", (row.code, row.title, row.component))


def _count(number: int) -> model.Cell:
    return model.Cell(str(number), (number,))


def _same(row: Row, _found: _Compared) -> model.Cell:
    same, apart = row.agreement.agreed, row.agreement.n - row.agreement.agreed
    words = f" ({apart} differ{'s' if apart == 1 else ''})" if apart else ""
    return model.Cell(f"{same}{words}", (same,))


def _percent(row: Row, _found: _Compared) -> model.Cell:
    one, interval = row.agreement, row.agreement.interval
    if one.percent is None or interval is None:
        return model.Cell(_NOTHING, (None, None, None))
    text = f"{numbers.percent(one.agreed, one.n)} ({numbers.interval(interval.low, interval.high)})"
    rate = numbers.four_decimals(one.percent)
    return model.Cell(text, (rate, *map(numbers.four_decimals, _ends(interval))))


def _ends(interval: intervals.Interval) -> tuple[float, float]:
    return interval.low, interval.high


def _coefficient(value: Fraction | None) -> model.Cell:
    if value is None:
        return model.Cell(rules.NOT_TO_BE_HAD, (None,))
    return model.Cell(numbers.coefficient(value), (numbers.four_decimals(value),))


def _ac1(row: Row, _found: _Compared) -> model.Cell:
    cell, interval = _coefficient(row.agreement.ac1), row.agreement.ac1_interval
    if interval is None:
        return replace(cell, values=(*cell.values, None, None))
    low, high = map(numbers.coefficient, _ends(interval))
    ends = map(numbers.four_decimals, _ends(interval))
    return model.Cell(f"{cell.text} ({low} to {high})", (*cell.values, *ends))


def _word(row: Row, found: _Compared) -> model.Cell:
    standing = _standing(row, found)
    return model.Cell(_WORDS[standing], (standing.value,))


_WORDS = {
    Standing.REACHED: "Reached",
    Standing.BELOW: "Below",
    Standing.NOT_APART: "Cannot be told",
    Standing.TOO_FEW: "Too few pairs",
}
_COLUMNS = (
    _Column(model.Column("Component or item", data=("code", "title", "component")), _name),
    _Column(
        model.Column("Both rated", "number", ("pairs",)), lambda row, _: _count(row.agreement.n)
    ),
    _Column(model.Column("Same", "number", ("same",)), _same),
    _Column(
        model.Column("Percent", "number", ("rate", "rate_low", "rate_high")),
        _percent,
        needs_pairs=True,
    ),
    _Column(
        model.Column("Kappa", "number", ("kappa",)),
        lambda row, _: _coefficient(row.agreement.kappa),
        needs_pairs=True,
    ),
    _Column(
        model.Column("AC1", "number", ("ac1", "ac1_low", "ac1_high")),
        _ac1,
        needs_pairs=True,
    ),
    _Column(
        model.Column("Alpha", "number", ("alpha",)),
        lambda row, _: _coefficient(row.agreement.alpha),
        needs_pairs=True,
    ),
    _Column(model.Column("Against {wanted}%", data=("standing",)), _word, needs_pairs=True),
    _Column(
        model.Column("One not applicable", "number", ("one_not_applicable",)),
        lambda row, _: _count(row.one_applies),
    ),
)
