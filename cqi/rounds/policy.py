"""When a round may be opened, answered as reasons."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from cqi.core.errors import Blocker
from cqi.rounds.rules import (
    INTERIM,
    ROUND_KIND_WORDS,
    MemoRatings,
    RoundKind,
    Setting,
    Share,
    ledger,
)
from cqi.rounds.rules.ledger import LedgerKind
from cqi.rounds.rules.rollout import REVIEWS, STAGE_WORDS, STAGES, Dates, Degree, Stage, Told


@dataclass(frozen=True)
class Earlier:
    """The round that a new one compares with, as far as that decides.

    `comparable`: both are on one version, or some item keeps its rule between the two.
    """

    kind: RoundKind
    same_places: bool
    comparable: bool


@dataclass(frozen=True)
class Opening:
    """What decides whether a round may be opened; `counties` is how many it will look at, `beside`
    the rounds of the region that are on site on one of its days: kind, name and days."""

    name: str
    name_taken: bool
    kind: RoundKind
    pur_from: dt.date
    on_site: tuple[dt.date, dt.date]
    sampling: tuple[dt.date | None, dt.date | None]
    counties: int
    earlier: Earlier | None
    beside: tuple[tuple[RoundKind, str, tuple[dt.date, dt.date]], ...] = ()


def blockers(opening: Opening) -> list[Blocker]:
    """Every reason why the round cannot be opened so."""
    about = (_about_name, _about_dates, _about_sampling, _about_comparison, _about_others)
    return [blocker for part in about for blocker in part(opening)]


def _about_name(opening: Opening) -> Iterator[Blocker]:
    if not opening.name:
        yield Blocker("no_name", "Give the round a name.", "name")
    if opening.name_taken:
        message = f"There is a round called “{opening.name}” already: choose another name."
        yield Blocker("name_taken", message, "name")
    if not opening.counties:
        message = "The round has no county: choose a region that has counties on its first day."
        yield Blocker("no_counties", message, "region")


def _about_dates(opening: Opening) -> Iterator[Blocker]:
    first, last = opening.on_site
    if last < first:
        yield Blocker("dates", "The last day on site is before the first.", "on_site_to")
    if opening.pur_from >= first:
        message = "The period under review begins before the first day on site."
        yield Blocker("dates", message, "pur_from")


def _about_sampling(opening: Opening) -> Iterator[Blocker]:
    first, last = opening.sampling
    if (first is None) != (last is None):
        message = "A sampling period has a first and a last day: give both, or neither."
        yield Blocker("sampling", message, "sampling_to" if first else "sampling_from")
    if first and last and last < first:
        message = "The sampling period ends before it begins."
        yield Blocker("sampling", message, "sampling_to")
    if first and first < opening.pur_from:
        message = "The sampling period begins before the period under review: a case could be"
        message += " drawn that was open only before it."
        yield Blocker("sampling", message, "sampling_from")
    if last and last >= opening.on_site[0]:
        message = "The sampling period ends before the first day on site."
        yield Blocker("sampling", message, "sampling_to")


def _about_comparison(opening: Opening) -> Iterator[Blocker]:
    earlier, place = opening.earlier, "compares_with"
    if earlier is None:
        if opening.kind is RoundKind.FOLLOW_UP:
            message = "A follow-up compares with a baseline: choose which."
            yield Blocker("no_baseline", message, place)
        return
    if opening.kind is RoundKind.BASELINE:
        message = "A baseline compares with nothing: leave this empty."
        yield Blocker("baseline_compares", message, place)
    if opening.kind is RoundKind.FOLLOW_UP and earlier.kind is not RoundKind.BASELINE:
        yield Blocker("no_baseline", "A follow-up compares with a baseline: choose one.", place)
    if not earlier.same_places:
        message = "Rounds compare within one region: choose a round of the same region."
        yield Blocker("other_places", message, place)
    if not earlier.comparable:
        message = "Nothing in that round was scored by the same rule: choose another round."
        yield Blocker("other_version", message, place)


def _about_others(opening: Opening) -> Iterator[Blocker]:
    """An interim review is for a region that has not begun, or lies between scheduled rounds."""
    for kind, name, (first, last) in opening.beside:
        if (kind in INTERIM) != (opening.kind in INTERIM):
            message = f"{ROUND_KIND_WORDS[kind]} “{name}” is on site in this region from {first}"
            message += f" to {last}. An interim review comes before or after: choose other days."
            yield Blocker("interim_beside", message, "on_site_from")


@dataclass(frozen=True)
class Handled:
    """How far a round's case reviews are, practice apart: how many there are, for how many it is
    known that they are drawn, so that the share can only grow, and how many a change still holds
    for. Of second-level QA: ever handed in, and not past their first level. Of double reading: in
    reviewers' hands, and all."""

    number: int = 0
    known: int = 0
    left: int = 0


@dataclass(frozen=True)
class NewShare:
    """Another share of one setting, and why; `seen` is the one that the page showed."""

    share: int
    reason: str
    seen: int
    setting: Setting


