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


def saved_as(form: str, answers: list) -> str:
    records = [
        {"suite": "own", "_id": f"q{n}", "answer": a} for n, a in enumerate([*answers, None], 1)
    ]
    return {
        "lines": "".join(json.dumps(a) + "\r\n" for a in answers),
        "array": json.dumps(answers, indent=1),
        "records": "".join(json.dumps(r) + "\n" for r in records),
    }[form]


@pytest.mark.parametrize(
    ("form", "name"), [("lines", "answer 2"), ("array", "answer 2"), ("records", "own q2")]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_several_answers_of_one_file(rag, saved, form, name, encoding) -> None:
    Path("all.json").write_text(saved_as(form, [saved, saved]), encoding=encoding, newline="")
    done = rag("verify", "all.json")
    assert (done.code, done.out) == (0, "2 answers, 2 citations checked, no problem.\n")
    wrong = json.loads(json.dumps(saved))
    wrong["citations"][0]["line"] = 9
    Path("all.json").write_text(saved_as(form, [saved, wrong]), encoding=encoding, newline="")
    done = rag("verify", "all.json")
    assert (done.code, done.err) == (1, "")
    assert done.out == (
        f"{name}: [1] problem: The quote is on line 1, not 9.\n2 answers, 1 problem found.\n"
    )
    checks = json.loads(rag("verify", "all.json", "--json").out)["checks"]
    assert [(c["answer"], c["ok"]) for c in checks] == [
        (name.replace("2", "1"), True),
        (name, False),
    ]


def test_one_record_is_one_answer(rag, saved) -> None:
    done = rag("verify", "-", stdin=saved_as("records", [saved]))
    assert (done.code, done.out) == (0, "[1] ok\n1 citation checked, no problem.\n")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Standard input holds no answer."),
        ("[]", "Standard input holds no answer."),
        ('{\n"answer": ', "Standard input is not JSON."),
        ('{"a": 1}\n{', "Standard input, line 2 is not JSON."),
        ('{"a": 1}\n{"b": 2}', "answer 1: The saved answer has no proper list of citations."),
        ('{"suite": "s", "_id": "q", "answer": null}', "Standard input holds no answer."),
        ('{"suites": []}', "The saved answer has no proper list of citations."),
        ("3", "This is not a saved answer."),
    ],
)
def test_what_holds_no_answer(rag, text, words) -> None:
    done = rag("verify", "-", stdin=text)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"rag: {words}")
