"""Bringing in a case list: judged by the rules of eligibility, kept as a frame."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.cases import actions as cases
from cqi.cases import queries as case_queries
from cqi.cases import rules as case_rules
from cqi.cases.rules import NewCase, lists
from cqi.core.errors import BadRow
from cqi.places import queries as places
from cqi.places.rules import PlaceKind
from cqi.rounds import queries as rounds
from cqi.rounds.models import Round
from cqi.sampling import queries
from cqi.sampling.actions import sharing
from cqi.sampling.models import Frame, FrameCase
from cqi.sampling.rules import details, drawing, eligibility
from cqi.sampling.rules.drawing import Listed
from cqi.sampling.rules.eligibility import Around, Row, Rule, Sifted

FRAME = lists.Limits(40, 100_000)
_BATCH = 5_000  # lines of one insert


@dataclass(frozen=True)
class CaseList:
    """A case list to make a frame of. `names`: our column -> the file's; None: they are ours.
    `with_holds`: cases with a fatality or a litigation hold can be drawn too. `dry_run`: it is
    judged, and nothing is kept."""

    content: bytes | str
    names: Mapping[str, str] | None = None
    with_holds: bool = False
    dry_run: bool = False

    @property
    def digest(self) -> str:
        """SHA-256 of what was sent."""
        sent = self.content.encode() if isinstance(self.content, str) else self.content
        return hashlib.sha256(sent).hexdigest()


@dataclass(frozen=True)
class FrameResult:
    """What a list became: rows read, the cases as they were judged, what is wrong with the list,
    and the frame; None on a dry run or with any problem."""

    header: tuple[str, ...]
    rows: int
    sifted: Sifted
    problems: tuple[BadRow, ...] = ()
    frame: Frame | None = None


def import_frame(
    session: orm.Session,
    *,
    in_round: Round,
    case_list: CaseList,
    actor: Actor | None,
    today: dt.date,
    now: dt.datetime,
) -> FrameResult:
    """Make a frame of a case list, all or nothing; `actor` None is the command line.

    Raises Forbidden, or BadInput where the content is no list. Problems are in the result, never
    raised; with any of them, or on a dry run, nothing is kept.
    """
    sharing.require(session, in_round, actor, Permission.SAMPLE_DRAW)
    listing = lists.read_list(case_list.content, FRAME, case_list.names)
    new, wrong = case_rules.read_all(listing.lines, cases.known_places(session, today))
    twice = case_rules.repeated(new, frozenset(), frozenset())
    problems = [*listing.problems, *wrong, *twice]
    problems += _known_otherwise(session, new)
    if not problems and not new:
        problems.append(BadRow(2, "", "the list has no case: is it the right file?"))
    rules = queries.rules_of(session, in_round)
    sifted = eligibility.sift(
        _rows(session, new), rules, listing.columns, _around(session, in_round, case_list)
    )
    problems.sort(key=lambda bad: bad.line)
    result = FrameResult(listing.header, len(listing.lines), sifted, tuple(problems))
    if problems or case_list.dry_run:
        return result
    frame = _keep(session, (in_round, case_list, sifted, rules), actor, now)
    return FrameResult(listing.header, len(listing.lines), sifted, frame=frame)


def _known_otherwise(session: orm.Session, new: list[NewCase]) -> list[BadRow]:
    known = case_queries.kinds(session)
    return [
        BadRow(case.line, "case_number", case_rules.cells.NO_USE)
        for case in new
        if known.get(case.case_number, there := (case.county_id, case.case_type)) != there
    ]


def _rows(session: orm.Session, new: list[NewCase]) -> list[Row]:
    fips = {place.id: place.code for place in places.of_kind(session, PlaceKind.COUNTY)}
    return [
        Row(Listed(case.case_number, fips[case.county_id], case.case_type), case) for case in new
    ]


def _around(session: orm.Session, in_round: Round, case_list: CaseList) -> Around:
    there = rounds.county_ids(session, in_round)
    counties = [
        place.code for place in places.of_kind(session, PlaceKind.COUNTY) if place.id in there
    ]
    return Around(queries.period(in_round), frozenset(counties), case_list.with_holds)


def _keep(
    session: orm.Session,
    made: tuple[Round, CaseList, Sifted, tuple[Rule, ...]],
    actor: Actor | None,
    now: dt.datetime,
) -> Frame:
    in_round, case_list, sifted, rules = made
    frame, period = sifted.frame, queries.period(in_round)
    row = Frame(
        round_id=in_round.id,
        digest=drawing.frame_digest(frame),
        file_digest=case_list.digest,
        sampling_from=period.first,
        sampling_to=period.last,
        with_holds=case_list.with_holds,
        rules=[[rule.code, rule.words, rule.at_least] for rule in rules],
        not_applied={code: list(names) for code, names in sifted.not_applied.items()},
        listed=len(sifted.judged),
        eligible=len(frame),
        imported_at=now,
        imported_by_id=actor.person_id if actor else None,
    )
    session.add(row)
    session.flush()
    for start in range(0, len(sifted.judged), _BATCH):
        part = sifted.judged[start : start + _BATCH]
        session.execute(sa.insert(FrameCase), [_line(row.id, each) for each in part])
    payload = {"frame": str(row.public_id), "digest": row.digest, "file": row.file_digest}
    sharing.record(
        session,
        in_round,
        sharing.happening("sampling.frame_kept", actor, now),
        {**payload, "listed": row.listed, "eligible": row.eligible},
    )
    return row


def _line(frame_id: int, judged: eligibility.Judged) -> dict[str, Any]:
    listed, case = judged.row.listed, judged.row.case
    return {
        "frame_id": frame_id,
        "line": case.line,
        "case_number": listed.case_number,
        "county_fips": listed.county_fips,
        "case_type": listed.case_type,
        "left_out": judged.left_out or None,
        "details": None if judged.left_out else details.written(case),
    }
