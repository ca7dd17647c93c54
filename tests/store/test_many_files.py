"""The benchmark of many files, small: every bad file is named with its reason."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "benchmarks/many_files.py"


def test_every_bad_file_is_named_with_its_reason() -> None:
    command = [sys.executable, str(SCRIPT), "--files", "200"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "200 files: 200 indexed, 22 skipped of 22 bad" in done.stdout
