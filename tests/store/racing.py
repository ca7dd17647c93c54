"""Readers in processes of their own, and one writer that updates the index under them."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from tests.store.faults import cli, forked, put

__all__ = ["Race"]


class Race:
    """A folder whose files all say one number; each update makes it the next one.

    So whatever a reader finds has to speak of one number alone, in the documents, in the passages
    and in both rankings, and that number may never fall.
    """

    FILES = 6

    def __init__(self, base: Path) -> None:
        self.base = base
        self._write(0)
        code, _, err = forked(lambda: cli(base, "index", "docs"))
        assert code == 0, err

    def run(self, updates: int, readers: int) -> dict[str, int]:
        """How many states the readers opened, and how many different ones."""
        stop = self.base / "stop"
        children = [self._reader(n, stop) for n in range(readers)]
        try:
            for number in range(1, updates + 1):
                self._write(number)
                flags = ("--compact",) if number % 5 == 0 else ()
                code, _, err = forked(lambda f=flags: cli(self.base, "index", "docs", *f))
                assert code == 0 or "keeps an earlier state" in err, err
            stop.touch()
            opened = [self._result(n, child) for n, child in enumerate(children)]
        finally:
            for child in children:
                os.kill(child, signal.SIGKILL) if _alive(child) else None
        return {
            "opened": sum(n for n, _ in opened),
            "states": max(states for _, states in opened),
        }

    def _write(self, number: int) -> None:
        text = f"The herons of winter {number} stood beside river {number}."
        put(self.base, {f"docs/{n}.txt": f"{text} Note {n}.\n".encode() for n in range(self.FILES)})

    def _reader(self, name: int, stop: Path) -> int:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                said = self._read_until(stop)
                (self.base / f"reader{name}").write_text(f"{said[0]} {said[1]}")
                code = 0
            except BaseException as error:
                (self.base / f"reader{name}").write_text(f"{type(error).__name__}: {error}")
            finally:
                os._exit(code)
        return child

    def _read_until(self, stop: Path) -> tuple[int, int]:
        opened, seen = 0, [0]
        while not stop.exists() or opened < 2:
            number = self._read()
            assert number >= seen[-1], f"from {seen[-1]} back to {number}"
            seen += [number] if number != seen[-1] else []
            opened += 1
        return opened, len(seen)

    def _read(self) -> int:
        """The one number that an opened index speaks of, however long it stays open."""
        from rag.store.index import Index
        from tests.store.fakes import FakeEmbedder

        with Index.open(self.base / "index") as index:
            held = {self._number(d.text) for i in index.documents()
                    if (d := index.document(i.source)) is not None}  # fmt: skip
            time.sleep(0.02)
            vector = FakeEmbedder().encode_queries(["herons of winter"])[0]
            legs = (index.dense(vector, 20), index.lexical("herons of winter", 20))
            for leg in legs:
                passages = index.passages([row for row, _ in leg])
                assert len(passages) == self.FILES, f"{len(passages)} passages"
                held |= {self._number(p.text) for p in passages}
            assert len(held) == 1, f"states mixed: {sorted(held)}"
            return held.pop()

    def _number(self, text: str) -> int:
        first, second = [int(w) for w in text.replace(".", " ").split() if w.isdigit()][:2]
        assert first == second
        return first

    def _result(self, name: int, child: int) -> tuple[int, int]:
        _, status = os.waitpid(child, 0)
        said = (self.base / f"reader{name}").read_text()
        assert status == 0, f"reader {name}: {said}"
        opened, states = map(int, said.split())
        return opened, states


def _alive(child: int) -> bool:
    try:
        return os.waitpid(child, os.WNOHANG) == (0, 0)
    except ChildProcessError:
        return False
