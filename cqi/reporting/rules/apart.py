"""Which rounds may stand beside each other in a trend, and in words why others may not."""

from __future__ import annotations

from collections.abc import Mapping

from cqi.instruments import versions
from cqi.instruments.definition import Instrument


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


def words(reasons: Mapping[str, str]) -> tuple[str, ...]:
    """A sentence for each round or region that does not stand in a trend."""
    return tuple(f"{name} is not in it: {reason}." for name, reason in reasons.items() if reason)


def several_versions(code: str, found: list[Instrument]) -> str:
    """What is said where versions with the same rule stand together; empty for one version."""
    names = sorted({one.version for one in found})
    if len(names) < 2:
        return ""
    listed = f"{', '.join(names[:-1])} and {names[-1]}"
    return f"Versions {listed} have the same rule for {code}."
