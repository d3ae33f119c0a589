"""The import contracts of pyproject.toml refuse what they say they refuse."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import source

# A house in which every contract is kept; each case below adds one line or file that breaks one.
KEPT = {
    "core/errors.py": "",
    "instruments/rating.py": "import dataclasses\n",
    "documents/pdf.py": "import reportlab\n",
    "places/models.py": "import sqlalchemy\n",
    "reviews/rules.py": "import datetime\n",
    "reviews/workflow.py": "from cqi.reviews import rules\n",
    "reviews/policy.py": "from cqi.reviews import workflow\n",
    "reviews/models.py": "import sqlalchemy\nfrom cqi.places import models as places\n",
    "reviews/queries.py": "from cqi.reviews import models\n",
    "reviews/actions.py": "from cqi.reviews import models, policy, queries\n",
    "reviews/forms.py": "import wtforms\nfrom cqi.reviews import queries\n",
    "reviews/views.py": "import flask\nfrom cqi.reviews import actions, forms, policy\n",
    "cli/main.py": "from cqi.reviews import actions\n",
}
BROKEN = [
    ("places/queries.py", "from cqi.reviews import queries\n", "A package imports only"),
    ("utils/text.py", "", "A package imports only"),
    ("helpers.py", "", "A package imports only"),
    ("reviews/queries.py", "from cqi.reviews import actions\n", "A room imports only"),
    ("reviews/forms.py", "from cqi.reviews import actions\n", "A room imports only"),
    ("reviews/actions.py", "from cqi.reviews import forms\n", "A room imports only"),
    ("reviews/views.py", "from cqi.places import models\n", "Views and forms do not touch"),
    ("reviews/forms.py", "from cqi.reviews import models\n", "Views and forms do not touch"),
    ("reviews/rules.py", "import sqlalchemy\n", "Pure files know no"),
    ("reviews/policy.py", "from cqi.places import models\n", "Pure files know no"),
    ("instruments/rating.py", "import flask\n", "Pure files know no"),
    ("reviews/actions.py", "import reportlab\n", "Only documents knows"),
]


def lint(folder: Path, files: dict[str, str]) -> tuple[int, str]:
    shutil.copy(source.ROOT / "pyproject.toml", folder)
    for name, text in files.items():
        path = folder / "cqi" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        for package in (path.parent, folder / "cqi"):
            (package / "__init__.py").touch()
        path.write_text(text)
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_a_house_in_order_keeps_every_contract(tmp_path: Path) -> None:
    status, words = lint(tmp_path, KEPT)
    assert status == 0, words


@pytest.mark.parametrize(("name", "text", "contract"), BROKEN)
def test_a_contract_is_broken_by(tmp_path: Path, name: str, text: str, contract: str) -> None:
    status, words = lint(tmp_path, {**KEPT, name: text})
    broken = [line for line in words.splitlines() if "BROKEN" in line]
    assert status == 1, words
    assert any(line.startswith(contract) for line in broken), words
