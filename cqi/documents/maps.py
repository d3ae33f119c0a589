"""A state's counties, shaded by a measure's class, with the borders and names of its regions.

A county prints its share where that fits. Too few cases are hatched, what was not reviewed is
white. The counties, their regions and their shares come with the call; only the shapes are known
here, by FIPS code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from reportlab.graphics.shapes import Drawing

from cqi.documents import callouts, metrics, model, outlines, palette, ramp, shares
from cqi.documents.callouts import Callout, Leader, Side
from cqi.documents.charts import WIDTH, Caption
from cqi.documents.outlines import Outline, Point
from cqi.documents.pen import Pen, Stroke, Type
from cqi.documents.shares import FEWEST, NOTHING, RoundRow

_HEIGHTS = (430.0, 380.0, 330.0)
_TALL = 1.0  # a state that is wider than this for its height has no names at its sides
_MARGIN = callouts.WIDTH + 8
_UNDER_KEY = 8.0
_SHARE_SIZE, _LEAST_ROOM = 7.0, 6.0
_PASSED = 5.0  # a level line as near to a number as this passes through it
_SIDES: tuple[Side, ...] = ("left", "right")
_NOTE = (
    "Numbers on the map are percent. The 95% intervals stand in the table: with few cases they are"
    " wide, and neighbouring shades are often the same."
)
_COUNTY = Stroke(palette.RULE, 0.5)
_REGION = Stroke(palette.INK, 1.3)
_EDGE = Stroke(palette.INK, 1.0)
_BESIDE = Stroke(palette.PAPER, 2.8)  # parts a region's border from dark fills


@dataclass(frozen=True)
class _Map:
    """Counties by code, their regions by code, in a state's outline at a place on the paper."""

    outline: Outline
    counties: dict[str, RoundRow]
    regions: tuple[RoundRow, ...]
    fewest: int
    left: float
    top: float

    @property
    def wide(self) -> bool:
        """Whether there is no room for names at the sides."""
        return self.outline.width > self.outline.height * _TALL

    def region(self, code: str) -> str:
        """The region of a county, "" where that is not known."""
        return self.counties[code].part_of if code in self.counties else ""

    def moved(self, points: Iterable[Point]) -> list[Point]:
        return [(self.left + x, self.top + y) for x, y in points]

    def share(self, code: str) -> shares.Share | None:
        """The share that a county is shaded by, None where it is hatched or white."""
        share = self._given(code)
        return share if share and share.applicable >= max(self.fewest, 1) else None

    def few(self, code: str) -> bool:
        """Whether a county has cases, but too few for a share."""
        share = self._given(code)
        return share is not None and (share.withheld or 0 < share.applicable < self.fewest)

    @property
    def hatched(self) -> str:
        """What hatched counties have in common."""
        rows = (*self.counties.values(), *self.regions)
        return ramp.few(self.fewest, [row.share for row in rows])

    @cached_property
    def numbers(self) -> dict[str, tuple[Point, str]]:
        """Where each county's number stands, and what it is: "" without a share or room for it."""
        found = {}
        for code, county in self.outline.counties.items():
            share = self.share(code)
            words = share.percent.rstrip("%") if share else ""
            wide = metrics.width(words, _SHARE_SIZE, "Semibold") + 1
            fits = county.width >= wide and county.height >= _LEAST_ROOM
            [middle] = self.moved([county.middle])
            found[code] = (middle, words if fits else "")
        return found

    def _given(self, code: str) -> shares.Share | None:
        return self.counties[code].share if code in self.counties else None


def county_map(
    caption: Caption,
    counties: Sequence[RoundRow],
    regions: Sequence[RoundRow],
    fewest: int = FEWEST,
) -> model.Figure:
    """The whole figure. A county's `code` is its FIPS code, `part_of` the code of its region.

    Counties that the map does not know stand in the table and in a note. ValueError: there is no
    county, or no map of the state in which most of them lie.
    """
    state = _state(counties)
    named, over = shares.by_name(counties), shares.by_name(regions)
    maps = _maps(state, {row.code: row for row in named}, over, fewest)
    labels = {row.code: row.label for row in over}
    said = [shares.round_sentence(_in_region(row, labels), fewest) for row in named]
    said += [shares.round_sentence(row, fewest) for row in over]
    noted = caption.noted(*_notes(maps[0]))
    description = " ".join([_summary(maps[0]), *said])
    rows = _rows(named, over, labels, fewest)
    return noted.figure(description, [_draw(each) for each in maps], _columns(), rows)


