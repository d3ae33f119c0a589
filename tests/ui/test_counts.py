"""A gold count says that something waits; a plain one only how many there are."""

from __future__ import annotations

import flask
import pytest

CARD = "{% call ui.card('Cases', 'cases', kind, number=3) %}{% endcall %}"
PLAIN, GOLD = '<span class="count">3</span>', '<span class="count count--todo">3</span>'


def rendered(app: flask.Flask, source: str, **more: str) -> str:
    words = "{% import 'ui/macros.html' as ui %}" + source
    return app.jinja_env.from_string(words).render(**more)


@pytest.mark.parametrize(("kind", "count"), [("", PLAIN), ("todo", GOLD), ("late", GOLD)])
def test_the_count_of_a_card_is_gold_only_where_the_card_waits(
    app: flask.Flask, kind: str, count: str
) -> None:
    assert count in rendered(app, CARD, kind=kind)


def test_what_is_missing_is_counted_in_gold(app: flask.Flask) -> None:
    assert GOLD in rendered(app, "{{ ui.missing_list([('Narrative', '#n')], number=3) }}")
