"""The form of the page Notices: when somebody wants their e-mails."""

from __future__ import annotations

import flask_wtf

from cqi.notices.rules import MailChoice
from cqi.ui import fields


class MailForm(flask_wtf.FlaskForm):
    """At once, or one a day. The hour in its words is set by the view."""

    choice = fields.TilesField(
        "When do you want your e-mails?",
        [fields.required("Choose when you want your e-mails.")],
        description="Safety alerts, and what else cannot wait, are e-mailed at once either way.",
    )

    def offer(self, hour: str) -> None:
        """Say what there is to choose among; a daily e-mail goes at an hour such as "07:00"."""
        words = {
            MailChoice.AT_ONCE: "At once, one for each notice",
            MailChoice.DAILY: f"Once a day, at {hour} on working days",
        }
        self.choice.choices = fields.choices_of({key.value: said for key, said in words.items()})
