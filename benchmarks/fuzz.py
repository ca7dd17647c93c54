"""Feeds spoilt documents and forged indexes to the program for as long as it is told to.

    python benchmarks/fuzz.py --minutes 30 --keep found/

Counts what was read and what was refused. A crash of the interpreter, a hang and an unsound
document are failures: their inputs are kept in a folder, and it exits with 1.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = "1"  # before numpy: what is forked may have no other threads

import argparse
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.fuzz.documents import read_soundly  # noqa: E402
from tests.fuzz.samples import SAMPLES, mutated  # noqa: E402
from tests.fuzz.strangers import forge, open_soundly  # noqa: E402
from tests.store.faults import Died, cli, collection, forked, put, warm  # noqa: E402

#: Inputs that one process takes, the seconds that each may take, and the memory that all may.
PIECE, SECONDS, MEMORY = 25, 30, 6 << 30


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, default=None, help="folder for inputs that failed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        fuzz = Fuzz(Path(folder), options.keep)
        fuzz.run(options.seed, time.monotonic() + 60 * options.minutes)
    for kind, counted in sorted(fuzz.counted.items()):
        told = ", ".join(f"{name} {n}" for name, n in counted.most_common(12))
        print(f"{kind}: {counted.total()} inputs: {told}")
    print(f"failures: {len(fuzz.failures)}")
    for failure in fuzz.failures:
        print(failure)
    return int(bool(fuzz.failures))


class Fuzz:
    """Runs pieces of work in processes of their own, and finds the input of one that dies."""

    def __init__(self, base: Path, keep: Path | None) -> None:
        self._base, self._keep = base, keep
        self.counted: dict[str, Counter[str]] = {}
        self.failures: list[str] = []
        warm(base / "warm")
        for suffix, data in SAMPLES.items():
            (base / f"warm{suffix}").write_bytes(data)
            assert read_soundly(base / f"warm{suffix}") == "read"
        put(base / "whole", collection(1))
        assert forked(lambda: cli(base / "whole", "index", "docs"))[0] == 0
        assert forked(lambda: open_soundly(base / "whole" / "index")) == "answers"

    def run(self, seed: int, until: float) -> None:
        """Every kind in turn, until the time is over."""
        kinds = [*SAMPLES, "index"]
        while time.monotonic() < until:
            for kind in kinds:
                self._piece(kind, list(range(seed, seed + PIECE)))
            seed += PIECE

    def _piece(self, kind: str, seeds: list[int]) -> None:
        try:
            said = forked(lambda: [self._limited(kind, seed) for seed in seeds])
        except Died as died:
            if len(seeds) > 1:
                for seed in seeds:
                    self._piece(kind, [seed])
                return
            said = ["hung" if died.signal == signal.SIGALRM else f"crashed, {died}"]
        for seed, outcome in zip(seeds, said, strict=True):
            self.counted.setdefault(kind, Counter())[outcome] += 1
            if outcome.startswith(("hung", "crashed", "unsound")):
                self._fail(kind, seed, outcome)

    def _limited(self, kind: str, seed: int) -> str:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(SECONDS)
        try:
            return self._index(seed) if kind == "index" else read_soundly(self._file(kind, seed))
        except AssertionError as error:
            return f"unsound: {error}"
        except Exception as error:
            return f"unsound: {type(error).__name__}: {error}"
        finally:
            signal.alarm(0)

    def _file(self, suffix: str, seed: int) -> Path:
        path = self._base / f"input{suffix}"
        path.write_bytes(mutated(suffix, random.Random(f"{suffix} {seed}")))
        return path

    def _index(self, seed: int) -> str:
        trial = self._base / "forged"
        shutil.rmtree(trial, ignore_errors=True)
        shutil.copytree(self._base / "whole" / "index", trial)
        forge(trial, random.Random(f"index {seed}"))
        return open_soundly(trial)

    def _fail(self, kind: str, seed: int, outcome: str) -> None:
        self.failures.append(f"{kind} seed {seed}: {outcome}")
        print(self.failures[-1], flush=True)
        if self._keep is not None and kind != "index":
            self._keep.mkdir(parents=True, exist_ok=True)
            with suppress(OSError):
                shutil.copy(self._file(kind, seed), self._keep / f"seed{seed}{kind}")


if __name__ == "__main__":
    sys.exit(main())
