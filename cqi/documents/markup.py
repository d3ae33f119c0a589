"""One way to write an element, so that attributes and text are always escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markupsafe import Markup, escape

Attributes = Mapping[str, str]


def element(name: str, content: str | Markup | None = None, attributes: Attributes = {}) -> Markup:  # noqa: B006 - read only
    """`<name a="b">content</name>`; with no content the element closes itself, as in SVG."""
    pairs = join(Markup(' {}="{}"').format(key, value) for key, value in attributes.items())
    if content is None:
        return Markup("<{}{}/>").format(name, pairs)
    return Markup("<{0}{1}>{2}</{0}>").format(name, pairs, escape(content))


def join(parts: Iterable[Markup]) -> Markup:
    """Pieces of markup one after the other."""
    return Markup("").join(parts)
