"""Updates killed anywhere, bytes flipped, readers and a writer: a small benchmarks/faults.py."""

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


pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


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


def test_flipped_bytes_are_noticed_and_nothing_wrong_is_cited() -> None:
    results = {r["scenario"]: r for r in scenario("flips", "--each", "10")}
    assert results.keys() >= {"flip rag.db", "flip rag.db-wal", "flip arrays", "flip stamp.json"}
    assert [r["failures"] for r in results.values()] == [[] for _ in results]
    assert all(r["flips"] >= 10 for r in results.values())
    assert results["flip arrays"]["detected"] == results["flip arrays"]["flips"]


def test_readers_see_one_state_while_a_writer_makes_others() -> None:
    [race] = scenario("race", "--updates", "6", "--readers", "2")
    assert race["failures"] == []
    assert race["opened"] >= 4
    assert race["states"] >= 2
