"""Where files may stand: import-linter does not see a folder without `__init__.py`, this does."""

from __future__ import annotations

from tests.architecture import source

ROOMS = {"views", "forms", "actions", "queries", "models", "policy", "workflow", "rules"}
WITHOUT_CODE = {"templates", "static", "data"}


def test_every_folder_of_the_package_is_a_python_package() -> None:
    strays = [
        folder.relative_to(source.ROOT).as_posix()
        for folder in {path.parent for path in source.files(source.PACKAGE, "*")}
        if not WITHOUT_CODE & set(folder.relative_to(source.PACKAGE).parts)
        and not (folder / "__init__.py").exists()
    ]
    assert not strays, f"give these an __init__.py, or move what they hold: {sorted(strays)}"


def test_a_feature_package_has_only_the_rooms_of_the_house() -> None:
    strays = [
        entry.relative_to(source.ROOT).as_posix()
        for feature in source.FEATURES
        for entry in (source.PACKAGE / feature).glob("*")
        if entry.name not in {"__init__.py", "__pycache__", "templates", "data"}
        and not (entry.stem in ROOMS and (entry.is_dir() or entry.suffix == ".py"))
    ]
    assert not strays, f"a feature has {sorted(ROOMS)} templates and data, nothing else: {strays}"


def test_templates_of_a_feature_stand_in_a_folder_of_its_name() -> None:
    strays = [
        path.relative_to(source.ROOT).as_posix()
        for feature in source.FEATURES
        for path in (source.PACKAGE / feature / "templates").rglob("*.html")
        if path.relative_to(source.PACKAGE / feature / "templates").parts[0] != feature
    ]
    assert not strays, f"these templates belong in templates/<feature>/: {strays}"


def test_package_files_hold_nothing_but_a_docstring() -> None:
    full = [
        module.name
        for module in source.modules("cqi")
        if module.path.name == "__init__.py" and len(module.tree.body) > 1
    ]
    # A package that was one long file may gather its parts; a feature's own file stays empty.
    strays = [name for name in full if name.count("/") == 2]
    assert not strays, f"move this code to a room: {strays}"
