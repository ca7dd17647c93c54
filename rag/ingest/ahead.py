"""Reads files ahead of who asks for them, in processes, where reading is what takes long."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import IO

from rag.errors import UnreadableFile
from rag.ingest.read import ReadResult, read_file
from rag.ingest.walk import FoundFile
from rag.ingest.worker import READY, request, result_of

__all__ = ["Ahead", "Reading"]

#: What a file holds, once it is asked for; raises `UnreadableFile`.
Reading = Callable[[], ReadResult]

#: Seconds of reading after which processes are worth their start, …
ENOUGH = 2.0
#: … if a file takes longer than it takes to be handed over.
SLOW = 0.003
MOST_WORKERS = 8
#: Files, and bytes of files, that are read ahead at most, so that memory stays flat.
FILES = 64
BYTES = 64 * 1024 * 1024

_CRASHED = "the program that reads it broke down over it"
_COMMAND = "import sys; sys.path.insert(0, sys.argv[1]); from rag.ingest.worker import main; main()"


class Ahead:
    """Hands out files in their order with what is in them.

    The first are read here. Processes are begun when that has taken `ENOUGH` seconds, so for slow
    formats in great number; one that breaks down over a file costs that file and is replaced. Where
    none can be begun at all, the rest is read here.
    """

    def __init__(self, workers: int | None = None) -> None:
        self._workers = min(_cores(), MOST_WORKERS) if workers is None else workers
        self._spent, self._count = 0.0, 0
        self._pool: ThreadPoolExecutor | None = None
        self._own = threading.local()
        self._begun: list[_Worker] = []
        self._closing = False
        self._lock = threading.Lock()

    def readings(
        self, files: Iterable[FoundFile], name: Callable[[Path], str]
    ) -> Iterator[tuple[FoundFile, Reading]]:
        """The files in order, each with its reading; `name` gives a file's source."""
        waiting: deque[tuple[FoundFile, Future[ReadResult]]] = deque()
        size = 0
        for file in files:
            if self._pool is None and not self._worthwhile():
                yield file, partial(self._here, file.path, name(file.path))
                continue
            self._pool = self._pool or ThreadPoolExecutor(self._workers, "read")
            waiting.append((file, self._pool.submit(self._there, file.path, name(file.path))))
            size += file.size
            while waiting and (len(waiting) > FILES or size > BYTES):
                first, future = waiting.popleft()
                size -= first.size
                yield first, partial(self._result, future, first.path, name(first.path))
        while waiting:
            first, future = waiting.popleft()
            yield first, partial(self._result, future, first.path, name(first.path))

    def _worthwhile(self) -> bool:
        slow = self._spent >= ENOUGH and self._spent >= SLOW * self._count
        return slow and self._workers > 1 and bool(sys.executable)

    def _here(self, path: Path, source: str) -> ReadResult:
        started = time.perf_counter()
        try:
            return read_file(path, source)
        finally:
            self._spent += time.perf_counter() - started
            self._count += 1

    def _result(self, future: Future[ReadResult], path: Path, source: str) -> ReadResult:
        try:
            return future.result()
        except _NoWorker:
            return self._here(path, source)

    def _there(self, path: Path, source: str) -> ReadResult:
        if not self._workers:
            raise _NoWorker
        try:
            return self._worker().read(path, source)
        except _NoWorker:
            self._workers = 0
            raise

    def _worker(self) -> _Worker:
        """The process of this thread; raises `_NoWorker`."""
        worker: _Worker | None = getattr(self._own, "worker", None)
        if worker is None or worker.ended:
            with self._lock:
                if self._closing:
                    raise UnreadableFile("not read any more")
                worker = self._own.worker = _Worker()
                self._begun.append(worker)
        return worker

    def close(self) -> None:
        """Ends the processes; what was not asked for yet is forgotten."""
        with self._lock:
            self._closing = True
        for worker in self._begun:
            worker.end()
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def __enter__(self) -> Ahead:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class _NoWorker(Exception):
    """The interpreter that Python names for this begins no process that reads files."""


class _Worker:
    """One process that reads files, for one thread; raises `_NoWorker` where it does not begin."""

    def __init__(self) -> None:
        # Not `multiprocessing`: its children run the caller's script again.
        root = str(Path(__file__).resolve().parents[2])
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _COMMAND, root],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            raise _NoWorker from error
        self._ready = False

    @property
    def ended(self) -> bool:
        return self._process.poll() is not None

    def read(self, path: Path, source: str) -> ReadResult:
        """A file as the process reads it; raises `UnreadableFile`, also where that breaks down.

        Before its first file the process says that it is ready: one that does not cannot tell
        anything of the file.
        """
        line = b""
        with contextlib.suppress(OSError, ValueError):
            asking, answering = self._pipes()
            self._ready = self._ready or answering.readline(len(READY)) == READY
            if not self._ready:
                self.end()
                raise _NoWorker
            asking.write(request(path, source))
            asking.flush()
            line = answering.readline()
        if not line.endswith(b"\n"):
            self.end()
            raise UnreadableFile(_CRASHED)
        return result_of(line)

    def end(self) -> None:
        """Ends the process, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            # What was still to be written is lost, as it should be.
            with contextlib.suppress(OSError, AttributeError):
                pipe.close()  # type: ignore[union-attr]

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process.stdin is None or self._process.stdout is None:
            raise ValueError("the process has no pipes")
        return self._process.stdin, self._process.stdout


def _cores() -> int:
    """The processors that this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed is not None else os.cpu_count() or 1
