"""What a dashboard shows, and the words for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from cqi.core import intervals
from cqi.documents import numbers
from cqi.measures.rules import beside as rules
from cqi.measures.rules import lines, tallies
from cqi.measures.rules.findings import Finding, Limits
from cqi.measures.rules.frozen import LeftOut
from cqi.measures.rules.tabulation import Comparison, MeasureRow
from cqi.reporting.rules import sentences

_NOT_COMPARED = Finding.NOT_COMPARED
_LEFT_OUT = {
    LeftOut.ELIMINATED: "eliminated or withdrawn",
    LeftOut.PRACTICE: "practice or second readings",
    LeftOut.NOT_FINAL: "not final yet",
}


@dataclass(frozen=True)
class Wanted:
    """What an address asks for; empty: what is shown without being asked for."""

    round: str = ""
    kind: str = ""
    case_type: str = ""
    component: str = ""
    overrides: bool = True


@dataclass(frozen=True)
class Bar:
    """A share with its 95% interval, as the pages' pictures want it."""

    achieved: int
    applicable: int
    low: float
    high: float

    def __str__(self) -> str:
        """ "68.3%, 95% interval 55.8–78.7"."""
        share = numbers.percent(self.achieved, self.applicable)
        return f"{share}, 95% interval {numbers.interval(self.low, self.high)}"


@dataclass(frozen=True)
class Row:
    """One line of a table: a component, an item or a place, with its figures."""

    key: str
    title: str
    line: lines.Line
    indent: bool = False

    @property
    def now(self) -> MeasureRow:
        """This round's figures."""
        return self.line.now

    @property
    def before(self) -> MeasureRow | None:
        """The other round's; None where there is nothing to compare with."""
        return self.line.before

    @property
    def percent(self) -> bool:
        """Whether shares may be shown: either round with too few cases leaves counts only."""
        return not any(side.counts_only for side in (self.now, self.before) if side)

    @property
    def pictures(self) -> tuple[Bar | None, Bar | None]:
        """Both shares with their intervals; None where only counts may be shown."""
        return (_share(self.before), _share(self.now)) if self.percent else (None, None)

    @property
    def short(self) -> str:
        """ "52.8%", or "4 of 9" where only counts may be shown."""
        if self.percent:
            return numbers.percent(self.now.achieved, self.now.applicable)
        return f"{self.now.achieved} of {self.now.applicable}"

    @property
    def picture_words(self) -> str:
        """The picture in words, for those who do not see it."""
        names = ("baseline", "follow-up") if self.before else ("", "")
        parts = [
            f"{name} {one}".strip() for name, one in zip(names, self.pictures, strict=True) if one
        ]
        return f"{self.title}: {'; '.join(parts) or 'too few cases for a share'}"

    @property
    def finding(self) -> str:
        """The word's code; empty where the rules give none."""
        change = self.line.change
        return change.finding.value if change and change.finding else ""

    @property
    def points(self) -> str:
        """The change in points; empty where none may be shown."""
        change = self.line.change
        return numbers.points(change.difference) if change and change.difference is not None else ""

    @property
    def span(self) -> str:
        """Its interval."""
        return sentences.span(self.line.change) if self.line.change else ""

    @property
    def says(self) -> str:
        """What the counts of a county or a kind of case can say of change: no word stands for one,
        as some of so many differ by chance."""
        change = self.line.change
        if change is None:
            return ""
        if change.finding is Finding.NOT_COMPARED:
            return "Not compared: its rule is another one than at baseline"
        if change.pair.few(change.limits):
            return f"Fewer than {change.limits.smallest_n} cases in a round: counts only"
        if change.difference is None:
            return ""
        return f"{numbers.points(change.difference)} points ({sentences.span(change)})"


def _share(row: MeasureRow | None) -> Bar | None:
    if row is None:
        return None
    interval = intervals.wilson(row.achieved, row.applicable)
    return Bar(row.achieved, row.applicable, interval.low, interval.high)


