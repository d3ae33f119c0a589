"""Telling counties what to get ready: a preview to send, and what was sent as page and PDF."""

from __future__ import annotations

import datetime as dt
import uuid

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, disclosures, guard
from cqi.access.law import Exported
from cqi.access.permissions import Permission
from cqi.cases.rules import CASE_TYPE_WORDS, CaseType
from cqi.core import errors
from cqi.documents import html, model, pdf
from cqi.reviews import actions, queries
from cqi.reviews.queries import county as reads
from cqi.reviews.rules import county as rules
from cqi.reviews.rules.interviews import ROLE_WORDS
from cqi.reviews.rules.planning import Slot
from cqi.reviews.views import planning, routes
from cqi.ui import dates

_KIND = "Notice to a county"
_PURPOSE = "days on site"


@routes.blueprint.route("/rounds/<uuid:public_id>/counties/<uuid:county>", methods=["GET", "POST"])
@guard.requires(Permission.ROUND_ASSIGN)
def tell_county(public_id: uuid.UUID, county: uuid.UUID) -> ResponseReturnValue:
    """What a county would be told now, to read and to send."""
    session, actor, today = current.session(), current.actor(), current.today()
    one = reads.round_of(session, actor, public_id)
    place = reads.county_of(session, one, county)
    if flask.request.method == "POST":
        try:
            made = actions.tell_county(
                session, in_round=one, place=place, actor=actor, now=current.now(), today=today
            )
        except errors.Blocked as blocked:
            return _preview(one, place.id, county, blocked.blockers)
        people = dates.counted(len(made.content["told"]), "person", "people")
        flask.flash(f"{place.name} is told: {people} got a notice and an e-mail with a link.")
        url = flask.url_for("reviews.round", public_id=public_id)
        return flask.redirect(f"{url}#counties", code=303)
    return _preview(one, place.id, county)


def _preview(
    one: queries.Round,
    place_id: int,
    county: uuid.UUID,
    refused: tuple[errors.Blocker, ...] = (),
) -> ResponseReturnValue:
    session, actor, today = current.session(), current.actor(), current.today()
    place = reads.county_of(session, one, county)
    whole = reads.letter(session, one, place, today)
    people = reads.recipients(session, place_id, today)
    [line] = [each for each in reads.lines(session, one) if each.public_id == county]
    blockers = rules.telling_blockers(len(whole.cases), len(people))
    page = flask.render_template(
        "reviews/tell_county.html",
        round=one,
        url=flask.url_for("reviews.round", public_id=one.public_id),
        county=place.name,
        line=line,
        told_at=_when(line.told.at) if line.told else "",
        people=len(people),
        content=_rendered(reads.visible(session, actor, one, whole), level=2),
        blocked=[each.message for each in blockers],
        refused=[(each.message, "#send") for each in refused],
        has_errors=bool(refused),
    )
    return page, 422 if refused else 200


@routes.blueprint.get("/county-notices/<uuid:public_id>")
@guard.requires(Permission.COUNTY_NOTICE_SEE)
def county_notice(public_id: uuid.UUID) -> ResponseReturnValue:
    """A notice as it was sent, with the cases within reach; made for print too."""
    session, actor = current.session(), current.actor()
    sent = reads.notice(session, actor, public_id, current.today())
    newest = reads.told(session, sent.round)[sent.county_id]
    one = reads.as_sent(session, actor, sent)
    return flask.render_template(
        "reviews/county_notice.html",
        title=_title(one),
        content=_rendered(one, level=1),
        file=flask.url_for("reviews.county_notice_file", public_id=public_id),
        newer=""
        if newest.public_id == public_id
        else flask.url_for("reviews.county_notice", public_id=newest.public_id),
    )


@routes.blueprint.get("/county-notices/<uuid:public_id>.pdf")
@guard.requires(Permission.COUNTY_NOTICE_SEE, fresh=True)
def county_notice_file(public_id: uuid.UUID) -> ResponseReturnValue:
    """The same as a PDF: a row in the register of disclosures before it is made."""
    session, actor = current.session(), current.actor()
    sent = reads.notice(session, actor, public_id, current.today())
    disclosures.record_round(Exported.COUNTY_NOTICE, sent.round.public_id, purpose=_PURPOSE)
    answer = flask.Response(
        pdf.render(document(reads.as_sent(session, actor, sent))), mimetype="application/pdf"
    )
    answer.headers["Content-Disposition"] = 'attachment; filename="county-notice.pdf"'
    return answer


