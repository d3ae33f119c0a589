"""Frames, draws and the sample of a round, as far as the actor's grants reach."""

from __future__ import annotations

import datetime as dt
import functools
import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.cases.rules import CASE_TYPE_WORDS, CaseType
from cqi.core import errors
from cqi.places import queries as places
from cqi.places.rules import PlaceKind
from cqi.rounds import queries as rounds
from cqi.rounds.models import Round as Round
from cqi.sampling.models import Draw as Draw
from cqi.sampling.models import DrawnCase, Elimination, FrameCase
from cqi.sampling.models import Frame as Frame
from cqi.sampling.queries import eliminations
from cqi.sampling.rules import designs, drawing, eligibility, eliminating
from cqi.sampling.rules.drawing import Listed
from cqi.sampling.rules.eligibility import Period
from cqi.sampling.rules.eliminating import (
    IN_SAMPLE,
    Place,
    Standing,
)
from cqi.settings import queries as settings
from cqi.settings import registry

register = eliminations.register
reasons = eliminations.reasons
to_decide = eliminations.to_decide
elimination = eliminations.elimination


@functools.cache
def shipped_rules() -> tuple[eligibility.Rule, ...]:
    """The rules of eligibility as they are shipped; days that a setting gives come on top."""
    text = (Path(__file__).parents[1] / "data" / "eligibility.toml").read_text(encoding="utf-8")
    return eligibility.read(text)


def rules_of(session: orm.Session, in_round: Round) -> tuple[eligibility.Rule, ...]:
    """The rules of eligibility for a round: the shipped ones with the days that are set."""
    shipped = shipped_rules()
    values = {
        rule.setting: settings.number(session, registry.BY_KEY[rule.setting], in_round.on_site_from)
        for rule in shipped
        if rule.setting
    }
    return eligibility.with_settings(shipped, values)


def period(in_round: Round) -> Period:
    """The sampling period of a round: its own, else from the start of the period under review to
    the day before the first day on site."""
    last = in_round.on_site_from - dt.timedelta(days=1)
    return Period(in_round.sampling_from or in_round.pur_from, in_round.sampling_to or last)


def for_sampling(session: orm.Session, actor: Actor, public_id: uuid.UUID) -> Round:
    """A round whose sample `actor` may see: those who put its cases to work. Raises NotFound."""
    found = rounds.by_public_id(session, actor, public_id)
    if not actor.may(Permission.ROUND_ASSIGN, rounds.thing(session, found)):
        raise errors.NotFound("there is no such sample")
    return found


def for_drawing(session: orm.Session, actor: Actor, public_id: uuid.UUID) -> Round:
    """A round that `actor` may draw a sample for. Raises NotFound, Forbidden."""
    found = rounds.by_public_id(session, actor, public_id)
    if not actor.may(Permission.SAMPLE_DRAW, rounds.thing(session, found)):
        raise errors.Forbidden("You may not draw the sample of this round.")
    return found


def frames(session: orm.Session, in_round: Round) -> list[Frame]:
    """The frames of a round, the newest first."""
    query = sa.select(Frame).where(Frame.round_id == in_round.id).order_by(Frame.id.desc())
    return list(session.scalars(query))


def listed(session: orm.Session, one: Frame) -> list[Listed]:
    """The cases of a frame that can be drawn, by case number."""
    as_text = sa.type_coerce(FrameCase.case_type, sa.String)  # a frame has 100,000
    query = (
        sa.select(FrameCase.case_number, FrameCase.county_fips, as_text)
        .where(FrameCase.frame_id == one.id, FrameCase.left_out.is_(None))
        .order_by(FrameCase.case_number)
    )
    types = {each.value: each for each in CaseType}
    return [Listed(number, county, types[kind]) for number, county, kind in session.execute(query)]


@dataclass(frozen=True)
class LeftOut:
    """A case of the list that cannot be drawn, and why."""

    line: int
    case_number: str
    because: str


