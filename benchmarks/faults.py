"""Kills updates, flips bytes and races readers against a writer, and counts what came of it.

    python benchmarks/faults.py kill --random 300 --boundaries all --calls 300
    python benchmarks/faults.py flips --each 500
    python benchmarks/faults.py flips --each 500 --large --only arrays
    python benchmarks/faults.py race --updates 50 --readers 3

Prints a line a scenario, or with --json one object. Exits with 1 if anything was lost.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = "1"  # before numpy: what is forked may have no other threads

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import rag.store.files  # noqa: E402
from rag.store.index import Index  # noqa: E402
from tests.store.boundaries import boundaries_of, killed_after, killed_at  # noqa: E402
from tests.store.calls import calls_of, killed_at_call, with_calls  # noqa: E402
from tests.store.faults import cli, collection, forked, put, warm  # noqa: E402
from tests.store.flips import Flipping, answers  # noqa: E402
from tests.store.killing import Killing  # noqa: E402
from tests.store.racing import Race  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scenario", choices=["kill", "flips", "race"])
    parser.add_argument("--random", type=int, default=300, help="kills at random moments")
    parser.add_argument("--boundaries", default="all", help="how many of the boundaries, or all")
    parser.add_argument("--calls", type=int, default=0, help="kills at calls into the system")
    parser.add_argument("--each", type=int, default=500, help="changes to each kind of file")
    parser.add_argument("--only", default="", help="kinds of files to change, with commas between")
    parser.add_argument("--large", action="store_true", help="as if no derived file were small")
    parser.add_argument("--updates", type=int, default=50, help="of the race's writer")
    parser.add_argument("--readers", type=int, default=3, help="processes that read meanwhile")
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.calls and not with_calls(Path(tempfile.gettempdir()) / "rag-faults"):
        parser.error("--calls needs Linux and a C compiler")
    if options.large:
        rag.store.files.HASHED_BELOW = 0
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        warm(base / "warm")
        found = []
        for result in SCENARIOS[options.scenario](base, options):
            found.append(result)
            if not options.json:
                print("  ".join(f"{name} {value}" for name, value in result.items()), flush=True)
    if options.json:
        print(json.dumps(found))
    return int(any(result["failures"] for result in found))


def kill(base: Path, options: argparse.Namespace) -> Iterator[dict[str, object]]:
    """Kinds of update, each killed at its boundaries; the other kills are shared out."""
    kinds = {
        "update": (collection(0), collection(1), ()),
        "first": ({}, collection(0, 8), ()),
        "rebuild": (collection(0, 8), collection(1, 8), ("--rebuild",)),
        "purge": (collection(0, 8), collection(1, 8), ("--purge",)),
        "compact": (collection(0, 8), collection(1, 8), ("--compact",)),
    }
    for number, (name, (old, new, flags)) in enumerate(kinds.items()):
        started = time.perf_counter()
        killing = Killing(base / name, old, new, *flags)
        passed = boundaries_of(killing.ready())
        step = 1 if options.boundaries == "all" else max(1, len(passed) // int(options.boundaries))
        tried = range(1, len(passed) + 1, step)
        counted = _Counted()
        for n in tried:
            killed = killed_at(n, killing.ready())
            counted.judge(killing, killed, f"boundary {n}, {passed[n - 1]}")
        share = options.random // len(kinds) + (number < options.random % len(kinds))
        calls = _at_calls(killing, counted, -(-options.calls // len(kinds)))
        _random(killing, counted, share, random.Random(f"{options.seed} {name}"))
        yield {
            "scenario": f"kill {name}",
            "boundaries": f"{len(tried)} of {len(passed)}",
            "calls": calls,
            "random": share,
            "killed": counted.killed,
            **counted.outcomes,
            "failures": counted.failures,
            "seconds": round(time.perf_counter() - started),
        }


class _Counted:
    """What came of each kill."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.failures: list[str] = []
        self.killed = 0

    def judge(self, killing: Killing, killed: bool, where: str) -> None:
        self.killed += killed
        try:
            self.outcomes[killing.judge()] += 1
        except AssertionError as error:
            self.failures.append(f"{where}: {str(error).strip().splitlines()[-1]}")


def _at_calls(killing: Killing, counted: _Counted, count: int) -> str:
    """Kills at so many calls into the system, spread over all that the update makes."""
    if not count:
        return "none"
    made = calls_of(killing.ready())
    step = max(1, made // count)
    tried = range(1, made + 1, step)
    for n in tried:
        counted.judge(killing, killed_at_call(n, killing.ready()), f"call {n}")
    return f"{len(tried)} of {made}"


def _random(killing: Killing, counted: _Counted, count: int, chance: random.Random) -> None:
    work = killing.ready()
    started = time.perf_counter()
    killed_at(10**9, work)
    whole = time.perf_counter() - started
    for _ in range(count):
        seconds = chance.uniform(0, whole)
        killed = killed_after(seconds, killing.ready())
        counted.judge(killing, killed, f"after {seconds:.4f} s")


def flips(base: Path, options: argparse.Namespace) -> Iterator[dict[str, object]]:
    """Every kind of file of an index damaged so many times; the database's log in one that was
    not closed."""
    for name, closed in (("unclosed", False), ("index", True)):
        flipping = Flipping(*forked(lambda n=name, c=closed: _filled(base / n, c)))
        kinds: dict[str, list[str]] = {}
        for file in flipping.files():
            kind = "arrays" if file.endswith(".npy") else Path(file).name
            wanted = not options.only or kind in options.only.split(",")
            if wanted and closed != kind.startswith("rag.db-"):
                kinds.setdefault(kind, []).append(file)
        for kind, files in kinds.items():
            started, outcomes, failures = time.perf_counter(), Counter(), []
            for file in files:
                chance = random.Random(f"{options.seed} {file}")
                found = flipping.run(file, -(-options.each // len(files)), chance)
                outcomes.update({"flips": found.tried, **found.outcomes})
                failures += found.failures
            yield {
                "scenario": f"flip {kind}",
                "files": len(files),
                **outcomes,
                "failures": failures[:5],
                "seconds": round(time.perf_counter() - started),
            }


def _filled(base: Path, closed: bool) -> tuple[Path, ...]:
    """An index after two updates; one that was not closed has a third in its log, and the state
    before that beside it."""
    directory, earlier, unclosed = base / "index", base / "earlier", base / "unclosed" / "index"
    for version in (0, 1):
        put(base, collection(version))
        code, _, err = cli(base, "index", "docs")
        assert code == 0, err
    answers(directory)
    if closed:
        return (directory,)
    shutil.copytree(directory, earlier)
    with Index.open(directory):  # as long as someone reads, the log stays
        put(base, collection(2))
        assert cli(base, "index", "docs")[0] == 0
        shutil.copytree(directory, unclosed)
    return unclosed, earlier


def race(base: Path, options: argparse.Namespace) -> Iterator[dict[str, object]]:
    """Readers that must see one state at a time, while a writer makes one after another."""
    started = time.perf_counter()
    failures, counted = [], {}
    try:
        counted = Race(base / "race").run(options.updates, options.readers)
    except AssertionError as error:
        failures = [str(error)]
    yield {
        "scenario": "race",
        "updates": options.updates,
        "readers": options.readers,
        **counted,
        "failures": failures,
        "seconds": round(time.perf_counter() - started),
    }


SCENARIOS = {"kill": kill, "flips": flips, "race": race}

if __name__ == "__main__":
    sys.exit(main())
