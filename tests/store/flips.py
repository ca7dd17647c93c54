"""Damages the files of an index one at a time, and compares what it then says with what it said."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import rag.finding
from rag.assistant import Assistant
from rag.errors import RagError
from rag.store import files
from rag.store.index import Index
from rag.store.status import index_status
from tests.store.fakes import FakeEmbedder
from tests.store.faults import QUERIES, Died, forked

#: How many damaged copies one process looks at; if it crashes, they are tried one by one.
PIECE = 20

#: Fields of a citation or a passage that have to be those of the undamaged index.
CITED = ("source", "title", "date", "page", "paragraph", "line", "start", "end", "quote", "text",
         "source_sha256", "passage_id")  # fmt: skip


@dataclass
class Flips:
    """What came of the damage to one kind of file."""

    tried: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Damage:
    """One change of a file: at a place, of some bytes, or the loss of its end."""

    name: str
    kind: str
    at: int
    data: bytes

    def apply(self, directory: Path) -> None:
        path = directory / self.name
        before = path.stat()
        with path.open("r+b") as file:
            file.seek(self.at)
            if self.kind == "cut":
                file.truncate()
            else:
                file.write(self.data)
        # As a failing disk does it: the times do not tell.
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    def __str__(self) -> str:
        return f"{self.kind} of {self.name} at {self.at}"


class Flipping:
    """An index, and what it says while it is whole.

    A damaged log may give the state `earlier` again, as it was before the last update: whole, and
    not without `--check` saying that something is missing.
    """

    def __init__(self, directory: Path, earlier: Path | None = None) -> None:
        self.directory = directory
        self._trial = directory.with_name(f"{directory.name}-trial")
        before = self._copy(None)
        states = [before] if earlier is None else [before, earlier]
        self._rows = forked(lambda: rows(before))
        self._answers = [forked(lambda d=d: answers(d)) for d in states]
        self._truths = [forked(lambda d=d: _cited(d)) for d in states]
        shutil.rmtree(self._trial)

    def files(self) -> list[str]:
        """The files of the index by name."""
        found = (p for p in sorted(self.directory.rglob("*")) if p.is_file())
        return [p.relative_to(self.directory).as_posix() for p in found]

    def run(self, name: str, count: int, chance: random.Random) -> Flips:
        """Damages one file so many times, each time in a fresh copy."""
        result = Flips()
        data = (self.directory / name).read_bytes()
        damages = list(_damages(name, data, count, chance))
        for first in range(0, len(damages), PIECE):
            for damage, found in self._judged(damages[first : first + PIECE]):
                result.tried += 1
                for outcome in found:
                    result.outcomes[outcome] += 1
                    if outcome.startswith("!"):
                        result.failures.append(f"{damage}: {outcome}")
        return result

    def _judged(self, damages: Sequence[_Damage]) -> list[tuple[_Damage, list[str]]]:
        try:
            return forked(lambda: [(d, self._judge(d)) for d in damages])
        except Died as died:
            if len(damages) == 1:
                return [(damages[0], [f"! the interpreter crashed ({died})"])]
        return [pair for damage in damages for pair in self._judged([damage])]

    def _judge(self, damage: _Damage) -> list[str]:
        directory = self._copy(damage)
        checked = _said(lambda: index_status(directory, check=True).checked)
        changed = _said(lambda: rows(directory)) != self._rows
        found = []
        if isinstance(checked, str):
            found.append(_named("check", checked))
        elif checked.whole:
            # A stamp that says less, or another time, only makes the program look closer.
            derived = "/" in damage.name and not damage.name.endswith("stamp.json")
            if changed or (derived and not checked.missing):
                found.append("! not detected")
            found.append("harmless")
        else:
            found.append("detected")
        said = _said(lambda: answers(directory))
        if said in self._answers:
            return [*found, "same answers"]
        if isinstance(said, str):
            return [*found, _named("answers", said)]
        wrong = [c for c in citations(said) if all(c not in truth for truth in self._truths)]
        # Of files that are not hashed when they are opened, ranking may suffer until --check.
        other = "! other answers" if files.HASHED_BELOW else "other ranking"
        return [*found, f"! wrong citation {wrong[0]}" if wrong else other]

    def _copy(self, damage: _Damage | None) -> Path:
        shutil.rmtree(self._trial, ignore_errors=True)
        shutil.copytree(self.directory, self._trial / "index")
        if damage is not None:
            damage.apply(self._trial / "index")
        return self._trial / "index"


def _named(what: str, said: object) -> str:
    """`check: IndexBroken`; an error that is not one of the program's own is a failure."""
    error = str(said)
    return f"{what}: clear error" if error.startswith("RagError") else f"! {what}: {error}"