def left_out(session: orm.Session, one: Frame, start: int = 0, number: int = 200) -> list[LeftOut]:
    """The cases that are left out, by line of the file."""
    query = (
        sa.select(FrameCase.line, FrameCase.case_number, FrameCase.left_out)
        .where(FrameCase.frame_id == one.id, FrameCase.left_out.is_not(None))
        .order_by(FrameCase.line)
        .offset(start)
        .limit(number)
    )
    words = words_of(one)
    return [
        LeftOut(row.line, row.case_number, words[row.left_out]) for row in session.execute(query)
    ]


def left_out_counts(session: orm.Session, one: Frame) -> dict[str, int]:
    """Words of a rule -> how many cases it left out, in the order of the rules."""
    count = sa.func.count()
    query = (
        sa.select(FrameCase.left_out, count)
        .where(FrameCase.frame_id == one.id, FrameCase.left_out.is_not(None))
        .group_by(FrameCase.left_out)
    )
    numbers = dict(session.execute(query).all())
    return {words: numbers[code] for code, words in words_of(one).items() if code in numbers}


def words_of(one: Frame) -> Mapping[str, str]:
    """Code -> words of the rules that a frame was judged by."""
    return {code: words for code, words, _ in one.rules}


def stratum_words(session: orm.Session, names: Collection[str]) -> dict[str, str]:
    """Name of a stratum -> words: counties by name, kinds in words."""
    counties = {one.code: one.name for one in places.of_kind(session, PlaceKind.COUNTY)}
    kinds = {kind.value: words for kind, words in CASE_TYPE_WORDS.items()}
    known = counties | kinds | {drawing.EVERYTHING: "All cases"}
    return {name: ", ".join(known.get(part, part) for part in name.split("|")) for name in names}


def draws(session: orm.Session, in_round: Round) -> list[Draw]:
    """The draws of a round, the newest first: that one stands."""
    query = sa.select(Draw).where(Draw.round_id == in_round.id).order_by(Draw.id.desc())
    return list(session.scalars(query))


@dataclass(frozen=True)
class Sampled:
    """One case of a draw, as it stands now. `weight`: cases of the frame for each drawn one."""

    place: Place
    case_number: str
    standing: Standing
    weight: Fraction | None

    @property
    def in_sample(self) -> bool:
        """Whether it is to be reviewed."""
        return self.standing in IN_SAMPLE


def sampled(session: orm.Session, one: Draw) -> list[Sampled]:
    """The cases of a draw by stratum and order, each as it stands now."""
    gone, came = eliminated(session, one)
    weights = {
        name: Fraction(size, len(drawn)) if drawn else None for name, size, drawn, _ in one.strata
    }
    query = (
        sa.select(DrawnCase)
        .where(DrawnCase.draw_id == one.id)
        .order_by(DrawnCase.stratum, DrawnCase.position)
    )
    found = []
    for row in session.scalars(query):
        place = place_of(row)
        stands = eliminating.standing(place, gone, came)
        found.append(Sampled(place, row.case_number, stands, weights[row.stratum]))
    return found


def place_of(row: DrawnCase) -> Place:
    """A drawn case as the rules know it."""
    return Place(row.id, row.stratum, row.position, row.reserve)


def eliminated(session: orm.Session, one: Draw) -> tuple[frozenset[int], frozenset[int]]:
    """Ids of the drawn cases that were eliminated, and of those that stepped in."""
    query = (
        sa.select(Elimination.drawn_case_id, Elimination.replacement_id)
        .join(DrawnCase, DrawnCase.id == Elimination.drawn_case_id)
        .where(DrawnCase.draw_id == one.id, Elimination.approved.is_(True))
    )
    rows = session.execute(query).all()
    gone = frozenset(row.drawn_case_id for row in rows)
    return gone, frozenset(row.replacement_id for row in rows if row.replacement_id)


def sample(session: orm.Session, in_round: Round) -> list[Sampled] | None:
    """The sample of a round by its newest draw, with its reserve; None where nothing was drawn."""
    found = draws(session, in_round)
    return sampled(session, found[0]) if found else None


