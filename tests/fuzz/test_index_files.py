"""Indexes from a stranger: opened or refused, and nothing in them is run or crashes anything."""

from __future__ import annotations

import ast
import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.errors import IndexBroken, RagError
from rag.store.index import Index
from tests.fuzz.strangers import forge, open_soundly
from tests.store.fakes import Store

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def whole(tmp_path: Path, monkeypatch) -> Store:
    monkeypatch.chdir(tmp_path)
    # Replaced in this process by what asks; put back when the test is done.
    monkeypatch.setattr("rag.finding.load_embedder", None)
    store = Store(tmp_path)
    for n in range(10):
        text = f"Committee {n} decided on bread and flour.\n\nHerons stood in river {n}."
        store.write(f"docs/2020-11-{n + 10}-{n}.txt", text)
    store.update("docs")
    assert open_soundly(store.directory) == "answers"
    return store


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 1 << 40))
def test_a_forged_index_is_opened_or_refused(whole: Store, seed: int) -> None:
    trial = whole.base / "trial"
    shutil.rmtree(trial, ignore_errors=True)
    shutil.copytree(whole.directory, trial)
    what = forge(trial, random.Random(seed))
    # A value of another kind than the program writes ends a question with an error that Python
    # raises; what counts is that it ends there.
    ended = open_soundly(trial).split(":")[0]
    assert ended in {"answers", "refused"} or ended.endswith("Error"), what


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER t AFTER UPDATE ON meta BEGIN DELETE FROM files; END",
        "CREATE VIEW v AS SELECT load_extension('x')",
        "CREATE TABLE more (x)",
        "DROP INDEX passages_by_key",
    ],
)
def test_tables_that_are_not_ours_are_refused(whole: Store, statement: str) -> None:
    with closing(sqlite3.connect(whole.directory / "rag.db")) as connection:
        connection.execute(statement)
    with pytest.raises(IndexBroken, match="other tables"):
        Index.open(whole.directory)
    with pytest.raises(IndexBroken, match="other tables"):
        whole.update("docs")
    assert whole.update("docs", rebuild=True).added == 10


def test_a_stamp_that_names_files_elsewhere_is_not_followed_to_a_device(whole: Store) -> None:
    path = whole.directory / "vectors" / "rows.npy"
    path.unlink()
    path.symlink_to("/dev/zero")
    assert whole.found("herons")[0][1]


@pytest.mark.parametrize("stamp", ["[" * 100_000, '{"generation": 1e400}', "{", "\0", "9" * 5000])
def test_odd_stamps_are_damage(whole: Store, stamp: str) -> None:
    (whole.directory / "lexical" / "stamp.json").write_text(stamp)
    assert whole.found("herons")[1][1]


def test_a_deep_manifest_is_refused(whole: Store) -> None:
    from rag.store.schema import seal

    with closing(sqlite3.connect(whole.directory / "rag.db")) as connection:
        value = "[" * 100_000
        values = (value, seal("manifest", value))
        connection.execute("UPDATE meta SET value = ?, seal = ? WHERE key = 'manifest'", values)
        connection.commit()
    with pytest.raises(RagError):
        Index.open(whole.directory)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "rag" / "store").glob("*.py")), ids=lambda p: p.name
)
def test_nothing_that_could_run_code_is_read(path: Path) -> None:
    """No pickle in any form, and no file that FAISS parses by itself."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {n.name for node in ast.walk(tree) if isinstance(node, ast.Import) for n in node.names}
    assert not names & {"pickle", "marshal", "shelve", "dill", "joblib"}
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        assert name not in {"read_index", "eval", "exec", "enable_load_extension"}
        if name == "load" and getattr(getattr(call.func, "value", None), "id", "") == "np":
            allowed = {k.arg: getattr(k.value, "value", None) for k in call.keywords}
            assert allowed.get("allow_pickle") is False
