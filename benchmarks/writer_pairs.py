"""Both composers over the same readings: one record a question, and what the records say.

A question is retrieved for and read once, then answered twice. Records are appended to a file of
JSON lines as they are made, so that a run that was broken off goes on where it stopped; readings
are kept beside them, so that a changed composer is measured without reading again.
"""

from __future__ import annotations

import json
import pickle
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from facts import missing_facts, unsourced

from rag import Assistant
from rag.compose.answer import Found
from rag.compose.generative import Writing
from rag.evaluate import run
from rag.evaluate.answers import holds_answer
from rag.evaluate.outcome import Outcome
from rag.evaluate.questions import gold_fields, read_questions
from rag.evaluate.score import score
from rag.finding import Finder
from rag.types import Statement

COMPOSERS = ("extractive", "generative")
RESAMPLES = 5000


class Remembering(Finder):
    """Finds every question once, and keeps what was found in a file where there is one."""

    readings: Path | None = None
    _kept: dict[str, Found] | None = None

    def find(self, *given: Any) -> Found:
        if self._kept is None:
            self._kept = dict(_unpickled(self.readings)) if self.readings else {}
        key = repr(given)
        if key not in self._kept:
            self._kept[key] = super().find(*given)
            if self.readings:
                with self.readings.open("ab") as file:
                    pickle.dump((key, self._kept[key]), file)
        return self._kept[key]


class Twice(Assistant):
    """Finds once and answers with whichever composer is set, noting how long the words took."""

    first_ms: float | None = None

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        kept = {k: v for k, v in options.items() if k in ("reader", "risk", "read_ms")}
        self.finder = Remembering(self.index, **kept)

    def use(self, composer: str) -> None:
        self._generates = composer == "generative"

    def _compose(self, found: Found) -> Iterator[Statement | Writing]:
        started, self.first_ms = time.perf_counter(), None
        for made in super()._compose(found):
            if self.first_ms is None:
                self.first_ms = 1e3 * (time.perf_counter() - started)
            yield made


def _unpickled(path: Path) -> Iterator[tuple[str, Found]]:
    """What an earlier run kept, up to where it was broken off."""
    if path.is_file():
        with path.open("rb") as file:
            try:
                while True:
                    yield pickle.load(file)
            except (EOFError, pickle.UnpicklingError):
                return


def measure(assistant: Twice, suite: run.Suite, out: Path, limit: int | None, seed: int) -> None:
    """Appends the records that `out` does not hold yet."""
    done = {(r["suite"], r["id"]) for r in read_records([out])}
    options = run.RunOptions(limit=limit, seed=seed)
    everything = read_questions(suite.questions)
    gold = gold_fields(everything)
    with out.open("a", encoding="utf-8") as file:
        for question in run.sample(everything, options):
            if (suite.name, question.id) in done:
                continue
            record = {"suite": suite.name, "id": question.id, "text": question.text}
            for composer in COMPOSERS:
                assistant.use(composer)
                outcome = run._ask(question, gold, suite, assistant, options)
                record[composer] = record_of(outcome, assistant.first_ms)
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
            file.flush()


def record_of(outcome: Outcome, first_ms: float | None) -> dict[str, Any]:
    """The scores of one answer, its words, and the faults that an independent check finds."""
    answer: Mapping[str, Any] = outcome.answer or {}
    found: dict[str, Any] = {
        "answered": outcome.answered,
        "error": outcome.error,
        "scores": score(outcome),
        "verbatim": list(outcome.verbatim),
        "composer": answer.get("models", {}).get("composer"),
        "dropped": [d["reason"] for d in answer.get("dropped", ())],
    }
    golds = outcome.question.answers
    if golds and outcome.question.answerable is not False:
        said = " ".join(s["text"] for s in answer.get("statements", ()))
        found["scores"]["text_correct"] = float(outcome.answered and holds_answer(said, golds))
    for name in ("evidence_precision", "citation_precision"):
        if name in found["scores"]:
            found["scores"]["precision"] = found["scores"][name]
    if outcome.answered:
        found |= _faults(answer) | {"text": answer["answer"], "words": len(_bare(answer).split())}
        found |= {"first_ms": first_ms, "last_ms": answer["timings_ms"]["compose"]}
    return found


def _bare(answer: Mapping[str, Any]) -> str:
    return " ".join(s["text"] for s in answer["statements"])


