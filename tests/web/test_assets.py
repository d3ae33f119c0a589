"""What `make assets` promises: only recorded files, the same bytes each time, no host's name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cqi.web import assets

ICON_CALL = re.compile(r"""\bicon\(["']([a-z_]+)["']""")


def templates() -> list[Path]:
    return list((assets.ROOT / "cqi").rglob("templates/**/*.html"))


def test_a_second_run_finds_everything_in_place() -> None:
    assert assets.make() == "Assets are up to date."


def test_a_file_that_is_not_the_recorded_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "package_file", lambda _name: b"something else")
    with pytest.raises(assets.AssetsError, match="not the file whose SHA-256 sum"):
        assets.checked("dist/css/uswds.min.css", assets.recorded_sums())


def test_two_builds_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        assets.build(tmp_path / name)
    first, second = (
        {p.name: p.read_bytes() for p in (tmp_path / n).rglob("*.*")} for n in ("one", "two")
    )
    assert first
    assert first == second


def test_every_icon_that_a_template_names_is_in_the_cut() -> None:
    cut = (assets.VENDOR / "icons.svg").read_text()
    named = {name for path in templates() for name in ICON_CALL.findall(path.read_text())}
    assert named
    assert not [name for name in named if f'<symbol id="{name}"' not in cut]


def test_every_rating_has_its_shape() -> None:
    cut = (assets.VENDOR / "icons.svg").read_text()
    shapes = ["strength", "ani", "na", "unrated", "substantially", "partially", "not"]
    assert not [name for name in shapes if f'<symbol id="r-{name}"' not in cut]


def test_the_lock_file_names_no_host() -> None:
    assert "://" not in (assets.ROOT / "package-lock.json").read_text()


def test_a_complaint_is_one_line_that_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(assets, "is_up_to_date", lambda: False)
    monkeypatch.setattr(assets, "packages_fit", lambda: False)
    monkeypatch.setattr(assets.shutil, "which", lambda _name: "false")
    assert assets.main([]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("assets: Fetching the packages")
    assert line.endswith("then run `make assets` again.")
