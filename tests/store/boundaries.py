"""Where an update can be killed: at each call after which the disk says more, or at any time."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from tests.store.faults import Died, forked

T = TypeVar("T")


class Boundaries:
    """Counts the calls after which the disk says something new, and dies at the chosen one."""

    NAMES = ("fsync", "rename", "replace", "unlink", "remove", "rmdir", "mkdir", "ftruncate")

    def __init__(self, die_at: int | None = None) -> None:
        self.seen: list[str] = []
        self._die_at = die_at

    def reach(self, name: str) -> None:
        self.seen.append(name)
        if len(self.seen) == self._die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    @contextmanager
    def watched(self) -> Iterator[Boundaries]:
        """Only to be used in a forked process that does nothing else."""
        for name in self.NAMES:
            setattr(os, name, self._wrapped(name, getattr(os, name)))
        real, reach = sqlite3.connect, self.reach

        class Connection(sqlite3.Connection):
            def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
                commit = sql.lstrip().upper().startswith(("COMMIT", "END", "VACUUM", "PRAGMA WAL"))
                if commit:
                    reach(f"before {sql}")
                cursor = super().execute(sql, *values)
                if commit:
                    reach(f"after {sql}")
                return cursor

        sqlite3.connect = lambda *a, **k: real(*a, factory=Connection, **k)  # type: ignore
        yield self

    def _wrapped(self, name: str, call: Callable[..., T]) -> Callable[..., T]:
        def called(*values: Any, **named: Any) -> T:
            self.reach(name)
            return call(*values, **named)

        return called


def boundaries_of(work: Callable[[], object]) -> list[str]:
    """The boundaries that an undisturbed run passes."""

    def watched() -> list[str]:
        with Boundaries().watched() as boundaries:
            work()
        return boundaries.seen

    return forked(watched)


def killed_at(n: int, work: Callable[[], object]) -> bool:
    """Runs `work` in a process that dies just before its n-th boundary; False if it did not."""

    def watched() -> None:
        with Boundaries(die_at=n).watched():
            work()

    with suppress(Died):
        forked(watched)
        return False
    return True


def killed_after(seconds: float, work: Callable[[], object]) -> bool:
    """Runs `work` in a process that the system ends after so long; False if it was done by then."""

    def timed() -> None:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, max(seconds, 1e-6))
        work()
        signal.setitimer(signal.ITIMER_REAL, 0)

    with suppress(Died):
        forked(timed)
        return False
    return True
