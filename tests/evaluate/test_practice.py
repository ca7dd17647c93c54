"""The practice stories and the tool that reads them."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import pytest

from rag.train.examples import read_examples

ROOT = Path(__file__).resolve().parents[2]

STORY = """# a dam
## a | 2019-03-04 | news | Dam at Varo
The dam employed about 340 engineers. It was
never finished.

Nobody was paid.
## b | 2020-01-01 | letter | To the editor
There were 340 of us.
? number | How many engineers did the dam employ? || size of its staff
= a1: about 340 engineers
= b1: 340
? why | Why was it sold?
=
"""


@pytest.fixture(scope="module")
def practice():
    spec = importlib.util.spec_from_file_location("practice", ROOT / "tools" / "practice.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["practice"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["practice"]


def test_every_answer_of_every_story_stands_where_its_label_says(practice) -> None:
    found = practice.stories(practice.PRACTICE, None)
    assert len(found) > 50
    assert [f for s in found for f in s.faults] == []
    for story in found:
        assert all(q.wordings for q in story.questions)
        assert any(not q.answers for q in story.questions)
    assert 0.05 < sum(s.held for s in found) / len(found) < 0.25


def test_a_story_becomes_documents_questions_and_training_data(practice, tmp_path) -> None:
    (tmp_path / "stories").mkdir()
    (tmp_path / "stories" / "V_01.txt").write_text(STORY, encoding="utf-8")
    [story] = practice.stories(tmp_path / "stories", None)
    practice.write_documents(story, tmp_path / "documents")
    practice.write_suite([story], tmp_path / "documents", tmp_path / "suite")
    asked = list(practice.records(story))
    assert [r["answerable"] for r in asked] == [True, True, False]
    assert {e["source"] for e in asked[0]["evidence"]} == {"V_01-a.md", "V_01-b.md"}
    examples = read_examples(tmp_path / "suite")
    spans = {e.context[e.start : e.end] for e in examples if e.answerable}
    assert spans == {"about 340 engineers", "340"}
    assert {e.document for e in examples} == {"V_01"}
    assert all(e.answering is not None for e in examples)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("= a9: 340", "no such paragraph"),
        ("= a1: 341", "holds no such words"),
        ("## a | 2019", "not LABEL"),
    ],
)
def test_what_does_not_fit_is_named(practice, tmp_path, line: str, fault: str) -> None:
    path = tmp_path / "V_01.txt"
    path.write_text(STORY + line + "\n", encoding="utf-8")
    [told] = practice.read_story(path).faults
    assert fault in told


def test_records_are_those_that_the_runner_reads(practice, tmp_path) -> None:
    from rag.evaluate.questions import read_questions

    path = tmp_path / "V_01.txt"
    path.write_text(STORY, encoding="utf-8")
    rows = [json.dumps(r) for r in practice.records(practice.read_story(path))]
    (tmp_path / "questions.jsonl").write_text("\n".join(rows), encoding="utf-8")
    assert len(read_questions(tmp_path / "questions.jsonl")) == 3
