"""The worked cases of an installed instrument, as scoring pages show them beside its items."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from cqi.core import folders
from cqi.instruments import definition, library, worked_cases

WorkedCases = Mapping[str, tuple[worked_cases.WorkedCase, ...]]


def of(instrument: definition.Instrument) -> WorkedCases:
    """By item code."""
    return _of_version(instrument.id, instrument.version)


@functools.lru_cache(maxsize=8)
def _of_version(instrument_id: str, version: str) -> WorkedCases:
    """The same, read once."""
    root = folders.data_folder("review_instruments")
    cases, _problems = worked_cases.load(library.folder_of(root, instrument_id, version))
    return worked_cases.by_item(cases)
