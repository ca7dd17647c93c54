"""Indexes as someone might hand them over who means harm: every stamp and every seal fits."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from rag.errors import RagError
from rag.store.schema import SEALED, seal
from rag.store.status import index_status
from tests.fuzz.samples import spoilt
from tests.store.flips import answers

__all__ = ["forge", "open_soundly"]

_VALUES: tuple[Any, ...] = (
    None, 0, -1, 1, 2**31, 2**62, -(2**63), 1.5, "", "x", "\ufeff\u202e", "A" * 100_000,
    "../../etc/passwd", "2020-99-99", "9999-12-31", "{}", '{"embedder": 1}', "1e308", "-1",
    "99999999999999999999", b"", b"\x00", bytes(128), b"\xff" * 128, b"\x00\x00\xc0\x7f" * 32,
)  # fmt: skip

_STATEMENTS = (
    "CREATE TRIGGER t AFTER INSERT ON meta BEGIN DELETE FROM files; END",
    "CREATE VIEW v AS SELECT load_extension('x')",
    "CREATE TABLE more (x)",
    "CREATE INDEX more ON documents (abs(body_start))",
    "DROP TABLE paragraphs",
    "DELETE FROM documents",
    "DELETE FROM vectors",
    "DELETE FROM history",
    "UPDATE passages SET row = row + 1000000",
    "UPDATE passages SET row = -row",
    "UPDATE passages SET document = document + 1",
    "PRAGMA user_version = 2",
)


def forge(directory: Path, chance: random.Random) -> str:
    """Changes one file of an index and makes all that vouches for it fit again; says what."""
    kind = chance.choice(["array", "array", "array", "row", "row", "statement", "database"])
    if kind == "array":
        folder = chance.choice(["vectors", "lexical"])
        files = sorted(p for p in (directory / folder).iterdir() if p.name != "stamp.json")
        path = chance.choice(files)
        path.write_bytes(spoilt(path.read_bytes(), chance))
        _stamp(directory / folder)
        return f"{folder}/{path.name}"
    if kind == "database":
        path = directory / "rag.db"
        path.write_bytes(spoilt(path.read_bytes(), chance))
        return "rag.db"
    with closing(sqlite3.connect(directory / "rag.db")) as connection:
        what = _row(connection, chance) if kind == "row" else chance.choice(_STATEMENTS)
        if kind == "statement":
            connection.execute(what)
        connection.commit()
    if chance.random() < 0.5:  # so that it is what the search indexes are built from
        shutil.rmtree(directory / "vectors", ignore_errors=True)
        shutil.rmtree(directory / "lexical", ignore_errors=True)
    return what


def _row(connection: sqlite3.Connection, chance: random.Random) -> str:
    """Puts an odd value into a row, and seals it."""
    table = chance.choice(sorted(SEALED))
    columns = SEALED[table]
    found = connection.execute(f"SELECT * FROM {table}").fetchall()
    column, value = chance.choice(columns), chance.choice(_VALUES)
    if not found:
        return f"nothing in {table}"
    key = connection.execute(f"PRAGMA table_info({table})").fetchall()[0][1]
    identity = chance.choice(found)[0]
    try:
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (value, identity))
        where = value if column == key else identity
        query = f"SELECT {', '.join(columns)} FROM {table} WHERE {key} = ?"
        now = connection.execute(query, (where,)).fetchone()
        if now is not None and not any(isinstance(v, float) for v in now):
            connection.execute(f"UPDATE {table} SET seal = ? WHERE {key} = ?", (seal(*now), where))
    except sqlite3.Error:  # a constraint
        return f"no {value!r:.20} in {table}"
    return f"{value!r:.20} in {table}.{column}"


def _stamp(folder: Path) -> None:
    """Makes a folder's stamp fit its files."""
    stamp = json.loads((folder / "stamp.json").read_text())
    for name in stamp["files"]:
        path = folder / name
        status, data = path.stat(), path.read_bytes()
        sha256 = hashlib.sha256(data).hexdigest()
        stamp["files"][name] = {
            "size": status.st_size, "mtime_ns": status.st_mtime_ns, "sha256": sha256,
        }  # fmt: skip
    (folder / "stamp.json").write_text(json.dumps(stamp))


def open_soundly(directory: Path) -> str:
    """Asks and checks an index; `answers`, `refused`, or the name of an error that is not ours."""
    said = [_said(lambda: index_status(directory, check=True)), _said(lambda: answers(directory))]
    unclear = [s for s in said if s not in {"answers", "refused"}]
    return unclear[0] if unclear else said[1]


def _said(ask: Callable[[], object]) -> str:
    try:
        ask()
    except RagError:
        return "refused"
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:60]}"
    return "answers"