_KNOWN = {
    Setting.SECOND_LEVEL: "Case reviews were handed in to QA",
    Setting.DOUBLE_READING: "Cases are in reviewers' hands",
}


def share_blockers(now: Share, new: NewShare, handled: Handled) -> list[Blocker]:
    """Why the share cannot be changed so. It may only grow once people know who is drawn, so that
    what is drawn stays drawn: the same seed draws the same, and more, for a larger share."""
    found, place = list(closed_blockers(handled)), "share"
    if new.seen != now.share:
        message = f"Somebody changed it meanwhile. It is now: {now.words}."
        found.append(Blocker("overtaken", message, place))
    elif new.share == now.share:
        found.append(Blocker("same_share", "That is how it is already: choose another.", place))
    if new.share < now.share and handled.known:
        message = (
            f"{_KNOWN[now.setting]}, so the share can only grow: a case that is drawn stays drawn."
        )
        found.append(Blocker("only_grows", message, place))
    if not new.reason.strip():
        message = "Say why: the reason stands on the round's page."
        found.append(Blocker("no_reason", message, "reason"))
    return found


def closed_blockers(handled: Handled) -> list[Blocker]:
    """Why no share can be set any more, whichever it is."""
    if not handled.number or handled.left:
        return []
    message = "Every case review of this round is past its first-level QA: nothing is left to draw."
    return [Blocker("nothing_left", message, "share")]


@dataclass(frozen=True)
class Overtaking:
    """The revision that stands, 0 for none, and the one that the page showed; `changes`: something
    that was written down before becomes another, which asks for a reason."""

    stands: int
    seen: int
    changes: bool
    reason: str


def date_blockers(dates: Dates, overtaking: Overtaking) -> list[Blocker]:
    """Why a region's stages cannot be planned so."""
    return [*_about_overtaking(overtaking), *_about_stages(dates)]


def _about_overtaking(given: Overtaking) -> Iterator[Blocker]:
    if given.seen != given.stands:
        message = "Somebody changed it meanwhile: look at what stands now, then send yours again."
        yield Blocker("overtaken", message, "reason")
    if given.changes and not given.reason.strip():
        yield Blocker("no_reason", "Say why it changes: the reason stands on this page.", "reason")


def _about_stages(dates: Dates) -> Iterator[Blocker]:
    for before, after in itertools.pairwise(STAGES):
        if dates.begins(after) <= dates.begins(before):
            words = f"{STAGE_WORDS[after]} begins after {STAGE_WORDS[before].lower()} does."
            yield Blocker("stage_order", words, f"{after.value}_from")
    for stage in (Stage.BASELINE, Stage.IMPLEMENTATION, Stage.FOLLOW_UP):
        last = getattr(dates, f"{stage.value}_to")
        if last < dates.begins(stage):
            words = f"{STAGE_WORDS[stage]} ends before it begins."
            yield Blocker("stage_ends", words, f"{stage.value}_to")
    if dates.baseline_to >= dates.implementation_from:
        message = "Implementation begins once the baseline review has ended."
        yield Blocker("stage_order", message, "implementation_from")
    if dates.follow_up_to >= dates.support_from:
        message = "Continuing support begins once the follow-up review has ended."
        yield Blocker("stage_order", message, "support_from")


def began_blockers(told: Told, today: dt.date, overtaking: Overtaking) -> list[Blocker]:
    """Why the days on which stages began cannot be written down so. They stand in order, with the
    rounds between them."""
    found = list(_about_overtaking(overtaking))
    if not overtaking.stands:
        found.append(Blocker("no_plan", "Plan the region's stages first.", "planning_on"))
    known = [(stage, day) for stage in STAGES if (day := told.on(stage))]
    for stage, day in known:
        if day > today and stage not in REVIEWS:
            message = f"{STAGE_WORDS[stage]}: this day is still to come."
            found.append(Blocker("to_come", message, f"{stage.value}_on"))
    for (before, first), (after, second) in itertools.pairwise(known):
        if second < first:
            place = after if after not in REVIEWS else before
            message = f"{STAGE_WORDS[after]} would begin before {STAGE_WORDS[before].lower()} did."
            found.append(Blocker("stage_order", message, f"{place.value}_on"))
    return found


@dataclass(frozen=True)
class NewOrder:
    """The order in which regions begin, by id, with what it rests on; `seen` is the number of the
    decision that the page showed."""

    regions: tuple[int, ...]
    criteria: str
    reason: str
    seen: int = 0


def order_blockers(new: NewOrder, regions: frozenset[int], stands: int) -> list[Blocker]:
    """Why an order cannot be decided so."""
    found = []
    if new.seen != stands:
        message = "Somebody decided meanwhile: look at what stands now, then send yours again."
        found.append(Blocker("overtaken", message, "reason"))
    if len(set(new.regions)) != len(new.regions) or set(new.regions) != regions:
        message = "Give each region its own place, from 1 on."
        found.append(Blocker("regions", message, "places"))
    if not new.criteria.strip():
        message = "Say by which criteria regions were put in this order."
        found.append(Blocker("no_criteria", message, "criteria"))
    if not new.reason.strip():
        found.append(Blocker("no_reason", "Say why it was decided so.", "reason"))
    return found