def standing_case(session: orm.Session, in_round: Round, case_number: str) -> DrawnCase:
    """A case of the newest draw of a round. Raises NotFound."""
    query = (
        sa.select(DrawnCase)
        .join(Draw, Draw.id == DrawnCase.draw_id)
        .where(Draw.round_id == in_round.id, DrawnCase.case_number == case_number)
        .order_by(Draw.id.desc())
    )
    found = session.scalars(query.limit(1)).first()
    if found is None:
        raise errors.NotFound("there is no such case in the draw")
    return found


def differences(session: orm.Session, one: Draw) -> list[str]:
    """What a draw that is derived again from its frame, design and seed does not agree with.

    Empty: the stored draw is what anybody gets by the rule (interface.md).
    """
    cases = listed(session, one.frame)
    found = []
    digest = drawing.frame_digest(cases)
    if digest != one.frame.digest:
        message = f"the frame's cases give the digest {digest}, its record says {one.frame.digest}"
        found.append(message)
    design = designs.parsed(one.design)
    if blockers := drawing.blockers(cases, design):
        return [*found, *(blocker.message for blocker in blockers)]
    again = {part.name: part for part in drawing.draw(cases, design, one.seed)}
    kept = {name: (size, tuple(drawn), tuple(by)) for name, size, drawn, by in one.strata}
    for name in sorted(again.keys() | kept.keys()):
        part = again.get(name)
        derived = (part.size, part.drawn, part.reserve) if part else (0, (), ())
        found += _stratum_differences(name, derived, kept.get(name, (0, (), ())))
    if _rows(session, one) != {n: (drawn, by) for n, (_, drawn, by) in kept.items() if drawn or by}:
        found.append("the drawn cases do not stand as the draw's record says")
    return found


_Shown = int | Collection[str]
_Part = tuple[int, Collection[str], Collection[str]]


def _stratum_differences(name: str, derived: _Part, kept: _Part) -> list[str]:
    found = []
    parts: Iterator[tuple[str, _Shown, _Shown]]
    parts = zip(("size", "drawn", "reserve"), derived, kept, strict=True)
    for what, now, then in parts:
        if now != then:
            found.append(f"{name}: {what} derives as {_shown(now)}, the draw says {_shown(then)}")
    return found


def _shown(value: _Shown) -> str:
    return str(value) if isinstance(value, int) else ", ".join(value) or "nothing"


def _rows(session: orm.Session, one: Draw) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    query = (
        sa.select(DrawnCase.stratum, DrawnCase.reserve, DrawnCase.case_number)
        .where(DrawnCase.draw_id == one.id)
        .order_by(DrawnCase.position)
    )
    found: dict[str, tuple[list[str], list[str]]] = {}
    for stratum, reserve, case_number in session.execute(query):
        found.setdefault(stratum, ([], []))[reserve].append(case_number)
    return {name: (tuple(drawn), tuple(by)) for name, (drawn, by) in found.items()}


def in_sample(session: orm.Session, round_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """Round id -> the case numbers that are to be reviewed by its newest draw, for rounds that have
    one: drawn or stepped in, and not eliminated."""
    newest = (
        sa.select(sa.func.max(Draw.id)).where(Draw.round_id.in_(round_ids)).group_by(Draw.round_id)
    )
    yes = Elimination.approved.is_(True)
    gone = sa.select(Elimination.drawn_case_id).where(yes)
    came = sa.select(Elimination.replacement_id).where(yes, Elimination.replacement_id.is_not(None))
    query = (
        sa.select(Draw.round_id, DrawnCase.case_number)
        .join(DrawnCase, DrawnCase.draw_id == Draw.id)
        .where(
            Draw.id.in_(newest),
            sa.or_(DrawnCase.reserve.is_(False), DrawnCase.id.in_(came)),
            DrawnCase.id.not_in(gone),
        )
    )
    found: dict[int, set[str]] = {
        round_id: set()
        for round_id in session.scalars(sa.select(Draw.round_id).where(Draw.id.in_(newest)))
    }
    for round_id, number in session.execute(query):
        found[round_id].add(number)
    return {round_id: frozenset(numbers) for round_id, numbers in found.items()}