def _rendered(one: queries.Letter, level: int) -> str:
    return html.render(document(one), level=level, with_contents=False)


def _title(one: queries.Letter) -> str:
    return f"Case review in {one.county}: what to get ready"


def _on_site(one: queries.Letter) -> str:
    return f"on site {dates.span(*one.on_site)}"


def document(one: queries.Letter) -> model.Document:
    """The letter: when, who leads, which cases, and who should be available."""
    invented = "Demonstration: nobody exists. " if current.installation().demonstration else ""
    return model.Document(
        title=_title(one),
        subtitle=f"On site {dates.span(*one.on_site)}",
        kind="memo",
        facts=tuple(_facts(one)),
        sections=(_cases(one), _asked()),
        running_head=(_KIND, f"{one.county} · {one.round_name}"),
        footer_mark="CONFIDENTIAL",
        footer_text=f"{invented}For the county’s supervisors and its Regional Director",
        series=_KIND,
        facts_heading="This review",
    )


def _facts(one: queries.Letter) -> list[model.Fact]:
    first, last = (f"{day:%A} {dates.full_day(day)}" for day in one.on_site)
    found = [
        model.Fact("Round", one.round_name),
        model.Fact("On site", f"{first} to {last}"),
        model.Fact("Who leads", ", ".join(one.leads) or "Not named yet"),
        model.Fact("Cases", _number(one)),
    ]
    if one.at:
        found.append(model.Fact("Sent", f"{_when(one.at)}, {one.by}"))
    return found


def _number(one: queries.Letter) -> str:
    shown = dates.counted(len(one.cases), "case")
    if not one.hidden:
        return shown
    more = "1 more is" if one.hidden == 1 else f"{one.hidden} more are"
    return f"{shown} listed here; {more} not for you to see"


def _when(at: dt.datetime) -> str:
    local = routes.local(at)
    return f"{dates.full_day(local.date())} {dates.clock(local)}"


def _cases(one: queries.Letter) -> model.Section:
    if not one.cases:
        blocks: tuple[model.Block, ...] = (model.Text("None of them is yours to see."),)
    else:
        columns = ("Case", "Type", "Unit", "Caseworker", "Supervisor", "Times that are set")
        table = model.Table(
            "cases",
            "Cases by number, with the numbers of their staff",
            tuple(model.Column(each) for each in columns),
            tuple(_row(each) for each in one.cases),
        )
        kinds = {each.case_type for each in one.cases}
        blocks = (
            model.Heading("Who should be available in each case"),
            model.Bullets(tuple(_available(kind) for kind in CASE_TYPE_WORDS if kind in kinds)),
            table,
        )
    title, kicker = "Which cases, and who should be available", f"{one.county}, {_on_site(one)}"
    return model.Section("cases", title, kicker, blocks, starts_page=False)


def _available(kind: CaseType) -> model.Words:
    return (model.Span(f"{CASE_TYPE_WORDS[kind]}: "), f"{rules.available(kind)}.")


def _row(one: reads.CountyCase) -> model.Row:
    times = [f"{ROLE_WORDS[each.role]}: {_slot(each)}" for each in one.times]
    cells = (
        one.case_number,
        CASE_TYPE_WORDS[one.case_type],
        one.unit or "–",
        ", ".join(one.caseworkers) or "–",
        ", ".join(one.supervisors) or "–",
        "\n".join(times) or "–",
    )
    return model.Row(cells)


def _slot(one: rules.StaffTime) -> str:
    return planning.when(Slot(one.starts_at, one.minutes))


def _asked() -> model.Section:
    entries: tuple[model.Words, ...] = (
        (
            "Keep these days free for the caseworkers and supervisors above; where a time stands"
            " there, that one."
        ),
        (
            "Tell the people of each family that they may be asked for an interview, and that they"
            " may say no."
        ),
        "Have each case’s record ready to read, on paper or on screen, from the first day.",
        "Set aside a room for the reviewers and one for interviews, each with a door that closes.",
        "Say at once if one of these cases cannot be reviewed, and why: whoever leads decides.",
    )
    closing = (
        "A review looks at practice in a case; it is not an evaluation of a person. What it finds"
        " is told after it is final, to those whose work the case is."
    )
    blocks = (model.Bullets(entries), model.Text(closing, "note"))
    return model.Section("ask", "What we ask of you", "", blocks, "", False)
