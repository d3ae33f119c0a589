"""Opening a round. The round's own page is in `reviews`, which knows its cases."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors, folders
from cqi.instruments import library
from cqi.places import queries as places
from cqi.places.rules import PlaceKind
from cqi.rounds import actions, forms, queries
from cqi.rounds.rules import MEMO_RATINGS_WORDS, DoubleReading, MemoRatings, RoundKind, SecondLevel
from cqi.rounds.rules import ledger as ledger_rules

blueprint = flask.Blueprint("rounds", __name__, template_folder="../templates")


@blueprint.route("/rounds/open", methods=["GET", "POST"])
@guard.requires(Permission.ROUND_OPEN)
def open_round() -> ResponseReturnValue:
    """Ask for a round's dates and places, and open it; every reason against it comes back."""
    form = forms.RoundForm(flask.request.form, choices=_choices())
    refused: tuple[errors.Blocker, ...] = ()
    if flask.request.method == "POST" and form.validate():
        try:
            made = actions.open_round(
                current.session(), new=_new(form), actor=current.actor(), now=current.now()
            )
        except errors.Blocked as blocked:
            refused = blocked.blockers
        else:
            flask.flash(f"The round {made.name} is open. Next, its sample is drawn.")
            return flask.redirect(flask.url_for("reviews.round", public_id=made.public_id), 303)
    wrong = bool(refused or form.errors)
    found = [(each.message, f"#{_place(form, each.place)}") for each in refused]
    page = flask.render_template(
        "rounds/open_round.html", form=form, refused=found, has_errors=wrong
    )
    return page, 422 if wrong else 200


@blueprint.route("/rounds/<uuid:public_id>/memo-ratings", methods=["GET", "POST"])
@guard.requires(Permission.ROUND_OPEN)
def change_memo_ratings(public_id: uuid.UUID) -> ResponseReturnValue:
    """Say who sees ratings in the feedback memos of a round."""
    session, actor = current.session(), current.actor()
    one = queries.by_public_id(session, actor, public_id)
    stands = {"memo_ratings": one.memo_ratings.value, "seen": one.memo_ratings.value}
    form = forms.MemoRatingsForm(flask.request.form, data=stands)
    refused: tuple[errors.Blocker, ...] = ()
    if flask.request.method == "POST" and form.validate():
        ratings = MemoRatings(form.memo_ratings.data)
        try:
            actions.change_memo_ratings(
                session,
                in_round=one,
                ratings=ratings,
                seen=form.seen.data or "",
                actor=actor,
                now=current.now(),
            )
        except errors.Blocked as blocked:
            refused = blocked.blockers
        else:
            words = MEMO_RATINGS_WORDS[ratings].lower()
            flask.flash(f"Ratings in memos that are released from now on are seen by: {words}.")
            return flask.redirect(flask.url_for("reviews.round", public_id=public_id), 303)
    wrong = bool(refused or form.errors)
    found = [(each.message, "#memo_ratings") for each in refused]
    page = flask.render_template(
        "rounds/change_memo_ratings.html",
        form=form,
        round=one,
        refused=found,
        words=MEMO_RATINGS_WORDS,
    )
    return page, 422 if wrong else 200


def _choices() -> forms.Choices:
    session = current.session()
    regions = places.of_kind(session, PlaceKind.REGION)
    versions = library.versions(folders.data_folder("review_instruments"))
    rounds = queries.rounds(session, current.actor())
    return forms.Choices(
        regions={str(region.public_id): region.name for region in regions},
        counties=_counties(),
        instruments={
            f"{each.instrument_id} {each.version}": _pages(each.instrument_id, each.version)
            for each in versions
            if each.published_on
        },
        rounds={str(one.public_id): one.name for one in rounds if one.kind is RoundKind.BASELINE},
    )


def _counties() -> dict[str, dict[str, str]]:
    """Region -> its counties of today: value to name."""
    return {
        region.name: {f"county-{each.public_id}": each.name for each in region.below}
        for state in places.tree(current.session(), current.today())
        for region in state.below
    }


def _pages(instrument_id: str, version: str) -> forms.Pages:
    instrument = library.load(folders.data_folder("review_instruments"), instrument_id, version)
    return forms.Pages(f"{instrument.title} {version}", instrument)


def _new(form: forms.RoundForm) -> queries.NewRound:
    """What the form says; its fields have been checked, so each choice exists."""
    session = current.session()
    regions = {str(one.public_id): one.id for one in places.of_kind(session, PlaceKind.REGION)}
    all_counties = places.of_kind(session, PlaceKind.COUNTY)
    counties = {f"county-{one.public_id}": one.id for one in all_counties}
    rounds = {str(one.public_id): one for one in queries.rounds(session, current.actor())}
    instrument, _, version = form.instrument.data.rpartition(" ")
    pur_from, first, last = form.pur_from.data, form.on_site_from.data, form.on_site_to.data
    assert pur_from is not None  # noqa: S101 - these three are required
    # validated as required above; the asserts tell the type checker
    assert first is not None  # noqa: S101
    assert last is not None  # noqa: S101
    return queries.NewRound(
        name=form.name.data or "",
        kind=RoundKind(form.kind.data),
        instrument=instrument,
        version=version,
        pur_from=pur_from,
        on_site_from=first,
        on_site_to=last,
        region_id=regions.get(form.region.data),
        county_ids=tuple(counties[each] for each in form.counties.data or ()),
        compares_with=rounds.get(form.compares_with.data),
        items=form.chosen_items,
        second_level=SecondLevel(int(form.second_level.data or 0)),
        double_reading=DoubleReading(int(form.double_reading.data or 0)),
        memo_ratings=MemoRatings(form.memo_ratings.data),
        sampling=(form.sampling_from.data, form.sampling_to.data),
        requires=ledger_rules.required(form.requires.data),
    )


def _place(form: forms.RoundForm, place: str) -> str:
    return place if place in form else "name"
