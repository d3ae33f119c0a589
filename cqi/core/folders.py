"""Where the data folders lie: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

import functools
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


@functools.cache
def data_folder(name: str) -> Path:
    """Folder of shipped data: "migrations", "review_instruments" or "reports".

    Raises FileNotFoundError with both places that were tried.
    """
    beside, inside = _PACKAGE.parent / name, _PACKAGE / "data" / name
    for folder in (beside, inside):
        if folder.is_dir():
            return folder
    message = f"the folder {name} is in neither {beside} nor {inside}: install the product again"
    raise FileNotFoundError(message)
