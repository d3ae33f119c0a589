"""What people send to bring in cases."""

from __future__ import annotations

import wtforms

from cqi.ui import widgets


class CasesForm(wtforms.Form):
    """A list of cases as a CSV file or a workbook."""

    file = wtforms.FileField(
        "List of cases (CSV or XLSX)",
        description="With a header row; of a workbook, the first sheet. Nothing is brought in"
        " before you see the check.",
        widget=widgets.FileInput(),
    )
