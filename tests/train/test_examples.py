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


def flat(folder, name="own.jsonl", encoding="utf-8", **changes):
    record = {
        "title": "Mills",
        "question": "When was it built?",
        "context": CONTEXT,
        "answers": {"text": ["1841"], "answer_start": [22]},
    }
    record.update(changes)
    kept = {k: v for k, v in record.items() if v is not ...}
    path = folder / name
    path.write_text(json.dumps(kept) + "\r\n\r\n", encoding=encoding, newline="")
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", ["own.jsonl", "own.NDJSON", "own.json"])
@pytest.mark.parametrize(
    "answers", [{"text": ["1841"], "answer_start": [22]}, [{"text": "1841", "answer_start": 22}]]
)
def test_files_as_editors_and_exports_write_them(tmp_path, encoding, name, answers) -> None:
    path = flat(tmp_path, name, encoding, answers=answers)
    if name == "own.json":  # exported as one array
        record = json.loads(path.read_bytes())
        path.write_text(json.dumps([record], indent=1), encoding=encoding)
    [example] = read_examples(path)
    assert (example.start, example.answers, example.document) == (22, ("1841",), "Mills")


@pytest.mark.parametrize("answers", [None, [], {"text": [""], "answer_start": [-1]}])
def test_what_says_that_there_is_no_answer(tmp_path, answers) -> None:
    [example] = read_examples(flat(tmp_path, answers=answers))
    assert not example.answerable


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"answers": [{"text": "1841", "answer_start": 20}]},
            "the answer “1841” does not stand at 20",
        ),
        ({"answers": [{"text": "1903", "answer_start": -5}]}, "“1903” does not stand at -5"),
        ({"answers": [{"text": "1841", "answer_start": "22"}]}, "no whole number for its start"),
        ({"answers": [{"text": "1841"}]}, "no whole number for its start"),
        ({"answers": ["1841"]}, "an entry of `answers` is not an object"),
        ({"answers": "1841"}, "`answers` is not a list"),
        ({"answers": ..., "answer": "1841"}, "it lacks `answers`"),
        ({"answers": {"text": ["1841"], "answer_start": []}}, "not one `answer_start` for each"),
        ({"is_impossible": True}, "it has `answers` and `is_impossible`"),
        ({"question": " "}, "it lacks `question`"),
        ({"context": ...}, "it lacks `context`"),
        ({"question": 5}, "it lacks `question`"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path, changes, words) -> None:
    with pytest.raises(BadInput) as caught:
        read_examples(flat(tmp_path, **changes))
    assert "own.jsonl is no training data: line 1: " in caught.value.message
    assert words in caught.value.message


def test_a_mistake_in_squad_json_is_named_with_the_number_of_its_question(tmp_path) -> None:
    with pytest.raises(BadInput, match="question 1: the answer “1841” does not stand at 3"):
        read_examples(squad(tmp_path, [{"text": "1841", "answer_start": 3}]))


def test_a_suite_that_does_not_say_where_its_answers_stand(tmp_path) -> None:
    passage = {"_id": "m", "title": "Mills", "text": CONTEXT}
    query = {"text": "When?", "answers": ["1841"], "relevant": ["m"]}
    (tmp_path / "corpus.jsonl").write_text(json.dumps(passage))
    (tmp_path / "queries.jsonl").write_text(json.dumps(query))
    with pytest.raises(BadInput, match="answer_starts"):
        read_examples(tmp_path)
    (tmp_path / "queries.jsonl").write_text(json.dumps({**query, "relevant": ["n"]}))
    with pytest.raises(BadInput, match=r"line 1: corpus\.jsonl has no passage n"):
        read_examples(tmp_path)


def test_no_document_is_on_both_sides() -> None:
    examples = [Example(f"q{i}", "c", f"d{i % 3}") for i in range(9)]
    train, held = split_by_document(examples, frozenset({"d1"}))
    assert {e.document for e in held} == {"d1"}
    assert {e.document for e in train} == {"d0", "d2"}
    with pytest.raises(BadInput, match=r"d7.*Its documents are d0, d1, d2"):
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
