"""No import climbs: a room imports only rooms further right in the line of `monitor/__init__.py`, neighbours never."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import monitor

ROOT = Path(monitor.__file__).parent
LINE = (
    "cli > daemon > app > settings > web, demo > exports > digest, alerts > imports, collect, archive"
    " > trends, charts, sources, store > fetch, words > model > clock, errors, log"
)
FLOOR = {room: floor for floor, rooms in enumerate(LINE.split(" > ")) for room in rooms.split(", ")}
MODULES = {
    ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in ROOT.rglob("*.py")
}


def room(module: str) -> str:
    """The part of a name that has a place in the line; `python -m monitor` is the command line."""
    return module.split(".")[1].replace("__main__", "cli") if "." in module else ""


def imports(source: str) -> Iterator[str]:
    """Every module of ours that is imported, also inside functions and for types only."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "monitor")
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "monitor":
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in MODULES else node.module


def climbs(module: str, source: str) -> list[str]:
    here = room(module)
    return [f"{module} imports {name}" for name in imports(source) if not may_import(here, room(name))]


def may_import(here: str, there: str) -> bool:
    return there in {here, ""} or FLOOR[here] < FLOOR[there]


def relative(source: str) -> bool:
    return any(isinstance(node, ast.ImportFrom) and node.level for node in ast.walk(ast.parse(source)))


@pytest.mark.parametrize("module", sorted(MODULES))
def test_no_import_climbs(module):
    assert climbs(module, MODULES[module].read_text()) == []


def test_every_room_has_a_place_in_the_line():
    assert {room(module) for module in MODULES} - {""} <= FLOOR.keys()


def test_the_line_is_the_one_that_people_read():
    assert LINE in " ".join((monitor.__doc__ or "").split())


def test_modules_import_each_other_in_no_circle():
    graph = {module: set(imports(path.read_text())) & MODULES.keys() - {module} for module, path in MODULES.items()}
    assert list(TopologicalSorter(graph).static_order())


def test_imports_name_the_whole_way():
    assert [module for module, path in MODULES.items() if relative(path.read_text())] == []


@pytest.mark.parametrize("source", [
    "from monitor.web import server",
    "from monitor import app",
    "import monitor.cli",
    "def late():\n    from monitor.digest import daily",
    "from monitor.sources import mastodon",
])  # fmt: skip
def test_a_climb_is_seen_wherever_it_hides(source):
    assert climbs("monitor.trends.totals", source)


def test_a_room_may_import_itself_and_what_lies_below():
    source = "from monitor.trends import facts\nfrom monitor.model.series import Frame\nimport monitor.errors, json"
    assert climbs("monitor.trends.totals", source) == []
