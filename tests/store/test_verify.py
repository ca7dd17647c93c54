"""`rag verify`: each way in which an answer can disagree with its files is named."""

from __future__ import annotations

import copy
import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from rag.errors import BadInput
from rag.ingest.read import read_documents
from rag.store.verify import verify_answer
from rag.text import line_of, line_starts
from rag.types import Citation

FIRST = "The war ended in November 2020."
SECOND = "Russia brokered the ceasefire, and Turkey did not."
THIRD = "Peacekeepers came after it."
TEXT = f"{FIRST}\n\n{SECOND}\n\n{THIRD}\n"
NAME = "2020-11-10-note.txt"


def cite(path: Path, quote: str, number: int, source: str | None = None) -> dict[str, Any]:
    """A true citation of a quote, made from the file as it is."""
    name = source or path.name
    document = next(d for d in read_documents(path, path.name) if d.source == name)
    start = document.text.index(quote)
    paragraph = next(p for p in document.paragraphs if p.start <= start < p.end)
    return asdict(
        Citation(
            id=number,
            passage_id=f"p{number}",
            source=document.source,
            title=document.title,
            date=document.date,
            page=paragraph.page,
            paragraph=paragraph.number,
            line=line_of(line_starts(document.text), start),
            start=start,
            end=start + len(quote),
            quote=quote,
            source_sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        )
    )


def answer_of(*citations: dict[str, Any]) -> dict[str, Any]:
    statements = [
        {"text": " ".join(c["quote"].split()), "citations": [c["id"]], "verified": True}
        for c in citations
    ]
    return {
        "question": "Who?",
        "answered": True,
        "answer": " ".join(f"{s['text']} [{s['citations'][0]}]" for s in statements),
        "statements": statements,
        "citations": list(citations),
        "models": {"composer": "extractive"},
    }


@pytest.fixture
def note(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / NAME
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def good(note) -> dict[str, Any]:
    return answer_of(cite(note, SECOND, 1), cite(note, THIRD, 2))


def problems(answer: object, index: object = None) -> list[str]:
    return [c.problem for c in verify_answer(answer, index) if c.problem]


def test_a_true_answer_passes_and_survives_json(good) -> None:
    checks = verify_answer(json.loads(json.dumps(good)), None)
    assert [(c.id, c.ok, c.problem) for c in checks] == [(1, True, None), (2, True, None)]


LEADS = {"The mayor": "According to the mayor: ", "Mira Holt": "According to Mira Holt: "}


@pytest.mark.parametrize("speaker", LEADS)
def test_a_statement_may_be_led_in_by_its_speaker(note, speaker) -> None:
    led = answer_of(cite(note, SECOND, 1))
    led["statements"][0] |= {"text": LEADS[speaker] + SECOND, "speaker": speaker}
    led["answer"] = f"{LEADS[speaker]}{SECOND} [1]"
    assert problems(led) == []
    led["statements"][0]["speaker"] = "Jonas Berg"
    assert "not in the words it quotes" in problems(led)[0]


def test_sources_are_found_from_the_base_of_the_index(good, note, monkeypatch) -> None:
    monkeypatch.chdir("/")
    assert "is not there any more" in problems(good)[0]
    assert problems(good, SimpleNamespace(base=note.parent)) == []


def test_a_file_that_is_gone(good, note) -> None:
    note.unlink()
    assert problems(good) == [f"The file {NAME} is not there any more."] * 2


def test_a_file_that_cannot_be_read_any_more(good, note) -> None:
    note.write_bytes(b"\x00\x01\x02\xff" * 400)
    assert problems(good)[0].startswith(f"The file {NAME} cannot be read any more: ")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (TEXT + "\nMore.\n", "the quote still stands at the same place."),
        (f"New.\n\n{TEXT}", "the quote has moved to paragraph 3, line 5."),
        (TEXT.replace("Russia", "France"), "the quote no longer stands in it."),
        (TEXT.replace(" and Turkey", "  and Turkey"), "the quote no longer stands in it."),
    ],
)
def test_a_changed_source_and_where_its_words_are_now(good, note, text, words) -> None:
    note.write_text(text, encoding="utf-8")
    start = f"The file {NAME} has changed since the answer was given; "
    assert problems(good)[0] == start + words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"quote": SECOND.replace("Russia", "France")},
            f"The quote stands nowhere in {NAME}: it was altered or made up."
            f" In its place the source has “{SECOND}”.",
        ),
        (
            {"quote": "Nobody knows.", "start": 9000, "end": 9013},
            f"The quote stands nowhere in {NAME}: it was altered or made up.",
        ),
        (
            {"quote": SECOND.replace(" ", "\n", 1)},
            "The quote has other white space than paragraph 2, line 3.",
        ),
        (
            {"start": 0, "end": len(SECOND)},
            f"The quote is not at 0 to {len(SECOND)}; it stands in paragraph 2, line 3.",
        ),
        ({"end": 40}, "The quote is not at 33 to 40; it stands in paragraph 2, line 3."),
        ({"paragraph": 9}, "The quote is in paragraph 2, not 9."),
        ({"line": 1}, "The quote is on line 3, not 1."),
        ({"page": 4}, "The quote is in a source without pages, not on page 4."),
        ({"date": "1999"}, "The document is of 2020-11-10; the citation says 1999."),
        ({"date": None}, "The document is of 2020-11-10; the citation says without a date."),
        ({"quote": " "}, "The quote is empty."),
        ({"quote": None}, "The citation has no proper quote."),
        ({"start": "33", "end": True}, "The citation has no proper start or end."),
        ({"source": "other.txt"}, "The file other.txt is not there any more."),
    ],
)
def test_a_forged_citation(good, changes, words) -> None:
    good["citations"][0].update(changes)
    assert verify_answer(good, None)[0].problem == words
    assert verify_answer(good, None)[1].ok


