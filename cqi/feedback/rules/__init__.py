"""The memo: what a final review says back, strengths first (domain.md section 1).

It names nobody, quotes no evidence source, and leaves out the words of items that rest on
protected evidence (42 CFR Part 2) without saying why.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cqi.instruments import conditions, definition
from cqi.instruments.asking import Ask
from cqi.instruments.definition import Instrument, Item, Rating

SHOWN_STRENGTHS = 6  # the rest is one click away, and unfolded on paper
SHOWN_NEEDS = 5


@dataclass(frozen=True)
class Scored:
    """What a final review holds, by item code; answers to what was asked alone.

    `decided_by` are the names that made a rating's row hold, `withheld` the items whose words stay
    inside, `listed` says how many subjects of a kind are on the face sheet, `computed` what an
    item's answers come to where QA set another rating.
    """

    ratings: Mapping[str, Rating | None]
    answers: Mapping[str, Mapping[Ask, str]]
    narratives: Mapping[str, str]
    reasons: Mapping[str, str] = field(default_factory=dict)
    decided_by: Mapping[str, Collection[str]] = field(default_factory=dict)
    withheld: Collection[str] = frozenset()
    listed: Mapping[str, int] = field(default_factory=dict)
    computed: Mapping[str, Rating] = field(default_factory=dict)


@dataclass(frozen=True)
class Answered:
    """A question whose answer decided a rating. `whose` says of how many of a kind, never of whom:
    "for 1 of 2 parents"; empty where the question is asked once."""

    text: str
    answer: str
    whose: str = ""

    def __str__(self) -> str:
        return f"“{self.text}”{f' ({self.whose})' if self.whose else ''}"


@dataclass(frozen=True)
class Point:
    """One item of the memo: what was seen, why it is rated so, what good looks like.

    `questions` are those whose answers decided the rating, `parts` the item's parts that applied;
    `seen` is empty where nothing was written, or where no words may be shown (`withheld`);
    `computed` is what the answers come to where QA set the rating.
    """

    code: str
    title: str
    component: str
    core: bool
    rating: Rating
    seen: str
    withheld: bool
    questions: tuple[Answered, ...]
    parts: tuple[Point, ...]
    reason: str
    good_looks_like: str
    computed: Rating | None = None

    @property
    def why(self) -> str:
        """ "the answer is No to: “...”", or the parts that it is due to, else the rule's words."""
        due_to = [f"“{part.title}”" for part in self.parts if part.rating is self.rating]
        if due_to and not self.questions:
            return f"of {conditions.in_words(due_to)}"
        by_answer: dict[str, list[str]] = {}
        for each in self.questions:
            by_answer.setdefault(each.answer, []).append(str(each))
        said = (f"the answer is {one} to: {', '.join(all_)}" for one, all_ in by_answer.items())
        return "; ".join(said) or self.reason


@dataclass(frozen=True)
class Graded:
    """A component with its rating, and the ratings of its items in their order."""

    code: str
    title: str
    rating: Rating | None
    items: tuple[tuple[str, Rating | None], ...]


@dataclass(frozen=True)
class Memo:
    """Strengths with those to show first, then every need; `applicable` counts the items.

    `opening` and `closing` are the site leader's own words, `components` the ratings of all items,
    `instrument` what it was scored with.
    """

    strengths: tuple[Point, ...]
    more_strengths: tuple[Point, ...]
    needs: tuple[Point, ...]
    applicable: int
    components: tuple[Graded, ...] = ()
    instrument: str = ""
    opening: str = ""
    closing: str = ""

    @property
    def first_needs(self) -> tuple[Point, ...]:
        """Those that stand unfolded."""
        return _folded(self.needs, SHOWN_NEEDS)[0]

    @property
    def more_needs(self) -> tuple[Point, ...]:
        """Those that are one click away."""
        return _folded(self.needs, SHOWN_NEEDS)[1]

    @property
    def all_strengths(self) -> tuple[Point, ...]:
        """Shown or folded."""
        return (*self.strengths, *self.more_strengths)

    @property
    def strength_count(self) -> int:
        """How many items are strengths: those that a memo does without count as well."""
        return self.applicable - len(self.needs)


def memo(instrument: Instrument, scored: Scored) -> Memo:
    """Put a final review's items in order: core items first, else the instrument's order.

    An item that has parts is one point, which holds those of its parts.
    """
    found = sorted(_points(instrument, scored, instrument.wholes), key=lambda one: not one.core)
    strengths = [point for point in found if point.rating is Rating.STRENGTH]
    needs = [point for point in found if point.rating is Rating.AREA_NEEDING_IMPROVEMENT]
    shown, more = _folded(strengths, SHOWN_STRENGTHS)
    named = f"{instrument.title} {instrument.version}"
    count = len(strengths) + len(needs)
    return Memo(shown, more, tuple(needs), count, tuple(_graded(instrument, scored)), named)


