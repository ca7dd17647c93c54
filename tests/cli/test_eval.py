"""`rag eval`: what it prints and writes, and the exit status of a significant loss."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.errors import BadInput, RagError
from rag.types import Answer
from tests.cli.fakes import FakeIndex, said, unsaid
from tests.evaluate.test_suites import make_suite
from tests.store.fakes import FakeEmbedder, FakeTokens

PROMISED = {"em", "f1", "squad2_f1", "answer_in_citation", "answer_correct", "evidence_recall",
            "evidence_precision", "rouge_l", "abstain_precision", "abstain_recall",
            "answerability_auroc", "verbatim", "p50_ms", "p95_ms"}  # fmt: skip


class FakeAssistant:
    """Answers the questions that it knows; refuses the others."""

    def __init__(self, *known: str) -> None:
        self.known = known
        self.index = FakeIndex("corpus/file.txt")
        self.asked: list[str] = []

    def load(self) -> None:
        """Has no models."""

    def ask(self, question: str, **_: object) -> Answer:
        self.asked.append(question)
        return said() if question in self.known else unsaid()

    def __enter__(self) -> FakeAssistant:
        return self

    def __exit__(self, *_: object) -> None:
        self.index.close()


@pytest.fixture
def asking(monkeypatch):
    """Puts an assistant that knows the named questions where the command opens one."""

    def put(*known: str) -> FakeAssistant:
        fake = FakeAssistant(*known)
        monkeypatch.setattr("rag.assistant.Assistant.open", lambda *_, **__: fake)
        return fake

    return put


ANSWERABLE = [f"Who brokered it in {year}?" for year in range(2000, 2010)]


@pytest.fixture
def questions() -> Path:
    evidence = [{"source": "file.txt", "quote": "brokered the ceasefire"}]
    gold = {"answers": ["Russia"], "references": ["Russia did."], "evidence": evidence}
    lines = [{"_id": f"a{n}", "text": t, "type": "fact", **gold} for n, t in enumerate(ANSWERABLE)]
    lines += [
        {"_id": f"u{n}", "text": f"Who won {n}?", "answerable": False, "answers": [],
         "type": "unanswerable"} for n in range(5)
    ]  # fmt: skip
    path = Path("set.jsonl")
    path.write_text("".join(json.dumps(x) + "\n" for x in lines))
    return path


def test_json_has_the_promised_form(rag, asking, questions) -> None:
    asking(*ANSWERABLE[:8], "Who won 0?")
    done = rag("eval", str(questions), "--json")
    assert (done.code, done.err) == (0, "")
    suite = json.loads(done.out)["suites"][0]
    assert (suite["name"], suite["n"]) == ("set", 15)
    metrics = suite["metrics"]
    assert set(metrics) >= PROMISED
    assert all(set(f) == {"value", "low", "high", "n"} for f in metrics.values())
    assert metrics["answer_correct"]["value"] == pytest.approx(12 / 15, abs=1e-4)
    assert metrics["evidence_recall"]["value"] == 0.8
    assert metrics["abstain_recall"] == {**metrics["abstain_recall"], "value": 0.8, "n": 5}
    assert metrics["abstain_precision"]["value"] == pytest.approx(4 / 6, abs=1e-4)
    assert metrics["verbatim"]["value"] == 1
    assert suite["by_type"]["fact"]["answer_correct"]["value"] == 0.8
    assert "evidence_recall" not in suite["by_type"]["unanswerable"]
    assert not {"hit@1", "citation_recall", "evidence_f1"} & set(metrics)


def test_a_table_for_people(rag, asking, questions) -> None:
    asking(*ANSWERABLE)
    done = rag("eval", str(questions), "--limit", "6", "--seed", "1")
    assert done.code == 0
    assert done.out.startswith("set: 6 questions\n")
    assert "  answer_correct            1.000" in done.out
    assert "95 % interval" in done.out
    assert "  fact " in done.out


@pytest.mark.parametrize("kind", ["records", "json"])
def test_a_planted_loss_exits_with_4(rag, asking, questions, kind) -> None:
    asking(*ANSWERABLE)
    before = rag("eval", str(questions), "--json", "--records", "before.jsonl")
    Path("before.json").write_text(before.out)
    file = "before.jsonl" if kind == "records" else "before.json"
    asking(*ANSWERABLE[:4])
    worse = rag("eval", str(questions), "--json", "--baseline", file)
    assert worse.code == 4
    found = {d["metric"]: d for d in json.loads(worse.out)["differences"]}
    lost = found["answer_correct"]
    assert (lost["before"], lost["after"], lost["n"]) == (1, 0.6, 15)
    assert (lost["verdict"], lost["significant"]) == ("loss", True)
    assert found["abstain_recall"]["verdict"] == "no difference shown"
    told = rag("eval", str(questions), "--baseline", file)
    assert told.code == 4
    assert "set answer_correct: 1.000 before, 0.600 now, change -0.400" in told.out


def test_a_gain_and_an_equal_run_exit_with_0(rag, asking, questions) -> None:
    asking(*ANSWERABLE[:4])
    assert rag("eval", str(questions), "--records", "before.jsonl").code == 0
    equal = rag("eval", str(questions), "--baseline", "before.jsonl")
    assert (equal.code, "loss" in equal.out, "gain" in equal.out) == (0, False, False)
    asking(*ANSWERABLE)
    better = rag("eval", str(questions), "--baseline", "before.jsonl")
    assert (better.code, ": gain" in better.out) == (0, True)


def test_the_report_is_written(rag, asking, questions) -> None:
    asking(*ANSWERABLE[:5])
    assert rag("eval", str(questions), "--report", "r.html").code == 0
    page = Path("r.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "Failures: 5 of 15 questions" in page


def test_mistakes_are_said_before_anything_is_asked(rag, asking, questions) -> None:
    fake = asking()
    Path("other.json").write_text('{"answered": true}')
    Path("bad.jsonl").write_text('{"text": ""}\n')
    Path("empty").mkdir()
    for arguments, said_in in [
        (["none.jsonl"], "There is no suite none.jsonl."),
        (["empty"], "The folder empty is no suite: it lacks corpus.jsonl and queries.jsonl."),
        (["bad.jsonl"], "bad.jsonl, line 1 is no question: `text` is empty."),
        (["set.jsonl", "--baseline", "other.json"], "other.json is not an earlier run."),
        (["set.jsonl", "--records", "no/r.jsonl"], "There is no folder no to write r.jsonl to."),
        (["set.jsonl", "--report", "no/r.html"], "There is no folder no to write r.html to."),
    ]:
        done = rag("eval", *arguments)
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith("rag: ")
        assert said_in in done.err
    assert fake.asked == []


@pytest.mark.parametrize(
    ("arguments", "said_in"),
    [
        (["--records", "set.jsonl"], "--records would write over set.jsonl, which this run reads."),
        (["--report", "x/../set.jsonl"], "--report would write over set.jsonl"),
        (["--records", "link.jsonl"], "--records would write over set.jsonl"),
        (["--baseline", "old.jsonl", "--records", "old.jsonl"], "--records would write over old."),
        (["--records", "out", "--report", "./out"], "--records and --report name the same file."),
        (["--records", "x"], "x is a folder."),
        (["--index", "x", "--report", "x/rag.db"], "--report would write over x/rag.db"),
        (["--report", ""], "A path is empty."),
    ],
)
def test_nothing_that_is_read_is_written_over(rag, asking, questions, arguments, said_in) -> None:
    fake = asking(*ANSWERABLE)
    Path("x").mkdir()
    Path("link.jsonl").symlink_to("set.jsonl")
    assert rag("eval", "set.jsonl", "--records", "old.jsonl").code == 0
    asked, before = len(fake.asked), [Path(p).read_bytes() for p in ("set.jsonl", "old.jsonl")]
    done = rag("eval", "set.jsonl", *arguments)
    assert (done.code, done.out, len(fake.asked)) == (2, "", asked)
    assert done.err.startswith(f"rag: {said_in}")
    assert [Path(p).read_bytes() for p in ("set.jsonl", "old.jsonl")] == before


def test_nor_the_corpus_of_a_suite(rag, asking) -> None:
    make_suite(Path("old"))
    done = rag("eval", "old", "--records", "old/corpus.jsonl")
    assert done.err.startswith("rag: --records would write over old/corpus.jsonl")


@pytest.mark.parametrize("option", ["--records", "--report"])
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_file_that_fails_at_the_end_costs_no_figures(
    rag, asking, questions, monkeypatch, option, form
) -> None:
    def full(*_: object, **__: object) -> None:
        raise BadInput("The file cannot be written (No space left on device).")

    asking(*ANSWERABLE)
    monkeypatch.setattr("rag.evaluate.records.write_records", full)
    monkeypatch.setattr("rag.evaluate.report.write_report", full)
    done = rag("eval", str(questions), option, "out", *form)
    assert (done.code, "answer_correct" in done.out) == (2, True)
    assert done.err.startswith("rag: The file cannot be written")


@pytest.mark.parametrize("second", ['{"text": ""}', '{"text": "Who?", "split": "fit"}'])
def test_a_mistake_in_any_suite_is_said_before_the_first_is_asked(
    rag, asking, questions, second
) -> None:
    fake = asking()
    lines = questions.read_text().replace('"_id"', '"split": "held", "_id"')
    questions.write_text(lines)
    Path("second.jsonl").write_text(second)
    done = rag("eval", str(questions), "second.jsonl", "--split", "held")
    assert (done.code, done.out, fake.asked) == (2, "", [])


def test_a_corpus_or_an_index_that_fails_is_said_before_anything_is_asked(
    rag, asking, questions, monkeypatch
) -> None:
    fake = asking()
    monkeypatch.setattr("rag.models.embedder.load_embedder", lambda _: FakeEmbedder())
    monkeypatch.setattr("rag.models.tokens.token_counter", lambda _: FakeTokens())
    corpus = make_suite(Path("old")) / "corpus.jsonl"
    corpus.write_text(corpus.read_text() + "{broken\n")
    done = rag("eval", str(questions), "old")
    assert (done.code, done.out, fake.asked) == (2, "", [])
    assert "corpus.jsonl cannot be read" in done.err


def test_gold_that_was_mended_is_no_gain_and_no_loss(rag, asking, questions) -> None:
    asking(*ANSWERABLE)
    assert rag("eval", str(questions), "--records", "before.jsonl").code == 0
    questions.write_text(questions.read_text().replace('["Russia"]', '["Sweden"]'))
    done = rag("eval", str(questions), "--baseline", "before.jsonl")
    assert (done.code, ": loss" in done.out) == (0, False)
    assert "answer_correct: 0.333 before, 0.333 now" in done.out  # the abstentions


def test_a_suite_is_kept_though_the_next_one_fails(rag, asking, questions, monkeypatch) -> None:
    from rag.evaluate import run

    asking(*ANSWERABLE)
    real = run.run_suite

    def breaking(suite, *rest):
        if suite.name == "second":
            raise RagError("It broke.")
        return real(suite, *rest)

    monkeypatch.setattr(run, "run_suite", breaking)
    Path("second.jsonl").write_text('{"text": "Who?"}')
    done = rag("eval", str(questions), "second.jsonl", "--records", "r.jsonl")
    assert (done.code, done.err) == (1, "rag: It broke.\n")
    assert done.out.startswith("set: 15 questions\n")
    assert len(Path("r.jsonl").read_text().splitlines()) == 15


def test_a_baseline_is_found_by_the_path_of_its_suite_too(rag, asking, questions) -> None:
    asking(*ANSWERABLE)
    for folder in ("a", "b"):
        Path(folder).mkdir()
        (Path(folder) / "set.jsonl").write_text(questions.read_text())
    both = ["a/set.jsonl", "b/set.jsonl"]
    assert rag("eval", *both, "--records", "r.jsonl").code == 0
    assert len(Path("r.jsonl").read_text().splitlines()) == 30
    for again in (both, both[:1]):
        done = rag("eval", *again, "--baseline", "r.jsonl")
        assert (done.code, "no difference shown" in done.out) == (0, True)


def test_questions_of_one_id_and_other_words_are_no_pair(rag, asking) -> None:
    asking()
    lines = ['{"text": "Who won?", "answerable": false}', '{"text": "Why?", "answerable": false}']
    path = Path("plain.jsonl")
    path.write_text("\n".join(lines))
    assert rag("eval", "plain.jsonl", "--records", "r.jsonl").code == 0
    path.write_text("\n".join([lines[0], '{"text": "Where?", "answerable": false}']))
    done = rag("eval", "plain.jsonl", "--baseline", "r.jsonl")
    assert done.code == 0 and "n 1)" in done.out
    assert "1 question asked otherwise in the baseline, not compared: 2" in done.err
    path.write_text("\n".join(reversed(lines)))
    done = rag("eval", "plain.jsonl", "--baseline", "r.jsonl")
    assert done.code == 2
    assert "The questions of r.jsonl have ids of this run, and were asked otherwise." in done.err


@pytest.mark.parametrize(
    "changed",
    [
        {"until": "2003"},
        {"source": "*.md"},
        {"history": [{"role": "user", "content": "Where is the mill?"}]},
    ],
)
@pytest.mark.parametrize("kind", ["records", "json"])
def test_questions_with_other_limits_or_turns_are_no_pair(rag, asking, kind, changed) -> None:
    asking()
    rows = [{"_id": n, "text": "And then?", "answerable": False} for n in "ab"]
    path = Path("own.jsonl")
    path.write_text("\n".join(map(json.dumps, rows)))
    done = rag("eval", "own.jsonl", "--json", "--records", "before.records")
    Path("before.json").write_text(done.out)
    path.write_text("\n".join(map(json.dumps, [rows[0], {**rows[1], **changed}])))
    done = rag("eval", "own.jsonl", "--baseline", f"before.{kind}")
    assert done.code == 0 and "n 1)" in done.out
    assert "1 question asked otherwise in the baseline, not compared: b" in done.err


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_baseline_as_a_shell_has_written_it(rag, asking, questions, encoding) -> None:
    asking(*ANSWERABLE)
    before = rag("eval", str(questions), "--json", "--records", "r.jsonl")
    Path("before.json").write_text(before.out, encoding=encoding)
    lines = Path("r.jsonl").read_text(encoding="utf-8").replace("\n", "\r\n")
    Path("before.jsonl").write_text(lines, encoding=encoding, newline="")
    for file in ("before.json", "before.jsonl"):
        done = rag("eval", str(questions), "--baseline", file)
        assert (done.code, done.err) == (0, "")


def test_a_field_that_is_misnamed_is_told_of_and_one_of_ones_own_is_not(rag, asking) -> None:
    asking()
    rows = [
        {"_id": "a", "text": "Who won?", "answer": "Sweden", "as-of": "2003", "note": "x"},
        {"id": "b", "text": "Who lost?", "answers": ["Saxony"], "answer": "x", "Split": "fit"},
    ]
    Path("own.jsonl").write_text("\n".join(map(json.dumps, rows)))
    done = rag("eval", "own.jsonl")
    assert done.code == 0
    assert done.err == (
        "own: fields that are not read: answer (is answers meant?);"
        " as-of (is as_of meant?); id (is _id meant?) …\n"
    )


def test_a_baseline_of_another_suite_is_refused(rag, asking, questions) -> None:
    asking()
    rag("eval", str(questions), "--records", "before.jsonl")
    questions.rename("renamed.jsonl")
    done = rag("eval", "renamed.jsonl", "--baseline", "before.jsonl")
    assert done.code == 2
    assert "The baseline before.jsonl is a run of set, and not of this." in done.err


def test_a_baseline_without_a_figure_to_compare_says_so(rag, asking, tmp_path) -> None:
    asking()
    plain = tmp_path / "plain.jsonl"
    plain.write_text('{"text": "Who won?"}\n', encoding="utf-8")
    records = str(tmp_path / "r.jsonl")
    assert rag("eval", str(plain), "--records", records).code == 0
    done = rag("eval", str(plain), "--baseline", records)
    assert done.code == 2 and "no figure in common" in done.err


def test_without_an_index_a_question_file_says_so(rag, questions) -> None:
    done = rag("eval", str(questions))
    assert done.code == 2
    assert "index" in done.err


def test_gold_outside_the_index_is_warned_of(rag, asking) -> None:
    asking()
    gold = [{"source": f"{n}.txt", "quote": "x"} for n in "abcd"]
    Path("set.jsonl").write_text(json.dumps({"text": "Q", "evidence": gold}))
    done = rag("eval", "set.jsonl")
    assert done.code == 0
    assert done.err == "set: 4 gold sources not in the index: a.txt; b.txt; c.txt …\n"


def test_a_suite_is_indexed_once_and_asked(rag, monkeypatch) -> None:
    embedder = FakeEmbedder()
    for name in ("rag.models.embedder.load_embedder", "rag.finding.load_embedder"):
        monkeypatch.setattr(name, lambda _: embedder)
    monkeypatch.setattr("rag.models.tokens.token_counter", lambda _: FakeTokens())
    make_suite(Path("old"))
    arguments = ("eval", "old", "--json", "--reader", "similarity", "--embedder", "fake")
    first = rag(*arguments)
    assert (first.code, first.err) == (0, "Indexing old/corpus.jsonl …\n")
    metrics = json.loads(first.out)["suites"][0]["metrics"]
    assert {"hit@1", "recall@10", "ndcg@10", "em", "citation_recall"} <= set(metrics)
    assert metrics["hit@5"]["value"] == 1
    embedded = len(embedder.texts)
    again = rag(*arguments)
    assert (again.code, again.err) == (0, "")
    assert len(embedder.texts) == embedded
    figures = [json.loads(r.out)["suites"][0]["metrics"] for r in (first, again)]
    for times in ("p50_ms", "p95_ms"):
        for found in figures:
            del found[times]
    assert figures[0] == figures[1]
