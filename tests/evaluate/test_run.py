"""Asking a suite: what is passed on, what is kept, and that every question counts."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from rag.errors import BadInput, RagError
from rag.evaluate.run import RunOptions, run_suite, unknown_gold
from rag.evaluate.suites import Suite
from rag.types import Turn
from tests.cli.fakes import FakeIndex, said, unsaid
from tests.render.samples import citation, hit

NO_LIMITS = {
    "since": None,
    "until": None,
    "as_of": None,
    "source": None,
    "speaker": None,
    "history": (),
}


class Scripted:
    """Gives each question its answer (or raises it) and notes all that it is asked."""

    def __init__(self, answers=None, hits=()) -> None:
        self.answers = answers or {}
        self.hits = list(hits)
        self.asked: list[tuple[str, dict]] = []
        self.searched: list[tuple[str, dict]] = []
        self.index = FakeIndex("corpus/file.txt")

    def load(self):
        self.loaded = not self.asked

    def ask(self, text, **limits):
        self.asked.append((text, limits))
        answer = self.answers.get(text, unsaid())
        if isinstance(answer, Exception):
            raise answer
        return answer

    def search(self, text, **limits):
        self.searched.append((text, limits))
        return self.hits[: limits.get("top_k", 10)]


def suite_of(folder: Path, *questions: dict, corpus: bool = False) -> Suite:
    path = folder / "queries.jsonl"
    path.write_text("".join(json.dumps(q) + "\n" for q in questions))
    return Suite("s", path, folder / "corpus.jsonl" if corpus else None)


def run(suite, assistant, **options):
    return run_suite(suite, assistant, RunOptions(**options))


def test_limits_and_history_go_with_the_question(tmp_path) -> None:
    turn = {"role": "user", "content": "Hm?"}
    suite = suite_of(
        tmp_path,
        {
            "text": "A",
            "since": "2020",
            "as_of": "2021-02",
            "source": "*.txt",
            "speaker": "Holt",
            "history": [turn],
        },
        {"text": "B"},
    )
    fake = Scripted()
    run(suite, fake, top_k=7)
    limits = {"since": "2020", "until": None, "as_of": "2021-02", "source": "*.txt"}
    limits["speaker"] = "Holt"
    assert fake.loaded
    assert fake.asked == [
        ("warm up", {}),
        ("A", {"top_k": 7, **limits, "history": (Turn("user", "Hm?"),)}),
        ("B", {"top_k": 7, **NO_LIMITS}),
    ]


def test_a_question_that_fails_is_an_outcome_and_the_run_goes_on(tmp_path) -> None:
    suite = suite_of(
        tmp_path,
        {"text": "A", "answerable": False, "answers": []},
        {"text": "B", "answers": ["Russia"]},
        {"text": "C", "answers": ["Russia"]},
    )
    fake = Scripted({"A": RagError("No.", hint="Mend it."), "B": ValueError("oops"), "C": said()})
    found = run(suite, fake)
    assert [o.error for o in found] == ["No. Mend it.", "ValueError: oops", None]
    assert [o.scores["answer_correct"] for o in found] == [0, 0, 1]


def test_what_is_cited_is_kept_with_its_paragraph(tmp_path) -> None:
    evidence = [{"source": "file.txt", "quote": "brokered the ceasefire"}]
    suite = suite_of(tmp_path, {"text": "A", "answers": ["Russia"], "evidence": evidence})
    found = run(suite, Scripted({"A": said()}))[0]
    assert [p.text for p in found.cited] == ["Russia brokered the ceasefire."]
    assert found.verbatim == (True,)
    assert found.scores["evidence_recall"] == found.scores["evidence_precision"] == 1
    assert found.answer is not None
    assert found.answer["answered"]


def test_an_altered_quote_is_noticed(tmp_path) -> None:
    wrong = citation(
        quote="Russia broke the ceasefire.", source="corpus/file.txt", start=37, end=67
    )
    gone = citation(quote="Anything.", source="corpus/gone.txt")
    answer = replace(said(), citations=(wrong, gone))
    found = run(suite_of(tmp_path, {"text": "A"}), Scripted({"A": answer}))[0]
    assert found.verbatim == (False, False)


def corpus_hits(*ids: str):
    return [hit(n, source=f"suites/s/corpus.jsonl#{i}") for n, i in enumerate(ids, start=1)]


def test_a_suite_ranks_corpus_ids_beyond_the_passages_shown(tmp_path) -> None:
    suite = suite_of(tmp_path, {"text": "A", "relevant": ["d#4"]}, corpus=True)
    shown = corpus_hits("b", "a", "b")
    fake = Scripted(
        {"A": replace(said(), passages=tuple(shown))}, corpus_hits("a", "b", "c", "d#4")
    )
    found = run(suite, fake)[0]
    assert found.ranked == ("b", "a", "c", "d#4")
    assert found.scores["hit@1"] == 0
    assert found.scores["mrr@10"] == 1 / 4
    assert fake.searched[-1][1]["top_k"] == 100


def test_retrieval_alone_asks_nothing(tmp_path) -> None:
    suite = suite_of(tmp_path, {"text": "A", "relevant": ["c"], "answers": ["x"]}, corpus=True)
    fake = Scripted(hits=corpus_hits("a", "c"))
    found = run(suite, fake, retrieval_only=True)[0]
    assert fake.asked == []
    assert (found.asked, found.answer, found.ranked) == (False, None, ("a", "c"))
    assert found.scores["hit@5"] == 1
    assert "em" not in found.scores


def test_a_sample_is_drawn_by_its_seed_and_keeps_the_order(tmp_path) -> None:
    suite = suite_of(tmp_path, *({"_id": str(n), "text": f"Q{n}"} for n in range(30)))

    def drawn(**options) -> list[str]:
        return [o.question.id for o in run(suite, Scripted(), **options)]

    once = drawn(limit=10, seed=3)
    assert once == drawn(limit=10, seed=3) == sorted(once, key=int)
    assert len(set(once)) == 10
    assert once != drawn(limit=10, seed=4)
    assert drawn(limit=99) == drawn() == [str(n) for n in range(30)]


def test_a_split_is_asked_alone_and_gold_is_the_whole_suites(tmp_path) -> None:
    suite = suite_of(
        tmp_path,
        {"text": "A", "split": "fit", "answers": ["x"]},
        {"text": "B", "split": "held", "answerable": False},
    )
    found = run(suite, Scripted(), split="held")
    assert [(o.question.text, o.scores) for o in found] == [
        ("B", {"squad2_f1": 1, "answer_correct": 1})
    ]
    with pytest.raises(BadInput, match="No question belongs to the split “other”"):
        run(suite, Scripted(), split="other")


def test_progress_is_told_after_each_question(tmp_path) -> None:
    told: list[tuple[int, int]] = []
    suite = suite_of(tmp_path, {"text": "A"}, {"text": "B"})
    run_suite(suite, Scripted(), RunOptions(), lambda *p: told.append(p))
    assert told == [(1, 2), (2, 2)]


def test_gold_that_the_index_lacks_is_named(tmp_path) -> None:
    asked = {"text": "A", "evidence": [{"source": n, "quote": "x"} for n in ("file.txt", "b.txt")]}
    suite = suite_of(tmp_path, {**asked, "relevant": ["ignored"]})
    assert unknown_gold(suite, Scripted()) == ["b.txt"]
    ranked = suite_of(tmp_path, {"text": "A", "relevant": ["p#1", "p#2"]}, corpus=True)
    infos = [SimpleNamespace(source="x/corpus.jsonl#p#1")]
    fake = Scripted()
    fake.index.documents = lambda: iter(infos)
    assert unknown_gold(ranked, fake) == ["p#2"]


@pytest.mark.parametrize(
    ("relevant", "ids"),
    [(["b"], ("b",)), (["a"], ("a",)), (["a", "b"], ("a", "b")), (["z"], ("a",))],
)
def test_a_copy_that_a_citation_names_is_cited(tmp_path, relevant, ids) -> None:
    where = {"source": "s/corpus.jsonl#a", "also_in": ("s/corpus.jsonl#b", "s/corpus.jsonl#c")}
    answer = replace(said(), citations=(citation(**where),))
    suite = suite_of(tmp_path, {"text": "A", "relevant": relevant}, corpus=True)
    assert run(suite, Scripted({"A": answer}))[0].cited_ids == ids