def _state(counties: Sequence[RoundRow]) -> str:
    """The state in which most of the counties lie."""
    states = Counter(row.code[:2] for row in counties)
    if not states:
        raise ValueError("a map needs counties")
    return states.most_common(1)[0][0]


def _maps(
    state: str, counties: dict[str, RoundRow], regions: tuple[RoundRow, ...], fewest: int
) -> list[_Map]:
    """One for each height, if the width lets them differ."""
    width = WIDTH - 2 * _MARGIN if outlines.shape(state) <= _TALL else WIDTH
    few = ramp.few(fewest, [row.share for row in (*counties.values(), *regions)])
    top = ramp.key(Pen(WIDTH, 0), fewest, few, unreviewed=True) + _UNDER_KEY
    fitting = [outlines.fitting(state, width, height) for height in _HEIGHTS]
    sizes = {outline.height: outline for outline in fitting}
    return [
        _Map(outline, counties, regions, fewest, (WIDTH - outline.width) / 2, top)
        for outline in sizes.values()
    ]


# ---- the drawing --------------------------------------------------------------------------------


def _draw(drawn: _Map) -> Drawing:
    called = _callouts(drawn)
    bottom = drawn.top + max(drawn.outline.height, callouts.least_height(called))
    pen = Pen(WIDTH, bottom + 4)
    ramp.key(pen, drawn.fewest, drawn.hatched, unreviewed=True)
    _fills(pen, drawn)
    _borders(pen, drawn)
    leaders = callouts.placed(called, drawn.top, bottom, WIDTH)
    callouts.draw_lines(pen, leaders)
    _numbers(pen, drawn, leaders)
    callouts.write(pen, leaders)
    return pen.drawing


def _fills(pen: Pen, drawn: _Map) -> None:
    """The largest first: a county may lie inside another."""
    hatched = []
    for code, county in drawn.outline.counties.items():
        share = drawn.share(code)
        fill = ramp.shade(share).fill if share else palette.PAPER
        rings = [drawn.moved(ring) for ring in county.rings]
        for ring in rings:
            pen.shape(ring, fill, Stroke(fill, 0.2))
        if drawn.few(code):
            hatched += rings
    if hatched:
        pen.hatch(hatched, ramp.HATCH)


def _borders(pen: Pen, drawn: _Map) -> None:
    """Thin between counties, thick between regions and around the state."""
    kinds: dict[Stroke, list[list[Point]]] = {_COUNTY: [], _REGION: [], _EDGE: []}
    for border in drawn.outline.borders:
        of_regions = {drawn.region(code) for code in border.counties}
        stroke = _REGION if len(of_regions) > 1 else _COUNTY
        kinds[stroke if len(border.counties) > 1 else _EDGE].append(drawn.moved(border.line))
    pen.strokes(kinds[_REGION], _BESIDE)
    for stroke, lines in kinds.items():
        pen.strokes(lines, stroke)


def _numbers(pen: Pen, drawn: _Map, leaders: Sequence[Leader]) -> None:
    """The shares, each on a patch of its county's shade where a line would pass through it."""
    for code, ((x, y), words) in drawn.numbers.items():
        share = drawn.share(code)
        if share is None or not words:
            continue
        shade = ramp.shade(share)
        size = (metrics.width(words, _SHARE_SIZE, "Semibold") + 1, 7.4)
        corner = (x - size[0] / 2, y - 3.7)
        if any(leader.crosses(corner, size) for leader in leaders):
            pen.box(corner, size, shade.fill)
        pen.text(x, y + 2.4, words, Type(_SHARE_SIZE, "Semibold", shade.ink), "middle")


