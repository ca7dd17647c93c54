"""Training data in the three forms in which it is kept."""

from __future__ import annotations

import json

import pytest

from rag.errors import BadInput
from rag.train.examples import Example, read_examples, split_by_document

CONTEXT = "The mill was built in 1841. It burned down in 1903."


def squad(tmp_path, answers):
    data = {
        "data": [
            {
                "title": "Mills",
                "paragraphs": [
                    {
                        "context": CONTEXT,
                        "qas": [
                            {"id": "1", "question": " When was it built? ", "answers": answers}
                        ],
                    }
                ],
            }
        ]
    }
    path = tmp_path / "train.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def test_squad_json_gives_offsets_that_hold_the_answer(tmp_path) -> None:
    [example] = read_examples(squad(tmp_path, [{"text": "1841", "answer_start": 22}]))
    assert example.context[example.start : example.end] == "1841"
    assert (example.question, example.document) == ("When was it built?", "Mills")
    assert example.answerable


def test_the_answer_most_annotators_gave_is_trained_on(tmp_path) -> None:
    answers = [
        {"text": "in 1841", "answer_start": 19},
        {"text": "1841", "answer_start": 22},
        {"text": "1841", "answer_start": 22},
        {"text": "1999", "answer_start": 22},
    ]
    [example] = read_examples(squad(tmp_path, answers))
    assert example.context[example.start : example.end] == "1841"
    assert example.answers == ("in 1841", "1841")


def test_no_answer_makes_an_unanswerable_example(tmp_path) -> None:
    [example] = read_examples(squad(tmp_path, []))
    assert not example.answerable


def test_json_lines_and_suites_give_the_same(tmp_path) -> None:
    flat = tmp_path / "flat.jsonl"
    record = {
        "title": "Mills",
        "context": CONTEXT,
        "question": "When was it built?",
        "answers": {"text": ["1841"], "answer_start": [22]},
    }
    flat.write_text(json.dumps(record) + "\n\n", encoding="utf-8")
    suite = tmp_path / "suite"
    suite.mkdir()
    (suite / "corpus.jsonl").write_text(
        json.dumps({"_id": "m#0", "title": "Mills", "text": CONTEXT}) + "\n", encoding="utf-8"
    )
    queries = [
        {"text": "When was it built?", "answerable": True, "answers": ["1841"],
         "answer_starts": [22], "relevant": ["m#0"], "article": "Mills"},
        {"text": "When was it sold?", "answerable": False, "relevant": ["m#0"], "article": "Mills"},
        {"text": "Out of scope?", "answerable": False, "relevant": []},
    ]  # fmt: skip
    (suite / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)), encoding="utf-8")
    found = read_examples(suite)
    assert found[0] == read_examples(flat)[0]
    assert [e.answerable for e in found] == [True, False]


@pytest.mark.parametrize("text", ["", "{", '{"data": 3}', '{"data": []}'])
def test_anything_else_is_named_in_a_sentence(tmp_path, text) -> None:
    path = tmp_path / "bad.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=r"bad\.json"):
        read_examples(path)


def test_no_document_is_on_both_sides() -> None:
    examples = [Example(f"q{i}", "c", f"d{i % 3}") for i in range(9)]
    train, held = split_by_document(examples, frozenset({"d1"}))
    assert {e.document for e in held} == {"d1"}
    assert {e.document for e in train} == {"d0", "d2"}
    with pytest.raises(BadInput, match="d7"):
        split_by_document(examples, frozenset({"d7"}))


def test_a_suite_with_places_gives_every_passage_that_answers(tmp_path) -> None:
    corpus = [
        {"_id": "a", "title": "Mills", "text": CONTEXT},
        {"_id": "b", "title": "Fires", "text": "In 1903 the mill burned down."},
    ]
    queries = [
        {"text": "When did it burn?", "answerable": True, "relevant": ["a", "b"],
         "places": {"a": [[46, "1903"]], "b": [[3, "1903"]]}, "article": "story"},
        {"text": "Who lit the fire?", "answerable": False, "relevant": ["b"], "places": {},
         "article": "story"},
    ]  # fmt: skip
    for name, rows in (("corpus.jsonl", corpus), ("queries.jsonl", queries)):
        (tmp_path / name).write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    first, second, refused = read_examples(tmp_path)
    assert [e.context[e.start : e.end] for e in (first, second)] == ["1903", "1903"]
    assert first.answering == second.answering == {c["text"] for c in corpus}
    assert (second.title, second.document) == ("Fires", "story")
    assert not refused.answerable
    assert refused.answering == frozenset()
