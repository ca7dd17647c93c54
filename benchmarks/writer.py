"""The generative composer beside the extractive one, and beside plain generation.

    python benchmarks/writer.py measure OUT.jsonl --suite eval/questions.jsonl --index INDEX
    python benchmarks/writer.py report OUT.jsonl
    python benchmarks/writer.py speed --suite eval/questions.jsonl --index INDEX
    python benchmarks/writer.py pressure

`measure` answers every question twice over the same reading, and may be broken off and run again;
`report` prints what such records say. `speed` takes the seconds to the first and to the last word,
against the same model writing freely over the whole retrieved passages, which is what a plain
pipeline does. `pressure` alters the evidence and looks whether the answer follows it.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from pressure import under_pressure
from writer_pairs import Twice, measure, read_records, report

from rag.compose.generative import GenerativeComposer
from rag.evaluate.questions import read_questions
from rag.evaluate.run import find_suite
from rag.models.writer import Message, Writer, load_writer

PLAIN = "Answer the question from the passages. Cite them by number, like [1]."
PASSAGES = 5
MAX_TOKENS = 160


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    measured = commands.add_parser("measure", help="answer a suite with both composers")
    measured.add_argument("out", type=Path, help="JSON lines, appended to")
    measured.add_argument("--limit", type=int, help="questions, drawn with --seed")
    measured.add_argument("--seed", type=int, default=0)
    reported = commands.add_parser("report", help="say what records say")
    reported.add_argument("records", type=Path, nargs="+")
    timed = commands.add_parser("speed", help="seconds to the first and the last word")
    timed.add_argument("--limit", type=int, default=10, help="answered questions that are timed")
    for command in (measured, timed):
        command.add_argument("--index", default="index")
        command.add_argument("--suite", type=Path, default=Path("eval/questions.jsonl"))
        command.add_argument("--readings", type=Path, help="a file to keep the readings in")
    pressed = commands.add_parser("pressure", help="alter the evidence")
    for command in (measured, timed, pressed):
        command.add_argument("--model", help="the writing model; left out, the bundled one")
    pressed.add_argument("--plain", type=int, default=40, help="cases for free generation too")
    given = parser.parse_args()
    if given.command == "measure":
        with Twice.open(given.index, composer="generative", model=given.model) as assistant:
            assistant.finder.readings = given.readings
            measure(assistant, find_suite(given.suite), given.out, given.limit, given.seed)
        report(read_records([given.out]))
    elif given.command == "report":
        report(read_records(given.records))
    elif given.command == "speed":
        with Twice.open(given.index, composer="generative", model=given.model) as assistant:
            assistant.finder.readings = given.readings
            speed(assistant, given.model, given.suite, given.limit)
    else:
        under_pressure(load_writer(given.model), given.plain)


def speed(assistant: Twice, model: str | None, suite: Path, limit: int) -> None:
    """Seconds of writing, ours and plain, over what the same retrieval found.

    Retrieving and reading come before either and are not counted. The first row follows the loading
    of the model; those after it are warm. Answers for which no model is asked are left out.
    """
    started = time.perf_counter()
    writer = load_writer(model)
    print(f"seconds to load the model: {time.perf_counter() - started:.2f}")
    rows: list[tuple[float, ...]] = []
    assistant._composer = GenerativeComposer(writer)
    for question in read_questions(find_suite(suite).questions):
        if len(rows) > limit:
            break
        answer = assistant.ask(question.text, top_k=10)
        if not str(answer.models["composer"]).startswith("generative"):
            continue
        passages = [hit.passage.text for hit in answer.passages[:PASSAGES]]
        plain = clocked(writing(writer, question.text, passages))
        rows.append((assistant.first_ms / 1e3, answer.timings_ms["compose"] / 1e3, *plain))
        row = "".join(f" {s:7.2f}" for s in rows[-1])
        print(("warm" if rows[1:] else "cold") + row, flush=True)
    show_speed(rows[1:])


def show_speed(rows: Sequence[tuple[float, ...]]) -> None:
    first, last, plain_first, plain_last = map(statistics.median, zip(*rows, strict=True))
    ratios = [row[3] / row[1] for row in rows]
    print(f"seconds, {len(rows)} warm questions, medians: to the first word, to the last word")
    print(f"  composed                {first:.2f}  {last:.2f}")
    print(f"  plain, {PASSAGES} whole passages {plain_first:.2f}  {plain_last:.2f}")
    print(f"  times as long to the last word: {plain_last / last:.1f} by the medians,")
    print(f"  {statistics.median(ratios):.1f} in the median pair, {min(ratios):.1f} at least")


def writing(writer: Writer, question: str, passages: Sequence[str]) -> Iterator[str]:
    """A free reply of the model over whole passages."""
    listed = "\n\n".join(f"[{n}] {text}" for n, text in enumerate(passages, start=1))
    messages = [Message("system", PLAIN), Message("user", f"{listed}\n\nQuestion: {question}")]
    return writer.generate(messages, max_tokens=MAX_TOKENS)


def clocked(pieces: Iterator[str]) -> tuple[float, float]:
    """Seconds until the first piece, and until the last."""
    started = time.perf_counter()
    next(pieces, None)
    first = time.perf_counter() - started
    for _ in pieces:
        pass
    return first, time.perf_counter() - started


if __name__ == "__main__":
    main()
