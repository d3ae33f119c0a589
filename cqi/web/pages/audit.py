"""The audit trail for an auditor: what a person did, who read a case, what became of a thing."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard, trail
from cqi.access import queries as people
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.reviews import queries as reviews
from cqi.ui import dates, pages
from cqi.web import forms

blueprint = flask.Blueprint("audit", __name__, url_prefix="/audit")

# What kinds of events are called where their own name does not say it.
WORDS = {
    "review.read": "read the content",
    "access.refused": "was refused",
    "access.not_found": "asked for what is out of reach",
    "access.sign_in_failed": "somebody failed to sign in",
    "feedback.acknowledged": "acknowledged the feedback",
    "round.memo_ratings_changed": "changed who sees ratings in memos",
    "feedback.written": "worded the feedback memo",
    "feedback.released": "released the feedback memo",
    "feedback.debriefed": "wrote a debrief down",
    "reconsideration.asked": "asked to look at a rating again",
    "reconsideration.withdraw": "withdrew a request to look at a rating again",
    "reconsideration.uphold": "upheld a rating",
    "reconsideration.change": "decided that a rating changes",
    "reconsideration.tell_late": "a decision on a rating was late",
    "plan.evidence_read": "opened evidence of a step",
    "plan.amendment_asked": "asked for a change of a plan",
    "plan.amendment_granted": "granted a change of a plan",
    "plan.amendment_refused": "refused a change of a plan",
    "plan.amendment_withdrawn": "withdrew a change of a plan",
    "coaching.drafted": "drafted a coaching note",
    "coaching.shared": "shared a coaching note",
    "systemic_need.raised": "raised a systemic need",
}
# What a read was for, where the log's own word is no plain one.
PURPOSES = {"qa": "QA", "safety_alert": "safety alert", "reconsideration": "a rating asked about"}


@dataclass(frozen=True)
class Row:
    """A line of the trail in words. `thing_url` shows the same thing's lines alone."""

    line: trail.Line
    when: str
    what: str
    why: str
    thing: str
    thing_url: str
    who_url: str
    details: list[tuple[str, str]]


@blueprint.get("", endpoint="audit")
@guard.requires(Permission.AUDIT_SEE)
def show_audit() -> str:
    """The trail, newest first, with what it is narrowed to."""
    form = _form()
    found = _asked(form)
    session, actor = current.session(), current.actor()
    rows = trail.lines(session, actor, found, before=pages.number("before"))
    return flask.render_template(
        "web/audit.html",
        form=form,
        find=forms.FindForm(),
        rows=_rows(rows[: trail.PAGE]),
        more=rows[trail.PAGE - 1].id if len(rows) > trail.PAGE else None,
        counted=trail.count(session, actor, found),
        standing=trail.standing(session),
        whose=_whose(found),
        args=_args(form),
        dates=dates,
    )


@blueprint.post("")
@guard.requires(Permission.AUDIT_SEE)
def find() -> ResponseReturnValue:
    """Look somebody or a case up, without a name in an address."""
    form, session, actor = forms.FindForm(), current.session(), current.actor()
    words = form.words.data or ""
    if form.validate_on_submit():
        cases = reviews.reviewed_case(session, actor, words)
        found = [
            ("thing", one.public_id, f"Case {one.case_number}", one.round_name) for one in cases
        ]
        some = trail.people_like(session, actor, words)
        found += [("person", one.public_id, one.name, one.staff_id or "") for one in some]
        if len(found) == 1:
            name, public_id, *_ = found[0]
            return flask.redirect(_address({name: public_id}), code=303)
        matches = [(title, note, _address({name: id_})) for name, id_, title, note in found]
        return flask.render_template(
            "web/audit_matches.html", form=form, matches=matches, words=words
        )
    return flask.render_template("web/audit_matches.html", form=form, matches=None, words=""), 422


