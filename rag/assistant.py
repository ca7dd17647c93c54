"""The composition root: opens an index, holds the models, answers questions."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from rag.compose.extractive import compose_extractive, marked_text
from rag.config import parse_date
from rag.errors import BadInput
from rag.judgement import SIMILARITY
from rag.models.embedder import Embedder, load_embedder
from rag.models.reader import bundled_reader_path, load_reader
from rag.question import Question, understand
from rag.read import READ_HITS, Reader, Reading, SimilarityReader, TrainedReader
from rag.retrieve import retrieve
from rag.store.index import Index
from rag.types import Answer, Document, Filters, Hit, Turn

if TYPE_CHECKING:
    from rag.store.update import UpdateSummary

__all__ = ["Assistant"]

NOT_SAID = "The documents do not say."


class Assistant:
    """Answers questions about one index; the only object that holds state.

    Models load on first use and stay. Not safe for use by several threads at once.
    """

    def __init__(
        self,
        index: Index,
        *,
        top_k: int = 10,
        reader: str | None = None,
        threshold: float | None = None,
    ) -> None:
        self.index = index
        self.last_update: UpdateSummary | None = None
        self._top_k = top_k
        self._given_threshold = threshold
        self._reader_name = reader
        self._embedder: Embedder | None = None
        self._reader: Reader | None = None

    @classmethod
    def open(
        cls, index: str | Path = "index", *, top_k: int = 10, reader: str | None = None
    ) -> Assistant:
        """Opens an index for reading.

        `reader` is a folder with a trained reader, or `similarity` for none; the bundled one
        where it is left out.
        Raises `IndexNotFound`, `IndexMismatch` or `IndexBroken`, each saying what to do.
        """
        return cls(Index.open(Path(index)), top_k=top_k, reader=reader)

    @classmethod
    def from_paths(
        cls,
        paths: Sequence[str | Path],
        *,
        index: str | Path = "index",
        embedder: str | None = None,
        top_k: int = 10,
    ) -> Assistant:
        """Builds or updates an index from files and folders, then opens it.

        What was done is in `last_update`, files that were skipped with their reasons included.
        """
        from rag.models.tokens import token_counter
        from rag.store.update import UpdateOptions, update_index

        summary = update_index(
            Path(index),
            [Path(p) for p in paths],
            embedder=lambda: load_embedder(embedder),
            tokens=token_counter(embedder),
            options=UpdateOptions(),
            progress=None,
        )
        assistant = cls.open(index, top_k=top_k)
        assistant.last_update = summary
        return assistant

    def ask(
        self,
        question: str,
        *,
        top_k: int | None = None,
        since: str | None = None,
        until: str | None = None,
        source: str | None = None,
        history: Sequence[Turn] = (),
    ) -> Answer:
        """Answers one question with citations, or says that the documents do not say."""
        filters = _filters(since, until, source)
        started = time.perf_counter()
        understood = _understood(question, history)
        embedder, reader = self._models()
        loaded = time.perf_counter()
        wanted = top_k or self._top_k
        depth = max(wanted, READ_HITS)
        hits = retrieve(self.index, embedder, understood, filters, depth)
        retrieved = time.perf_counter()
        documents = self._documents(hits)
        reading = reader.read(understood, hits, documents)
        read = time.perf_counter()
        timings = {
            "load": 1e3 * (loaded - started),
            "retrieve": 1e3 * (retrieved - loaded),
            "read": 1e3 * (read - retrieved),
        }
        return self._answer(understood, wanted, reading, documents, timings, started)

    def search(
        self,
        query: str,
        *,
        top_k: int | None = None,
        since: str | None = None,
        until: str | None = None,
        source: str | None = None,
        history: Sequence[Turn] = (),
    ) -> list[Hit]:
        """Retrieval only: the best passages, best first."""
        filters = _filters(since, until, source)
        embedder = self._load_embedder()
        understood = _understood(query, history)
        return retrieve(self.index, embedder, understood, filters, top_k or self._top_k)

    def stream(
        self,
        question: str,
        *,
        top_k: int | None = None,
        since: str | None = None,
        until: str | None = None,
        source: str | None = None,
        history: Sequence[Turn] = (),
    ) -> Iterator[str | Answer]:
        """Yields the answer's text piece by piece as it is composed, then the `Answer`."""
        answer = self.ask(
            question, top_k=top_k, since=since, until=until, source=source, history=history
        )
        if answer.answered:
            for statement in answer.statements:
                yield marked_text([statement]) + " "
        else:
            yield answer.answer
        yield answer

    def close(self) -> None:
        """Lets go of the index's files."""
        self.index.close()

    def __enter__(self) -> Assistant:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _answer(
        self,
        question: Question,
        wanted: int,
        reading: Reading,
        documents: dict[str, Document],
        timings: dict[str, float],
        started: float,
    ) -> Answer:
        before = time.perf_counter()
        composition = compose_extractive(reading, documents)
        because = _abstain_reason(reading, self._threshold)
        if because is None and not composition.statements:
            because = "No sentence of the passages found could be cited."
        ended = time.perf_counter()
        timings |= {"compose": 1e3 * (ended - before), "total": 1e3 * (ended - started)}
        shown = because is None
        text = marked_text(composition.statements) if shown else f"{NOT_SAID} {because}"
        return Answer(
            question=question.text,
            answered=shown,
            answer=text,
            short_answer=_short_answer(reading, documents) if shown else None,
            confidence=reading.confidence,
            abstained_because=because,
            statements=composition.statements if shown else (),
            citations=composition.citations if shown else (),
            passages=reading.hits[:wanted],
            timings_ms=timings,
            models=self._model_names(),
            dropped=composition.dropped,
        )

    def _documents(self, hits: Sequence[Hit]) -> dict[str, Document]:
        """The documents of the hits by source; each is read once."""
        documents: dict[str, Document] = {}
        for hit in hits:
            source = hit.passage.source
            if source not in documents:
                document = self.index.document(source)
                if document is not None:
                    documents[source] = document
        return documents

    def _models(self) -> tuple[Embedder, Reader]:
        embedder = self._load_embedder()
        if self._reader is None:
            self._reader = _load_reader(self._reader_name)
        return embedder, self._reader

    @property
    def _threshold(self) -> float:
        """The confidence under which the documents do not say."""
        if self._given_threshold is not None:
            return self._given_threshold
        return SIMILARITY.threshold if self._reader is None else self._reader.threshold

    def _load_embedder(self) -> Embedder:
        if self._embedder is None:
            self._embedder = load_embedder(self.index.manifest.embedder)
        return self._embedder

    def _model_names(self) -> dict[str, str | None]:
        return {
            "embedder": self.index.manifest.embedder,
            "reader": self._reader.name if self._reader else None,
            "composer": "extractive",
        }


