"""An update killed anywhere leaves the old state or the new one: a small benchmarks/faults.py."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def scenario(*argv: str) -> list[dict]:
    """In a process of its own: what is forked from it may have no other threads."""
    command = [sys.executable, str(ROOT / "benchmarks" / "faults.py"), *argv, "--json"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=600, env=environment
    )
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_boundaries_and_at_random() -> None:
    results = scenario("kill", "--random", "5", "--boundaries", "3")
    assert [r["failures"] for r in results] == [[] for _ in results]
    assert all(r["killed"] >= 3 for r in results)
    update, first, rebuild, purge, compact = results
    assert update.keys() >= {"old", "new"}
    assert "old" not in first
    assert "between" not in rebuild
    assert "new" in purge
    assert "new" in compact
