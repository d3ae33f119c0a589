"""One run of the state machine: people act, and after each act three tellings must agree.

What lies in the database, what its events tell, and what the model expects: whether it may be, what
it may change, and that nothing changes without exactly one event.
"""

from __future__ import annotations

import collections
import contextlib
import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.cases.models import ConflictOfInterest
from cqi.core import errors, events
from cqi.reviews import actions, models, queries
from cqi.reviews.rules.interviews import InterviewRole, proposed_id
from cqi.rounds.models import Round
from tests import build
from tests.fixtures.scoring import TODAY, instrument
from tests.reviews import workflow_refusals, workflow_retold, workflow_shown
from tests.reviews.workflow_model import Heard, Model
from tests.reviews.workflow_stage import (
    FROZEN,
    KINDS,
    NAMED,
    Prepared,
    Rows,
    events_after,
    rows_of,
)

NO = (errors.Blocked, errors.Forbidden, errors.NotFound, errors.BadInput)
TICK = dt.timedelta(minutes=20)
ASKED_FOR = ("child", "mother", "father", "foster_caregiver", "caseworker", "supervisor")
STARTING = {"case_reviews", "review_steps"}


def _changes(_result: Any) -> bool:
    return True


def _agree(tellings: workflow_shown.Told) -> None:
    for what, found, expected in tellings:
        assert found == expected, f"{what}: found {found}, which should be {expected}"


