"""Kills an update at a call into the system: also at those that SQLite makes by itself.

A small library, compiled when it is needed, stands between the process and the C library.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tests.store.faults import Died, forked

__all__ = ["calls_of", "killed_at_call", "with_calls"]

_LIBRARY = "RAG_FAULTS_LIBRARY"

_SOURCE = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <sys/types.h>
#include <unistd.h>

static long die_at, seen;
void faults_arm(long n) { die_at = n; seen = 0; }
long faults_seen(void) { return seen; }
static void reach(void) { if (++seen == die_at) kill(getpid(), SIGKILL); }

#define WATCH(kind, name, declared, given) \\
    kind name declared { \\
        static kind (*real) declared; \\
        if (!real) real = (kind (*) declared) dlsym(RTLD_NEXT, #name); \\
        reach(); \\
        return real given; \\
    }

WATCH(ssize_t, write, (int f, const void *b, size_t n), (f, b, n))
WATCH(ssize_t, pwrite, (int f, const void *b, size_t n, off_t o), (f, b, n, o))
WATCH(ssize_t, pwrite64, (int f, const void *b, size_t n, off64_t o), (f, b, n, o))
WATCH(int, fsync, (int f), (f))
WATCH(int, fdatasync, (int f), (f))
WATCH(int, ftruncate, (int f, off_t n), (f, n))
WATCH(int, ftruncate64, (int f, off64_t n), (f, n))
WATCH(int, rename, (const char *a, const char *b), (a, b))
WATCH(int, unlink, (const char *a), (a))
WATCH(int, unlinkat, (int d, const char *a, int g), (d, a, g))
WATCH(int, rmdir, (const char *a), (a))
WATCH(int, mkdir, (const char *a, mode_t m), (a, m))
"""


def with_calls(folder: Path) -> bool:
    """Starts this program again with the library in place; False where there is no compiler."""
    compiler = shutil.which("cc")
    if _LIBRARY in os.environ or compiler is None or sys.platform != "linux":
        return _LIBRARY in os.environ
    folder.mkdir(parents=True, exist_ok=True)
    source, library = folder / "calls.c", folder / "calls.so"
    source.write_text(_SOURCE)
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl"]
    subprocess.run(command, check=True)
    environment = {**os.environ, _LIBRARY: str(library), "LD_PRELOAD": str(library)}
    os.execve(sys.executable, [sys.executable, *sys.argv], environment)
    return True


def calls_of(work: Callable[[], object]) -> int:
    """How many of the watched calls an undisturbed run makes."""

    def counted() -> int:
        library = ctypes.CDLL(os.environ[_LIBRARY])
        library.faults_arm(ctypes.c_long(0))
        work()
        return int(library.faults_seen())

    return forked(counted)


def killed_at_call(n: int, work: Callable[[], object]) -> bool:
    """Runs `work` in a process that dies just before its n-th call; False if it did not."""

    def armed() -> None:
        library = ctypes.CDLL(os.environ[_LIBRARY])
        library.faults_arm(ctypes.c_long(n))
        work()
        library.faults_arm(ctypes.c_long(0))

    with suppress(Died):
        forked(armed)
        return False
    return True
