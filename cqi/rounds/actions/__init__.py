"""What people do with rounds: open one, and change the shares that are drawn of its cases."""

from __future__ import annotations

import dataclasses
import datetime as dt
import secrets
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor, Thing
from cqi.access.permissions import Permission
from cqi.core import database, errors, events, folders
from cqi.core.errors import Blocker
from cqi.instruments import definition, library, problems, versions
from cqi.rounds import policy, queries
from cqi.rounds.models import Round, RoundCounty, ShareChange
from cqi.rounds.policy import Opening
from cqi.rounds.queries import NewRound
from cqi.rounds.rules import ALL, MemoRatings, RoundKind, Setting, Share

_SEED_BYTES = 8


def open_round(
    session: orm.Session, *, new: NewRound, actor: Actor | None, now: dt.datetime
) -> Round:
    """Open a round; its region's counties on the first on-site day are frozen into it.

    `actor` None is the command line. Raises Forbidden, or Blocked with every reason: no_name,
    name_taken, dates, sampling, no_counties, unknown_instrument, draft_instrument, no_baseline,
    baseline_compares, other_places, other_version, interim_beside, unknown_item. BadInput for a
    share that is not from 0 to 100.
    """
    for each in (new.second_level, new.double_reading):
        _require_percent(each.setting, each.share)
    counties, instrument = queries.counties_of(session, new), _instrument(new)
    if actor is not None and not actor.may(Permission.ROUND_OPEN, _thing(new, counties)):
        raise errors.Forbidden("You may not open rounds here.")
    blockers = policy.blockers(_opening(session, new, counties, instrument))
    if instrument is None:
        message = f"There is no instrument {new.instrument} {new.version}."
        blockers.append(Blocker("unknown_instrument", message, "instrument"))
    elif not library.is_published(_library(), new.instrument, new.version):
        message = f"{instrument.title} {new.version} is a draft and may still change: publish it."
        blockers.append(Blocker("draft_instrument", message, "instrument"))
    blockers += _unknown_items(new, instrument)
    errors.require(blockers)
    assert instrument is not None  # noqa: S101 - a blocker otherwise
    made = _round(new, instrument, actor, now)
    session.add(made)
    session.flush()
    session.add_all(RoundCounty(round_id=made.id, county_id=each) for each in sorted(counties))
    _record(session, made, counties, actor, now)
    return made


def _thing(new: NewRound, counties: frozenset[int]) -> Thing:
    region = {new.region_id} if new.region_id is not None else set()
    return Thing(places=counties | region)


def _instrument(new: NewRound) -> definition.Instrument | None:
    try:
        return library.load(_library(), new.instrument, new.version)
    except problems.UnknownInstrumentError:
        return None


def _unknown_items(new: NewRound, instrument: definition.Instrument | None) -> list[Blocker]:
    known = instrument.items_by_code if instrument else {}
    return [
        Blocker("unknown_item", f"There is no item {code} in this instrument.", "items")
        for code in new.items
        if instrument and code not in known
    ]


def _library() -> Path:
    return folders.data_folder("review_instruments")


def _opening(
    session: orm.Session,
    new: NewRound,
    counties: frozenset[int],
    instrument: definition.Instrument | None,
) -> Opening:
    taken = sa.select(Round.id).where(sa.func.lower(Round.name) == new.name.strip().lower())
    return Opening(
        name=new.name.strip(),
        name_taken=session.scalar(taken) is not None,
        kind=new.kind,
        pur_from=new.pur_from,
        on_site=(new.on_site_from, new.on_site_to),
        sampling=new.sampling,
        counties=len(counties),
        earlier=_earlier(session, new, counties, instrument),
        beside=_beside(session, new),
    )


def _beside(
    session: orm.Session, new: NewRound
) -> tuple[tuple[RoundKind, str, tuple[dt.date, dt.date]], ...]:
    """The region's rounds that are on site on one of the days."""
    query = sa.select(Round).where(
        Round.region_id.is_not(None),
        Round.region_id == new.region_id,
        Round.on_site_from <= new.on_site_to,
        Round.on_site_to >= new.on_site_from,
    )
    return tuple(
        (one.kind, one.name, (one.on_site_from, one.on_site_to)) for one in session.scalars(query)
    )


def _earlier(
    session: orm.Session,
    new: NewRound,
    counties: frozenset[int],
    instrument: definition.Instrument | None,
) -> policy.Earlier | None:
    before = new.compares_with
    if before is None:
        return None
    same_places = before.region_id == new.region_id
    if new.region_id is None:
        same_places = same_places and queries.county_ids(session, before) == counties
    return policy.Earlier(before.kind, same_places, _comparable(before, instrument))


def _comparable(before: Round, instrument: definition.Instrument | None) -> bool:
    """Whether anything means the same in both rounds; an unknown instrument is told of alone."""
    if instrument is None or before.instrument_digest == instrument.digest:
        return True
    if before.instrument != instrument.id:
        return False
    return bool(versions.compare(queries.instrument_of(before), instrument).same_rule())