def _damages(name: str, data: bytes, count: int, chance: random.Random) -> Iterator[_Damage]:
    """Mostly single bits; some bytes, some blocks of zeros, some files cut short."""
    for _ in range(count if data else 0):
        at = chance.randrange(len(data))
        kind = chance.choices(["bit", "byte", "block", "cut"], [75, 10, 7, 8])[0]
        if kind == "bit":
            yield _Damage(name, kind, at, bytes([data[at] ^ 1 << chance.randrange(8)]))
        elif kind == "byte":
            yield _Damage(name, kind, at, bytes([(data[at] + chance.randrange(1, 256)) % 256]))
        elif kind == "block":
            end = min(len(data), at + chance.choice([16, 512, 4096]))
            block = bytes(end - at)
            yield _Damage(name, kind, at, block if block != data[at:end] else b"\xff" * (end - at))
        else:
            yield _Damage(name, kind, at, b"")


def _said(ask: Callable[[], Any]) -> Any:
    """The answer, or the error in words: `RagError: …` if it was raised on purpose."""
    try:
        return ask()
    except RagError as error:
        return f"RagError: {error}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def answers(directory: Path) -> list[Any]:
    """What the program says about an index: searches, answers and documents, without times."""
    rag.finding.load_embedder = lambda *_, **__: FakeEmbedder()  # type: ignore[assignment]
    said: list[Any] = []
    with Assistant.open(directory, reader="similarity", risk=0.9) as assistant:
        for query, since in ((QUERIES[0], None), (QUERIES[2], None), (QUERIES[1], "2020-11-10")):
            hits = assistant.search(query, top_k=5, since=since)
            said.append([_plain(hit.passage) | {"score": round(hit.score, 5)} for hit in hits])
        for query in QUERIES[1:3]:
            answer = assistant.ask(query).to_dict()
            said.append({k: v for k, v in answer.items() if k not in ("timings_ms", "models")})
    return said


def _plain(passage: Any) -> dict[str, Any]:
    names = ("source", "start", "end", "text", "paragraph", "line", "title", "date", "page")
    return {name: getattr(passage, name) for name in names}


def citations(said: Sequence[Any]) -> list[tuple[tuple[str, Any], ...]]:
    """Every citation and passage shown in answers, as its checked fields."""
    shown = [c for part in said for c in (part["citations"] if isinstance(part, dict) else part)]
    return [tuple((n, c[n]) for n in CITED if n in c) for c in shown]


def _cited(directory: Path) -> Any:
    """Recognises what may be cited: everything that is a slice of the undamaged documents."""
    with Index.open(directory) as index:
        found = {d.source: index.document(d.source) for d in index.documents()}
    return _Truth({s: d for s, d in found.items() if d is not None})


@dataclass(frozen=True)
class _Truth:
    documents: dict[str, Any]

    def __contains__(self, citation: object) -> bool:
        c = dict(citation)  # type: ignore[call-overload]
        document = self.documents.get(c["source"])
        if document is None or document.text[c["start"] : c["end"]] != c.get(
            "quote", c.get("text")
        ):
            return False
        over = [p for p in document.paragraphs if p.start < c["end"] and c["start"] < p.end]
        line = document.text.count("\n", 0, c["start"]) + 1
        return (
            c["paragraph"] in {p.number for p in over}
            and c["line"] == line
            and (c["date"], c["title"]) == (document.date, document.title)
            and c.get("source_sha256", document.sha256) == document.sha256
        )


def rows(directory: Path) -> list[Any]:
    """Every row of every table of the truth."""
    with closing(sqlite3.connect(directory / "rag.db")) as connection:
        tables = connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
        names = [n for n, s in tables if s and s.startswith("CREATE TABLE")]
        return [tables, *(connection.execute(f"SELECT * FROM {n}").fetchall() for n in names)]
