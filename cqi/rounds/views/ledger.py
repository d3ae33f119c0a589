"""The register of reviewers: what each has done and may do, and what a round requires of them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import flask
import wtforms
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.rounds import queries as rounds
from cqi.rounds.actions import ledger as actions
from cqi.rounds.forms import ledger as forms
from cqi.rounds.policy import NewEntry
from cqi.rounds.queries import ledger as queries
from cqi.rounds.rules import ledger as rules
from cqi.rounds.rules.ledger import LEDGER_WORDS, LedgerKind
from cqi.ui import dates

blueprint = flask.Blueprint("ledger", __name__, template_folder="../templates")
_REFUSED = 422


@blueprint.get("/reviewers", endpoint="reviewers")
@guard.requires(Permission.LEDGER_SEE)
def show_reviewers() -> str:
    """Everybody who may review: what they have, what lapses soon, what has lapsed."""
    session, actor, today = current.session(), current.actor(), current.today()
    keeps = actor.holds(Permission.LEDGER_KEEP)
    kept = queries.register(session, actor, today, Permission.LEDGER_KEEP) if keeps else []
    return flask.render_template(
        "rounds/reviewers.html",
        reviewers=queries.register(session, actor, today),
        lapsing=queries.lapsing(session, actor, today),
        kept={one.id for one in kept},
        **words(),
    )


@blueprint.route("/reviewers/add", methods=["GET", "POST"])
@guard.requires(Permission.LEDGER_KEEP)
def add_entry() -> ResponseReturnValue:
    """Write down what a reviewer has done, or until when they are certified."""
    session, actor, today = current.session(), current.actor(), current.today()
    kept = queries.register(session, actor, today, Permission.LEDGER_KEEP)
    others = {str(one.public_id): one for one in kept if one.id != actor.person_id}
    form = forms.EntryForm(
        flask.request.form or None,
        people={key: one.name for key, one in others.items()},
        instruments=queries.instruments(),
        data={"person": flask.request.args.get("person", ""), "from_on": today},
    )

    def add() -> None:
        assert form.from_on.data is not None  # noqa: S101 - required
        reviewer = others[form.person.data]
        days = (form.from_on.data, form.until_on.data)
        more = (form.instrument.data or "", form.note.data or "")
        new = NewEntry(reviewer.id, LedgerKind(form.kind.data), *days, *more)
        actions.write_entry(session, new=new, actor=actor, now=current.now(), today=today)
        flask.flash(f"Written down: {reviewer.name}, {LEDGER_WORDS[new.kind].lower()}.")

    return _form_page("add_entry", form, add, flask.url_for("ledger.reviewers"))


@blueprint.route("/reviewers/entries/<uuid:entry_id>/withdraw", methods=["GET", "POST"])
@guard.requires(Permission.LEDGER_KEEP)
def withdraw_entry(entry_id: uuid.UUID) -> ResponseReturnValue:
    """Say that an entry counts no more, and why."""
    session, actor, today = current.session(), current.actor(), current.today()
    reviewer, one = queries.of_entry(session, actor, entry_id, today)
    form = forms.WithdrawEntryForm(flask.request.form)

    def withdraw() -> None:
        reason, now = form.reason.data or "", current.now()
        actions.withdraw_entry(
            session, entry_id=entry_id, reason=reason, actor=actor, now=now, today=today
        )
        flask.flash("The entry is withdrawn.")

    back = flask.url_for("ledger.reviewers")
    return _form_page("withdraw_entry", form, withdraw, back, reviewer=reviewer, one=one)


@blueprint.route("/rounds/<uuid:public_id>/requirement", methods=["GET", "POST"])
@guard.requires(Permission.ROUND_OPEN)
def change_requirement(public_id: uuid.UUID) -> ResponseReturnValue:
    """Say what the reviewers of a round need to be given a case."""
    session, actor = current.session(), current.actor()
    one = rounds.by_public_id(session, actor, public_id)
    stands = rules.required(one.requires)
    given = flask.request.form if flask.request.method == "POST" else None
    form = forms.RequirementForm(given, data={"requires": list(stands)})
    if given is None:
        form.offer(stands)

    def change() -> None:
        actions.change_requirement(
            session,
            in_round=one,
            requires=rules.required(form.requires.data),
            seen=form.seen_kinds,
            actor=actor,
            now=current.now(),
        )
        needed = rules.in_words(rules.required(one.requires))
        flask.flash(f"Whoever is given a case of this round needs to be: {needed}.")

    back = flask.url_for("reviews.round", public_id=public_id)
    return _form_page("change_requirement", form, change, back, round=one, stands=stands)


def _form_page(
    view: str, form: wtforms.Form, do: Callable[[], None], back: str, **context: Any
) -> ResponseReturnValue:
    """The page of a form; what an action refuses stands at its fields, and what was typed stays."""
    posted = flask.request.method == "POST"
    refused: tuple[errors.Blocker, ...] = ()
    if posted and form.validate():
        try:
            do()
        except errors.Blocked as blocked:
            refused = blocked.blockers
        else:
            return flask.redirect(back, 303)
    if isinstance(form, forms.RequirementForm) and refused:
        form.offer(context["stands"])
    page = flask.render_template(
        f"rounds/{view}.html",
        form=form,
        back=back,
        refused=[
            (each.message, f"#{each.place}" if each.place in form else "") for each in refused
        ],
        has_errors=bool(refused or form.errors),
        **context,
        **words(),
    )
    return page, _REFUSED if posted else 200


def own_lines() -> list[tuple[str, str, str, str]]:
    """(what, when, "late", "soon" or nothing, instrument) of what is written about the actor."""
    titles, today = queries.instruments(), current.today()
    return [
        (
            LEDGER_WORDS[entry.kind],
            when(entry, today),
            _NEAR[entry.lapses(today)],
            titles.get(entry.instrument, entry.instrument),
        )
        for entry in (one.entry for one in queries.own(current.session(), current.actor()))
    ]


_NEAR = {rules.Lapse.LAPSED: "late", rules.Lapse.SOON: "soon", None: ""}


def when(entry: rules.Entry, today: dt.date) -> str:
    """ "until 2 Mar 2027, lapsed"; the day of what does not end."""
    if entry.until_on is None:
        return dates.full_day(entry.from_on)
    lapsed = ", lapsed" if entry.until_on < today else ""
    return f"until {dates.full_day(entry.until_on)}{lapsed}"


def words() -> dict[str, Any]:
    """What pages say entries with."""
    return {
        "ledger_words": LEDGER_WORDS,
        "instruments": queries.instruments(),
        "today": current.today(),
        "dates": dates,
        "rules": rules,
        "local": lambda moment: current.clock().local(moment),
    }