def _round(
    new: NewRound, instrument: definition.Instrument, actor: Actor | None, now: dt.datetime
) -> Round:
    return Round(
        name=new.name.strip(),
        kind=new.kind,
        region_id=new.region_id,
        instrument=instrument.id,
        instrument_version=instrument.version,
        instrument_digest=instrument.digest,
        pur_from=new.pur_from,
        on_site_from=new.on_site_from,
        on_site_to=new.on_site_to,
        requires=[kind.value for kind in new.requires] or None,
        sampling_from=new.sampling[0],
        sampling_to=new.sampling[1],
        compares_with=new.compares_with,
        items=list(dict.fromkeys(new.items)) or None,
        second_level_share=new.second_level.share,
        second_level_seed=_seed(new.second_level),
        double_reading_share=new.double_reading.share,
        double_reading_seed=_seed(new.double_reading),
        memo_ratings=new.memo_ratings,
        created_at=now,
        created_by_id=actor.person_id if actor else None,
    )


_SHARES = {
    Setting.SECOND_LEVEL: "share of second-level QA",
    Setting.DOUBLE_READING: "share of cases that are read twice",
}


def _require_percent(setting: Setting, share: int) -> None:
    if not 0 <= share <= ALL:
        raise errors.BadInput(f"the {_SHARES[setting]} is a number from 0 to 100")


def _seed(share: Share) -> str | None:
    """What tells which cases are drawn: given, or drawn here and kept."""
    return share.seed or (secrets.token_hex(_SEED_BYTES) if share.drawn else None)


def change_share(
    session: orm.Session,
    *,
    in_round: Round,
    new: policy.NewShare,
    handled: policy.Handled,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Have another share of a round's cases drawn; the seed stays.

    `handled` is how far its case reviews are. Raises Forbidden, or Blocked with every reason:
    nothing_left, overtaken, same_share, only_grows, no_reason. BadInput for no share.
    """
    setting = new.setting
    _require_percent(setting, new.share)
    if not actor.may(Permission.ROUND_OPEN, queries.thing(session, in_round)):
        raise errors.Forbidden("You may not change this round.")
    if not database.alone(session):
        session.refresh(in_round, with_for_update=True)
    before = in_round.drawn_for(setting)
    errors.require(policy.share_blockers(before, new, handled))
    seed = _seed(dataclasses.replace(before, share=new.share))
    in_round.draw_for(setting, new.share, seed)
    change = ShareChange(
        round_id=in_round.id,
        setting=setting,
        share_before=before.share,
        share=new.share,
        reason=new.reason.strip(),
        by_id=actor.person_id,
        at=now,
    )
    session.add(change)
    session.flush()
    happening = events.Happening(f"round.{setting.value}_changed", actor.person_id, now)
    payload = {
        "before": [before.share, before.seed or None],
        setting.value: [new.share, seed],
        "reason": events.digest(change.reason),
    }
    events.record(session, events.Stream("round", in_round.public_id), happening, payload)


def change_memo_ratings(
    session: orm.Session,
    *,
    in_round: Round,
    ratings: MemoRatings,
    seen: str,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Have others see ratings in the memos that are released from now on; `seen` is what the page
    showed. Raises Forbidden, or Blocked: overtaken, same."""
    if not actor.may(Permission.ROUND_OPEN, queries.thing(session, in_round)):
        raise errors.Forbidden("You may not change this round.")
    if not database.alone(session):
        session.refresh(in_round, with_for_update=True)
    before = in_round.memo_ratings
    errors.require(policy.memo_ratings_blockers(before, seen, ratings))
    in_round.memo_ratings = ratings
    session.flush()
    happening = events.Happening("round.memo_ratings_changed", actor.person_id, now)
    payload = {"before": before.value, "memo_ratings": ratings.value}
    events.record(session, events.Stream("round", in_round.public_id), happening, payload)


def _record(
    session: orm.Session,
    made: Round,
    counties: frozenset[int],
    actor: Actor | None,
    now: dt.datetime,
) -> None:
    stream = events.Stream("round", made.public_id)
    happening = events.Happening("round.opened", actor.person_id if actor else None, now)
    payload: dict[str, Any] = {
        "kind": made.kind.value,
        "region": made.region_id,
        "counties": sorted(counties),
        "instrument": made.instrument_digest,
        "compares_with": made.compares_with_id,
        **({"items": made.items} if made.items else {}),
    }
    if made.requires:
        payload["requires"] = made.requires
    if made.sampling_from and made.sampling_to:
        payload["sampling"] = [made.sampling_from.isoformat(), made.sampling_to.isoformat()]
    if made.memo_ratings is not MemoRatings.SUPERVISORS:
        payload["memo_ratings"] = made.memo_ratings.value
    for share in map(made.drawn_for, Setting):
        if share.share:
            payload[share.setting.value] = [share.share, share.seed or None]
    events.record(session, stream, happening, payload)
