"""`rag chat`: a person at a pseudo-terminal."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
import fcntl, signal, sys, termios, time
fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # so that Ctrl-C reaches it
# Tests run in the background of a script have it ignored, and hand that on.
signal.signal(signal.SIGINT, signal.default_int_handler)
from rag.assistant import Assistant
from rag.cli import main
from tests.cli.fakes import FakeAssistant, said

class Slow(FakeAssistant):
    def load(self):
        pass

    def stream(self, question, **given):
        if "slow" in question:
            for n in range(600):
                yield f"word{n} "
                time.sleep(0.05)
        if "stuck" in question:
            yield "word "
            time.sleep(60)
        yield from super().stream(question, **given)

Assistant.open = lambda *_, **__: Slow(*[said()] * 9)
sys.argv = ["rag", "chat"]
main.run()
"""


class Person:
    """Types at a pseudo-terminal and waits for what appears; a deadline guards every wait."""

    def __init__(self, tmp_path: Path, output: int | None = None) -> None:
        """`output` is where standard output goes instead."""
        import fcntl
        import pty
        import termios

        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, b"\x18\x00\x50\x00\x00\x00\x00\x00")
        keep = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS")}
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            stdin=slave,
            stdout=slave if output is None else output,
            stderr=slave,
            cwd=ROOT,
            start_new_session=True,
            env={
                **keep,
                "TERM": "xterm-256color",
                "XDG_STATE_HOME": str(tmp_path / "state"),
                "PROMPT_TOOLKIT_NO_CPR": "1",
            },
        )
        os.close(slave)
        self.seen = self.all = ""

    def types(self, text: str) -> None:
        os.write(self.master, text.encode())

    def waits_for(self, text: str, seconds: float = 20) -> None:
        """Waits until the text has appeared after what was waited for before."""
        end = time.monotonic() + seconds
        while text not in self.plain():
            assert time.monotonic() < end, f"{text!r} did not appear in {self.plain()!r}"
            if select.select([self.master], [], [], 0.1)[0]:
                self.read()
        self.seen = self.plain().split(text, 1)[1]

    def read(self) -> None:
        try:
            come = os.read(self.master, 65536).decode(errors="replace")
            self.seen += come
            self.all += come
        except OSError:  # the other side has gone
            time.sleep(0.05)

    def plain(self) -> str:
        return re.sub(r"\x1b(?:\[[0-9;?]*[a-zA-Z]|[=>]|\][^\x07]*\x07)", "", self.seen)

    def leaves(self) -> int:
        end = time.monotonic() + 20
        while self.process.poll() is None and time.monotonic() < end:
            if select.select([self.master], [], [], 0.1)[0]:
                self.read()
        return self.process.wait(1)

    def close(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        os.close(self.master)


@pytest.fixture
def person(tmp_path):
    if sys.platform == "win32":
        pytest.skip("needs a pseudo-terminal")
    someone = Person(tmp_path)
    yield someone
    someone.close()


def test_at_the_prompt_ctrl_c_and_ctrl_d(person, tmp_path) -> None:
    person.waits_for("rag>")
    person.types("half a line\x03")
    person.waits_for("rag>")
    person.types("a slow one\r")
    person.waits_for("word3 ")
    person.types("\x03")
    person.waits_for("Stopped.")
    person.waits_for("rag>")
    person.types("/since 2020\r")
    person.waits_for("rag since 2020>")
    person.types("Who brokered it?\r")
    person.waits_for("Russia brokered the ceasefire.")
    person.waits_for("corpus/file.txt · 2023-11-07 · paragraph 2, line 5")
    person.waits_for("confidence 93%")
    person.waits_for("rag since 2020>")
    person.types("\x1b[200~two\nlines\x1b[201~\r")
    person.waits_for("confidence 93%")
    person.waits_for("rag since 2020>")
    person.types("\x04")
    assert person.leaves() == 0
    history = (tmp_path / "state" / "rag" / "history").read_text()
    assert "+Who brokered it?\n" in history
    assert "+two\n+lines\n" in history
    assert "half a line" not in history


def test_leaving_does_not_wait_for_what_was_stopped(person) -> None:
    person.waits_for("rag>")
    person.types("a stuck one\r")
    person.waits_for("word")
    person.types("\x03")
    person.waits_for("Stopped.")
    person.waits_for("rag>")
    person.types("\x04")
    assert person.leaves() == 0


def test_ctrl_c_held_down_stops_the_answer_and_no_more(person) -> None:
    person.waits_for("rag>")
    person.types("a slow one\r")
    person.waits_for("word3 ")
    for _ in range(60):
        person.types("\x03")
        time.sleep(0.01)
    person.waits_for("rag>")
    person.types("\x03Who brokered it?\r")
    person.waits_for("confidence 93%")
    person.waits_for("rag>")
    person.types("\x04")
    assert person.leaves() == 0
    assert person.all.count("Stopped.") == 1
    assert "Traceback" not in person.all
    assert "Task" not in person.all


def test_a_file_gets_the_conversation_and_the_terminal_the_prompt(tmp_path) -> None:
    if sys.platform == "win32":
        pytest.skip("needs a pseudo-terminal")
    saved = tmp_path / "talk.txt"
    with saved.open("wb") as file:
        person = Person(tmp_path, file.fileno())
    try:
        person.waits_for("rag>")
        person.types("/since 2020\r")
        person.waits_for("rag since 2020>")
        person.types("Who brokered it?\r")
        person.waits_for("rag since 2020>")
        person.types("\x04")
        assert person.leaves() == 0
    finally:
        person.close()
    kept = saved.read_text(encoding="utf-8")
    assert kept.startswith("> /since 2020\n\nSearching since 2020.\n\n> Who brokered it?\n\nRussia")
    assert "rag>" not in kept
