"""Question files: every field, and every mistake in one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.errors import BadInput
from rag.evaluate.questions import GoldEvidence, Question, gold_fields, read_questions
from rag.types import Turn

SUITES = Path(__file__).resolve().parents[3] / "shared" / "benchmarks"


def written(folder: Path, *lines: object) -> Path:
    path = folder / "q.jsonl"
    text = "\n".join(x if isinstance(x, str) else json.dumps(x, ensure_ascii=False) for x in lines)
    path.write_text(text, encoding="utf-8")
    return path


def read(folder: Path, **record: object) -> Question:
    return read_questions(written(folder, {"text": "Who?", **record}))[0]


def test_every_field_is_read(tmp_path) -> None:
    found = read(
        tmp_path,
        _id="x1",
        answerable=True,
        answers=["Rome"],
        references=["Rome did."],
        relevant=["p#1"],
        evidence=[{"source": "docs/a.pdf", "text": "Rome", "page": 0, "start": 7}],
        evidence_sentences=[["One.", "Two."], []],
        type="fact",
        split="held",
        history=[{"role": "user", "content": "Hm?"}, {"speaker": "agent", "text": "Yes."}],
        since="2020",
        until="2021-03",
        source="*.pdf",
    )
    assert found == Question(
        id="x1",
        text="Who?",
        answerable=True,
        answers=("Rome",),
        references=("Rome did.",),
        relevant=("p#1",),
        evidence=(GoldEvidence("a.pdf", "Rome", 0, 7),),
        evidence_sentences=(("One.", "Two."), ()),
        types=("fact",),
        split="held",
        history=(Turn("user", "Hm?"), Turn("assistant", "Yes.")),
        since="2020",
        until="2021-03",
        source="*.pdf",
    )


def test_what_is_lacking_is_none_and_what_is_empty_is_empty(tmp_path) -> None:
    found = read(tmp_path, answers=[])
    assert (found.answers, found.references, found.answerable) == ((), None, None)
    assert gold_fields([found]) == frozenset()
    assert gold_fields([found, read(tmp_path, answers=["x"])]) == {"answers"}


@pytest.mark.parametrize(
    ("gold", "answerable"),
    [
        ({"answerability": ["ANSWERABLE"]}, True),
        ({"answerability": ["PARTIAL"]}, True),
        ({"answerability": ["UNANSWERABLE"]}, False),
        ({"answerability": "UNDERSPECIFIED"}, False),
        ({"answers": ["x"]}, True),
        ({"short_answers": ["x"]}, True),
        ({"evidence": [{"source": "a", "quote": "x"}]}, True),
        ({"references": ["I do not know."]}, None),
        ({"answerable": False, "answers": ["x"]}, False),
        ({"answers": [""]}, None),
        ({"answers": [" ", "x"]}, True),
        ({"answers": None, "short_answers": ["x"]}, True),
        ({"answerability": [" Partial "]}, True),
    ],
)
def test_whether_there_is_an_answer(tmp_path, gold, answerable) -> None:
    assert read(tmp_path, **gold).answerable is answerable


@pytest.mark.parametrize("limits", [{"as_of": "2020-09-28", "until": "2020"}, {"as_of": "2021"}])
def test_both_last_dates_go_with_the_question(tmp_path, limits) -> None:
    found = read(tmp_path, **limits)
    assert (found.until, found.as_of) == (limits.get("until"), limits["as_of"])


def test_other_names_of_suites(tmp_path) -> None:
    assert read(tmp_path, short_answers=["90 days", "a year"]).answers == ("90 days", "a year")
    found = read(tmp_path, question_type=["Factoid", "Keyword"], multi_turn=["N/A"])
    assert found.types == ("Factoid", "Keyword")
    assert read(tmp_path, question_type=["Factoid"], multi_turn=["Follow-up"]).types == (
        "Factoid",
        "Follow-up",
    )
    evidence = read(tmp_path, evidence=[{"source": "x/a.jsonl#b/7", "quote": "y"}]).evidence
    assert evidence is not None
    assert evidence[0].source == "a.jsonl#b/7"


@pytest.mark.parametrize("path", ["docs\\a.md", "C:\\my docs\\a.md", "docs/a.md", "a.md"])
def test_folders_of_a_source_do_not_matter_on_any_system(tmp_path, path) -> None:
    found = read(tmp_path, evidence=[{"source": path, "quote": "y"}]).evidence
    assert found is not None
    assert found[0].source == "a.md"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_file_as_windows_writes_it(tmp_path, encoding) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text('{"text": "Où?"}\r\n\r\n{"text": "B"}\r\n', encoding=encoding, newline="")
    assert [(q.id, q.text) for q in read_questions(path)] == [("1", "Où?"), ("3", "B")]


def test_lines_are_numbered_split_and_ended_by_line_feeds_only(tmp_path) -> None:
    path = written(tmp_path, {"text": "One\u2028two?"}, "", {"text": "B", "split": "held"})
    assert [(q.id, q.text) for q in read_questions(path)] == [("1", "One\u2028two?"), ("3", "B")]
    assert [q.id for q in read_questions(path, split="held")] == ["3"]
    assert read_questions(path, split="other") == []


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["{"], "line 1 is not JSON"),
        (["{}"], "line 1 is no question: it lacks `text`."),
        (['{"text": " "}'], "line 1 is no question: `text` is empty."),
        (["[]"], "line 1 is no question: it is not an object."),
        (['{"text": "a"}', '{"text": "b", "answers": "x"}'], "line 2 is no question: `answers` is"),
        (['{"text": "a", "answerable": "no"}'], "`answerable` is neither true nor false."),
        (['{"text": "a", "since": "May"}'], "line 1: “May” is not a date."),
        (['{"text": "a", "evidence": [{}]}'], "an evidence lacks `source`."),
        (['{"text": "a", "evidence": [{"source": "a", "start": "3"}]}'], "`start` of an evidence"),
        (['{"text": "a", "evidence": [{"source": "a", "page": true}]}'], "`page` of an evidence"),
        (['{"text": "a", "source": 5}'], "line 1 is no question: `source` is not a text."),
        (['{"text": "a", "history": "b"}'], "line 1 is no question: `history` is not a list."),
        (['{"text": "a", "history": ["b"]}'], "a turn of `history` is not an object."),
        (['{"text": "a", "history": [{"content": null}]}'], "of a turn of `history` is not a text"),
        (['{"text": "a", "evidence": ["a.md"]}'], "no question: an evidence is not an object."),
        (['{"text": "a", "evidence": [{"source": null}]}'], "`source` of an evidence is not a"),
        (
            ['{"text": "a", "evidence": [{"source": "a.md", "page": 0}]}'],
            "neither words in `quote`",
        ),
        (['{"text": "a", "evidence": [{"source": "a.md", "quote": "--"}]}'], "nor a `start`"),
        (['{"text": "a", "evidence_sentences": [null]}'], "is not one list of sentences"),
        (['{"text": "a", "evidence_sentences": [["b"], "c"]}'], "is not one list of sentences"),
        (['{"text": "a", "evidence_sentences": [[null]]}'], "a sentence of `evidence_sentences`"),
        (['{"text": "a", "answerability": ["perhaps"]}'], "`answerability` is none of ANSWERABLE,"),
        (
            ['{"text": "a", "history": [{"role": "system", "content": "b"}]}'],
            "a turn of `history` is neither of user nor of assistant.",
        ),
        (['{"text": "a", "evidence": [{"source": "a", "page": -1}]}'], "number from 0 on."),
        (['{"text": "a", "answers": [null]}'], "an entry of `answers` is not a text."),
        (['{"text": "a", "type": [null]}'], "an entry of `type` is not a text."),
        (['{"text": "a", "since": "2014", "until": "2013"}'], "line 1: Nothing lies between 2014"),
        (['{"text": "a", "since": "2014", "as_of": 2013}'], "line 1: Nothing lies between 2014"),
        (["[" * 200_000], "line 1 is not JSON: it is nested too deeply."),
        (['{"_id": 1, "text": "a"}'] * 2, "line 2: the _id 1 was used before."),
        ([""], "holds no question."),
    ],
)
def test_a_mistake_is_one_sentence_that_names_the_line(tmp_path, lines, said) -> None:
    with pytest.raises(BadInput) as caught:
        read_questions(written(tmp_path, *lines))
    assert said in caught.value.message
    assert "q.jsonl" in caught.value.message
    assert "\n" not in caught.value.message


def test_an_id_that_is_lacking_is_one_that_is_not_taken(tmp_path) -> None:
    lines = [{"text": "A"}, {"_id": "1", "text": "B"}, {"_id": None, "text": "C"},
             {"_id": "", "text": "D"}]  # fmt: skip
    found = read_questions(written(tmp_path, *lines))
    assert [(q.id, q.text) for q in found] == [("line 1", "A"), ("1", "B"), ("3", "C"), ("4", "D")]


def test_what_is_blank_is_not_asked_for(tmp_path) -> None:
    blank = dict.fromkeys(("since", "until", "as_of", "source", "speaker", "split"), "")
    assert read(tmp_path, **blank) == read(tmp_path)


def test_a_flat_list_of_sentences_is_that_of_one_reference(tmp_path) -> None:
    found = read(tmp_path, evidence_sentences=["One stood.", "Two fell."])
    assert found.evidence_sentences == (("One stood.", "Two fell."),)
    assert read(tmp_path, evidence_sentences=[]).evidence_sentences == ()


def test_numbers_are_answers_and_a_start_is_evidence(tmp_path) -> None:
    found = read(tmp_path, answers=[476, "476"], evidence=[{"source": "a.md", "start": 4}])
    assert found.answers == ("476", "476")
    assert found.evidence == (GoldEvidence("a.md", "", None, 4),)


def test_gold_of_a_question_without_an_answer_is_no_gold_of_the_suite(tmp_path) -> None:
    assert gold_fields([read(tmp_path, answerable=False, relevant=["p"])]) == frozenset()


def test_a_file_that_cannot_be_read(tmp_path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        read_questions(tmp_path / "none.jsonl")
    (tmp_path / "latin.jsonl").write_bytes(b'{"text": "caf\xe9"}')
    with pytest.raises(BadInput, match="not UTF-8"):
        read_questions(tmp_path / "latin.jsonl")


@pytest.mark.skipif(not SUITES.is_dir(), reason="the public question sets are not here")
@pytest.mark.parametrize(
    ("name", "n", "answerable", "fields"),
    [
        ("squad2/queries", 2828, 1299, {"answers", "relevant"}),
        ("clapnq/queries", 300, 146, {"references", "relevant", "evidence_sentences"}),
        ("quotesum/queries", 45, 45, {"answers", "references", "relevant"}),
        ("mtrag-un-govt/queries", 157, 105, {"references", "relevant"}),
        ("xquad-de/queries", 1190, 1190, {"answers", "relevant"}),
        ("filings/questions", 15, 15, {"references", "evidence"}),
    ],
)
def test_the_public_sets(name, n, answerable, fields) -> None:
    found = read_questions(SUITES / f"{name}.jsonl")
    assert (len(found), sum(q.answerable is True for q in found)) == (n, answerable)
    assert all(q.answerable is not None for q in found)
    assert gold_fields(found) == fields


def test_blank_and_repeated_gold_is_gold_once(tmp_path) -> None:
    evidence = [{"source": n, "quote": "the mill burned"} for n in ("x/a.md", "a.md", "b.md")]
    found = read(tmp_path, answers=["", "mill"], references=[" "], evidence=evidence)
    assert (found.answers, found.references) == (("mill",), ())
    assert [e.source for e in found.evidence or ()] == ["a.md", "b.md"]
    assert gold_fields([found]) == {"answers", "evidence"}
    assert read(tmp_path, answers=None, short_answers=["x"]).answers == ("x",)


@pytest.mark.parametrize(
    ("role", "kept"),
    [("Human", "user"), ("bot", "assistant"), ("model", "assistant"), (None, "user")],
)
def test_who_speaks_in_a_log(tmp_path, role, kept) -> None:
    found = read(tmp_path, history=[{"role": role, "content": "Yes."}])
    assert found.history == (Turn(kept, "Yes."),)
