"""What `rag status` is told."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys

import pytest

from rag.errors import IndexBroken, IndexNotFound
from rag.store.status import index_status
from tests.store.fakes import Store


@pytest.fixture
def filled(store: Store) -> Store:
    store.write("docs/2020-01-05-a.txt", "Alpha.\n")
    store.write("docs/2021-03-04-b.md", "Beta.\n")
    store.write("docs/c.txt", "Gamma.\n")
    store.write("docs/empty.txt", "")
    store.update("docs")
    return store


def test_a_whole_index(filled: Store) -> None:
    status = index_status(filled.directory)
    assert status.whole
    assert status.up_to_date
    assert (status.files, status.documents, status.passages, status.undated) == (3, 3, 3, 1)
    assert (status.first_date, status.last_date) == ("2020-01-05", "2021-03-04")
    assert status.formats == {"markdown": 1, "text": 2}
    assert status.date_origins == {"file name": 2, "none": 1}
    assert (status.embedder, status.revision, status.dimension) == ("fake", "1", 32)
    assert status.roots == ("docs",)
    assert [(s.source, s.reason) for s in status.skipped] == [("docs/empty.txt", "empty file")]


def test_changed_new_and_missing_files(filled: Store) -> None:
    filled.write("docs/c.txt", "Gamma and more.\n")
    filled.write("docs/d.txt", "Delta.\n")
    (filled.base / "docs/2020-01-05-a.txt").unlink()
    status = index_status(filled.directory)
    assert status.changed == ("docs/c.txt",)
    assert [n.endswith("docs/d.txt") for n in status.new] == [True]
    assert status.missing == ("docs/2020-01-05-a.txt",)
    assert not status.up_to_date
    assert status.whole
    filled.update("docs")
    assert index_status(filled.directory).up_to_date


@pytest.mark.parametrize("leg", ["vectors", "lexical"])
def test_a_lost_leg_is_a_problem_until_it_is_rebuilt(filled: Store, leg: str) -> None:
    shutil.rmtree(filled.directory / leg)
    status = index_status(filled.directory)
    assert not status.whole
    assert leg in status.problems[0]
    filled.update("docs")
    assert index_status(filled.directory).whole


def test_passages_without_vectors_are_a_problem(filled: Store) -> None:
    database = sqlite3.connect(filled.directory / "rag.db")
    database.execute("DELETE FROM vectors")
    database.commit()
    database.close()
    assert "3 passages have no vector" in index_status(filled.directory).problems[0]


def test_no_index_and_a_damaged_one(filled: Store, tmp_path) -> None:
    with pytest.raises(IndexNotFound):
        index_status(tmp_path / "none")
    path = filled.directory / "rag.db"
    data = path.read_bytes()
    path.write_bytes(data[:4096] + bytes(len(data) - 4096))
    with pytest.raises(IndexBroken, match="damaged"):
        index_status(filled.directory)


def test_status_loads_no_numpy(filled: Store) -> None:
    code = (
        "import sys; from pathlib import Path; from rag.store.status import index_status\n"
        "index_status(Path(sys.argv[1])); from rag.store.index import Index\n"
        "Index.open(Path(sys.argv[1])).close(); sys.exit('numpy' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(filled.directory)]
    assert subprocess.run(command, check=False).returncode == 0


def test_a_check_that_stops_early_says_nothing_else(filled: Store) -> None:
    """Many damaged rows of a kind: some are named, the others counted."""
    database = sqlite3.connect(filled.directory / "rag.db")
    for n in range(9):
        values = (f"x{n}", f"docs/x{n}", "odd", 1)
        database.execute("INSERT INTO skipped VALUES (?, ?, ?, ?)", values)
    database.commit()
    database.close()
    code = (
        "import sys; from pathlib import Path; from rag.store.status import index_status\n"
        "print(index_status(Path(sys.argv[1]), check=True).checked.damage[0].what)"
    )
    command = [sys.executable, "-c", code, str(filled.directory)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout == "A row of skipped has changed on disk: x0, x1, x2 and 6 more.\n"
    assert done.stderr == ""
