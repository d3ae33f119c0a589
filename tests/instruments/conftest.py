"""A tiny instrument to try things on, and the shipped ones as they are."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cqi.instruments import definition, library

HERE = Path(__file__).parent


@pytest.fixture
def tiny_folder(tmp_path: Path) -> Path:
    """A copy of the tiny instrument that a test may change."""
    return Path(shutil.copytree(HERE / "tiny", tmp_path / "tiny"))


@pytest.fixture
def shapes_folder(tmp_path: Path) -> Path:
    """A copy of the instrument of every shape that a test may change."""
    return Path(shutil.copytree(HERE / "shapes", tmp_path / "shapes"))


@pytest.fixture(scope="session")
def tiny() -> definition.Instrument:
    """The tiny instrument, loaded."""
    return library.load(HERE, "tiny", "1.0")


@pytest.fixture(scope="session")
def shapes() -> definition.Instrument:
    """The instrument that has every shape, loaded."""
    return library.load(HERE, "shapes", "1.0")