# ---- the names of the regions -------------------------------------------------------------------


def _callouts(drawn: _Map) -> list[Callout]:
    """A name for each region that has a county on the map, at the side that is easier to reach."""
    if drawn.wide:
        return []
    made = []
    for region in drawn.regions:
        held = [code for code in drawn.outline.counties if drawn.region(code) == region.code]
        ways = [_way(drawn, code, side) for code in held for side in _SIDES]
        if ways:
            _, side, spot = min(ways)
            made.append(Callout(region.label, _words(region, drawn.fewest), side, spot))
    return made


def _way(drawn: _Map, code: str, side: Side) -> tuple[float, Side, Point]:
    """What a level line from a side to a county costs (numbers that it passes, then how far it
    is), and the spot beside the county's own number where it ends."""
    (x, y), words = drawn.numbers[code]
    aside = metrics.width(words, _SHARE_SIZE, "Semibold") / 2 + 3.6 if words else 0
    aside = min(aside, drawn.outline.counties[code].width / 2)
    spot = (x - aside if side == "left" else x + aside, y)
    passed = sum(
        abs(other[1] - y) < _PASSED and (other[0] < x) == (side == "left")
        for other, number in drawn.numbers.values()
        if number and other != (x, y)
    )
    start = drawn.left if side == "left" else drawn.left + drawn.outline.width
    return passed + abs(spot[0] - start) / WIDTH, side, spot


def _words(region: RoundRow, fewest: int) -> str:
    share = region.share
    if share is None:
        return "not yet reviewed"
    if region.counts_only(fewest) or not share.applicable:
        return share.counted
    return f"{share.percent} of {share.applicable}"


# ---- the table, the description and the notes ---------------------------------------------------


def _columns() -> list[model.Column]:
    _, *of_share = shares.round_columns()
    county = model.Column("County", data=("code", "label"))
    return [county, model.Column("Region", data=("region",)), *of_share]


def _rows(
    counties: Sequence[RoundRow], regions: Sequence[RoundRow], labels: dict[str, str], fewest: int
) -> list[model.Row]:
    """Counties by name, then the regions by theirs."""
    rows = [_cells(row, labels.get(row.part_of, row.part_of), fewest) for row in counties]
    for number, row in enumerate(regions):
        cells = _cells(row, NOTHING, fewest)
        rows.append(replace(cells, strong=True, ruled=not number))
    return rows


def _cells(row: RoundRow, region: str, fewest: int) -> model.Row:
    label, *of_share = shares.round_cells(row, fewest).cells
    return model.Row((label, region or NOTHING, *of_share))


def _in_region(row: RoundRow, labels: dict[str, str]) -> RoundRow:
    region = labels.get(row.part_of, row.part_of)
    return replace(row, label=f"{row.label} ({region})") if region else row


def _summary(drawn: _Map) -> str:
    on_map = [code for code in drawn.outline.counties if code in drawn.counties]
    few = sum(drawn.few(code) for code in on_map)
    white = sum(not drawn.few(code) and drawn.share(code) is None for code in on_map)
    return (
        f"Map of {len(on_map)} counties in {len(drawn.regions)} regions."
        f" With {drawn.hatched}, hatched: {few}. Not yet reviewed, white: {white}."
    )


def _notes(drawn: _Map) -> list[str]:
    known = drawn.outline.counties
    unknown = [f"{row.label} ({c})" for c, row in drawn.counties.items() if c not in known]
    without = [known[code].name for code in known if code not in drawn.counties]
    shaded = [code for code in known if drawn.share(code)]
    notes = [_NOTE]
    if not all(drawn.numbers[code][1] for code in shaded):
        notes.append("Some counties are too small for their number; the table has it.")
    if drawn.wide:
        notes.append("Thick lines part the regions; their names and figures stand in the table.")
    if unknown:
        notes.append(f"The map does not know {'; '.join(unknown)}: the table has them.")
    if without:
        notes.append(f"White because no figures were given: {', '.join(sorted(without))}.")
    return notes
