"""What whoever reads a memo can say about it."""

from __future__ import annotations

import flask_wtf

from cqi.ui import fields


class AcknowledgeForm(flask_wtf.FlaskForm):
    """ "I have read this memo", with words of one's own where one likes."""

    words = fields.TextAreaField("Your words", validators=[fields.at_most(4000)])
