"""Who may do what with a report, answered as reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cqi.access.actor import Actor, Thing
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.core.errors import Blocker
from cqi.reporting import workflow
from cqi.reporting.rules import sentences
from cqi.reporting.rules.reports import OPEN, REPORT_STATE_WORDS, WORDS, ReportState
from cqi.reporting.workflow import Guard, Step


@dataclass(frozen=True)
class Standing:
    """What decides about a report: where it lies and stands, and who wrote it."""

    state: ReportState
    place_id: int
    authors: frozenset[int] = frozenset()
    set_aside: bool = False

    @property
    def thing(self) -> Thing:
        """The report as grants see it."""
        return Thing(places=frozenset({self.place_id}))


@dataclass(frozen=True)
class Figures:
    """What decides about its figures. `run` is their digest now, `shown` that of the figures that
    somebody decides on, `approved` that of the approval; `since` says what changed in between.

    `unfinished` counts case reviews of its rounds that are not final; `enough` is False where no
    component has cases enough for a row of a publication. `newer`: another one takes its place.
    """

    run: str = ""
    shown: str = ""
    approved: str = ""
    since: str = ""
    unfinished: int = 0
    enough: bool = True
    newer: bool = False


NO_FIGURES = Figures()


def permitted(permission: Permission, standing: Standing, actor: Actor) -> bool:
    """True when a grant carries the permission to the report's place."""
    return actor.may(permission, standing.thing)


def authorise(permission: Permission, standing: Standing, actor: Actor) -> None:
    """Raise Forbidden unless a grant carries the permission to the report's place."""
    if not permitted(permission, standing, actor):
        raise errors.Forbidden(f"{permission} is not part of your grants for this place")


def blockers(
    step: Step,
    standing: Standing,
    actor: Actor,
    reason: str = "",
    figures: Figures = NO_FIGURES,
) -> list[Blocker]:
    """Why the step cannot be taken now; whether the actor may at all is `authorise`."""
    transition = workflow.BY_STEP[step]
    found = list(_about_state(standing, transition.starts))
    for guard in transition.guards:
        found += _GUARDS[guard](step, standing, actor, figures)
    if transition.reason_required and not reason.strip():
        found.append(_REASON[step])
    return found


def steps(standing: Standing, actor: Actor) -> tuple[Step, ...]:
    """The steps that the actor may take from here, by state and grants; superseding comes with
    publishing alone."""
    return tuple(
        each.step
        for each in workflow.TRANSITIONS
        if each.step is not Step.SUPERSEDE
        and not standing.set_aside
        and standing.state in each.starts
        and permitted(each.permission, standing, actor)
    )


def writing_blockers(standing: Standing, text: str) -> list[Blocker]:
    """Why a narrative cannot be saved."""
    found = list(_about_setting_aside(standing))
    if standing.state is not ReportState.DRAFT:
        state = REPORT_STATE_WORDS[standing.state].lower()
        message = f"This report is {state}. It is written in again once it is sent back."
        found.append(Blocker("not_a_draft", message))
    if len(text) > WORDS:
        message = f"This is longer than {WORDS:,} characters: shorten it."
        found.append(Blocker("too_long", message, "text"))
    return found


def commenting_blockers(standing: Standing, text: str) -> list[Blocker]:
    """Why a comment cannot be made."""
    found = list(_about_setting_aside(standing))
    if standing.state is not ReportState.IN_REVIEW:
        found.append(Blocker("not_in_review", "Comments are for reports in review."))
    if not text.strip():
        found.append(Blocker("comment_missing", "Write what should be looked at.", "text"))
    return found


def may_set_aside(standing: Standing, actor: Actor) -> bool:
    """Whether the actor may set a report aside now: until it is published, or was before."""
    there = standing.state in OPEN and not standing.set_aside
    return there and sets_aside(standing, actor)