def _faults(answer: Mapping[str, Any]) -> dict[str, Any]:
    """What is wrong; a citation's speaker, whose name stands in the source, may lead a quote in."""
    quotes = {c["id"]: c["quote"] for c in answer["citations"]}
    leads = tuple(f"According to {c['speaker']}: " for c in answer["citations"] if c["speaker"])
    violations = []
    for statement in answer["statements"]:
        cited, text = " ".join(quotes.get(n, "") for n in statement["citations"]), statement["text"]
        said = next((text.removeprefix(lead) for lead in leads if text.startswith(lead)), text)
        missing = missing_facts(said, cited) if statement["verified"] else []
        violations += [f"{fact}: {statement['text']}" for fact in missing]
    marks = unsourced(answer["answer"], set(quotes))
    marks += [n for s in answer["statements"] for n in s["citations"] if n not in quotes]
    return {"statements": len(answer["statements"]), "violations": violations, "unsourced": marks}


def read_records(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """The records of earlier runs; a line that was broken off is left out."""
    found = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
            try:
                found.append(json.loads(line))
            except ValueError:
                continue
    return found


def report(records: Sequence[Mapping[str, Any]]) -> None:
    """Prints each suite by itself, then all of them together."""
    suites = list(dict.fromkeys(r["suite"] for r in records))
    for suite in suites:
        _report(suite, [r for r in records if r["suite"] == suite])
    if len(suites) > 1:
        _report("all", records)


def _report(name: str, records: Sequence[Mapping[str, Any]]) -> None:
    answered = [r for r in records if r["generative"]["answered"]]
    print(f"{name}: {len(records)} questions, {len(answered)} answered")
    print(f"  {'':<20}  n   extractive generative difference (95 % interval)")
    for metric in ("answer_correct", "text_correct", "precision", "evidence_recall",
                   "citation_recall", "evidence_f1", "rouge_l"):  # fmt: skip
        _paired(metric, [[r[c]["scores"].get(metric) for c in COMPOSERS] for r in records])
    _paired("words", [[r[c]["words"] for c in COMPOSERS] for r in answered])
    for composer in COMPOSERS:
        rows = [r[composer] for r in answered]
        verbatim = [v for r in rows for v in r["verbatim"]]
        print(
            f"  {composer}: {sum(r['statements'] for r in rows)} statements, verbatim quotes"
            f" {sum(verbatim)}/{len(verbatim)}, unsourced marks"
            f" {sum(len(r['unsourced']) for r in rows)}, facts missing in what is cited"
            f" {sum(len(r['violations']) for r in rows)}"
        )
        for violation in (v for r in rows for v in r["violations"]):
            print(f"    {violation}")
    _written([r["generative"] for r in answered], [r["extractive"] for r in answered])
    errors = sum(r[c]["error"] is not None for r in records for c in COMPOSERS)
    print(f"  errors {errors}")


def _written(rows: Sequence[Mapping[str, Any]], plain: Sequence[Mapping[str, Any]]) -> None:
    """What became of the model's words, and how long they took."""
    kinds = Counter(_kind(r) for r in rows)
    total = max(1, len(rows))
    print("  " + ", ".join(f"{kind} {n} ({n / total:.0%})" for kind, n in sorted(kinds.items())))
    same = sum(r["text"] == p["text"] for r, p in zip(rows, plain, strict=True))
    print(f"  same text as the extractive answer: {same} ({same / total:.0%})")
    print(f"  dropped {dict(Counter(d for r in rows for d in r['dropped']))}")
    asked = [r for r in rows if _kind(r) != "not asked"]
    for kind, some in (("all answers", rows), ("where the model was asked", asked)):
        if some:
            first, last = ([r[k] for r in some] for k in ("first_ms", "last_ms"))
            print(
                f"  ms to compose, {kind}: first word {statistics.median(first):.0f}, last word"
                f" {statistics.median(last):.0f} (medians), longest {max(last):.0f}"
            )


def _kind(row: Mapping[str, Any]) -> str:
    """Whether the model's text stood, nothing of it did, or there was nothing to write."""
    if str(row["composer"]).startswith("generative"):
        return "stood"
    return "fell back" if row["dropped"] else "not asked"


def _paired(metric: str, pairs: Sequence[Sequence[float | None]]) -> None:
    """Prints two means over the questions that have both, and their difference."""
    both = np.array([p for p in pairs if None not in p], dtype=float)
    if not len(both):
        return
    change = both[:, 1] - both[:, 0]
    rng = np.random.default_rng(0)
    drawn = [change[rng.integers(0, len(change), len(change))].mean() for _ in range(RESAMPLES)]
    low, high = np.percentile(drawn, [2.5, 97.5])
    before, after = both.mean(axis=0)
    print(
        f"  {metric:<20} {len(both):<4} {before:9.3f} {after:10.3f}"
        f" {change.mean():+10.3f} ({low:+.3f} to {high:+.3f})"
    )
