"""The generative composer beside the extractive one, and beside plain generation.

Asks the same questions with both composers and prints, for each, the share answered right, the
precision of the citations and the seconds an answer takes. Then measures the writer alone: seconds
to the first verified statement and to the last, against the same model writing freely over the
whole retrieved passages, which is what a plain pipeline does.

    rag index corpus
    python benchmarks/writer.py --limit 50 --plain 10
"""

from __future__ import annotations

import argparse
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from rag import Assistant
from rag.evaluate.questions import read_questions
from rag.evaluate.run import Outcome, RunOptions, find_suite, run_suite
from rag.models.writer import Message, Writer, load_writer
from rag.types import Answer

METRICS = ("answer_correct", "evidence_precision", "evidence_recall", "citation_precision")
PLAIN = "Answer the question from the passages. Cite them by number, like [1]."
MAX_TOKENS = 160


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--index", default="index")
    parser.add_argument("--suite", type=Path, default=Path("eval/questions.jsonl"))
    parser.add_argument("--model", help="the writing model; left out, the bundled one")
    parser.add_argument("--limit", type=int, default=5, help="questions, drawn with seed 0")
    parser.add_argument("--plain", type=int, default=2, help="questions for plain generation")
    given = parser.parse_args()
    options = RunOptions(limit=given.limit)
    outcomes = {}
    for composer in ("extractive", "generative"):
        model = given.model if composer == "generative" else None
        with Assistant.open(given.index, composer=composer, model=model) as assistant:
            outcomes[composer] = run_suite(find_suite(given.suite), assistant, options)
    for composer, found in outcomes.items():
        print(f"{composer}: {len(found)} questions")
        report(found)
    asked = [o.question.text for o in outcomes["extractive"] if o.answered][: given.plain]
    if asked:
        speed(given.index, given.model, asked)
    unused = len(read_questions(given.suite)) - len(outcomes["extractive"])
    print(f"({unused} questions of the suite were not asked)")


def report(outcomes: Sequence[Outcome]) -> None:
    """Means of the metrics, each over the questions that have it; what was written and dropped."""
    for name in METRICS:
        values = [o.scores[name] for o in outcomes if name in o.scores]
        if values:
            print(f"  {name:<20} {statistics.fmean(values):.3f}   n {len(values)}")
    verbatim = [v for o in outcomes for v in o.verbatim]
    if verbatim:
        print(f"  {'verbatim':<20} {statistics.fmean(verbatim):.3f}   n {len(verbatim)}")
    answers = [o.answer for o in outcomes if o.answered and o.answer]
    if not answers:
        return
    seconds = [a["timings_ms"]["compose"] / 1e3 for a in answers]
    print(f"  seconds to compose   median {statistics.median(seconds):.2f}, max {max(seconds):.2f}")
    errors = sum(o.error is not None for o in outcomes)
    kinds = Counter(str(a["models"]["composer"]).split(":")[0] for a in answers)
    dropped = Counter(d["reason"] for a in answers for d in a["dropped"])
    unheld = sum(lacks_a_number(a) for a in answers)
    print(f"  composed by          {dict(kinds)}, errors {errors}")
    print(f"  dropped              {dict(dropped)}")
    print(f"  statements with a number that their quotes lack: {unheld}")


def lacks_a_number(answer: dict[str, list[dict[str, object]]]) -> int:
    """Statements with a run of digits that stands in none of the quotes they cite."""
    quotes = {c["id"]: str(c["quote"]).replace(",", "") for c in answer["citations"]}
    count = 0
    for statement in answer["statements"]:
        cited = " ".join(quotes[n] for n in statement["citations"])  # type: ignore[attr-defined]
        said = str(statement["text"]).replace(",", "")
        count += any(n not in re.findall(r"\d+", cited) for n in re.findall(r"\d+", said))
    return count


def speed(index: str, model: str | None, questions: Sequence[str]) -> None:
    """Seconds to the first and the last word, this composer and plain generation in turn."""
    writer = load_writer(model)
    rows: list[tuple[float, float, float, float]] = []
    with Assistant.open(index, composer="generative", model=model) as assistant:
        assistant.ask(questions[0])
        for question in questions:
            ours = clocked(lambda q=question: composing(assistant, q))
            passages = [h.passage.text for h in assistant.search(question)]
            plain = clocked(lambda q=question, p=passages: writing(writer, q, p))
            rows.append((*ours, *plain))
    middle = [statistics.median(column) for column in zip(*rows, strict=True)]
    print(f"seconds, {len(rows)} questions, medians: to the first word, to the last word")
    print(f"  composed             {middle[0]:.2f}  {middle[1]:.2f}")
    print(f"  plain, whole passages {middle[2]:.2f}  {middle[3]:.2f}")
    ratio = statistics.median(row[3] / row[1] for row in rows)
    print(f"  ratio to the last word, median of pairs {ratio:.1f}")


def composing(assistant: Assistant, question: str) -> Callable[[], str | None]:
    """The next piece of text of our answer, each time it is called; retrieval included."""
    pieces = (p for p in assistant.stream(question) if not isinstance(p, Answer))
    return lambda: next(pieces, None)


def writing(writer: Writer, question: str, passages: Sequence[str]) -> Callable[[], str | None]:
    """The next piece of a free reply over whole passages."""
    listed = "\n\n".join(f"[{n}] {text}" for n, text in enumerate(passages, start=1))
    messages = [Message("system", PLAIN), Message("user", f"{listed}\n\nQuestion: {question}")]
    pieces = writer.generate(messages, max_tokens=MAX_TOKENS)
    return lambda: next(pieces, None)


def clocked(begin: Callable[[], Callable[[], str | None]]) -> tuple[float, float]:
    """Seconds until the first piece, and until the last."""
    started = time.perf_counter()
    following = begin()
    following()
    first = time.perf_counter() - started
    while following() is not None:
        pass
    return first, time.perf_counter() - started


if __name__ == "__main__":
    main()
