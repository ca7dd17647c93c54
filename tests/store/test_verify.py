"""`rag verify`: each way in which an answer can disagree with its files is named."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from rag.errors import BadInput
from rag.store.verify import verify_answer
from tests.store.saved import answer_of, cite, problems

FIRST = "The war ended in November 2020."
SECOND = "Russia brokered the ceasefire, and Turkey did not."
THIRD = "Peacekeepers came after it."
TEXT = f"{FIRST}\n\n{SECOND}\n\n{THIRD}\n"
NAME = "2020-11-10-note.txt"


@pytest.fixture
def note(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / NAME
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def good(note) -> dict[str, Any]:
    return answer_of(cite(note, SECOND, 1), cite(note, THIRD, 2))


def test_a_true_answer_passes_and_survives_json(good) -> None:
    checks = verify_answer(json.loads(json.dumps(good)), None)
    assert [(c.id, c.ok, c.problem) for c in checks] == [(1, True, None), (2, True, None)]


SPEECH = "Talks went on for a week, Mira Holt said, and the mayor agreed.\n\nNothing was signed.\n"
LEADS = {"the mayor": "According to the mayor: ", "Mira Holt": "According to Mira Holt: "}


def led_in(path: Path, speaker: str) -> dict[str, Any]:
    """An answer whose one sentence another one names the speaker of."""
    path.write_text(SPEECH, encoding="utf-8")
    span = [SPEECH.index(speaker), SPEECH.index(speaker) + len(speaker)]
    said = {"speaker": speaker, "speaker_span": span}
    led = answer_of(cite(path, "Nothing was signed.", 1) | said)
    led["statements"][0] |= {"text": f"{LEADS[speaker]}Nothing was signed."} | said
    led["answer"] = f"{LEADS[speaker]}Nothing was signed. [1]"
    return led


@pytest.mark.parametrize("speaker", LEADS)
def test_a_statement_may_be_led_in_by_its_speaker(note, speaker) -> None:
    led = led_in(note, speaker)
    assert problems(led) == []
    led["short_answer"] = speaker
    assert problems(led) == []
    led["statements"][0]["speaker"] = "Jonas Berg"
    assert "not in the words it quotes" in problems(led)[0]


@pytest.mark.parametrize(
    ("where", "changes", "words"),
    [
        ("statements", {"speaker_span": [0, 9]}, "names the speaker “Mira Holt”, and no citation"),
        ("statements", {"speaker": "Jonas Berg"}, "names the speaker “Jonas Berg”"),
        ("citations", {"speaker": "Jonas Berg"}, "“Jonas Berg” does not stand at"),
        ("citations", {"speaker_span": [0, 9]}, "“Mira Holt” does not stand at 0 to 9."),
        ("citations", {"speaker_span": [-9, 4]}, "Where the speaker “Mira Holt” is named is not"),
        ("citations", {"speaker_span": None}, "Where the speaker “Mira Holt” is named is not said"),
        ("citations", {"speaker": 7, "speaker_span": "x"}, "no proper speaker or speaker_span."),
    ],
)  # fmt: skip
def test_a_forged_speaker(note, where, changes, words) -> None:
    led = led_in(note, "Mira Holt")
    led[where][0] |= changes
    assert any(words in problem for problem in problems(led))


def test_a_speaker_forged_everywhere_is_held_against_the_file(note) -> None:
    led = json.loads(json.dumps(led_in(note, "Mira Holt")).replace("Mira Holt", "Jonas Berg"))
    assert problems(led)[0].startswith("The speaker “Jonas Berg” does not stand at")


def test_copies_have_to_have_the_very_words(good, note) -> None:
    (note.parent / "copy.txt").write_text(f"Again:\n{SECOND.replace(' ', chr(10), 1)}\n")
    (note.parent / "other.txt").write_text("Something else.\n")
    good["citations"][0]["also_in"] = ["copy.txt"]
    assert problems(good) == []
    good["citations"][0]["also_in"] = ["copy.txt", "other.txt", "none.txt"]
    assert problems(good) == [
        "The quote does not stand in other.txt too. The file none.txt is not there any more."
    ]


def test_sources_are_found_from_the_base_of_the_index(good, note, monkeypatch) -> None:
    monkeypatch.chdir("/")
    assert "is not there any more" in problems(good)[0]
    index = SimpleNamespace(base=note.parent, file_of=lambda source: source)
    assert problems(good, index) == []


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


def test_what_stands_before_the_text_proper_is_in_no_paragraph(note) -> None:
    note.write_text(f"---\nsummary: It never rained.\n---\n{FIRST}\n", encoding="utf-8")
    answer = answer_of(cite(note, FIRST, 1))
    assert problems(answer) == []
    quote = "It never rained."
    forged = {"quote": quote, "start": 13, "end": 13 + len(quote), "line": 2}
    answer["citations"][0] |= forged
    assert problems(answer)[0] == "The quote stands in no paragraph of the document."


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


@pytest.mark.parametrize(
    ("name", "record"), [("note #3.txt", None), ("n.jsonl", "a#b"), ("c#/n.jsonl", "#")]
)
def test_a_name_may_hold_a_number_sign(tmp_path, monkeypatch, name, record) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    monkeypatch.chdir(path.parent)
    line = json.dumps({"_id": record, "text": SECOND})
    path.write_text(TEXT if record is None else f"{line}\n")
    source = path.name if record is None else f"{path.name}#{record}"
    answer = answer_of(cite(path, SECOND, 1, source))
    assert problems(answer) == []
    if path.parent != tmp_path:
        monkeypatch.chdir(tmp_path)
        answer["citations"][0]["source"] = f"{path.parent.name}/{source}"
        assert problems(answer) == []


def test_of_two_files_that_a_source_may_be_of_the_index_knows_which(tmp_path, monkeypatch) -> None:
    """`n.jsonl#a` is a file, and was the name of a record when the index read it."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "n.jsonl"
    path.write_text(json.dumps({"_id": "a", "text": SECOND}) + "\n")
    answer = answer_of(cite(path, SECOND, 1, "n.jsonl#a"))
    (tmp_path / "n.jsonl#a").write_text("Another text.\n")
    index = SimpleNamespace(base=tmp_path, file_of=lambda _: "n.jsonl")
    assert problems(answer, index) == []
    assert "has changed" in problems(answer)[0]