def test_several_wrong_numbers_are_each_named(good) -> None:
    good["citations"][0].update(paragraph=7, line=8)
    assert problems(good)[0] == (
        "The quote is in paragraph 2, not 7. The quote is on line 3, not 8."
    )


def test_the_place_nearest_to_the_offsets_is_named(note) -> None:
    note.write_text(f"{THIRD}\n\n{TEXT}", encoding="utf-8")
    answer = answer_of(cite(note, THIRD, 1))
    answer["citations"][0].update(start=100, end=100 + len(THIRD))
    assert problems(answer) == [
        f"The quote is not at 100 to {100 + len(THIRD)}; it stands in paragraph 4, line 7."
    ]


def test_a_record_of_a_file_of_records(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "notes.jsonl"
    path.write_text('{"_id": "a", "text": "One."}\n{"_id": "b", "text": "Two."}\n')
    answer = answer_of(cite(path, "Two.", 1, "notes.jsonl#b"))
    assert problems(answer) == []
    path.write_text('{"_id": "a", "text": "One."}\n')
    assert problems(answer) == ["The file notes.jsonl has no record “b” any more."]
    path.unlink()
    assert problems(answer) == ["The file notes.jsonl is not there any more."]


def test_a_file_name_may_hold_a_number_sign(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "note #3.txt"
    path.write_text(TEXT)
    assert problems(answer_of(cite(path, SECOND, 1))) == []


def _no_citation(answer: dict[str, Any]) -> None:
    answer["statements"][0]["citations"] = []


def _unknown(answer: dict[str, Any]) -> None:
    answer["statements"][0]["citations"] = [1, 9]


def _unused(answer: dict[str, Any]) -> None:
    del answer["statements"][1]
    answer["answer"] = f"{SECOND} [1]"


def _marker(answer: dict[str, Any]) -> None:
    answer["answer"] += " [7]"


def _slipped_in(answer: dict[str, Any]) -> None:
    answer["answer"] += " The moon is made of cheese. [1]"


def _reworded(answer: dict[str, Any]) -> None:
    answer["statements"][0]["text"] = "Turkey brokered it."
    answer["answer"] = f"Turkey brokered it. [1] {THIRD} [2]"


def _twice(answer: dict[str, Any]) -> None:
    answer["citations"].append(copy.deepcopy(answer["citations"][0]))


@pytest.mark.parametrize(
    ("forge", "words"),
    [
        (_no_citation, [f"Statement 1 has no citation: “{SECOND}”.",
                        "Citation [1] is not used by any statement."]),
        (_unknown, ["Statement 1 points at [9], and there is no such citation."]),
        (_unused, ["Citation [2] is not used by any statement."]),
        (_marker, ["The answer has the marker [7], and there is no such citation."]),
        (_slipped_in,
         ["The answer has words that no statement carries: “The moon is made of cheese.”."]),
        (_reworded, ["Statement 1 is not in the words it quotes: “Turkey brokered it.”."]),
        (_twice, ["Two citations have the number [1]."]),
    ],
    ids=lambda v: v.__name__ if callable(v) else "",
)  # fmt: skip
def test_an_answer_that_disagrees_with_itself(good, forge, words) -> None:
    forge(good)
    assert problems(good) == words
    assert [c.id for c in verify_answer(good, None) if c.problem] == [None] * len(words)


def test_brackets_of_the_source_are_no_markers(note) -> None:
    quote = "As before [12], the guarantor [sic] left [3]."
    note.write_text(quote, encoding="utf-8")
    assert problems(answer_of(cite(note, quote, 1))) == []


def test_an_abstention_has_nothing_to_check() -> None:
    answer = {"answered": False, "answer": "The documents do not say.", "statements": [],
              "citations": []}  # fmt: skip
    assert verify_answer(answer, None) == []


@pytest.mark.parametrize(
    "answer",
    [
        None, [], "text", {}, {"citations": [], "statements": []},
        {"answer": "x", "citations": {}, "statements": []},
        {"answer": "x", "citations": [1], "statements": []},
        {"answer": "x", "citations": [], "statements": [{"text": "x"}]},
        {"answer": "x", "citations": [], "statements": [{"text": "x", "citations": [[1]]}]},
    ],
)  # fmt: skip
def test_what_is_no_answer_is_a_mistake_in_the_call(answer) -> None:
    with pytest.raises(BadInput):
        verify_answer(answer, None)
