"""Question-answer data for training, read from the forms in which the field keeps it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rag.errors import BadInput

__all__ = ["Example", "read_examples", "split_by_document"]


@dataclass(frozen=True, slots=True)
class Example:
    """A question about one context.

    `start` and `end` are the half-open code-point offsets of the answer in `context`, both None
    where the context does not answer. `answers` are all the gold answers, for scoring.
    `places` are the offsets of all of them. `answering` are all contexts that answer the question,
    None where they are not known. `title` is what the context stands behind when it is read; the
    document's name where None.
    """

    question: str
    context: str
    document: str
    start: int | None = None
    end: int | None = None
    answers: tuple[str, ...] = ()
    places: tuple[tuple[int, int], ...] = ()
    answering: frozenset[str] | None = None
    title: str | None = None

    @property
    def answerable(self) -> bool:
        return self.start is not None


def read_examples(path: Path) -> list[Example]:
    """Reads SQuAD JSON, JSON Lines in SQuAD's fields, or a suite folder (corpus and queries).

    Raises `BadInput` that names the file and what is wrong with it.
    """
    try:
        if path.is_dir():
            found = list(_suite(path))
        elif path.suffix == ".jsonl":
            found = [e for record in _lines(path) for e in _flat(record)]
        else:
            found = list(_squad(json.loads(path.read_text(encoding="utf-8"))))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(
            f"{path} cannot be read as training data: {type(error).__name__}: {error}.",
            hint="Give SQuAD JSON, JSON Lines with context, question and answers, or a suite.",
        ) from error
    if not found:
        raise BadInput(f"{path} holds no question.")
    return found


def split_by_document(
    examples: list[Example], held_out: frozenset[str]
) -> tuple[list[Example], list[Example]]:
    """(training, held out): no document gives questions to both."""
    unknown = held_out - {e.document for e in examples}
    if unknown:
        raise BadInput(f"No training data comes from {', '.join(sorted(unknown))}.")
    return (
        [e for e in examples if e.document not in held_out],
        [e for e in examples if e.document in held_out],
    )


def _squad(data: Mapping[str, Any]) -> Iterator[Example]:
    for article in data["data"]:
        for paragraph in article["paragraphs"]:
            for qa in paragraph["qas"]:
                answers = qa.get("answers", [])
                yield _example(
                    qa["question"],
                    paragraph["context"],
                    article.get("title", ""),
                    [(a["answer_start"], a["text"]) for a in answers],
                )


def _flat(record: Mapping[str, Any]) -> Iterator[Example]:
    answers = record["answers"]
    places = list(zip(answers["answer_start"], answers["text"], strict=True))
    yield _example(record["question"], record["context"], record.get("title", ""), places)


def _suite(folder: Path) -> Iterator[Example]:
    corpus = {r["_id"]: r for r in _lines(folder / "corpus.jsonl")}
    for query in _lines(folder / "queries.jsonl"):
        passages = [corpus[r] for r in query.get("relevant", [])]
        if "places" in query:
            yield from _placed(query, passages)
        elif passages:
            yield from _asked_of(query, passages[0])


def _placed(query: Mapping[str, Any], passages: Sequence[Mapping[str, Any]]) -> Iterator[Example]:
    """A question with every place that answers it; about near passages where none does."""
    answering = frozenset(p["text"] for p in passages if p["_id"] in query["places"])
    for passage in passages:
        places = [(start, text) for start, text in query["places"].get(passage["_id"], [])]
        example = _example(query["text"], passage["text"], query["article"], places)
        yield replace(example, answering=answering, title=passage.get("title"))


def _asked_of(query: Mapping[str, Any], passage: Mapping[str, Any]) -> Iterator[Example]:
    """A question about one passage, unless it is not said where that answers it."""
    # The suites keep different answers once each, so starts and texts need not pair up.
    places = [
        (start, answer)
        for answer in query.get("answers", [])
        for start in query.get("answer_starts", [])
        if passage["text"].startswith(answer, start)
    ]
    if places or query.get("answerable") is False:
        document = query.get("article") or passage.get("title", "")
        yield _example(query["text"], passage["text"], document, places)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def _example(question: str, context: str, document: str, places: list[tuple[int, str]]) -> Example:
    """Trains on the answer that most annotators gave, the shortest of those that tie."""
    places = [(s, t) for s, t in places if t and context[s : s + len(t)] == t]
    if not places:
        return Example(question.strip(), context, document)
    votes = Counter(text for _, text in places)
    start, text = min(places, key=lambda p: (-votes[p[1]], len(p[1]), p[0]))
    answers = tuple(dict.fromkeys(t for _, t in places))
    spans = tuple(sorted({(s, s + len(t)) for s, t in places}))
    return Example(question.strip(), context, document, start, start + len(text), answers, spans)
