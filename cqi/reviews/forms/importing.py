"""What people send to bring in finished ratings."""

from __future__ import annotations

import wtforms

from cqi.ui import widgets


class RatingsForm(wtforms.Form):
    """Finished ratings as a CSV file or a workbook."""

    file = wtforms.FileField(
        "Finished ratings (CSV or XLSX)",
        description="With a header row; of a workbook, the first sheet. Nothing is brought in"
        " before you see the check.",
        widget=widgets.FileInput(),
    )
