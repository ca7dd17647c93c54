"""`rag index` and `rag status` over real files and a real store, with a tiny embedder."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest

CODES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


class SmallEmbedder:
    """Unit vectors drawn from the hash of the text."""

    name = "small"
    revision = "1"
    dimension = 8

    def encode_queries(self, texts):
        vectors = np.array([list(hashlib.sha256(t.encode()).digest()[:8]) for t in texts], "f4")
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def encode_passages(self, texts, *, progress=None):
        return self.encode_queries(texts)

    def encode_with_parts(self, texts, parts):
        return self.encode_queries(texts), [
            self.encode_queries([s.of(text) for s in spans] or [text])
            for text, spans in zip(texts, parts, strict=True)
        ]


class Words:
    """Counts words as tokens."""

    window = 100

    def offsets(self, text):
        return [m.span() for m in re.finditer(r"\S+", text)]


@pytest.fixture
def asked_for(monkeypatch) -> list[str | None]:
    """Replaces the models; the names that were asked for, in order."""
    names: list[str | None] = []

    def load(name):
        names.append(name)
        return SmallEmbedder()

    monkeypatch.setattr("rag.models.embedder.load_embedder", load)
    monkeypatch.setattr("rag.models.tokens.token_counter", lambda _: Words())
    return names


@pytest.fixture
def corpus(asked_for) -> Path:
    folder = Path("corpus")
    folder.mkdir()
    (folder / "2020-11-10-a.txt").write_text("The war ended in November.\n")
    (folder / "b.txt").write_text("Nobody dated this note.\n")
    (folder / "empty.txt").write_text("")
    return folder


def test_the_first_run_takes_corpus_and_the_next_what_was_indexed_before(rag, corpus) -> None:
    first = rag("index")
    assert (first.code, first.err) == (0, "")
    assert first.out.startswith(
        "files: 2 added, 0 changed, 0 moved, 0 removed, 0 unchanged\n"
        "2 documents, 2 passages in index\n2 texts embedded, "
    )
    assert first.out.endswith("\n\nSkipped: 1\n  corpus/empty.txt: empty file\n")
    (corpus / "b.txt").unlink()
    assert rag("index").out.startswith(
        "files: 0 added, 0 changed, 0 moved, 1 removed, 1 unchanged\n1 document, 1 passage"
    )


def test_strict_fails_where_a_file_was_skipped(rag, corpus) -> None:
    assert rag("index", "--strict").code == 1
    (corpus / "empty.txt").unlink()
    assert rag("index", "--strict").code == 0


def test_status_names_every_skipped_file_and_the_summary_every_reason(rag, corpus) -> None:
    for n in range(30):
        (corpus / f"empty{n:02}.txt").write_text("")
    shown = rag("index", "corpus").out
    assert "Skipped: 31\n" in shown
    assert "\n  empty file (31): corpus/empty.txt, corpus/empty00.txt, …\n" in shown
    assert rag("status").out.count(": empty file\n") == 31
    summary = json.loads(rag("index", "--json").out)
    assert len(summary["skipped"]) == 31
    assert summary["skipped"][0] == {"source": "corpus/empty.txt", "reason": "empty file"}
    assert summary["unchanged"] == 2


@pytest.mark.parametrize(
    ("flags", "words"), [((), "done so far is kept"), (("--rebuild",), "the index is as it was")]
)
def test_ctrl_c_says_what_is_kept(rag, corpus, monkeypatch, flags, words) -> None:
    rag("index")
    before = rag("status").out

    def interrupted(*_):
        raise KeyboardInterrupt

    (corpus / "c.txt").write_text("A third one.")
    monkeypatch.setattr(SmallEmbedder, "encode_with_parts", interrupted)
    done = rag("index", *flags)
    assert (done.code, done.out) == (130, "")
    assert words in done.err
    (corpus / "c.txt").unlink()
    assert rag("status").out == before


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("index", "--refill"), "rag: --refill needs a store."),
        (("status", "--store", "milvus:x.db", "--check"), "rag: --check reads an index here"),
    ],
)
def test_an_option_that_would_do_nothing_is_refused(rag, corpus, argv, said) -> None:
    done = rag(*argv)
    assert done.code == 2 and said in done.err and not done.out


def test_a_named_path_that_is_not_there_changes_nothing(rag, corpus) -> None:
    done = rag("index", "corpus", "nowhere")
    assert (done.code, done.out) == (2, "")
    assert not Path("index").exists()


def test_an_index_keeps_its_embedder(rag, corpus, asked_for) -> None:
    rag("index", "--embedder", "small")
    (corpus / "c.txt").write_text("One more.")
    rag("index")
    rag("index", "--rebuild")
    assert set(asked_for) == {"small"}
    done = rag("index", "--embedder", "other")
    assert done.code == 2
    assert "was built with the embedder small" in done.err
    assert rag("index", "--embedder", "other", "--rebuild").code == 0


def test_the_bar_goes_to_stderr_and_only_to_a_terminal(rag, corpus, monkeypatch) -> None:
    assert rag("index", terminal=True).err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    done = rag("index", "--rebuild", "--json")
    assert "3/3" in CODES.sub("", done.err)
    assert json.loads(done.out)["added"] == 2


def test_status_says_what_is_there(rag, corpus) -> None:
    rag("index")
    done = rag("status")
    assert (done.code, done.err) == (0, "")
    facts = dict(re.split(r"\s{2,}", row, maxsplit=1) for row in done.out.splitlines()[:9])
    assert facts == {
        "index": "index",
        "roots": "corpus",
        "documents": "2 in 2 files (text 2)",
        "passages": "2",
        "dates": "2020-11-10 to 2020-11-10, 1 undated (from file name 1)",
        "embedder": "small (8 dimensions)",
        "search": "exact: each of 2 vectors is compared",
        "files": "nothing has changed since",
        "state": "whole",
    }
    assert "Skipped: 1\n  corpus/empty.txt: empty file\n" in done.out


def test_status_names_what_is_new_changed_and_missing(rag, corpus) -> None:
    (corpus / "c.txt").write_text("A third one.")
    rag("index")
    (corpus / "2020-11-10-a.txt").unlink()
    (corpus / "b.txt").write_text("Another text, of another length.")
    (corpus / "d.txt").write_text("New.")
    shown = rag("status").out
    assert "1 changed, 1 new, 1 missing; rag index takes them in" in shown
    for title, name in (("Changed", "b.txt"), ("New", "d.txt"), ("Missing", "2020-11-10-a.txt")):
        assert re.search(rf"\n\n{title}\n  \S*corpus/{name}\n", shown)


def test_status_tells_what_an_update_cannot_take_in(rag, corpus) -> None:
    rag("index")
    (corpus / "b.txt").write_bytes(b"\0\1\2\3" * 9)
    assert "1 changed; rag index takes them in\n" in rag("status").out
    rag("index")
    (corpus / "empty.txt").write_text("Filled in since.")
    shown = rag("status").out
    assert "files       1 new; rag index takes them in; 1 cannot be read\n" in shown
    assert "\n\nNew\n  corpus/empty.txt\n\nUnreadable\n  corpus/b.txt\n" in shown
    assert "Changed" not in shown
    corpus.rename("elsewhere")
    assert "files       corpus not there or empty: bring it back\n" in rag("status").out
    done = rag("index", "--rebuild")
    assert (done.code, done.out) == (2, "")
    assert "corpus that was indexed before is not there.\n" in done.err
    assert "forgotten with `rag index --rebuild OTHER …`" in done.err


def test_status_tells_of_damage(rag, corpus) -> None:
    rag("index")
    next(p for p in Path("index/lexical").iterdir() if p.is_file()).write_bytes(b"damage")
    shown = rag("status").out
    assert "state       not whole\n" in shown
    assert "The lexical index is missing or behind" in shown


def test_status_as_json(rag, corpus) -> None:
    rag("index")
    found = json.loads(rag("status", "--json").out)
    assert (found["documents"], found["undated"], found["whole"], found["up_to_date"]) == (
        2, 1, True, True,
    )  # fmt: skip
    assert found["skipped"] == [{"source": "corpus/empty.txt", "reason": "empty file"}]
    assert found["date_origins"] == {"file name": 1, "none": 1}


def test_verify_finds_the_files_through_the_index_from_anywhere(rag, corpus, monkeypatch) -> None:
    rag("index")
    text = "The war ended in November."
    shown = json.loads(rag("show", "2020-11-10-a.txt:1", "--json").out)
    citation = {
        "id": 1, "passage_id": "p", "source": shown["source"], "title": shown["title"],
        "date": shown["date"], "page": None, "paragraph": 1, "line": 1, "start": 0,
        "end": len(text), "quote": text, "source_sha256": shown["sha256"],
    }  # fmt: skip
    answer = {
        "answered": True,
        "answer": f"{text} [1]",
        "statements": [{"text": text, "citations": [1]}],
        "citations": [citation],
        "models": {"composer": "extractive"},
    }
    index, saved = Path("index").absolute(), json.dumps(answer)
    monkeypatch.chdir("/")
    good = rag("verify", "-", "--index", str(index), stdin=saved)
    assert (good.code, good.out) == (0, "[1] ok\n1 citation checked, no problem.\n")
    (index.parent / citation["source"]).write_text("Something else.")
    bad = rag("verify", "-", "--index", str(index), stdin=saved)
    assert bad.code == 1
    assert bad.out == (
        "[1] problem: The file corpus/2020-11-10-a.txt has changed since the answer was given;"
        " the quote no longer stands in it.\n1 problem found.\n"
    )
    as_json = rag("verify", "-", "--json", "--index", str(index), stdin=saved)
    assert as_json.code == 1
    assert json.loads(as_json.out)["checks"][0]["id"] == 1
    nothing = rag("verify", "-", stdin='{"answer": "", "citations": [], "statements": []}')
    assert (nothing.code, nothing.out) == (
        0,
        "There is nothing to check: the answer has no citations.\n",
    )
    assert rag("verify", "-", stdin="no json").err.startswith("rag: Standard input is not JSON.")


@pytest.mark.parametrize("option", ["--purge", "--compact"])
def test_what_is_removed_leaves_the_files_of_the_index(rag, corpus, option: str) -> None:
    (corpus / "c.txt").write_text("Quixplorabint was here.\n")
    rag("index")
    (corpus / "c.txt").unlink()
    assert "1 removed" in rag("index", option).out
    files = [p for p in Path("index").rglob("*") if p.is_file()]
    assert not [p.name for p in files if b"quixplorabint" in p.read_bytes().lower()]
    assert "state       whole (checked 2 documents" in rag("status", "--check").out


def test_check_tells_what_the_next_question_builds(rag, corpus) -> None:
    import shutil

    rag("index")
    shutil.rmtree("index/lexical")
    done = rag("status", "--check")
    assert done.code == 0
    assert "The lexical index is to be built by the next question." in done.out


def test_an_interrupted_first_run_is_gone_on_with(rag, corpus) -> None:
    """All that is there is an empty database, as after a kill at the first moment."""
    Path("index").mkdir()
    Path("index/rag.db").touch()
    done = rag("status")
    assert done.code == 2
    assert "begun and never finished" in done.err
    assert "2 added" in rag("index").out
