"""The product's own files, read once for all the tests of the house."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "cqi"
NOT_OURS = {".git", ".venv", "node_modules", "vendor", "var", "var.part", "dist", "build"}
FEATURES = (
    "reporting",
    "plans",
    "feedback",
    "measures",
    "reviews",
    "sampling",
    "rounds",
    "cases",
    "notices",
    "places",
)
PURE_ROOMS = ("rules", "workflow", "policy")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One Python file: `name` is its path from the top, as a failure prints it."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def lines(self) -> int:
        return self.text.count("\n")

    def functions(self) -> Iterator[Function]:
        for node in ast.walk(self.tree):
            if isinstance(node, Function):
                yield node

    def place(self, node: ast.expr | ast.stmt) -> str:
        return f"{self.name}:{node.lineno}"


def files(top: Path, pattern: str) -> list[Path]:
    """Files below `top` that are the project's own, in order."""
    return [
        path
        for path in sorted(top.rglob(pattern))
        if path.is_file() and not ours_not(path.relative_to(ROOT).parts)
    ]


def ours_not(parts: tuple[str, ...]) -> bool:
    """True for what tools leave or fetch: hidden caches, the environment, vendored assets."""
    return any(part in NOT_OURS or part.endswith("_cache") for part in parts)


@functools.cache
def modules(folder: str) -> tuple[Module, ...]:
    """The parsed Python files of a top-level folder: "cqi", "tests" or "migrations"."""
    return tuple(_read(path) for path in files(ROOT / folder, "*.py"))


def pure_modules() -> tuple[Module, ...]:
    """What must be plain Python: the pure rooms of every package, and all of instruments."""
    return tuple(module for module in modules("cqi") if _is_pure(module.path))


def _is_pure(path: Path) -> bool:
    inside = path.relative_to(PACKAGE).with_suffix("").parts
    return inside[0] == "instruments" or (len(inside) > 1 and inside[1] in PURE_ROOMS)


def _read(path: Path) -> Module:
    text = path.read_text(encoding="utf-8")
    return Module(path, text, ast.parse(text, filename=str(path)))
