"""Runs the program in this process, the way its console script does."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass

import pytest

from rag.cli import main
from rag.cli.options import state
from tests.cli.fakes import FakeAssistant, FakeIndex


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def _clean_surroundings(monkeypatch, tmp_path) -> None:
    """No settings of the developer's own, and a folder of the test's own to work in."""
    import os

    for name in [n for n in os.environ if n.startswith("RAG_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("NO_COLOR", raising=False)
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    state.debug = False


@pytest.fixture
def rag(monkeypatch, capsys):
    """`rag("ask", "Who?", stdin="", terminal=False)` gives exit status and both outputs."""

    def run(*argv: str, stdin: str | bytes = "", terminal: bool = False) -> Done:
        monkeypatch.setattr(sys, "argv", ["rag", *argv])
        typed = io.BytesIO(stdin if isinstance(stdin, bytes) else stdin.encode())
        read = io.BufferedReader(typed)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(read, encoding="utf-8"))
        monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal, raising=False)
        with pytest.raises(SystemExit) as left:
            main.run()
        told = capsys.readouterr()
        return Done(int(left.value.code or 0), told.out, told.err)

    return run


@pytest.fixture
def assistant(monkeypatch):
    """Puts a fake where the commands open the assistant; call it with the answers to give."""

    def put(*answers, **options) -> FakeAssistant:
        fake = FakeAssistant(*answers, **options)
        monkeypatch.setattr("rag.assistant.Assistant.open", lambda *_, **__: fake)
        return fake

    return put


@pytest.fixture
def index(monkeypatch):
    """Puts a fake where the commands open the index."""

    def put(*sources: str) -> FakeIndex:
        fake = FakeIndex(*sources)
        monkeypatch.setattr("rag.store.index.Index.open", lambda *_: fake)
        return fake

    return put
