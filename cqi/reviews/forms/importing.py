"""What people send to bring in finished ratings."""

from __future__ import annotations

import wtforms

from cqi.ui import fields, widgets


class RatingsForm(wtforms.Form):
    """Finished ratings as a CSV file or a workbook."""

    file = wtforms.FileField(
        "Finished ratings (CSV or XLSX)",
        description="With a header row; of a workbook, the first sheet. Nothing is brought in"
        " before you see the check.",
        widget=widgets.FileInput(),
    )


class WrongForm(wtforms.Form):
    """Why a case review that came in with a file is reopened, or withdrawn."""

    reason = fields.TextAreaField(
        "What is wrong with what came in?",
        [fields.required("Say what is wrong with what came in."), fields.at_most(4000)],
        description="Your words and your name are kept with the case review.",
    )