@dataclass(frozen=True)
class ItemChange:
    """An item of the planning checklist: whose it is, until when, and that it is done; `seen` is
    the revision that the page showed, 0 for none."""

    item: str
    owner_id: int
    due_on: dt.date
    done_on: dt.date | None = None
    note: str = ""
    seen: int = 0


def item_blockers(new: ItemChange, today: dt.date, stands: int) -> list[Blocker]:
    """Why an item cannot be changed so."""
    found = []
    if new.seen != stands:
        message = "Somebody changed it meanwhile: look at what stands now, then send yours again."
        found.append(Blocker("overtaken", message, "note"))
    if new.done_on and new.done_on > today:
        found.append(Blocker("to_come", "The day it was done is still to come.", "done_on"))
    if new.done_on and not new.note.strip():
        message = "Say how one can see that it is done."
        found.append(Blocker("no_note", message, "note"))
    return found


@dataclass(frozen=True)
class NewBenchmark:
    """How far a component is put into practice from a day on, and what shows it."""

    component: str
    degree: Degree
    from_on: dt.date
    note: str


def benchmark_blockers(
    new: NewBenchmark, components: Collection[str], today: dt.date
) -> list[Blocker]:
    """Why a benchmark cannot be written down so."""
    found = []
    if new.component not in components:
        found.append(Blocker("unknown_component", "Choose a component.", "component"))
    if new.from_on > today:
        found.append(Blocker("to_come", "This day is still to come.", "from_on"))
    if not new.note.strip():
        found.append(Blocker("no_note", "Say what shows it.", "note"))
    return found


@dataclass(frozen=True)
class NewEntry:
    """An entry of the ledger of reviewers; `instrument` is an instrument's id, empty for any."""

    person_id: int
    kind: LedgerKind
    from_on: dt.date
    until_on: dt.date | None = None
    instrument: str = ""
    note: str = ""


def entry_blockers(
    new: NewEntry, by_id: int, instruments: Collection[str], today: dt.date
) -> list[Blocker]:
    """Why an entry cannot be written so."""
    found, certified = list(_not_about_oneself(new.person_id, by_id)), LedgerKind.CERTIFIED
    if new.kind is certified and new.until_on is None:
        message = "Say until which day the certification counts."
        found.append(Blocker("no_until", message, "until_on"))
    if new.kind is not certified and new.until_on is not None:
        message = "Only a certification ends: leave this day empty."
        found.append(Blocker("never_ends", message, "until_on"))
    if new.until_on is not None and new.until_on < new.from_on:
        message = "The certification would end before it begins."
        found.append(Blocker("dates", message, "until_on"))
    if new.kind is not certified and new.from_on > today:
        found.append(Blocker("to_come", "This day is still to come.", "from_on"))
    if new.instrument and new.instrument not in instruments:
        message = "Choose an instrument of the list, or any."
        found.append(Blocker("unknown_instrument", message, "instrument"))
    return found


def withdrawing_blockers(
    person_id: int, by_id: int, reason: str, *, withdrawn: bool
) -> list[Blocker]:
    """Why an entry cannot be withdrawn."""
    found = list(_not_about_oneself(person_id, by_id))
    if withdrawn:
        found.append(Blocker("withdrawn", "This entry is withdrawn already."))
    if not reason.strip():
        found.append(Blocker("no_reason", "Say why the entry counts no more.", "reason"))
    return found


def _not_about_oneself(person_id: int, by_id: int) -> Iterator[Blocker]:
    if person_id == by_id:
        message = "This is about you: somebody else who keeps the register writes it."
        yield Blocker("own_entry", message, "person")


def requirement_blockers(
    stands: Collection[LedgerKind], seen: Collection[LedgerKind], new: Collection[LedgerKind]
) -> list[Blocker]:
    """Why a round cannot require this; `seen` is what the page showed."""
    if set(seen) != set(stands):
        message = f"Somebody changed it meanwhile. It requires now: {ledger.in_words(stands)}."
        return [Blocker("overtaken", message, "requires")]
    if set(new) == set(stands):
        return [Blocker("same", "That is how it is already.", "requires")]
    return []


def memo_ratings_blockers(stands: MemoRatings, seen: str, wanted: MemoRatings) -> list[Blocker]:
    """Why others do not come to see ratings in memos: somebody changed it, or nothing changes."""
    if stands.value != seen:
        message = "Somebody changed this meanwhile. Look at what holds now, then choose again."
        return [Blocker("overtaken", message)]
    if stands is wanted:
        return [Blocker("same", "That is how it is already: choose something else, or go back.")]
    return []
