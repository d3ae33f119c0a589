"""Which rounds may stand beside each other in a trend, and in words why others may not."""

from __future__ import annotations

from collections.abc import Iterable

from cqi.instruments import versions
from cqi.instruments.definition import Instrument
from cqi.reporting.rules import sentences


def why(code: str, here: Instrument, other: Instrument) -> str:
    """Why ratings of a component or item made with `other` do not stand beside those made with
    `here`; empty where they mean the same."""
    if other.digest == here.digest:
        return ""
    if other.id != here.id:
        return f"scored with another instrument, {titled(other)}"
    if code not in other.components_by_code and code not in other.items_by_code:
        return f"{titled(other)} did not have {code}"
    if not versions.compare(other, here).comparable(code):
        return f"{titled(other)} has another rule for {code}"
    return ""


def titled(instrument: Instrument) -> str:
    """ "Mississippi Practice Model 1.0"."""
    return f"{instrument.title} {instrument.version}"


def words(reasons: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """(name, reason) -> a sentence for each round or region that does not stand in a trend."""
    said = (f"{name} is not in it: {reason}." for name, reason in reasons if reason)
    return tuple(dict.fromkeys(said))


def several_versions(code: str, found: Iterable[Instrument]) -> str:
    """What is said where versions with the same rule stand together; empty for one version."""
    names = sorted({one.version for one in found})
    if len(names) < 2:
        return ""
    return f"Versions {sentences.listing(names)} have the same rule for {code}."
