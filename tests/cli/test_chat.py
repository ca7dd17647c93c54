"""`rag chat`: as a script line by line."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from prompt_toolkit.history import FileHistory

from rag.cli.chat import _warm_up
from rag.cli.conversation import COMMANDS
from rag.cli.prompt import _session, parts_of, state_dir
from rag.cli.session import watched
from rag.errors import RagError
from rag.store.index import Index
from rag.types import Turn
from tests.cli.fakes import said, unsaid
from tests.store.fakes import Store

ROOT = Path(__file__).resolve().parents[2]


def test_lines_are_questions_and_later_ones_know_the_earlier(rag, assistant) -> None:
    fake = assistant(said(), unsaid())
    done = rag("chat", stdin="Who brokered it?\n\nAnd in 2016?\n")
    assert (done.code, done.err) == (0, "")
    assert [question for question, _ in fake.asked] == ["Who brokered it?", "And in 2016?"]
    assert fake.asked[0][1]["history"] == ()
    assert fake.asked[1][1]["history"] == (
        Turn("user", "Who brokered it?"),
        Turn("assistant", "Russia brokered the ceasefire. [1]"),
    )
    assert done.out.count("Sources") == 1
    assert "confidence 93%\n\nThe documents do not say.\n" in done.out
    assert "The documents do not say." in done.out
    assert fake.closed


def test_clear_forgets_the_turns_and_the_answer(rag, assistant) -> None:
    fake = assistant(said(), said())
    done = rag("chat", stdin="One?\n/clear\n/sources\nTwo?\n")
    assert fake.asked[1][1]["history"] == ()
    assert "The conversation is forgotten." in done.out
    assert done.err.startswith("rag: There is no answer yet.")


def test_what_asks_nothing_is_not_the_last_question_again(rag, assistant) -> None:
    fake = assistant(said(), unsaid())
    done = rag("chat", stdin="Who brokered it?\nThanks!\nok\nhelp\nAnd in 2016?\nexit\nLate?\n")
    assert (done.code, done.err) == (0, "")
    assert [question for question, _ in fake.asked] == ["Who brokered it?", "And in 2016?"]
    assert len(fake.asked[1][1]["history"]) == 2
    assert done.out.count("Ask a question; /help lists the commands.") == 2
    assert "leave (or Ctrl-D)" in done.out


def test_limits_hold_until_they_are_taken_away(rag, assistant) -> None:
    fake = assistant(*[said()] * 3)
    done = rag(
        "chat", "--since", "2019",
        stdin="A?\n/since 2020-11\n/until 2021\n/source *.txt\nB?\n/since\n/until\n/source\nC?\n",
    )  # fmt: skip
    limits = [(g["since"], g["until"], g["source"]) for _, g in fake.asked]
    assert limits == [("2019", None, None), ("2020-11", "2021", "*.txt"), (None, None, None)]
    assert "Searching since 2020-11 until 2021 *.txt." in done.out
    assert "Searching all documents." in done.out


def test_as_of_holds_until_it_is_taken_away(rag, assistant) -> None:
    fake = assistant(*[said()] * 3)
    done = rag("chat", "--as-of", "2019", stdin="A?\n/as-of 2022-03\nB?\n/as-of\nC?\n")
    assert [g["as_of"] for _, g in fake.asked] == ["2019", "2022-03", None]
    assert "Searching as of 2022-03." in done.out
    done = rag("chat", "--since", "2022", stdin="/as-of 2020\n")
    assert done.err.startswith("rag: Nothing lies between 2022 and 2020.")


def test_a_speaker_holds_until_it_is_taken_away(rag, assistant) -> None:
    fake = assistant(*[said()] * 3)
    done = rag("chat", stdin="A?\n/speaker Mira Holt\nB?\n/speaker\nC?\n")
    assert [g["speaker"] for _, g in fake.asked] == [None, "Mira Holt", None]
    assert "Searching by Mira Holt." in done.out


def test_open_shows_the_cited_paragraph_in_its_context(rag, assistant) -> None:
    assistant(said())
    done = rag("chat", stdin="Who?\n/open 1\n/sources\n")
    assert "\n> 2  line 5  Russia brokered the ceasefire.\n" in done.out
    assert "\n  3  line 7  Peacekeepers came after it.\n" in done.out
    assert done.out.count("[1] corpus/file.txt · 2023-11-07") == 2


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("/open 1", "There is no answer yet."),
        ("/sources", "There is no answer yet."),
        (
            "Who?\n/open 2",
            "The last answer has no citation [2].\n     Its citations are [1] to [1]",
        ),
        ("Who?\n/open", "/open needs a number."),
        ("/since tomorrow", "“tomorrow” is not a date."),
        ("/since 2022\n/until 2020", "Nothing lies between 2022 and 2020."),
        ("/sorces", "There is no command /sorces.\n     Did you mean /sources?"),
        ("/xyzzy", "There is no command /xyzzy.\n     /help lists the commands."),
    ],
)
def test_a_mistake_is_told_and_the_conversation_goes_on(rag, assistant, typed, words) -> None:
    fake = assistant(said(), said())
    done = rag("chat", stdin=f"{typed}\nStill there?\n")
    assert done.err.startswith("rag: " + words)
    assert fake.asked[-1][0] == "Still there?"
    assert done.code == 2


def test_a_byte_that_is_no_text_spoils_no_other_line(rag, assistant) -> None:
    fake = assistant(*[said()] * 3)
    done = rag("chat", stdin=b"\xef\xbb\xbfWho?\nThe caf\xe9?\nAnd then?\n")
    assert (done.code, done.err) == (0, "")
    assert [question for question, _ in fake.asked] == ["Who?", "The caf\ufffd?", "And then?"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_questions_as_powershell_writes_them(rag, assistant, encoding) -> None:
    fake = assistant(said(), said())
    done = rag("chat", stdin="\ufeffWho is Bašić?\r\nAnd then?\r\n".encode(encoding))
    assert (done.code, done.err) == (0, "")
    assert [question for question, _ in fake.asked] == ["Who is Bašić?", "And then?"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ('/speaker "Mira Holt"', "Mira Holt"),
        ("/speaker “Mira Holt”", "Mira Holt"),
        ("/speaker 'Mira Holt'", "Mira Holt"),
        ('/speaker "Mira" and "Holt"', '"Mira" and "Holt"'),
        ("/speaker O'Hara", "O'Hara"),
        ('/speaker "', '"'),
    ],
)
def test_a_name_may_stand_in_quotation_marks(rag, assistant, typed, meant) -> None:
    fake = assistant(said())
    rag("chat", stdin=f"{typed}\nWho?\n")
    assert fake.asked[0][1]["speaker"] == meant


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("Who went\nthere?\n", ["Who went\nthere?\n"]),
        ("/since 2020\nWho\nwent?\n/open 1", ["/since 2020", "Who\nwent?\n", "/open 1"]),
        ("What is in\n/etc/hosts here?", ["What is in\n/etc/hosts here?\n"]),
        ("/SINCE\t2020", ["/SINCE\t2020"]),
        ("\n \n", []),
    ],
)  # fmt: skip
def test_pasted_commands_are_lines_of_their_own(typed, parts) -> None:
    assert parts_of(typed) == parts


def test_answers_stand_apart_on_a_terminal_too(rag, assistant) -> None:
    assistant(said(), unsaid())
    done = rag("chat", stdin="Who?\nAnd then?\n", terminal=True)
    shown = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", done.out)
    assert "confidence 93% · 1.2 s\n\nThe documents do not say.\n" in shown


def test_after_an_answer_that_broke_off_the_one_before_is_not_the_last(rag, assistant) -> None:
    fake = assistant(said(), said())
    whole = fake.stream

    def stream(question: str, **given: object):
        if question != "And then?":
            yield from whole(question, **given)
            return
        yield "Monks kept the bridge. [1] "
        raise RagError("The model has gone.")

    fake.stream = stream
    typed = "Who?\nAnd then?\n/open 1\n/sources\nWho said that?\n/open 1\n"
    done = rag("chat", stdin=typed, terminal=True)
    assert done.err.count("rag: The last answer was broken off.") == 2
    assert done.out.count("Peacekeepers came after it.") == 1
    assert fake.asked[1][1]["history"][-2:] == (
        Turn("user", "And then?"),
        Turn("assistant", "Monks kept the bridge. [1] "),
    )


def test_nothing_on_the_screen_leaves_the_last_answer(rag, assistant) -> None:
    assistant(said())
    done = rag("chat", stdin="Who?\nAnd then?\n/open 1\n", terminal=True)
    assert "Something went wrong" in done.err
    assert "Peacekeepers came after it." in done.out


def test_a_change_of_the_index_is_told_once(rag, assistant, monkeypatch, tmp_path) -> None:
    store = Store(tmp_path)
    store.write("a.txt", "The ferry leaves at nine.")
    store.update("a.txt")
    with Index.open(store.directory) as index:
        changed = watched(index)
        store.update("a.txt")
        before = changed()
        store.write("b.txt", "The ferry leaves at ten.")
        store.update("b.txt")
        assert (before, changed()) == (False, True)
    assistant(said(), said())
    monkeypatch.setattr("rag.cli.conversation.watched", lambda _: changed)
    done = rag("chat", stdin="When?\nAnd then?\n")
    assert done.code == 0
    assert done.err.count("rag: The index has changed since this chat began") == 1


def test_to_warm_up_nothing_is_asked() -> None:
    done = []
    _warm_up(SimpleNamespace(load=lambda: done.append(1), search=lambda *_, **__: done.append(2)))
    assert done == [1, 2]


SLOW = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
from rag.assistant import Assistant
from rag.cli import main
from tests.cli.fakes import FakeAssistant, said

class Slow(FakeAssistant):
    def ask(self, question, **given):
        time.sleep(60 if "slow" in question else 0)
        return super().ask(question, **given)

Assistant.open = lambda *_, **__: Slow(said())
sys.argv = ["rag", "chat"]
main.run()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for one process")
def test_ctrl_c_leaves_a_script_at_once() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SLOW], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"Who?\nA slow one?\n")
        process.stdin.flush()
        process.stdout.readline()
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        try:
            assert process.wait(20) == 130
        finally:
            process.kill()


def test_a_fault_is_told_and_the_conversation_goes_on(rag, assistant) -> None:
    fake = assistant()  # it has no answer to give, and raises
    done = rag("chat", stdin="One?\nTwo?\n")
    assert [question for question, _ in fake.asked] == ["One?", "Two?"]
    assert done.code == 1
    assert done.err.count("rag: Something went wrong (IndexError") == 2


def test_a_command_may_have_a_capital_and_be_set_off_by_any_white_space(rag, assistant) -> None:
    fake = assistant(said())
    done = rag("chat", stdin="/since\t2020\n/Source  A b*\nWho?\n")
    assert (done.code, done.err) == (0, "")
    assert (fake.asked[0][1]["since"], fake.asked[0][1]["source"]) == ("2020", "A b*")


def test_help_lists_every_command(rag, assistant) -> None:
    assistant()
    done = rag("chat", stdin="/help\n")
    assert all(f"{name}  " in done.out for name in COMMANDS)


@pytest.mark.parametrize("leave", ["/quit", "/exit", "/q"])
def test_quit_leaves_what_follows_unasked(rag, assistant, leave) -> None:
    fake = assistant()
    assert rag("chat", stdin=f"{leave}\nWho?\n").code == 0
    assert fake.asked == []


def test_json_is_one_answer_a_line_and_nothing_else(rag, assistant) -> None:
    assistant(said(), unsaid())
    done = rag("chat", "--json", stdin="A?\n/since 2020\n/help\n/sources\nB?\n")
    answers = [json.loads(row) for row in done.out.splitlines()]
    assert [a["answered"] for a in answers] == [True, False]


def test_without_an_index_it_does_not_begin(rag) -> None:
    done = rag("chat", stdin="Who?\n")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("rag: There is no index in index.")


@pytest.mark.parametrize(
    ("environ", "platform", "expected"),
    [
        ({"XDG_STATE_HOME": "/state"}, "linux", "/state/rag"),
        ({"XDG_STATE_HOME": "relative"}, "linux", "/home/u/.local/state/rag"),
        ({}, "linux", "/home/u/.local/state/rag"),
        ({}, "darwin", "/home/u/Library/Application Support/rag"),
        ({"LOCALAPPDATA": "/local"}, "win32", "/local/rag"),
        ({}, "win32", "/home/u/AppData/Local/rag"),
    ],
)
def test_where_the_history_lives(environ, platform, expected) -> None:
    assert state_dir(environ, Path("/home/u"), platform) == Path(expected)


@pytest.mark.parametrize(("state", "kept"), [("", False), ("set", True)])
def test_a_user_without_a_home_folder_has_a_prompt(monkeypatch, capsys, tmp_path, state, kept):
    def none(path: Path) -> Path:
        if str(path).startswith("~"):
            raise RuntimeError("Could not determine home directory.")
        return path

    monkeypatch.setattr(Path, "expanduser", none)
    monkeypatch.setenv("XDG_STATE_HOME", state and str(tmp_path / "kept"))
    assert isinstance(_session().history, FileHistory) is kept
    told = "rag: The history is not kept: Could not determine home directory.\n"
    assert capsys.readouterr().err == ("" if kept else told)


@pytest.mark.parametrize("mode", ["rb", "ab"])
def test_a_history_that_fails_costs_no_question(monkeypatch, tmp_path, mode) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    history = _session().history
    history.store_string("Who?")
    real = open

    def failing(file: object, how: str = "r", *given: object, **named: object) -> object:
        if how == mode:
            raise OSError(28, "No space left on device")
        return real(file, how, *given, **named)

    monkeypatch.setattr("builtins.open", failing)
    history.append_string("And then?")
    assert history.get_strings()[-1] == "And then?"
    assert list(history.load_history_strings())[-1:] == ([] if mode == "rb" else ["Who?"])