@pytest.mark.parametrize("source", ["x" * 5000, "#", "a\0b", "\ud800.txt"])
def test_an_impossible_source_costs_its_own_citation(good, source, tmp_path) -> None:
    good["citations"][0]["source"] = source
    checks = verify_answer(good, None)
    assert [c.ok for c in checks] == [False, True]
    assert "is not there any more" in (checks[0].problem or "")


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


def _unmarked(answer: dict[str, Any]) -> None:
    answer["answer"] = answer["answer"].replace(" [1]", "")


def _marks_alone(answer: dict[str, Any]) -> None:
    answer["answer"] = "[1] [2]"


def _swapped(answer: dict[str, Any]) -> None:
    answer["answer"] = f"{THIRD} [1] {SECOND} [2]"


def _said_twice(answer: dict[str, Any]) -> None:
    answer["answer"] += f" {SECOND} [1]"


def _cut(answer: dict[str, Any]) -> None:
    answer["statements"][0]["text"] = "and Turkey did"
    answer["answer"] = f"and Turkey did [1] {THIRD} [2]"


def _short(answer: dict[str, Any]) -> None:
    answer["short_answer"] = "France"


def _no_composer(answer: dict[str, Any]) -> None:
    _reworded(answer)
    del answer["models"]


def _odd_composer(answer: dict[str, Any]) -> None:
    _reworded(answer)
    answer["models"] = {"composer": ["generative"]}


def _empty(answer: dict[str, Any]) -> None:
    answer.update(statements=[], citations=[], answer="")


def _unasked(answer: dict[str, Any]) -> None:
    answer["answered"] = False


def _odd_state(answer: dict[str, Any]) -> None:
    answer["answered"] = "yes"


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
        (_no_composer, ["Statement 1 is not in the words it quotes: “Turkey brokered it.”."]),
        (_odd_composer, ["Statement 1 is not in the words it quotes: “Turkey brokered it.”."]),
        (_empty, ["The answer is said to be one, and has no statement."]),
        (_twice, ["Two citations have the number [1]."]),
        (_unmarked, ["Statement 1 is not in its place in the answer, followed by [1]."]),
        (_marks_alone, ["Statement 1 is not in its place in the answer, followed by [1]."]),
        (_swapped, ["Statement 1 is not in its place in the answer, followed by [1]."]),
        (_said_twice, [f"The answer has more than its statements: “{SECOND} [1]”."]),
        (_cut, ["Statement 1 is not in the words it quotes: “and Turkey did”."]),
        (_short, ["The short answer stands in no quote: “France”."]),
        (_unasked,
         ["The answer is said to be none, and has statements, citations or a short answer."]),
        (_odd_state, ["Whether it is answered is neither true nor false."]),
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


@pytest.mark.parametrize("because", [None, "No passage matches the question."])
def test_an_abstention_has_nothing_to_check(because) -> None:
    answer = {"answered": False, "answer": "The documents do not say.", "statements": [],
              "citations": [], "abstained_because": because}  # fmt: skip
    answer["answer"] += f" {because}" if because else ""
    assert verify_answer(answer, None) == []
    for forged in ({"answer": "Napoleon built it."}, {"short_answer": "Napoleon"}):
        [problem] = problems(answer | forged)
        assert problem.startswith("The answer is said to be none, and ")


@pytest.mark.parametrize("composer", ["generative: some model", "extractive"])
def test_a_short_answer_stands_in_a_quote(good, composer) -> None:
    good["models"]["composer"] = composer
    good["short_answer"] = "Russia brokered"
    assert problems(good) == []


def test_an_answer_in_the_words_of_a_model(good) -> None:
    good["models"]["composer"] = "generative: some model"
    text = "Russia brokered a ceasefire and peacekeepers came."
    good["statements"] = [{"text": text, "citations": [1, 2], "speaker": None}]
    good["answer"] = f"{text} [1][2]"
    assert problems(good) == []


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
