"""The import rule: a module imports from its own floor or lower, views do not import views, db knows no Qt."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FLOORS = (
    (0, ("db.values", "db.errors", "db.edtf", "db.civil", "db.dating", "db.timewords")),
    (1, ("db",)),
    (2, ("viewer.core", "viewer.paths", "viewer.display")),
    (
        3,
        (
            "viewer.models",
            "viewer.widgets",
            "viewer.look",
        ),
    ),
    (4, ("viewer.views",)),
    (5, ("viewer.shell",)),
    (6, ("viewer",)),
)
MODULES = sorted(path for folder in ("db", "viewer") for path in (ROOT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def floor_of(module: str) -> int:
    best, floor = "", -1
    for number, prefixes in FLOORS:
        for prefix in prefixes:
            if (module == prefix or module.startswith(prefix + ".")) and len(prefix) > len(best):
                best, floor = prefix, number
    return floor


def imports_of(path: Path) -> list[tuple[str, int, ast.AST]]:
    tree = ast.parse(path.read_text("utf-8"))
    found: list[tuple[str, int, ast.AST]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, 0, node) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append((node.module or "", node.level, node))
    return found


def view_of(module: str) -> str | None:
    parts = module.split(".")
    return parts[2] if parts[:2] == ["viewer", "views"] and len(parts) > 2 else None


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_imports_only_its_own_floor_or_lower(path: Path) -> None:
    module = name_of(path)
    for imported, level, _node in imports_of(path):
        assert level == 0, f"{module}: relative import"
        if imported.split(".")[0] not in ("db", "viewer"):
            continue
        assert floor_of(imported) <= floor_of(module), f"{module} (floor {floor_of(module)}) imports {imported}"
        theirs, ours = view_of(imported), view_of(module)
        if theirs and ours:
            assert theirs == ours, f"view {ours} imports view {theirs}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_qt_stays_where_it_belongs(path: Path) -> None:
    module = name_of(path)
    for imported, _level, _node in imports_of(path):
        if imported.startswith(("PySide6", "pyqtgraph")):
            assert not module.startswith("db"), f"{module} imports {imported}"
            if module.startswith("viewer.core"):
                assert imported == "PySide6.QtCore", f"{module} imports {imported}"


def test_the_rule_sees_what_it_forbids(tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text("from viewer.views.map.view import MapView\nfrom . import x\n", "utf-8")
    found = [(name, level) for name, level, _node in imports_of(planted)]
    assert ("viewer.views.map.view", 0) in found
    assert ("", 1) in found
    assert floor_of("viewer.views.map.view") > floor_of("viewer.core.state")
    assert floor_of("viewer.core.state") > floor_of("db.store") > floor_of("db.values")


def test_no_modules_import_each_other() -> None:
    names = {name_of(path) for path in MODULES}
    graph: dict[str, set[str]] = {}
    for path in MODULES:
        parts = graph.setdefault(name_of(path), set())
        for module, _level, node in imports_of(path):
            wanted = {f"{module}.{each.name}" for each in node.names} if isinstance(node, ast.ImportFrom) else {module}
            parts |= {each if each in names else module for each in wanted} & names - {name_of(path)}
    TopologicalSorter(graph).prepare()  # raises CycleError with the circle
