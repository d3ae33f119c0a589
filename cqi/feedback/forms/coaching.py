"""What supervisor and caseworker write on coaching notes."""

from __future__ import annotations

from collections.abc import Mapping

import flask_wtf
import wtforms
from wtforms import validators

from cqi.core import identifiers
from cqi.feedback import queries
from cqi.feedback.rules import coaching as rules
from cqi.ui import fields


class CoachingForm(flask_wtf.FlaskForm):
    """A coaching note. `key` and `revision` are the page's, `share` is the button that sends it."""

    worker = fields.ChoiceField("With", validators=[fields.required("Choose with whom.")])
    item = fields.ChoiceField("Activity", validators=[fields.required("Choose an activity.")])
    trying = fields.TextAreaField("What will be tried", validators=[fields.at_most(rules.LONGEST)])
    follow_up_on = fields.DateField("Follow up on", validators=[validators.Optional()])
    key = wtforms.HiddenField()
    revision = wtforms.HiddenField()
    share = wtforms.SubmitField()

    def wish(self) -> rules.Wish:
        """What it says."""
        worker = int(self.worker.data) if self.worker.data else None
        return rules.Wish(
            worker, self.item.data or "", self.trying.data or "", self.follow_up_on.data
        )


def coaching_form(
    workers: Mapping[int, str],
    activities: Mapping[str, str],
    draft: queries.CoachingNote | None,
    *,
    sent: bool = False,
) -> CoachingForm:
    """The form of one note: what was sent, else the draft, else a new one on the first need."""
    given = {
        "worker": str(draft.worker_id if draft else next(iter(workers), "")),
        "item": draft.item if draft else next(iter(activities), ""),
        "trying": draft.trying if draft else "",
        "follow_up_on": draft.follow_up_on if draft else None,
        "key": str(draft.public_id if draft else identifiers.uuid7()),
        "revision": str(draft.revision if draft else 0),
    }
    more = {} if sent else {"formdata": None}
    form = CoachingForm(prefix="coaching-", data=given, **more)
    form.worker.choices = fields.choices_of({str(one): name for one, name in workers.items()})
    form.item.choices = fields.choices_of(activities)
    return form


class EntryForm(flask_wtf.FlaskForm):
    """Something more on a shared note; the buttons say of which kind."""

    words = fields.TextAreaField("Your words", validators=[fields.at_most(rules.LONGEST)])
    follow_up_on = fields.DateField(
        "Follow up again on",
        validators=[validators.Optional()],
        description="Only where the day changes.",
    )
    key = wtforms.HiddenField()
    kind = wtforms.HiddenField()


def entry_form(*, sent: bool = False) -> EntryForm:
    """An empty one, or as it was sent."""
    more = {} if sent else {"formdata": None}
    return EntryForm(prefix="entry-", data={"key": str(identifiers.uuid7())}, **more)
