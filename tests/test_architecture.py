"""The import order and the cheapness of importing, held by test."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "rag"

#: A module may import only from layers above its own (and from its own).
LAYERS = (
    {"types", "serialise", "errors"},
    {"text", "config"},
    {"words"},
    {"ingest"},
    {"store", "models"},
    {"engines"},
    {"speech", "asking"},
    {"compare"},
    {"dates"},
    {"judging", "fold", "retrieve"},
    {"read"},
    {"compose"},
    {"finding"},
    {"assistant"},
    {"render", "evaluate", "cli", "train", "__main__"},
)

#: Libraries that only the named files may import.
GATES = {
    "faiss": {"store/ann.py"},
    "bm25s": {"store/lexical.py"},
    "sentence_transformers": {"models"},
    "transformers": {"models", "train"},
    "typer": {"cli"},
    "dateparser": {"dates/reckoning.py"},
    "pymilvus": {"store/milvus_client.py"},
    "milvus_lite": {"store/milvus_client.py"},
    "ray": {"engines"},
}

HEAVY = (
    "torch",
    "transformers",
    "sentence_transformers",
    "faiss",
    "numpy",
    "bm25s",
    "trafilatura",
    "dateparser",
    "pymilvus",
    "ray",
)


def _layer(module: str) -> int | None:
    return next((n for n, names in enumerate(LAYERS) if module in names), None)


def _imports(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.append(node.module)
    return found


def _modules() -> list[Path]:
    return sorted(p for p in PACKAGE.rglob("*.py") if p.name != "__init__.py")


@pytest.mark.parametrize("path", _modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_upwards(path: Path) -> None:
    relative = path.relative_to(PACKAGE)
    own = _layer(relative.parts[0].removesuffix(".py"))
    assert own is not None, f"{relative} belongs to no layer"
    for name in _imports(path):
        if name.startswith("rag.") and relative.as_posix() != "types.py":
            other = _layer(name.split(".")[1])
            assert other is not None, f"{relative} imports {name}, which belongs to no layer"
            assert other <= own, f"{relative} imports {name}, which stands below it"


@pytest.mark.parametrize("library", sorted(GATES))
def test_a_library_is_imported_in_its_own_file_only(library: str) -> None:
    for path in _modules():
        relative = path.relative_to(PACKAGE).as_posix()
        if any(n.split(".")[0] == library for n in _imports(path)):
            assert any(relative.startswith(gate) for gate in GATES[library]), relative


@pytest.mark.parametrize(
    "statement",
    [
        "import rag",
        "from typer.testing import CliRunner; from rag.cli.main import app;"
        " assert CliRunner().invoke(app, ['--help']).exit_code == 0",
    ],
    ids=["import", "help"],
)
def test_importing_is_cheap(statement: str) -> None:
    code = f"{statement}; import sys, json; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert not loaded.intersection(HEAVY)
