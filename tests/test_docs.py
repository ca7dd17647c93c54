"""What the pages name is there: links, files, commands, options, variables, libraries."""

from __future__ import annotations

import re
import shlex
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TREES = "rag|tools|tests|benchmarks|eval|docs|examples|corpus|index"
PAGES = sorted(
    p for tree in (".", "docs", "docs/decisions", "eval", "eval/practice", "index")
    for p in (ROOT / tree).glob("*.md")
)  # fmt: skip

_FENCE = re.compile(r"(?ms)^```(\w*)\n(.*?)^```")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_PATH = re.compile(rf"(?<![\w/.])(?:{TREES})/[\w./*-]+")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")


def _named(pages: list[Path]):
    return pytest.mark.parametrize("page", pages, ids=lambda p: p.relative_to(ROOT).as_posix())


def _anchors(page: Path) -> set[str]:
    """The anchors that a page's headings get on the web."""
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"(?m)^#+ (.*)$", text)
    return {re.sub(r"[^\w\- ]", "", h.strip().lower()).replace(" ", "-") for h in headings}


def _commands(page: Path) -> list[list[str]]:
    """The commands that a page shows at a prompt, and those in code spans, as words."""
    text = page.read_text(encoding="utf-8")
    shown = [
        line.removeprefix("$ ")
        for kind, block in _FENCE.findall(text)
        for line in block.split("\n")
        if (line.startswith("$ ") if kind == "console" else kind == "bash")
    ]
    shown += re.findall(r"`((?:rag|make|python) [^`]+)`", _FENCE.sub("", text))
    parts = [p for line in shown for p in re.split(r";|&&|\|", re.sub(r" #.*", "", line))]
    return [words for p in parts if (words := shlex.split(p.replace("\n", " ")))]


@cache
def _options() -> dict[tuple[str, ...], set[str]]:
    """The options of each command of the program."""
    from typer.main import get_command

    from rag.cli.main import app

    found = {}
    todo = [((), get_command(app))]
    while todo:
        name, command = todo.pop()
        found[name] = {o for p in command.params for o in p.opts}
        todo += [((*name, n), c) for n, c in getattr(command, "commands", {}).items()]
    return found


def _scripts() -> str:
    files = [p for tree in ("tools", "benchmarks") for p in (ROOT / tree).glob("*.py")]
    return "\n".join(p.read_text(encoding="utf-8") for p in files)


@_named(PAGES)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in _LINK.findall(page.read_text(encoding="utf-8")):
        path, _, anchor = link.partition("#")
        if "://" in link:
            continue
        target = page.parent / path if path else page
        assert target.exists(), link
        assert not anchor or anchor in _anchors(target), link


@_named([p for p in PAGES if p.name != "CHANGELOG.md"])
def test_every_file_that_is_named_is_there(page: Path) -> None:
    for name in _PATH.findall(page.read_text(encoding="utf-8")):
        path = name.rstrip(".").replace("KIND", "*")
        there = any(ROOT.glob(path)) if "*" in path else (ROOT / path).exists()
        assert there, name


@_named(PAGES)
def test_every_command_that_is_shown_is_one(page: Path) -> None:
    targets = re.findall(r"(?m)^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"))
    for program, *words in _commands(page):
        if program == "make":
            assert not words or words[0] in targets, words
        elif program == "python" and words[0].endswith(".py"):
            script = (ROOT / words[0]).read_text(encoding="utf-8")
            lacking = [w for w in words if w.startswith("--") and w.split("=")[0] not in script]
            assert not lacking, (words, lacking)
        elif program == "rag":
            name = tuple(words[:2]) if words[:1] == ["train"] else tuple(words[:1])
            known = _options().get(() if words[0].startswith("-") else name)
            assert known is not None, words
            lacking = [w for w in words if w.startswith("--") and w.split("=")[0] not in known]
            assert not lacking, (words, lacking)


@_named(PAGES)
def test_every_option_and_variable_that_is_named_is_one(page: Path) -> None:
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    options = set().union(*_options().values())
    spans = re.findall(r"`(--[^`]+)`", text)
    scripts = _scripts()
    for option in {o for span in spans for o in _OPTION.findall(span)}:
        assert option in options or option in scripts, option
    settings = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    code = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "rag").rglob("*.py"))
    for variable in set(re.findall(r"RAG_[A-Z_]+", text)):
        assert variable in code or f"`{variable}`" in settings, variable


def test_every_page_is_found_from_the_first_one() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for page in (ROOT / "docs").glob("*.md"):
        assert f"(docs/{page.name})" in readme, page.name


def test_what_the_first_page_shows_is_what_the_program_prints() -> None:
    """The transcripts are the program's own; the first page may leave out the nearest passages."""
    readme, transcripts = (
        dict(re.findall(r"(?m)^\$ (rag ask .+)\n((?:(?!\$ |```).*\n)+)", (ROOT / p).read_text()))
        for p in ("README.md", "docs/transcripts.md")
    )
    shown = readme.keys() & transcripts.keys()
    assert len(shown) >= 2
    for command in shown:
        printed = transcripts[command].split("\n")
        for line in readme[command].split("\n"):
            assert line in printed or line.strip() == "…", (command, line)


def test_every_library_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [
        *project["dependencies"],
        *(d for e in ("generative", "milvus", "ray") for d in extras[e]),
    ]
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    rows = ", ".join(re.findall(r"(?m)^\| ([^|]+) \|", page)).split(", ")
    for library in wanted:
        name = re.split(r"[<>=; \[]", library)[0]
        assert name in rows, name
