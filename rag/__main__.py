"""`python -m rag` is the same as `rag`."""

from __future__ import annotations

from rag.cli.main import run

if __name__ == "__main__":
    run()
