"""The page of commands says what the program says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_is_current() -> None:
    done = subprocess.run(
        [sys.executable, "tools/make_command_reference.py", "--check"],
        cwd=ROOT,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, "run: python tools/make_command_reference.py"


def test_every_command_and_setting_is_on_it() -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    for name in ("index", "ask", "chat", "search", "show", "verify", "status", "eval"):
        assert f"\n## `rag {name}`\n" in page
    assert "| `--top-k` | `RAG_TOP_K` | `top_k` |" in page
    assert "| `/open` |" in page
