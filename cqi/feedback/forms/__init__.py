"""What people say about a memo: its own words before it goes out, and that they have read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import flask_wtf
import wtforms

from cqi.feedback import queries, rules
from cqi.feedback.forms import coaching, hidden, needs
from cqi.feedback.rules import Memo, Point, Wording
from cqi.feedback.rules.debriefs import ATTENDING_WORDS, Attending
from cqi.ui import fields

CoachingForm = coaching.CoachingForm
EntryForm = coaching.EntryForm
coaching_form = coaching.coaching_form
entry_form = coaching.entry_form
key_of = hidden.key_of
number_of = hidden.number_of
NeedForm = needs.NeedForm
StepForm = needs.StepForm
need_form = needs.need_form
step_form = needs.step_form

LONGEST = 4000


class AcknowledgeForm(flask_wtf.FlaskForm):
    """ "I have read this memo", with words of one's own where one likes."""

    words = fields.TextAreaField("Your words", validators=[fields.at_most(LONGEST)])
    number = wtforms.HiddenField()  # which of the case's memos was read


class DebriefForm(flask_wtf.FlaskForm):
    """A debrief that was held."""

    held_at = fields.MomentField(
        "When was it held?", [fields.required("Say when the debrief was held.")]
    )
    attended = fields.SeveralField(
        "Who was there?",
        [fields.required("Tick who was there.")],
        choices={one.value: ATTENDING_WORDS[one] for one in Attending},
        description="As what, not by name.",
    )
    worked = fields.TextAreaField("What was said about what worked", [fields.at_most(LONGEST)])
    to_work_on = fields.TextAreaField(
        "What was said about what to work on",
        [fields.at_most(LONGEST)],
        description="Name nobody, and do not say who said what in an interview.",
    )
    key = wtforms.HiddenField()


class ReleaseForm(flask_wtf.FlaskForm):
    """A memo's own words: one field for each item beside those that every memo has. `send` is the
    button that also releases it, `revision` what the page showed."""

    opening = fields.TextAreaField(
        "Your opening words",
        validators=[fields.at_most(LONGEST)],
        description="They stand after the thanks, before what worked.",
    )
    closing = fields.TextAreaField(
        "Your closing words",
        validators=[fields.at_most(LONGEST)],
        description="Such as what the team will carry further.",
    )
    left_out = fields.SeveralField(
        "Strengths that this memo does without",
        description="At least one stays. Needs cannot be left out; their words can be changed.",
    )
    revision = wtforms.HiddenField()
    final_at = wtforms.HiddenField()
    send = wtforms.SubmitField()

    def texts(self, made: Memo) -> Iterator[tuple[Point, str]]:
        """Each item of a memo with the words that stand in its field."""
        for point in points(made):
            yield point, self[f"text_{point.code}"].data or ""

    def wording(self, made: Memo) -> Wording:
        """What differs from the memo as it was assembled."""
        texts = {
            point.code: _plain(text)
            for point, text in self.texts(made)
            if _plain(text) != _plain(point.seen)
        }
        left_out = frozenset(self.left_out.data or ())
        return Wording(_plain(self.opening.data), _plain(self.closing.data), texts, left_out)


def release_form(draft: queries.Draft) -> ReleaseForm:
    """The form of one memo, filled with what is kept."""
    worded = {point.code: point for point in points(draft.memo)}
    named = {
        f"text_{point.code}": fields.TextAreaField(
            f"{point.title} {point.code}",
            validators=[fields.at_most(LONGEST)],
            default=_words(worded.get(point.code, point), draft.wording),
            description=_WITHHELD if point.withheld else "",
        )
        for point in points(draft.made)
    }
    made = type("ReleaseFormOfMemo", (ReleaseForm,), named)
    form: ReleaseForm = made(
        data={
            "opening": draft.wording.opening,
            "closing": draft.wording.closing,
            "left_out": sorted(draft.wording.left_out),
            "revision": str(draft.revision),
            "final_at": draft.review.final_at.isoformat() if draft.review.final_at else "",
        }
    )
    form.left_out.choices = fields.choices_of(
        {point.code: f"{point.title} {point.code}" for point in draft.made.all_strengths}
    )
    return form


_WITHHELD = (
    "What reviewers wrote here rests on protected evidence and stays inside. What you write is"
    " read."
)


def _words(point: Point, wording: Wording) -> str:
    return wording.texts.get(point.code, point.seen)


def points(memo: Memo) -> Iterator[Point]:
    """Every item of a memo, needs first, each followed by its parts."""
    yield from _with_parts((*memo.needs, *memo.all_strengths))


def _with_parts(found: Iterable[rules.Point]) -> Iterator[Point]:
    for point in found:
        yield point
        yield from _with_parts(point.parts)


def _plain(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").replace("\r", "\n").strip()
