"""Reading ahead in processes: the same documents in the same order, and a crash costs one file."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from rag.errors import UnreadableFile
from rag.ingest import ahead as module
from rag.ingest.ahead import Ahead
from rag.ingest.read import ReadResult, read_file
from rag.ingest.walk import FoundFile, walk
from rag.ingest.worker import request


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(12):
        text = f"# Note {number}\n\nWritten on 2021-03-{number + 1:02d}. The river rose.\n"
        (tmp_path / f"{number:02d}.md").write_text(text, encoding="utf-8")
    (tmp_path / "03.txt").write_bytes(b"")
    (tmp_path / "05.jsonl").write_text('{"text": "One."}\n{"text": ""}\n{"text": "Two."}\n')
    (tmp_path / "07.txt").write_text("Café “quoted” \x00? \N{SNOWMAN}\nNext line.\n")
    return tmp_path


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes from the first file on."""
    monkeypatch.setattr(module, "ENOUGH", 0.0)
    monkeypatch.setattr(module, "SLOW", 0.0)


def files_of(folder: Path) -> list[FoundFile]:
    return [f for f in walk([folder]) if isinstance(f, FoundFile)]


def told(reading) -> ReadResult | str:
    try:
        return reading()
    except UnreadableFile as error:
        return error.message


def test_processes_read_what_is_read_here(folder, always, monkeypatch) -> None:
    monkeypatch.setattr(module, "FILES", 3)
    files = files_of(folder)
    expected = [(f, told(lambda f=f: read_file(f.path, f.path.name))) for f in files]
    with Ahead(workers=2) as ahead:
        found = [(f, told(r)) for f, r in ahead.readings(files, lambda path: path.name)]
        assert len(ahead._begun) == 2
    assert found == expected
    assert "empty file" in dict(found).values()


def test_little_is_read_here(folder) -> None:
    with Ahead(workers=2) as ahead:
        for _, reading in ahead.readings(files_of(folder), str):
            told(reading)
        assert not ahead._begun


def test_what_is_not_asked_for_is_not_read_here(folder) -> None:
    with Ahead() as ahead:
        for file, reading in ahead.readings(files_of(folder), str):
            file.path.unlink()
            assert told(reading) == "the file is gone"


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_process_that_breaks_down_costs_one_file(folder, always, monkeypatch) -> None:
    def fatal(path: Path, source: str) -> bytes:
        if source == "04.md":
            os.kill(ahead._begun[0]._process.pid, signal.SIGKILL)
        return request(path, source)

    monkeypatch.setattr(module, "request", fatal)
    files = files_of(folder)
    with Ahead(workers=1) as ahead:
        ahead._worthwhile = lambda: True
        found = {f.path.name: told(r) for f, r in ahead.readings(files, lambda path: path.name)}
        assert len(ahead._begun) == 2
    broken = [name for name, result in found.items() if "broke down" in str(result)]
    assert broken == ["04.md"]
    assert isinstance(found["11.md"], ReadResult)


def test_leaving_early_ends_the_processes(folder, always) -> None:
    with Ahead(workers=2) as ahead:
        next(iter(ahead.readings(files_of(folder), str)))
        begun = ahead._begun
    assert all(worker.ended for worker in begun)


@pytest.mark.parametrize("program", ["/bin/false", "/bin/cat", "no-such-program"])
def test_a_python_that_begins_no_process_costs_no_file(
    folder, always, monkeypatch, program
) -> None:
    monkeypatch.setattr(module, "FILES", 3)
    monkeypatch.setattr(module.sys, "executable", program)
    files = files_of(folder)
    expected = [(f, told(lambda f=f: read_file(f.path, f.path.name))) for f in files]
    with Ahead(workers=2) as ahead:
        assert [(f, told(r)) for f, r in ahead.readings(files, lambda path: path.name)] == expected
        assert len(ahead._begun) <= 2


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_file_that_breaks_each_process_is_not_read_here(folder, always, monkeypatch) -> None:
    """Not even if it is the first one of a process: what breaks that would break this one too."""

    def fatal(path: Path, source: str) -> bytes:
        os.kill(ahead._begun[-1]._process.pid, signal.SIGKILL)
        return request(path, source)

    monkeypatch.setattr(module, "request", fatal)
    monkeypatch.setattr(module, "read_file", lambda *_: pytest.fail("a file was read here"))
    with Ahead(workers=1) as ahead:
        ahead._worthwhile = lambda: True
        results = [told(r) for _, r in ahead.readings(files_of(folder), str)]
    assert all("broke down" in str(result) for result in results)