@blueprint.get("/export.<ending>")
@guard.requires(Permission.AUDIT_SEE)
def export(ending: str) -> ResponseReturnValue:
    """What is shown, as a file: CSV, or one JSON object a line. That it was taken is an event."""
    if ending not in trail.TYPES:
        raise errors.NotFound(f"there is no such file: .{ending}")
    asked, actor = _asked(_form()), current.actor()
    with current.database().writing() as session:
        counted = trail.count(session, actor, asked)
        trail.record_export(session, actor, asked, ending=ending, count=counted, now=current.now())
    text = (part.encode() for part in trail.file_lines(ending, _every_line(asked)))
    answer = flask.Response(text, content_type=trail.TYPES[ending])
    answer.headers["Content-Disposition"] = f"attachment; filename=audit-trail.{ending}"
    return answer


def _every_line(asked: trail.Asked) -> Iterator[trail.Line]:
    """Read while the file is sent, in a session of its own: the request's is closed by then."""
    database, actor = current.database(), current.actor()

    def lines() -> Iterator[trail.Line]:
        with database.reading() as session:
            yield from trail.all_lines(session, actor, asked)

    return lines()


def _form() -> forms.TrailForm:
    form = forms.TrailForm(flask.request.args)
    form.validate()
    if form.about.data not in forms.ABOUT:
        form.about.data, form.about.errors = trail.About.EVERYTHING.value, ()
    return form


def _asked(form: forms.TrailForm) -> trail.Asked:
    since, until = form.since.data, form.until.data
    return trail.Asked(
        person=_id(form.person.data),
        thing=_id(form.thing.data),
        about=trail.About(form.about.data),
        since=_midnight(since) if since else None,
        until=_midnight(until + dt.timedelta(days=1)) if until else None,
    )


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=current.clock().time_zone)


def _id(text: str | None) -> uuid.UUID | None:
    """What stands in an address; raises NotFound where it is no id at all."""
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        raise errors.NotFound("this is no id") from None


def _args(form: forms.TrailForm) -> dict[str, Any]:
    """What the address says, for links that keep it."""
    return {field.name: field.raw_data[0] for field in form if field.raw_data and field.raw_data[0]}


def _address(args: Mapping[str, Any]) -> str:
    return flask.url_for("audit.audit", **args)


def _whose(asked: trail.Asked) -> list[str]:
    """What the trail is narrowed to, in words."""
    session, actor, found = current.session(), current.actor(), []
    if asked.person is not None:
        names = people.names_of(session, [asked.person])
        found.append(names.get(asked.person, "Somebody who is not on file"))
    if asked.thing is not None:
        case = reviews.reviewed(session, actor, [asked.thing]).get(asked.thing)
        found.append(f"Case {case.case_number}, {case.round_name}" if case else "One thing")
    return found


def _rows(lines: Sequence[trail.Line]) -> list[Row]:
    session, actor = current.session(), current.actor()
    ids = {line.stream_id for line in lines}
    cases, names = reviews.reviewed(session, actor, ids), people.names_of(session, ids)
    words = {id_: f"Case review of case {case.case_number}" for id_, case in cases.items()}
    return [_row(line, {**words, **names}.get(line.stream_id, "")) for line in lines]


def _row(line: trail.Line, title: str) -> Row:
    at = current.clock().local(line.at)
    _, _, happening = line.kind.partition(".")
    return Row(
        line=line,
        when=f"{dates.full_day(at.date())}, {at:%H:%M:%S}",
        what=WORDS.get(line.kind, happening.replace("_", " ")),
        why=PURPOSES.get(line.purpose, line.purpose) or _disclosed(line),
        thing=title or line.stream_kind.replace("_", " ").capitalize(),
        thing_url=_address({"thing": line.stream_id}),
        who_url=_address({"person": line.person}) if line.person else "",
        details=[(name, _words(value)) for name, value in line.payload.items()],
    )


def _disclosed(line: trail.Line) -> str:
    """What left the product, and which row of the register tells to whom and what for."""
    if not line.kind.endswith(".disclosed"):
        return ""
    what = str(line.payload["what"]).replace("_", " ").capitalize()
    return f"{what}: disclosure {line.payload['disclosure']} of {line.stream_kind} {line.stream_id}"


def _words(value: Any) -> str:
    return flask.json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else value
