"""All plans within reach in one table: sorted, narrowed, and as a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.documents import model, table_files
from cqi.plans.forms.overview import OverviewForm
from cqi.plans.queries import overview, waiting
from cqi.plans.queries.overview import COLUMNS, Column, Wish
from cqi.plans.views import routes
from cqi.ui import dates

blueprint = routes.blueprint
_FILES: dict[str, tuple[Callable[[model.Document], bytes], str]] = {
    "csv": (lambda one: table_files.csv(one, "plans"), "text/csv; charset=utf-8"),
    "xlsx": (
        table_files.xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}

_DOWN = "-"


@blueprint.get("")
@guard.requires(Permission.PLAN_SEE)
def plans() -> str:
    """All plans within reach: on time and late, extensions, verified against claimed."""
    wish, today = _wish(), routes.today()
    found = overview.overview(current.session(), current.actor(), today, wish)
    form = OverviewForm(flask.request.args)
    form.region.choices = [("", "Any"), *((each, each) for each in found.regions)]
    form.sort.choices = _ways(wish)
    form.sort.data = _said(wish.sort, wish.down)
    return flask.render_template(
        "plans/plans.html",
        found=found,
        form=form,
        wish=wish,
        columns=[(each, _link(each, wish), _sorted(each, wish)) for each in COLUMNS],
        chosen=_asked(wish),
        waiting=waiting.number(current.session(), current.actor(), today),
        leads=current.actor().holds(Permission.PLAN_LEAD),
        today=today,
        dates=dates,
    )


@blueprint.get("/table.<string(maxlength=4):ending>")
@guard.requires(Permission.PLAN_SEE)
def plans_file(ending: str) -> ResponseReturnValue:
    """The table as it is shown, as CSV or XLSX."""
    if ending not in _FILES:
        raise errors.NotFound(f"there is no table of plans as {ending}")
    write, content_type = _FILES[ending]
    found = overview.overview(current.session(), current.actor(), routes.today(), _wish())
    name = f"plans-{current.today().isoformat()}.{ending}"
    headers = {
        "Content-Type": content_type,
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return write(overview.document(found, current.today())), headers


def _wish() -> Wish:
    asked = flask.request.args
    sort = asked.get("sort", "")
    key = sort.removeprefix(_DOWN)
    known = key in {each.key for each in COLUMNS}
    return Wish(
        sort=key if known else COLUMNS[0].key,
        down=known and sort.startswith(_DOWN),
        region=asked.get("region", ""),
        state=asked.get("state", ""),
        late=asked.get("late") == "yes",
    )


def _asked(wish: Wish, **other: str) -> dict[str, Any]:
    """A wish as an address says it, without what is empty."""
    given = {
        "sort": _said(wish.sort, wish.down),
        "region": wish.region,
        "state": wish.state,
        "late": "yes" if wish.late else "",
    }
    return {name: value for name, value in (given | other).items() if value}


def _said(key: str, down: bool) -> str:
    """A column and a way as an address says them: "-late" has the most on top."""
    return f"{_DOWN}{key}" if down else key


def _ways(wish: Wish) -> list[tuple[str, str]]:
    """What the list of ways to sort offers: each column the way that its first click would, and
    the way that the table is sorted now."""
    offered = [(each, each.first_down) for each in COLUMNS]
    [now] = ((each, wish.down) for each in COLUMNS if each.key == wish.sort)
    found = {_said(each.key, down): each.words(down) for each, down in (*offered, now)}
    return list(found.items())


def _link(column: Column, wish: Wish) -> str:
    """The same page sorted by a column; by the one that it is sorted by, the other way round."""
    down = not wish.down if column.key == wish.sort else column.first_down
    return flask.url_for("plans.plans", **_asked(wish, sort=_said(column.key, down)))


def _sorted(column: Column, wish: Wish) -> str:
    """What `aria-sort` says of a column."""
    if column.key != wish.sort:
        return ""
    return "descending" if wish.down else "ascending"