class Play:
    """A copy of the prepared database, and everything that is expected of it."""

    def __init__(self, prepared: Prepared, tally: collections.Counter[str], kind: str) -> None:
        self.actors, self.public_id, self.tally = prepared.actors, prepared.review, tally
        self.people = {name: actor.person_id for name, actor in self.actors.items()}
        self._open = contextlib.ExitStack()
        self.database = self._open.enter_context(prepared.copy())
        self.now, self._last_event = build.NOW, 0
        self.retold, self.since = workflow_retold.Retold(), workflow_shown.Since()
        self._frozen: Rows = {}
        self._seen: set[tuple[Any, ...]] = set()
        with self.database.writing() as session:
            session.execute(sa.update(Round).values(**KINDS[kind]))
            self.review_id = self.review(session).id
        self.model = self._model(KINDS[kind])
        with self.database.reading() as session:
            self.rows = rows_of(session, self.review_id)
            self._listen(session)
            self._compare(session)

    def _model(self, kind: dict[str, Any]) -> Model:
        provider = proposed_id(self.public_id, InterviewRole.SERVICE_PROVIDER)
        asked = [proposed_id(self.public_id, InterviewRole(role)) for role in ASKED_FOR]
        return Model(
            items=NAMED if "items" in kind else [item.code for item in instrument().items],
            whole="items" not in kind,
            due=bool(kind["second_level_share"]),
            provider=provider,
            heard={one: Heard(asked=True) for one in (provider, *asked)},
        )

    def review(self, session: orm.Session) -> queries.CaseReview:
        row = models.CaseReview
        return session.scalars(sa.select(row).where(row.public_id == self.public_id)).one()

    def close(self) -> None:
        self._open.close()

    def verify(self) -> None:
        """What `cqi audit verify`, `cqi instruments recheck` and a round's page look at."""
        with self.database.reading() as session:
            assert events.verify(session).problem == ""
            assert queries.recheck(session) == []
            reader, review = self.actors["director"], self.review(session)
            _agree(workflow_shown.listed(session, review, self.model, reader, self.now))

    # acting

    def act(
        self,
        who: str,
        action: Any,
        *,
        ok: bool,
        touches: Collection[str] = (),
        then: Callable[[Any], bool] = _changes,
        **given: Any,
    ) -> None:
        """Somebody does something to the case review; `ok` where it has to succeed, `then` tells
        the model and says whether anything changes. It may change `touches` alone."""

        def doing(session: orm.Session) -> Any:
            review = self.review(session)
            return action(session, review=review, actor=self.actors[who], now=self.now, **given)

        self._do(who, doing, ok, touches, then)

    def act_on_alert(
        self, who: str, action: Any, alert: uuid.UUID, *, ok: bool, then: Any, **given: Any
    ) -> None:
        """The same with a safety alert."""

        def doing(session: orm.Session) -> Any:
            found = queries.safety_alert(session, self.actors["director"], alert, TODAY)
            when = {"now": self.now, "today": TODAY}
            return action(session, alert=found, actor=self.actors[who], **when, **given)

        self._do(who, doing, ok, {"safety_alerts", "safety_alert_steps"}, then)

    def clear(self, who: str, whom: str, *, ok: bool, then: Any) -> None:
        """Somebody withdraws the conflict of interest of somebody, the newest that there is."""

        def doing(session: orm.Session) -> Any:
            row = ConflictOfInterest
            theirs = row.person_id == self.people[whom]
            newest = sa.select(row.public_id).where(theirs).order_by(row.id.desc())
            key, why = session.scalars(newest).first() or uuid.UUID(int=0), "It was not so."
            actor = self.actors[who]
            actions.withdraw_conflict(session, key, reason=why, actor=actor, now=self.now)

        self._do(who, doing, ok, {"conflicts_of_interest"}, then)

    def _do(
        self, who: str, doing: Any, ok: bool, touches: Collection[str], then: Callable[[Any], bool]
    ) -> None:
        self.now += TICK
        before = self.model.state
        try:
            with self.database.writing() as session:
                done, result = True, doing(session)
        except NO as error:
            done, result = False, error
        assert done == ok, f"{before}: {who} {'could' if done else f'could not: {result}'}"
        self.tally["allowed" if done else "refused"] += 1
        changes = done and then(result)
        if before != self.model.state:
            self.tally[f"{before} > {self.model.state}"] += 1
            self.since.reached(self.model.state, self.now)
        starts = STARTING if before == "assigned" else set()
        self.after(changes, {*touches, *starts}, [self.people[who]])
        self._everybody_tries()

    def _everybody_tries(self) -> None:
        """What nobody may is refused to everybody, once in each situation of this run."""
        model, before = self.model, len(self._seen)
        self._seen.add(("steps", *workflow_refusals.situation_for_steps(model)))
        if before < len(self._seen):
            self._refuse(workflow_refusals.of_steps(model))
        before = len(self._seen)
        self._seen.add(("others", *workflow_refusals.situation_for_others(model)))
        if before < len(self._seen):
            self._refuse(workflow_refusals.of_others(model, self.actors))

    def _refuse(self, attempts: Iterable[workflow_refusals.Attempt]) -> None:
        """All of them in one transaction, which is given up."""
        with self.database.session(writes=True) as session:
            review = self.review(session)
            for who in self.model.in_conflict:
                with pytest.raises(errors.NotFound):
                    queries.case_review(session, self.actors[who], self.public_id)
            for who, action, given in attempts:
                try:
                    action(session, review=review, actor=self.actors[who], now=self.now, **given)
                except NO:
                    self.tally["refused"] += 1
                else:
                    message = f"{self.model.state}: {who} could {action.__name__}"
                    raise AssertionError(message)

    def climb(self) -> None:
        """The clock looks after safety alerts."""
        self.now += TICK
        expected = self.model.climb(self.now)
        with self.database.writing() as session:
            number = actions.climb_late_alerts(session, now=self.now, today=TODAY)
        assert number == expected, f"{number} alerts climbed, not {expected}"
        self.after(bool(number), {"safety_alert_steps"}, [None] * number)

    # looking

    def after(
        self, changes: bool, touches: Collection[str], actors: Collection[int | None]
    ) -> None:
        """What has changed in the database and in the chain of events: all of it, or nothing."""
        with self.database.reading() as session:
            before, self.rows = self.rows, rows_of(session, self.review_id)
            changed = {table for table, rows in self.rows.items() if before[table] != rows}
            told = self._listen(session)
            self._stays_final()
            if not changes:
                assert not changed, "changed without leave"
                assert not told, "an event without a change"
                return
            assert changed, "nothing has changed"
            assert changed <= {*touches}, f"{changed} changed, not {touches} alone"
            assert [(event.actor_id, event.at) for event in told] == [
                (actor, self.now) for actor in actors
            ], f"every change is one event: {[event.kind for event in told]}"
            self._compare(session)

    def _listen(self, session: orm.Session) -> list[events.Event]:
        """The new events, but those that say who has seen which notice of an alert."""
        told = []
        for event in events_after(session, self._last_event):
            self._last_event = event.id
            if event.kind != "notices.seen":
                self.retold.add(event)
                told.append(event)
        return told

    def _stays_final(self) -> None:
        """What hangs on a final case review stays, byte for byte, until it is reopened."""
        content = {table: self.rows[table] for table in FROZEN}
        if self.model.state != "final":
            self._frozen = {}
        elif self._frozen:
            assert content == self._frozen, "a final case review changed"
        else:
            self._frozen = content

    def _compare(self, session: orm.Session) -> None:
        review = self.review(session)
        _agree(workflow_retold.compare(self.retold, self.model, self.people))
        _agree(workflow_shown.compare(session, review, self.model, self.people))
        _agree(self.since.compare(review))
