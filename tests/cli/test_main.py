"""The frame of the program: help, versions, errors, exit statuses, and how little it loads."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rag import __version__
from rag.cli import main
from rag.errors import BadInput, IndexLocked

HEAVY = ("torch", "transformers", "sentence_transformers", "faiss", "numpy", "bm25s", "trafilatura")
COMMANDS = ("index", "ask", "chat", "search", "show", "verify", "status", "eval")


@pytest.mark.parametrize("argv", [("--help",), ("-h",)])
def test_help_names_every_command(argv) -> None:
    done = CliRunner().invoke(main.app, argv)
    assert done.exit_code == 0
    for command in COMMANDS:
        assert f"\n  {command} " in done.output
    assert "..." not in done.output.split("Commands:")[1]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_and_takes_the_common_options(command: str) -> None:
    done = CliRunner().invoke(main.app, [command, "--help"])
    assert done.exit_code == 0
    for option in ("--index DIR", "--json", "--debug"):
        assert option in done.output


def test_the_version(rag) -> None:
    done = rag("--version")
    assert (done.code, done.out) == (0, f"rag {__version__}\n")


@pytest.mark.parametrize(
    "argv",
    [("ask",), ("ask", "Q", "--nonsense"), ("nonsense",), ("show",), ("eval", "--limit", "x")],
)
def test_a_mistake_in_the_call_is_status_two_and_says_nothing_on_stdout(rag, argv) -> None:
    done = rag(*argv)
    assert done.code == 2
    assert done.out == ""
    assert done.err.startswith("rag: ")
    assert f"\n     `rag {argv[0]} --help`" in done.err or argv == ("nonsense",)


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("ask", "Q", "--since", "soon"), "rag: --since: “soon” is not a date.\n     Write YYYY"),
        (("ask", "Q", "--top-k", "0"), "rag: --top-k must be a whole number"),
        (("ask", "Q", "--top-k", "few"), "rag: --top-k must be a whole number from 1 to 1000"),
        (("ask", "Q", "--risk", "50%"), "rag: --risk must be a number between 0 and 1, not “50%”."),
        (("ask", "Q", "--read-ms", "-3"), "rag: --read-ms must be a number above zero, not “-3”."),
        (("ask", "Q", "--composer", "x"), "rag: --composer must be extractive or generative"),
        (("search", "Q", "--since", "2022", "--until", "2020"), "rag: Nothing lies between"),
        (("ask", "Q"), "rag: There is no index in index.\n     Build one with"),
        (("ask", "Q", "--json"), "rag: There is no index in index."),
        (("show", "x"), "rag: There is no index in index."),
        (("status", "--index", "elsewhere"), "rag: There is no index in elsewhere."),
        (("index", "nowhere"), "rag: There is no file or folder nowhere."),
        (("index",), "rag: There is no folder corpus/ here"),
        (("index", ""), "rag: A path is empty."),
        (("index", "docs", ""), "rag: A path is empty."),
        (("status", "--index", ""), "rag: A path is empty."),
        (("status", "--index", "~no.such.user/x"), "rag: --index: there is no home folder for"),
        (("eval", ""), "rag: A path is empty."),
        (("train", "reader", "--data", "x", "--out", ""), "rag: A path is empty."),
        (("verify", "none.json"), "rag: none.json cannot be read: No such file or directory."),
    ],
)
def test_an_error_is_one_sentence_and_a_hint_on_stderr(rag, argv, words) -> None:
    done = rag(*argv)
    assert done.code == 2
    assert done.out == ""
    assert done.err.startswith(words)
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("argv", "command"),
    [
        (("ask", "Who?", "--since"), "rag ask"),
        (("train", "reader", "--out"), "rag train reader"),
        (("ask", "--json=1", "Who?"), "rag ask"),
        (("--nonsense",), "rag"),
    ],
)
def test_the_help_that_is_named_is_that_of_the_command(rag, argv, command) -> None:
    done = rag(*argv)
    assert done.code == 2
    assert done.err.endswith(f"\n     `{command} --help` lists what it takes.\n")


def test_a_question_ends_in_its_own_mark(rag) -> None:
    done = rag("serch", "x")
    assert done.code == 2
    assert done.err.startswith("rag: No such command 'serch'. Did you mean 'search'?\n")


def test_a_wrong_key_in_the_settings_file_is_named(rag) -> None:
    Path("rag.toml").write_text("topk = 3\n")
    done = rag("status")
    assert (done.code, done.err) == (
        2,
        "rag: rag.toml has the unknown key “topk”.\n     Did you mean top_k?\n",
    )


def test_a_folder_that_is_gone_is_named(rag, monkeypatch) -> None:
    def gone() -> Path:
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr("rag.cli.options.Path.cwd", gone)
    done = rag("status")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("rag: The current folder is not there any more.\n     Go to one")


def test_the_status_comes_from_the_error(rag, monkeypatch) -> None:
    def locked(*_: object, **__: object) -> None:
        raise IndexLocked("Another process writes the index.", hint="Wait for it.")

    monkeypatch.setattr("rag.store.index.Index.open", locked)
    done = rag("show", "x")
    assert (done.code, done.err) == (
        1,
        "rag: Another process writes the index.\n     Wait for it.\n",
    )


def test_an_error_message_cannot_drive_the_terminal(rag, monkeypatch) -> None:
    def bad(*_: object) -> None:
        raise BadInput("The file \x1b[2J\x07evil\nrag: fake")

    monkeypatch.setattr("rag.store.index.Index.open", bad)
    assert rag("show", "x").err == "rag: The file ␛[2J␇evil rag: fake\n"


def test_a_fault_of_the_program_is_a_sentence_and_with_debug_a_traceback(rag, monkeypatch) -> None:
    def fault(*_: object) -> None:
        raise ValueError("too odd")

    monkeypatch.setattr("rag.store.index.Index.open", fault)
    done = rag("show", "x")
    assert done.code == 1
    assert done.err.startswith("rag: Something went wrong (ValueError: too odd).\n")
    assert "Traceback" not in done.err
    for argv in (("show", "x", "--debug"), ("--debug", "show", "x")):
        assert "Traceback" in rag(*argv).err


def test_what_the_system_refuses_is_said_in_its_words(rag, monkeypatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "/x/index")

    monkeypatch.setattr("rag.store.index.Index.open", full)
    assert rag("show", "x").err == "rag: No space left on device: /x/index.\n"


def test_an_interrupt_is_status_130(rag, monkeypatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("rag.store.index.Index.open", interrupted)
    done = rag("show", "x")
    assert (done.code, done.out) == (130, "")


def test_a_reader_that_leaves_early_is_no_error() -> None:
    code = (
        "import typer\nfrom rag.cli import main, output\nmain.app = typer.Typer()\n"
        "@main.app.command()\ndef many():\n"
        "    for _ in range(10000): output.write_json({'a': 'x' * 100})\n"
        "main.run()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
        assert process.wait(30) == 0


@pytest.mark.parametrize(
    ("closed", "argv", "code", "out", "err"),
    [
        (">&-", "--version", 0, "", ""),
        ("2>&-", "status --index none", 2, "", ""),
        ("<&- >&-", "status --index none", 2, "", "rag: There is no index in none.\n"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
def test_a_closed_stream_takes_nothing_and_breaks_nothing(closed, argv, code, out, err) -> None:
    script = f'"$0" -m rag {argv} {closed}'
    done = subprocess.run(
        ["/bin/sh", "-c", script, sys.executable], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (code, out)
    assert done.stderr.startswith(err) and "Traceback" not in done.stderr


def test_a_terminal_that_is_not_utf8_gets_what_it_can_show() -> None:
    code = (
        "from rag.cli import main, output; from rag.render.lines import line;"
        "said = lambda **_: [output.show([line('“café” ␛')]), output.write_json({'a': '“é”'})];"
        "main.app = lambda **_: said() and None;"
        "main.run()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=False,
        env={"PYTHONIOENCODING": "ascii"},
    )
    assert (done.returncode, done.stderr) == (0, b"")
    shown, as_json = done.stdout.splitlines()
    assert shown == b"?caf?? ?"
    assert json.loads(as_json) == {"a": "“é”"}


@pytest.mark.parametrize(
    "argv", [["--help"], ["ask", "--help"], ["show", "x"], ["status"], ["--version"]]
)
def test_little_is_loaded(argv: list[str]) -> None:
    code = (
        "import sys, json\nfrom rag.cli import main\n"
        f"sys.argv = ['rag', *{argv!r}]\n"
        "try: main.run()\n"
        "except SystemExit: pass\n"
        "print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = {name.split(".")[0] for name in json.loads(done.stderr.splitlines()[-1])}
    assert not loaded.intersection({*HEAVY, "rich", "prompt_toolkit"})
