"""Runs the program in forked processes that die where they are told to, and compares what is left.

A fork, because importing the libraries takes longer than the update under test.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sqlite3
import sys
import traceback
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, TypeVar

from rag.store.index import Index
from rag.store.status import index_status
from tests.store.fakes import FakeEmbedder, FakeTokens

T = TypeVar("T")
Files = Mapping[str, bytes]

QUERIES = ("heron in the water", "bread and flour", "committee 7 decided", "November 2020")
_WORDS = "heron water bread flour salt comet night harbour treaty river bridge committee".split()


@dataclass(frozen=True)
class State:
    """What an index says, as far as it does not depend on how it came to say it."""

    passages: tuple[Any, ...]
    rankings: tuple[Any, ...]
    unfinished: bool

    @property
    def texts(self) -> dict[str, tuple[Any, ...]]:
        """The passages of each source."""
        found: dict[str, tuple[Any, ...]] = {}
        for passage in self.passages:
            found[passage[0]] = (*found.get(passage[0], ()), passage)
        return found


def collection(version: int, size: int = 20) -> dict[str, bytes]:
    """A small folder at a point of its history: files come, change, move and go."""
    files: dict[str, bytes] = {}
    for n in range(size + 2 * version):
        if (n + version) % 7 == 0 and version:
            continue
        changed = version if n % 3 == 0 else 0
        text = "\n\n".join(_paragraph(n, part, changed) for part in range(2 + n % 3))
        folder = f"moved{version}" if n % 5 == 1 else "docs"
        match n % 4:
            case 0:
                files[f"docs/{folder}/2020-11-{n % 27 + 1:02}-{n}.txt"] = text.encode()
            case 1:
                files[f"docs/{folder}/{n}.md"] = f"# Title {n}\n\n{text}".encode()
            case 2:
                body = "".join(f"<p>{p}</p>" for p in text.split("\n\n"))
                files[f"docs/{n}.html"] = f"<html><body>{body}</body></html>".encode()
            case _:
                lines = [
                    f'{{"_id": "r{i}", "text": "{p}"}}' for i, p in enumerate(text.split("\n\n"))
                ]
                files[f"docs/{n}.jsonl"] = "\n".join(lines).encode()
    files["docs/empty.txt"] = b""
    return files


def _paragraph(n: int, part: int, version: int) -> str:
    digest = hashlib.sha256(f"{n} {part} {version}".encode()).digest()
    words = " ".join(_WORDS[b % len(_WORDS)] for b in digest[: 8 + part])
    return f"Committee {n} decided on point {part}, version {version}. It was about {words}."


def put(base: Path, files: Files) -> None:
    """Makes the folder hold these files and no others, each with a time that fits its content."""
    for path in sorted(base.glob("docs/**/*"), reverse=True):
        if path.is_file() and path.relative_to(base).as_posix() not in files:
            path.unlink()
    for name, data in files.items():
        path = base / name
        if path.is_file() and path.read_bytes() == data:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        stamp = 1_700_000_000 + int(hashlib.sha256(data).hexdigest()[:6], 16)
        os.utime(path, (stamp, stamp))


def cli(base: Path, *argv: str) -> tuple[int, str, str]:
    """Runs the program in this process as its console script does, with the fake models."""
    import rag.models.embedder
    import rag.models.tokens
    from rag.cli import main

    rag.models.embedder.load_embedder = lambda *_, **__: FakeEmbedder()  # type: ignore[assignment]
    rag.models.tokens.token_counter = lambda *_, **__: FakeTokens()  # type: ignore[assignment]
    os.chdir(base)
    sys.argv = ["rag", *argv]
    out, err = StringIO(), StringIO()
    code = 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main.run()
        except SystemExit as left:
            code = int(left.code or 0)
    return code, out.getvalue(), err.getvalue()


def small_batches() -> None:
    """Several commits in one update of few files."""
    import rag.store.writing

    rag.store.writing.BATCH = 3


def state(directory: Path) -> State:
    """Reads all of an index, through its public side."""
    embedder = FakeEmbedder()
    with Index.open(directory) as index:
        passages = index.passages(range(5_000))
        places = {p.row: (p.source, p.start, p.end) for p in passages}
        rankings = []
        for query in QUERIES:
            vector = embedder.encode_queries([query])[0]
            for leg in (index.dense(vector, 8), index.lexical(query, 8)):
                rankings.append(tuple((places[row], round(score, 5)) for row, score in leg))
        held = tuple(
            sorted((p.source, p.start, p.end, p.text, p.paragraph, p.line, p.date, p.id)
                   for p in passages)
        )  # fmt: skip
    unfinished = index_status(directory).unfinished
    return State(held, tuple(rankings), unfinished)


def keys(directory: Path) -> set[str]:
    """The names of the texts that have a vector in the truth."""
    path = directory / "rag.db"
    if not path.exists():
        return set()
    connection = sqlite3.connect(path)
    try:
        return {str(key) for (key,) in connection.execute("SELECT text_key FROM vectors")}
    except sqlite3.OperationalError:  # not even the tables are there yet
        return set()
    finally:
        connection.close()


class Died(Exception):
    """A forked process ended without an answer; `status` is what `waitpid` said."""

    def __init__(self, status: int) -> None:
        super().__init__(f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else str(status))
        self.signal = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def forked(work: Callable[[], T]) -> T:
    """The result of `work`, done in a process of its own; `Died` where that was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _answer(writing, work)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        data = pipe.read()
    _, status = os.waitpid(child, 0)
    if status != 0 or not data:
        raise Died(status)
    done, value = pickle.loads(data)
    if not done:
        raise AssertionError(value)
    return value


def _answer(writing: int, work: Callable[[], object]) -> None:
    """The life of a forked process: it never returns into the code that it was forked from."""
    try:
        try:
            answer = pickle.dumps((True, work()))
        except BaseException:
            answer = pickle.dumps((False, traceback.format_exc()))
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(answer)
    finally:
        os._exit(0)


def warm(base: Path) -> None:
    """Loads in this process all that an update needs, so that each fork finds it loaded."""
    put(base, collection(1, 4))
    code, _, err = cli(base, "index", "docs")
    assert code == 0, err
    assert state(base / "index").passages
    assert index_status(base / "index", check=True).whole
