"""Asks every question of a suite and keeps what is needed to score it again without models."""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import BadInput, RagError
from rag.evaluate.questions import Question, read_questions
from rag.evaluate.score import Outcome, score
from rag.store.database import FORMAT
from rag.store.manifest import TEXT_VERSION
from rag.types import Answer, Citation, Document

if TYPE_CHECKING:
    from rag.assistant import Assistant

__all__ = ["RunOptions", "Suite", "find_suite", "run_suite", "suite_index"]

#: Passages retrieved for a suite, so that ten different corpus ids are among them.
SUITE_DEPTH = 40


@dataclass(frozen=True, slots=True)
class Suite:
    """Questions, and the corpus they come with (None: an index that exists)."""

    name: str
    questions: Path
    corpus: Path | None


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How many questions to ask (`limit` of them drawn with `seed`), and how."""

    limit: int | None = None
    seed: int = 0
    split: str | None = None
    top_k: int = 10
    retrieval_only: bool = False


def find_suite(path: Path) -> Suite:
    """A folder with `corpus.jsonl` and `queries.jsonl`, or a question file; else `BadInput`."""
    if path.is_dir():
        suite = Suite(path.name, path / "queries.jsonl", path / "corpus.jsonl")
        if suite.questions.is_file() and suite.corpus is not None and suite.corpus.is_file():
            return suite
        raise BadInput(f"The folder {path} is no suite: it lacks corpus.jsonl or queries.jsonl.")
    if path.is_file():
        return Suite(path.stem, path, None)
    raise BadInput(f"There is no suite {path}.")


def suite_index(suite: Suite, parent: Path, embedder: str | None) -> Path:
    """The folder where a suite's own index is kept: its name and a hash of corpus and embedder."""
    if suite.corpus is None:
        return parent
    with suite.corpus.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    digest.update(f"{embedder or ''} {FORMAT} {TEXT_VERSION}".encode())
    return parent / ".suites" / f"{suite.name}-{digest.hexdigest()[:12]}"


def run_suite(
    suite: Suite,
    assistant: Assistant,
    options: RunOptions,
    progress: Callable[[int, int], None] | None = None,
) -> list[Outcome]:
    """One scored outcome a question, in the file's order; none is left out."""
    questions = _sample(read_questions(suite.questions, split=options.split), options)
    outcomes = []
    for number, question in enumerate(questions, start=1):
        outcome = _ask(question, suite, assistant, options)
        outcomes.append(_scored(outcome))
        if progress is not None:
            progress(number, len(questions))
    return outcomes


def _sample(questions: Sequence[Question], options: RunOptions) -> list[Question]:
    if not questions:
        raise BadInput(f"No question belongs to the split “{options.split}”.")
    if options.limit is None or options.limit >= len(questions):
        return list(questions)
    chosen = random.Random(options.seed).sample(range(len(questions)), options.limit)
    return [questions[i] for i in sorted(chosen)]


def _ask(question: Question, suite: Suite, assistant: Assistant, options: RunOptions) -> Outcome:
    limits = {
        "top_k": max(options.top_k, SUITE_DEPTH) if suite.corpus else options.top_k,
        "since": question.since,
        "until": question.until,
        "source": question.source,
        "history": question.history,
    }
    started = time.perf_counter()
    try:
        if options.retrieval_only:
            hits = assistant.search(question.text, **limits)  # type: ignore[arg-type]
            answer = None
        else:
            answer = assistant.ask(question.text, **limits)  # type: ignore[arg-type]
            hits = list(answer.passages)
    except RagError as error:
        return Outcome(question, error=str(error), asked=not options.retrieval_only)
    spent = 1e3 * (time.perf_counter() - started)
    ranked = tuple(dict.fromkeys(_corpus_id(h.passage.source) for h in hits))
    if answer is None:
        return Outcome(question, ranked, milliseconds=spent, asked=False)
    documents = _cited_documents(answer, assistant)
    return Outcome(
        question,
        ranked,
        answer.to_dict(),
        tuple(dict.fromkeys(_corpus_id(c.source) for c in answer.citations)),
        tuple(dict.fromkeys(_paragraph(c, documents) for c in answer.citations)),
        tuple(_is_verbatim(c, documents) for c in answer.citations),
        spent,
    )


def _scored(outcome: Outcome) -> Outcome:
    outcome.scores.update(score(outcome))
    return outcome


def _cited_documents(answer: Answer, assistant: Assistant) -> dict[str, Document]:
    found = {c.source: assistant.index.document(c.source) for c in answer.citations}
    return {source: document for source, document in found.items() if document is not None}


def _paragraph(citation: Citation, documents: dict[str, Document]) -> tuple[str, str]:
    """The source and the text of the paragraph that a citation names."""
    document = documents.get(citation.source)
    if document is None:
        return citation.source, ""
    texts = [
        p.span.of(document.text)
        for p in document.paragraphs
        if p.number == citation.paragraph and not p.heading
    ]
    return citation.source, " ".join(texts)


def _is_verbatim(citation: Citation, documents: dict[str, Document]) -> bool:
    document = documents.get(citation.source)
    return document is not None and document.text[citation.start : citation.end] == citation.quote


def _corpus_id(source: str) -> str:
    """The id of a suite's passage stands after the `#` of its source."""
    return source.split("#", 1)[1] if "#" in source else source