def sets_aside(standing: Standing, actor: Actor) -> bool:
    """Whether a grant lets the actor do so at all: those who write or approve it."""
    allowed = (Permission.REPORT_WRITE, Permission.REPORT_APPROVE)
    return any(permitted(each, standing, actor) for each in allowed)


def setting_aside_blockers(standing: Standing, reason: str) -> list[Blocker]:
    """Why a report cannot be set aside."""
    found = [*_about_setting_aside(standing), *_about_state(standing, OPEN)]
    if not reason.strip():
        found.append(Blocker("reason_missing", "Say why nobody goes on with it.", "reason"))
    return found


def _about_setting_aside(standing: Standing) -> Iterator[Blocker]:
    if standing.set_aside:
        yield Blocker("set_aside", "This report was set aside: begin a new one.")


def _about_state(standing: Standing, starts: frozenset[ReportState]) -> Iterator[Blocker]:
    yield from _about_setting_aside(standing)
    if standing.state not in starts:
        state = REPORT_STATE_WORDS[standing.state].lower()
        yield Blocker("wrong_state", f"This report is {state} by now: look at it again.")


def _not_own_work(
    _step: Step, standing: Standing, actor: Actor, _figures: Figures
) -> Iterator[Blocker]:
    if actor.person_id in standing.authors:
        message = "You began this report or wrote in it: somebody else approves it."
        yield Blocker("own_work", message)


def _round_finished(
    _step: Step, _standing: Standing, _actor: Actor, figures: Figures
) -> Iterator[Blocker]:
    if figures.unfinished:
        count = sentences.reviews(figures.unfinished)
        verb = "is" if figures.unfinished == 1 else "are"
        message = f"{count} of its rounds {verb} open or reopened: a publication waits until each"
        yield Blocker("round_unfinished", f"{message} is final or withdrawn.")


def _cases_enough(
    _step: Step, _standing: Standing, _actor: Actor, figures: Figures
) -> Iterator[Blocker]:
    yield from enough_blockers(figures)


def enough_blockers(figures: Figures) -> Iterator[Blocker]:
    """Why figures cannot be published for want of cases."""
    if not figures.enough:
        few = "too few for a row of a publication, or would show the small number of another place"
        message = f"The applicable cases are {few}. They are published with those of the place"
        yield Blocker("too_few_cases", f"{message} above.")


def _figures_as_shown(
    step: Step, _standing: Standing, _actor: Actor, figures: Figures
) -> Iterator[Blocker]:
    wanted = {figures.shown} | ({figures.approved} if step is Step.PUBLISH else set())
    if wanted == {figures.run}:
        return
    since = f" ({figures.since})" if figures.since else ""
    if step is Step.PUBLISH:
        what = "The figures are not those that were approved any more"
        message = f"{what}{since}. Approve the report again, or send it back."
    else:
        message = f"The figures have changed since you opened this page{since}. Look at them again."
    yield Blocker("figures_changed", message)


def _newer_publication(
    _step: Step, _standing: Standing, _actor: Actor, figures: Figures
) -> Iterator[Blocker]:
    if not figures.newer:
        message = "A publication stands until a newer one of the same kind and place is published."
        yield Blocker("nothing_newer", message)


_REASON = {
    Step.SEND_BACK: Blocker("reason_missing", "Say what should change before it is approved."),
    Step.SUPERSEDE: Blocker(
        "reason_missing", "Say why it takes the place of the one that was published.", "reason"
    ),
}
_Check = Callable[[Step, Standing, Actor, Figures], Iterator[Blocker]]
_GUARDS: dict[Guard, _Check] = {
    Guard.NOT_OWN_WORK: _not_own_work,
    Guard.ROUND_FINISHED: _round_finished,
    Guard.CASES_ENOUGH: _cases_enough,
    Guard.FIGURES_AS_SHOWN: _figures_as_shown,
    Guard.NEWER_PUBLICATION: _newer_publication,
}