def _graded(instrument: Instrument, scored: Scored) -> Iterable[Graded]:
    for each in instrument.components:
        items = tuple((code, scored.ratings.get(code)) for code in each.items)
        yield Graded(each.code, each.short_title, scored.ratings.get(each.code), items)


@dataclass(frozen=True)
class Wording:
    """What a site leader makes of a memo: words of their own at both ends, by item code words in
    place of the reviewers', and strengths that it does without."""

    opening: str = ""
    closing: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    left_out: Collection[str] = frozenset()


def worded(made: Memo, wording: Wording) -> Memo:
    """A memo in a site leader's words. A need cannot be left out; nor can the last strength."""
    all_of_them = (*made.strengths, *made.more_strengths)
    kept = [each for each in all_of_them if each.code not in wording.left_out] or all_of_them
    shown, more = _folded([_reworded(each, wording) for each in kept], SHOWN_STRENGTHS)
    return dataclasses.replace(
        made,
        strengths=shown,
        more_strengths=more,
        needs=tuple(_reworded(each, wording) for each in made.needs),
        opening=wording.opening,
        closing=wording.closing,
    )


def _reworded(point: Point, wording: Wording) -> Point:
    """Words of its own are no longer withheld: the site leader wrote them to be read."""
    parts = tuple(_reworded(part, wording) for part in point.parts)
    text = wording.texts.get(point.code)
    if text is None:
        return dataclasses.replace(point, parts=parts)
    return dataclasses.replace(point, parts=parts, seen=text, withheld=False)


def _folded(points: Sequence[Point], shown: int) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
    """Those to show and those to fold away; a single one more is not worth folding."""
    kept = len(points) if len(points) == shown + 1 else shown
    return tuple(points[:kept]), tuple(points[kept:])


def _points(instrument: Instrument, scored: Scored, items: Iterable[Item]) -> list[Point]:
    """The points of those items that applied and are rated."""
    rated = ((item, scored.ratings.get(item.code)) for item in items)
    return [
        _point(instrument, item, rating, scored)
        for item, rating in rated
        if rating is not None and rating is not Rating.NOT_APPLICABLE
    ]


def _point(instrument: Instrument, item: Item, rating: Rating, scored: Scored) -> Point:
    withheld = item.code in scored.withheld
    parts = (instrument.item(code) for code in item.parts)
    return Point(
        item.code,
        item.title,
        instrument.component(item.component).short_title,
        item.core,
        rating,
        "" if withheld else scored.narratives.get(item.code, ""),
        withheld,
        () if item.code in scored.computed else tuple(_deciding(instrument, item, scored)),
        tuple(_points(instrument, scored, parts)),
        _reason(item, scored),
        item.good_looks_like,
        scored.computed.get(item.code),
    )


def _reason(item: Item, scored: Scored) -> str:
    """Why it is rated so, by rule; of a rating that QA set, what the answers come to."""
    computed = scored.computed.get(item.code)
    if computed is None:
        return scored.reasons.get(item.code, "")
    return f"QA set this rating; computed from the answers it was {computed.label.lower()}"


def _deciding(instrument: Instrument, item: Item, scored: Scored) -> Iterable[Answered]:
    """The questions whose answers decided an item's rating; of a repeated one the worst answer."""
    answers = scored.answers.get(item.code, {})
    names = scored.decided_by.get(item.code, ())
    for question in item.questions:
        given = [value for ask, value in answers.items() if ask.question == question.id]
        if given and (question.id in names or (not names and _is_bad(question, given))):
            worst = question.worst(given)
            whose = ""
            if question.for_each:
                kind = instrument.subjects_by_kind[question.for_each]
                whose = _whose(kind, given.count(worst), scored.listed.get(kind.kind, len(given)))
            yield Answered(question.text, question.words(worst), whose)


def _is_bad(question: definition.Question, given: Collection[str]) -> bool:
    """Whether it is the worse of yes and no, which tells where no condition decided."""
    yes_or_no = question.answer in (definition.Answer.YES_NO, definition.Answer.YES_NO_NA)
    worse = definition.YES if question.reverse else definition.NO
    return yes_or_no and question.scored and worse in given


def _whose(kind: definition.SubjectKind, count: int, listed: int) -> str:
    """ "for 1 of 2 parents", "for the child"; of numbers that add up, whose they are together."""
    if listed == 1:
        return f"for the {kind.label.lower()}"
    plural = kind.plural.lower()
    return f"for {count} of {listed} {plural}" if count else f"for {listed} {plural} together"
