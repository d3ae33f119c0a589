"""The blueprint that brings the template macros: `{% import "ui/macros.html" as ui %}`.

The macros need one Jinja global from the web shell: `asset_url(name)`.
"""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("ui", __name__, template_folder="templates")
