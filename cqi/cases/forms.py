"""What people send to bring in cases."""

from __future__ import annotations

import wtforms
from markupsafe import Markup

from cqi.ui import widgets


class FileInput:
    """The browser's own file input, tied to its hint and errors."""

    input_type = "file"
    grouped = False

    def __call__(self, field: wtforms.FileField, **given: object) -> Markup:
        attributes = widgets.attributes_of(field, "usa-file-input-plain", dict(given))
        return wtforms.widgets.FileInput()(field, **attributes)


class CasesForm(wtforms.Form):
    """A list of cases as a CSV file or a workbook."""

    file = wtforms.FileField(
        "List of cases (CSV or XLSX)",
        description="With a header row; of a workbook, the first sheet. Nothing is brought in"
        " before you see the check.",
        widget=FileInput(),
    )
