"""Records keep what scoring needs; an earlier run comes back from either file."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from rag.errors import BadInput
from rag.evaluate.outcome import outcome_from, record
from rag.evaluate.questions import GoldEvidence
from rag.evaluate.records import read_baseline, write_records
from rag.evaluate.row import row_of
from rag.evaluate.score import score
from rag.evaluate.summary import summarise
from rag.types import Turn
from tests.evaluate.samples import given, outcome, place, question, refused
from tests.render.samples import HOSTILE

FULL = question(
    id="full",
    answerable=True,
    answers=("Rome",),
    references=("Rome fell.",),
    relevant=("x", "y"),
    evidence=(GoldEvidence("a.txt", "Rome fell", 0, 3),),
    evidence_sentences=(("Rome fell.",), ()),
    types=("fact",),
    history=(Turn("user", "Hm?"),),
    until="2020",
)
OUTCOMES = [
    outcome(FULL, given(), ranked=("y", "z"), cited_ids=("y",), cited=(place("Rome fell."),),
            verbatim=(True,), milliseconds=12.5),
    outcome(question(id="none", answerable=False), refused(), also=["answers"]),
    outcome(question(id="bad", answerable=True, answers=("x",)), None, error="broken"),
    outcome(question(id="ranked", relevant=("x",)), None, ranked=("x",), asked=False,
            passages=({"source": "a", "text": HOSTILE},)),
]  # fmt: skip


@pytest.mark.parametrize("made", OUTCOMES, ids=lambda o: o.question.id)
def test_a_record_can_be_scored_again_without_models(made) -> None:
    back = outcome_from(json.loads(json.dumps(record("s", made))))
    assert back.question == made.question
    assert score(back) == made.scores
    back.scores.update(score(back))
    assert row_of(back) == row_of(made)


def test_an_earlier_run_comes_back_from_records_and_from_json(tmp_path) -> None:
    records, printed = tmp_path / "r.jsonl", tmp_path / "r.json"
    write_records(records, [record("s", o) for o in OUTCOMES])
    rows = [row_of(o) for o in OUTCOMES]
    printed.write_text(json.dumps({"suites": [summarise("s", rows).to_dict()]}, indent=2))
    wanted = {("s", r.id): r for r in rows}
    assert read_baseline(records) == wanted
    found = read_baseline(printed)
    assert list(found) == list(wanted)
    for key, old in wanted.items():
        assert found[key].scores == pytest.approx(old.scores, abs=1e-6)
        assert replace(found[key], scores={}) == replace(old, scores={})


def test_a_run_printed_before_questions_were_hashed_is_read(tmp_path) -> None:
    printed = summarise("s", [row_of(OUTCOMES[0])]).to_dict()
    assert printed["questions"].pop("text_hash")
    path = tmp_path / "r.json"
    path.write_text("\ufeff" + json.dumps({"suites": [printed]}), encoding="utf-8")
    assert read_baseline(path)["s", "full"].text_hash == ""


def test_records_can_be_added_to(tmp_path) -> None:
    path = tmp_path / "r.jsonl"
    write_records(path, [record("s", OUTCOMES[0])])
    write_records(path, [record("t", OUTCOMES[1])], append=True)
    assert list(read_baseline(path)) == [("s", "full"), ("t", "none")]


def test_records_of_one_question_are_a_baseline_too(tmp_path) -> None:
    write_records(tmp_path / "r.jsonl", [record("s", OUTCOMES[0])])
    assert list(read_baseline(tmp_path / "r.jsonl")) == [("s", "full")]


def test_a_record_is_one_line_whatever_it_holds(tmp_path) -> None:
    path = tmp_path / "r.jsonl"
    held = HOSTILE + "\u2028\u2029\x85\n"
    write_records(path, [{"text": held}, {"text": "b\u2028"}])
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [json.loads(x)["text"] for x in lines] == [held, "b\u2028"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no question|is not an earlier run"),
        ("{", "is not an earlier run"),
        ("[]", "is not an earlier run"),
        ('{"answered": true}', "is not an earlier run"),
        ('{"suites": [{"name": "s", "metrics": {}}]}', "is not an earlier run"),
        ('{"suites": []}', "holds no question"),
        ('"text"', "is not an earlier run"),
        ("[" * 200_000, "is not an earlier run"),
    ],
)
def test_another_file_is_refused_in_a_sentence(tmp_path, text, said) -> None:
    path = tmp_path / "b.json"
    path.write_text(text)
    with pytest.raises(BadInput, match=said) as caught:
        read_baseline(path)
    assert "--records" in str(caught.value.hint)


def test_files_that_cannot_be_opened(tmp_path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        read_baseline(tmp_path / "none")
    with pytest.raises(BadInput, match="cannot be written"):
        write_records(tmp_path, [])


def test_an_earlier_file_gives_way_only_to_a_whole_one(tmp_path) -> None:
    path, link = tmp_path / "r.jsonl", tmp_path / "link.jsonl"
    link.symlink_to(path)
    write_records(link, [{"n": 1}])
    path.chmod(0o640)

    def broken_off():
        yield {"n": 2}
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_records(path, broken_off())
    assert (path.read_text(), link.is_symlink()) == ('{"n": 1}\n', True)
    write_records(link, [{"n": 3}])
    assert (path.read_text(), path.stat().st_mode & 0o777) == ('{"n": 3}\n', 0o640)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["link.jsonl", "r.jsonl"]


def test_an_earlier_run_is_scored_by_the_gold_of_today(tmp_path) -> None:
    path = tmp_path / "r.jsonl"
    old = outcome(question(id="q", answers=("Carthage",)), given("Rome fell."))
    write_records(path, [record("s", old)])
    assert read_baseline(path)["s", "q"].scores["answer_correct"] == 0
    mended = question(id="q", answers=("Rome",), evidence=(GoldEvidence("a.txt", "Rome fell"),))
    row = read_baseline(path, {"s": [mended], "t": []})["s", "q"]
    assert (row.scores["answer_correct"], row.scores["evidence_recall"]) == (1, 0)
    reworded = replace(mended, text="What fell?")
    assert read_baseline(path, {"s": [reworded]})["s", "q"].scores["answer_correct"] == 0
