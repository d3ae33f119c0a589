"""Drawing from a frame: the frame stands first, then the seed, then the cases."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.core import database, errors, events
from cqi.sampling import policy, queries
from cqi.sampling.actions import sharing
from cqi.sampling.models import Draw, DrawnCase, Frame
from cqi.sampling.policy import Before
from cqi.sampling.rules import designs, drawing
from cqi.sampling.rules.drawing import Stratum

_SEED_BYTES = 16
_LONGEST_SEED = 200


@dataclass(frozen=True)
class NewDraw:
    """A draw to make: its design as TOML, a seed where one is given, why there is another one."""

    design: str
    seed: str = ""
    reason: str = ""


def draw(
    session: orm.Session, *, frame: Frame, new: NewDraw, actor: Actor | None, now: dt.datetime
) -> Draw:
    """Draw from a frame that is kept: its digest stands before the seed is drawn, once.

    Raises Forbidden, BadInput (a design or seed that cannot be used), or Blocked with every reason:
    second_draw, empty_frame, unnamed_stratum, too_many, least_too_high, nothing.
    """
    in_round = frame.round
    sharing.require(session, in_round, actor, Permission.SAMPLE_DRAW)
    design = designs.parsed(new.design)
    if len(new.seed) > _LONGEST_SEED or not new.seed.isprintable():
        raise errors.BadInput(f"a seed is one line of up to {_LONGEST_SEED} characters")
    if not database.alone(session):
        session.refresh(in_round, with_for_update=True)
    frame_cases = queries.listed(session, frame)
    before = Before(len(queries.draws(session, in_round)), new.reason)
    errors.require(
        [
            *policy.draw_blockers(before),
            *drawing.blockers(frame_cases, design),
        ]
    )
    seed = new.seed or secrets.token_hex(_SEED_BYTES)
    row = Draw(
        round_id=in_round.id,
        frame_id=frame.id,
        design=designs.written(design),
        seed=seed,
        seed_given=bool(new.seed),
        reason=new.reason.strip() or None,
        drawn_at=now,
        drawn_by_id=actor.person_id if actor else None,
    )
    return _drawn(session, row, drawing.draw(frame_cases, design, seed), frame, actor)


def _drawn(
    session: orm.Session,
    row: Draw,
    parts: tuple[Stratum, ...],
    frame: Frame,
    actor: Actor | None,
) -> Draw:
    row.strata = [[part.name, part.size, part.drawn, part.reserve] for part in parts]
    session.add(row)
    session.flush()
    session.execute(
        sa.insert(DrawnCase),
        [
            {
                "draw_id": row.id,
                "case_number": number,
                "stratum": part.name,
                "position": position,
                "reserve": position > len(part.drawn),
            }
            for part in parts
            for position, number in enumerate((*part.drawn, *part.reserve), start=1)
        ],
    )
    now_in = sa.select(DrawnCase.case_number).where(
        DrawnCase.draw_id == row.id, DrawnCase.reserve.is_(False)
    )
    sharing.take_up(session, frame, now_in, row.drawn_at)
    payload = {
        "draw": str(row.public_id),
        "frame": frame.digest,
        "design": events.digest(row.design),
        "seed": row.seed,
        "given": row.seed_given,
        "drawn": {part.name: len(part.drawn) for part in parts},
        **({"reason": events.digest(row.reason)} if row.reason else {}),
    }
    happening = sharing.happening("sampling.drawn", actor, row.drawn_at)
    sharing.record(session, frame.round, happening, payload)
    return row