def beside(row: MeasureRow, whole: MeasureRow, name: str) -> str:
    """How a place stands to the rest of what it lies in, in words; empty: too few cases to tell."""
    found = rules.beside(row, whole)
    interval = found.interval
    if interval is None:
        return ""
    if found.standing is rules.Standing.NOT_APART:
        return f"Cannot be told apart from the rest of {name}"
    word = "Above" if found.standing is rules.Standing.ABOVE else "Below"
    span = numbers.span(interval.low, interval.high)
    return f"{word} the rest of {name} ({span} points)"


@dataclass(frozen=True)
class RoundWords:
    """A round as a page names it: "Baseline 2025", its name, its days on site, its version."""

    public_id: str
    title: str
    name: str
    on_site: str
    version: str = ""
    items: tuple[str, ...] = ()
    compares_with: str = ""

    @property
    def choice(self) -> str:
        """How a choice of rounds names it: "Baseline 2025 and follow-up 2026"."""
        pair = f"{self.compares_with} and {self.title[:1].lower()}{self.title[1:]}"
        words = pair if self.compares_with else self.title
        return f"{words}, named items only" if self.items else words


@dataclass(frozen=True)
class Rests:
    """What the figures of a page rest on."""

    now: tallies.Tallied
    before: tallies.Tallied | None
    limits: Limits
    run: str = ""
    set_by_qa: int = 0
    overrides: bool = True
    weighted: bool = False
    in_question: int = 0

    @property
    def entries(self) -> list[tuple[str, str]]:
        """(term, value) for the box."""
        number = sentences.cases(self.limits.smallest_n)
        return [
            ("Run", self.run or "not frozen yet: figures as the reviews stand now"),
            ("Reviews", self._reviews()),
            ("Left out", self._left_out()),
            ("NA", "in no denominator"),
            ("Weights", self._weights()),
            ("Interval", "Wilson 95%; of a change: Newcombe 95%"),
            ("Too few", f"under {number} counts only (a setting)"),
            ("Overrides", self._set_by_qa()),
            *([("Asked again", self._in_question())] if self.in_question else []),
        ]

    def _in_question(self) -> str:
        verb = "rating is" if self.in_question == 1 else "ratings are"
        return f"{self.in_question} {verb} being looked at again"

    def _weights(self) -> str:
        once = "each case counts once"
        return f"{once}, though the draw gave them different weights" if self.weighted else once

    def _reviews(self) -> str:
        sides = [self.now, *([self.before] if self.before else [])]
        imported = sum(one.imported for one in sides)
        final = f"{self.now.cases} final"
        if self.before:
            final = f"{self.before.cases} final at baseline, {self.now.cases} now"
        return f"{final}; {imported} imported"

    def _left_out(self) -> str:
        whole = tallies.together([self.now, *([self.before] if self.before else [])])
        counts = ((whole.left_out(why), words) for why, words in _LEFT_OUT.items())
        return ", ".join(f"{count} {words}" for count, words in counts if count) or "none"

    def _set_by_qa(self) -> str:
        if not self.set_by_qa:
            return "QA set no rating"
        used = "counted" if self.overrides else "left out, computed ratings count"
        words = "item rating" if self.set_by_qa == 1 else "item ratings"
        return f"{self.set_by_qa} {words} set by QA: {used}"


@dataclass(frozen=True)
class Board:
    """One place in one round: what every dashboard of a region or county holds."""

    choices: tuple[RoundWords, ...]
    round: RoundWords | None = None
    baseline: RoundWords | None = None
    rows: tuple[Row, ...] = ()
    rests: Rests | None = None
    things: str = "components"
    overlap: int = 0

    @property
    def compared(self) -> bool:
        """Whether there is another round beside this one."""
        return self.baseline is not None

    @property
    def cases(self) -> int:
        """The final case reviews of this round."""
        return self.rests.now.cases if self.rests else 0

    @property
    def sentence(self) -> str:
        """What the page says first."""
        return lead(self.rows, self.things, self.cases)

    @property
    def without(self) -> str:
        """What is said of cases that stand in both rounds."""
        return with_and_without(self.rows, self.overlap)