def _load_reader(name: str | None) -> Reader:
    """The reader by name; without a name the bundled one where it is there, else similarity."""
    if name == SimilarityReader.name:
        return SimilarityReader()
    if name is not None:
        return TrainedReader(load_reader(name))
    bundled = bundled_reader_path()
    return SimilarityReader() if bundled is None else TrainedReader(load_reader(bundled))


def _understood(question: str, history: Sequence[Turn]) -> Question:
    if not question.strip():
        raise BadInput("The question is empty.", hint='Ask one, for example: rag ask "Who …?"')
    return understand(question, history)


def _filters(since: str | None, until: str | None, source: str | None) -> Filters:
    return Filters(
        since=parse_date(since) if since else None,
        until=parse_date(until) if until else None,
        source=source,
    )


def _abstain_reason(reading: Reading, threshold: float) -> str | None:
    """Why no answer is given, as a sentence; None when the evidence is strong enough."""
    if not reading.hits:
        return "No passage matches the question under these filters."
    if reading.confidence >= threshold:
        return None
    if reading.missing:
        listed = ", ".join(reading.missing)
        return f"The nearest passages do not mention: {listed}."
    return "No passage found supports an answer strongly enough."


def _short_answer(reading: Reading, documents: dict[str, Document]) -> str | None:
    best = reading.evidence[0] if reading.evidence else None
    if best is None or best.answer is None:
        return None
    return best.answer.of(documents[best.hit.passage.source].text)
