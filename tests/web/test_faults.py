"""A fault of ours: the page shows a reference, the log holds it beside where it happened, and
neither says what was asked for or what a value was."""

from __future__ import annotations

import re
from typing import Any

import flask
import pytest
import sqlalchemy as sa

from cqi.access import current
from cqi.core import faults
from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.places.models import Place
from cqi.web import app as web
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor

CHILD = "Quillfeather"
REFERENCE = re.compile(r"[0-9A-F]{4}-[0-9A-F]{4}")


@pytest.fixture
def app(database: Database, clock: Clock) -> flask.Flask:
    """The product as it runs: a fault becomes a page."""
    return web.create_app(database, clock)


def crash() -> None:
    try:
        raise KeyError(CHILD)
    except KeyError as error:
        raise ValueError(f"no such child: {CHILD}") from error


def crash_in_the_database() -> None:
    wrong = sa.insert(Place).values(kind="state", code=CHILD, name=None)
    current.session().execute(wrong)


@pytest.mark.parametrize("fault", [crash, crash_in_the_database])
def test_the_page_and_the_log_share_a_reference_and_hold_no_value(
    fault: Any,
    app: flask.Flask,
    client_for: ClientFor,
    cast: Cast,
    caplog: pytest.LogCaptureFixture,
) -> None:
    view = app.view_functions["places.places"]
    app.view_functions["places.places"] = replaced(view, fault)
    answer = client_for(cast.administrator).get(f"/places?about={CHILD}")
    assert answer.status_code == 500
    found = REFERENCE.search(answer.text)
    assert found
    assert f"Reference {found.group()}" in answer.text
    assert caplog.text.count(found.group()) == 1
    assert "places.places" in caplog.text
    assert f"in {fault.__name__}" in caplog.text, "the log says where it happened"
    assert CHILD not in caplog.text
    assert CHILD not in answer.text
    assert "line" not in answer.text.partition("<main")[2].partition("</main>")[0]


def replaced(view: Any, fault: Any) -> Any:
    def broken() -> str:
        fault()
        return ""

    broken.__dict__.update(view.__dict__)  # its permission too
    return broken


def test_a_script_hears_the_reference_alone(
    app: flask.Flask, client_for: ClientFor, cast: Cast
) -> None:
    view = app.view_functions["places.places"]
    app.view_functions["places.places"] = replaced(view, crash)
    json = {"Accept": "application/json"}
    answer = client_for(cast.administrator).get("/places", headers=json)
    assert answer.json.keys() == {"message", "reference"}
    assert REFERENCE.fullmatch(answer.json["reference"])


def test_an_error_is_told_with_all_that_led_to_it_and_without_words() -> None:
    with pytest.raises(ValueError, match=CHILD) as caught:
        crash()
    told = faults.told(caught.value)
    assert told.index("builtins.KeyError") < told.index("builtins.ValueError")
    assert told.count("test_faults.py") == 3
    assert CHILD not in told