def with_and_without(rows: Sequence[Row], cases: int) -> str:
    """How many cases stand in both rounds, and what is said without them; empty where none does.
    One row says its figure, several say where the word is another one."""
    found = [(row.key, row.line.change) for row in rows]
    changes = [(key, each) for key, each in found if each and each.finding is not _NOT_COMPARED]
    if not cases or not changes:
        return ""
    one = cases == 1
    said = f"{'1 case was' if one else f'{cases} cases were'} reviewed in both rounds."
    them = "it" if one else "them"
    if len(changes) == 1:
        return f"{said} Without {them}: {_without(changes[0][1])}."
    other = [
        f"{code} {_without(change)}"
        for code, change in changes
        if change.without_overlap and change.without_overlap.finding is not change.finding
    ]
    if not other:
        return f"{said} Without {them} every word above stays the same."
    return f"{said} Without {them}: {'; '.join(other)}."


def _without(change: Comparison) -> str:
    """ "improved, +44.0 points (+18.9 to +62.1)", or the counts that are too few."""
    apart = change.without_overlap
    if apart is None:
        return "the same, as none of them counts in both"
    pair = apart.pair
    if not apart.shown:
        word = sentences.WORDS[apart.finding or Finding.TOO_FEW].lower()
        return f"{word}, {pair.k0} of {pair.n0} at baseline, {pair.k1} of {pair.n1} now"
    word = f"{sentences.WORDS[apart.finding].lower()}, " if apart.finding else ""
    return f"{word}{sentences.difference(apart)} points"


def lead(rows: Sequence[Row], things: str, cases: int) -> str:
    """ "Of six components, two improved ...", or what one round, or none, can say."""
    changes = [row.line.change for row in rows if row.line.change and row.line.change.finding]
    if cases and changes:
        return f"{sentences.headline(changes, things)}."
    if not cases:
        return "No case review is final yet. Figures stand here once the first one is."
    verb = "is" if cases == 1 else "are"
    said = f"{sentences.capital(sentences.reviews(cases))} {verb} final in this round."
    one = " A change can be told after a second round." if not any(r.before for r in rows) else ""
    return said + one


@dataclass(frozen=True)
class Region:
    """A region beside the others: its rows by code, or in words why there are none."""

    public_id: str
    name: str
    round: RoundWords | None = None
    cases: int = 0
    rows: dict[str, Row] = field(default_factory=dict)
    why: str = ""

    @property
    def compared(self) -> bool:
        """Whether another round stands beside its newest one."""
        return any(row.line.change for row in self.rows.values())


@dataclass(frozen=True)
class StateTable:
    """The regions that were scored on one instrument, side by side."""

    instrument: str
    components: tuple[tuple[str, str], ...]
    regions: tuple[Region, ...]
    items: tuple[tuple[str, str], ...] = ()

    def of(self, code: str) -> list[Row]:
        """One component, a row a region, where it was rated."""
        named = ((one, one.rows.get(code)) for one in self.regions)
        return [replace(row, key=one.public_id, title=one.name) for one, row in named if row]

    @property
    def sentence(self) -> str:
        """What the comparisons of all its regions came to."""
        found = [row for one in self.regions for row in one.rows.values()]
        changes = [row.line.change for row in found if row.line.change]
        if not changes:
            return "No region has two rounds yet, so no change can be told."
        return f"{sentences.headline(changes, 'comparisons of a component in a region')}."


@dataclass(frozen=True)
class State:
    """Every region within reach."""

    tables: tuple[StateTable, ...]
    waiting: tuple[Region, ...]
    rests: Rests

    @property
    def facts(self) -> str:
        """How many regions were reviewed how often."""
        reviewed = [one for table in self.tables for one in table.regions]
        twice = sum(one.compared for one in reviewed)
        number = len(reviewed) + len(self.waiting)
        regions = "1 region" if number == 1 else f"{number} regions"
        return (
            f"{regions}: {twice} with a round to compare, {len(reviewed) - twice} with one round,"
            f" {len(self.waiting)} without results."
        )


def in_order(rows: Iterable[Row]) -> list[Row]:
    """Places in the order of their names: never ranked."""
    return sorted(rows, key=lambda row: row.title)
