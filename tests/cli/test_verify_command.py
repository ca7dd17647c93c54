"""`rag verify` without an index: what it reads, and what it exits with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.store.saved import answer_of, cite

SAID = "The ferry sank at dawn, Lena Voss said."
NOTE = f"{SAID}\n\nA diver, Piet Maas, went down twice.\n"


@pytest.fixture
def saved() -> dict[str, object]:
    Path("note.txt").write_text(NOTE, encoding="utf-8")
    name = "Lena Voss"
    span = [NOTE.index(name), NOTE.index(name) + len(name)]
    return answer_of(cite(Path("note.txt"), SAID, 1) | {"speaker": name, "speaker_span": span})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_as_a_shell_has_written_it(rag, saved, encoding) -> None:
    Path("answer.json").write_text(json.dumps(saved, ensure_ascii=False), encoding=encoding)
    done = rag("verify", "answer.json")
    assert (done.code, done.err) == (0, "")
    assert done.out == "[1] ok\n1 citation checked, no problem.\n"


def test_another_speaker_of_the_document_is_found_out(rag, saved) -> None:
    saved["citations"][0] |= {
        "speaker": "Piet Maas",
        "speaker_span": [NOTE.index("Piet"), NOTE.index(", went")],
    }
    done = rag("verify", "-", "--json", stdin=json.dumps(saved))
    assert (done.code, done.err) == (1, "")
    [check] = json.loads(done.out)["checks"]
    assert check["problem"] == (
        "The document lets “Lena Voss” say it; the citation names “Piet Maas”."
    )


def test_words_that_no_quote_has_are_found_out_whoever_wrote_them(rag, saved) -> None:
    saved["statements"][0]["text"] = "The ferry sank at noon."
    saved["answer"] = "The ferry sank at noon. [1]"
    for models in ({}, {"composer": "generative: some model"}):
        done = rag("verify", "-", stdin=json.dumps(saved | {"models": models}))
        assert done.code == 1
        assert "\nproblem: Statement 1 " in done.out


@pytest.mark.parametrize(
    ("name", "words"),
    [("", "A path is empty."), (".", ". cannot be read: Is a directory.")],
)
def test_what_is_no_file(rag, name, words) -> None:
    done = rag("verify", name)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"rag: {words}")
