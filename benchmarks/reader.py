"""How good and how quick the reader is: gold paragraph, absent paragraph, milliseconds.

Three parts, each with its baseline or its meaning printed beside it:

    python benchmarks/reader.py gold SUITE --articles Normans Scottish_Parliament
    python benchmarks/reader.py absent INDEX SUITE --limit 500
    python benchmarks/reader.py speed

`gold` puts each question's own paragraph in front of the reader (SQuAD's setting). `absent` asks
an index built from the suite's corpus every answerable question twice, the second time with its
paragraphs taken out of what was retrieved, and says how many of those are refused when the
threshold keeps 90 % of the first. `speed` reads 20 passages of about 200 tokens, beside the same
network run by plain PyTorch in float32.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

import numpy as np

from rag.assistant import Assistant
from rag.evaluate.questions import read_questions
from rag.models.reader import CrossEncoder, bundled_reader_path, load_reader
from rag.read import READ_HITS, TrainedReader
from rag.retrieve import retrieve
from rag.train.check import check
from rag.train.examples import read_examples
from rag.types import Filters, Hit

QUESTION = "How many people had to leave the valley before the winter of that year?"
SENTENCE = "The river rose by two metres in the night and carried the old bridge away with it. "
RESAMPLES = 1000


def reader_of(folder: str | None) -> CrossEncoder:
    return load_reader(folder or str(bundled_reader_path()))


def gold(given: argparse.Namespace) -> None:
    examples = read_examples(Path(given.suite))
    if given.articles:
        examples = [e for e in examples if e.document in given.articles]
    print(check(reader_of(given.reader), examples).as_dict())


def absent(given: argparse.Namespace) -> None:
    """Confidence with and without the gold paragraphs among the hits, over the same questions."""
    reader = TrainedReader(reader_of(given.reader))
    questions = [q for q in read_questions(Path(given.suite) / "queries.jsonl") if q.relevant]
    questions = [q for q in questions if q.answerable is not False]
    chosen = np.random.default_rng(given.seed).permutation(len(questions))[: given.limit]
    there, gone = [], []
    with Assistant.open(given.index) as assistant:
        embedder = assistant.finder.embedder()
        for question in (questions[i] for i in sorted(chosen)):
            asked = assistant.finder.understand(question.text, question.history)
            hits = retrieve(assistant.index, embedder, asked, Filters(), READ_HITS + 8)
            relevant = set(question.relevant or ())
            for found, kept in ((there, hits), (gone, _without(hits, relevant))):
                documents = assistant.finder.documents(kept[:READ_HITS])
                found.append(reader.read(asked, kept[:READ_HITS], documents).confidence)
    refused = refused_at(np.array(there), np.array(gone))
    print(f"{len(there)} questions; keeping 90 % of the answerable refuses {refused} of the others")


def _without(hits: list[Hit], relevant: set[str]) -> list[Hit]:
    return [h for h in hits if h.passage.source.split("#", 1)[-1] not in relevant]


def refused_at(there: np.ndarray, gone: np.ndarray, kept: float = 0.9) -> str:
    """The share refused with its 95 % bootstrap interval over questions."""
    rng = np.random.default_rng(0)
    drawn = []
    for _ in range(RESAMPLES):
        i = rng.integers(0, len(there), len(there))
        drawn.append((gone[i] < np.quantile(there[i], 1 - kept)).mean())
    low, high = np.percentile(drawn, [2.5, 97.5])
    return f"{(gone < np.quantile(there, 1 - kept)).mean():.3f} ({low:.3f} to {high:.3f})"


def speed(given: argparse.Namespace) -> None:
    import torch

    reader = reader_of(given.reader)
    passages = [f"{n}. {SENTENCE * 11}" for n in range(20)]
    tokens = reader._tokenizer([QUESTION] * 20, passages, padding=True, return_tensors="pt")

    def plain() -> None:
        with torch.inference_mode():
            reader._model(**tokens)

    def ours() -> None:
        reader.read(QUESTION, passages)

    pairs = [(_ms(ours), _ms(plain)) for _ in range(given.runs + 2)][2:]
    print(f"20 passages of {tokens['input_ids'].shape[1]} tokens with the question")
    for name, times in zip(("reader", "plain float32"), zip(*pairs, strict=True), strict=True):
        middle = statistics.median(times)
        print(f"{name:14} median {middle:6.0f} ms, {middle / 20:5.1f} ms a passage")


def _ms(call: object) -> float:
    started = time.perf_counter()
    call()  # type: ignore[operator]
    return 1e3 * (time.perf_counter() - started)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reader", help="folder of a reader; the bundled one without")
    parts = parser.add_subparsers(required=True)
    part = parts.add_parser("gold")
    part.add_argument("suite")
    part.add_argument("--articles", nargs="*", default=[])
    part.set_defaults(run=gold)
    part = parts.add_parser("absent")
    part.add_argument("index")
    part.add_argument("suite")
    part.add_argument("--limit", type=int, default=500)
    part.add_argument("--seed", type=int, default=0)
    part.set_defaults(run=absent)
    part = parts.add_parser("speed")
    part.add_argument("--runs", type=int, default=9)
    part.set_defaults(run=speed)
    given = parser.parse_args()
    given.run(given)


if __name__ == "__main__":
    main()
