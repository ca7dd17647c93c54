"""The composition root: opens an index, holds the models, answers questions."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from rag.compose.anchor import anchor_of
from rag.compose.answer import NOTHING, Found, abstain_reason, answer_of
from rag.compose.extractive import compose_extractive, marked_text
from rag.compose.fit import fitted
from rag.compose.generative import GenerativeComposer, Writing
from rag.compose.scope import find_in_scope
from rag.compose.speaking import POOL, looking_for, nobody_said, only_of, spoken_by
from rag.compose.timeline import Timeline, timeline_of
from rag.config import COMPOSERS, parse_date
from rag.errors import BadInput, IndexBroken
from rag.models.embedder import Embedder, load_embedder
from rag.models.reader import bundled_reader_path, load_reader
from rag.models.writer import load_writer
from rag.question import Question, understand
from rag.read import READ_HITS, Reader, SimilarityReader, TrainedReader
from rag.retrieve import retrieve
from rag.store.manifest import check_embedder
from rag.store.opening import open_store
from rag.store.protocol import Store
from rag.types import Answer, Document, Filters, Hit, Statement, Turn

if TYPE_CHECKING:
    from rag.store.update import UpdateSummary

__all__ = ["Assistant"]

#: Passages read for a timeline, or as many as it may have lines.
TIMELINE_HITS = 2 * READ_HITS


class Assistant:
    """Answers questions about one index; the only object that holds state.

    Models load on first use and stay. Not safe for use by several threads at once.
    """

    def __init__(
        self,
        index: Store,
        *,
        top_k: int = 10,
        reader: str | None = None,
        risk: float | None = None,
        read_ms: float | None = None,
        composer: str = "extractive",
        model: str | None = None,
    ) -> None:
        if composer not in COMPOSERS:
            raise BadInput(f"The composer must be {' or '.join(COMPOSERS)}, not “{composer}”.")
        self.index = index
        self.last_update: UpdateSummary | None = None
        self._top_k = top_k
        self._risk = risk
        self._read_ms = read_ms
        self._reader_name = reader
        self._embedder: Embedder | None = None
        self._reader: Reader | None = None
        self._generates = composer == "generative"
        self._model_name = model
        self._composer: GenerativeComposer | None = None

    @classmethod
    def open(
        cls,
        index: str | Path = "index",
        *,
        store: str | None = None,
        top_k: int = 10,
        reader: str | None = None,
        risk: float | None = None,
        read_ms: float | None = None,
        composer: str = "extractive",
        model: str | None = None,
    ) -> Assistant:
        """Opens an index for reading, or with `store` its copy at a URL.

        `reader` is a folder with a trained reader, or `similarity` for none; the bundled one
        where it is left out. `risk` is the share of wrong answers to put up with, in (0, 1): the
        lower, the more often the documents do not say. `read_ms` bounds the milliseconds in which
        passages are read: the same question may then get another answer on a slower machine.
        `composer` is `extractive` (the sources' own sentences) or `generative` (written by
        `model`: a folder, a hub id or the URL of an endpoint; the bundled one where left out).
        Raises `IndexNotFound`, `IndexMismatch` or `IndexBroken`, each saying what to do.
        """
        opened = open_store(Path(index), store)
        return cls(
            opened,
            top_k=top_k,
            reader=reader,
            risk=risk,
            read_ms=read_ms,
            composer=composer,
            model=model,
        )

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
        as_of: str | None = None,
        source: str | None = None,
        speaker: str | None = None,
        history: Sequence[Turn] = (),
    ) -> Answer:
        """Answers one question with citations, or says that the documents do not say.

        `since` and `until` bound the documents' dates; `as_of` allows what was published by then;
        `speaker` shows nothing but what the documents let somebody of that name say.
        """
        found = self._find(question, top_k, _filters(since, until, as_of, source, speaker), history)
        writing, before = NOTHING, time.perf_counter()
        for made in self._compose(found):
            if isinstance(made, Writing):
                writing = made
        return answer_of(found, writing, before, self._model_names(writing))

    def search(
        self,
        query: str,
        *,
        top_k: int | None = None,
        since: str | None = None,
        until: str | None = None,
        as_of: str | None = None,
        source: str | None = None,
        speaker: str | None = None,
        history: Sequence[Turn] = (),
    ) -> list[Hit]:
        """Retrieval only: the best passages, best first."""
        filters = _filters(since, until, as_of, source, speaker)
        understood = self.understand(query, history)
        return self._hits(understood, filters, top_k or self._top_k)

    def stream(
        self,
        question: str,
        *,
        top_k: int | None = None,
        since: str | None = None,
        until: str | None = None,
        as_of: str | None = None,
        source: str | None = None,
        speaker: str | None = None,
        history: Sequence[Turn] = (),
    ) -> Iterator[str | Answer]:
        """Yields the answer's text piece by piece as it is composed, then the `Answer`.

        Every piece is a verified statement; leaving the iteration early stops the composer.
        """
        found = self._find(question, top_k, _filters(since, until, as_of, source, speaker), history)
        writing, before, said = NOTHING, time.perf_counter(), 0
        for made in self._compose(found):
            if isinstance(made, Writing):
                writing = made
            elif found.because is None:
                said += 1
                yield marked_text([made]) + " "
        answer = answer_of(found, writing, before, self._model_names(writing))
        for statement in answer.statements[said:]:
            yield marked_text([statement]) + " "
        if not answer.answered:
            yield answer.answer
        yield answer

    def timeline(
        self,
        question: str,
        *,
        top_k: int | None = None,
        since: str | None = None,
        until: str | None = None,
        as_of: str | None = None,
        source: str | None = None,
        speaker: str | None = None,
    ) -> Timeline:
        """The dated evidence in order, at most `top_k` sentences, each with its citation."""
        filters = _filters(since, until, as_of, source, speaker)
        understood, lines = self.understand(question), top_k or self._top_k
        reader = self._models()[1]
        depth = max(lines, TIMELINE_HITS)
        hits = self._hits(understood, filters, depth)
        documents = self._documents(hits)
        pieces = [hits[at : at + READ_HITS] for at in range(0, len(hits), READ_HITS)]
        readings = [reader.read(understood, piece, documents) for piece in pieces]
        if filters.speaker:
            readings = [only_of(filters.speaker, r, documents) for r in readings]
        evidence = [e for reading in readings for e in reading.evidence]
        return timeline_of(understood, evidence, documents, filters, lines, date.today())

    def understand(self, question: str, history: Sequence[Turn] = ()) -> Question:
        """A question made ready for this index, in the light of the turns before it."""
        if not question.strip():
            raise BadInput("The question is empty.", hint='Ask one, for example: rag ask "Who …?"')
        understood = understand(question, history)
        return replace(understood, rarity=self.index.rarity(understood.full))

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

    def _find(
        self, question: str, top_k: int | None, filters: Filters, history: Sequence[Turn]
    ) -> Found:
        """Retrieves and reads under the dates that hold, and decides whether there is an answer."""
        started = time.perf_counter()
        understood = self.understand(question, history)
        wanted = top_k or self._top_k

        def look(within: Filters) -> Found:
            return self._look(understood, wanted, within)

        found = find_in_scope(look, question, filters, date.today())
        only = f"Only what {filters.speaker} says." if filters.speaker else None
        told = [t for t in (only, found.note, found.scope) if t and found.because is None]
        scope = " ".join(told) or found.scope
        return replace(found, scope=scope, started=started)

    def _look(self, understood: Question, wanted: int, filters: Filters) -> Found:
        """What is found under these filters, in the light of the speaker and time asked for."""
        found = self._read(understood, wanted, filters)
        before, reader = time.perf_counter(), self._models()[1]
        anchor = anchor_of(understood.text, found.reading, found.documents)
        counted = anchor.period if anchor is not None else None
        reading = fitted(understood, found.reading, found.documents, date.today(), counted)
        because = abstain_reason(reading, reader.threshold_at(self._risk))
        if because and filters.speaker:
            because = self._nothing_said(understood, filters, found)
        spent = found.timings["read"] + 1e3 * (time.perf_counter() - before)
        return replace(
            found,
            reading=reading,
            because=because,
            note=anchor.note if anchor is not None else None,
            timings={**found.timings, "read": spent},
        )

    def _nothing_said(self, understood: Question, filters: Filters, found: Found) -> str:
        """Why nothing that the speaker says is shown, and who else speaks."""
        anybody = replace(filters, speaker=None)
        nearest = self._hits(understood, anybody, 2 * READ_HITS)
        said = found.reading.hits
        return nobody_said(filters.speaker or "", said, nearest, self._documents(nearest))

    def _hits(self, understood: Question, filters: Filters, count: int) -> list[Hit]:
        """The best passages; of a speaker, those that hold a sentence of his."""
        embedder = self._load_embedder()
        if filters.speaker is None:
            return retrieve(self.index, embedder, understood, filters, count)
        sought = looking_for(understood, filters.speaker)
        hits = retrieve(self.index, embedder, sought, filters, POOL)
        return spoken_by(filters.speaker, hits, self._documents(hits))[:count]

    def _read(self, understood: Question, wanted: int, filters: Filters) -> Found:
        started = time.perf_counter()
        reader = self._models()[1]
        loaded = time.perf_counter()
        hits = self._hits(understood, filters, max(wanted, READ_HITS))
        retrieved = time.perf_counter()
        documents = self._documents(hits)
        reading = reader.read(understood, hits, documents)
        if filters.speaker:
            reading = only_of(filters.speaker, reading, documents)
        read = time.perf_counter()
        timings = {
            "load": 1e3 * (loaded - started),
            "retrieve": 1e3 * (retrieved - loaded),
            "read": 1e3 * (read - retrieved),
        }
        return Found(understood, wanted, reading, documents, None, timings, started)

    def _compose(self, found: Found) -> Iterator[Statement | Writing]:
        """The statements as they are verified, then the whole; no model writes an abstention."""
        if self._generates and found.because is None:
            composer = self._load_composer()
            yield from composer.compose(found.question, found.reading, found.documents)
        else:
            answer = compose_extractive(found.reading, found.documents, found.question)
            yield Writing(answer, 0)

    def _documents(self, hits: Sequence[Hit]) -> dict[str, Document]:
        """The documents of the hits by source; each is read once."""
        documents: dict[str, Document] = {}
        for hit in hits:
            source = hit.passage.source
            if source not in documents:
                document = self.index.document(source)
                if document is None:
                    raise IndexBroken(
                        f"The index has found {source}, and cannot find the document itself.",
                        hint="`rag status --check` says what is damaged and what mends it.",
                    )
                documents[source] = document
        return documents

    def _models(self) -> tuple[Embedder, Reader]:
        embedder = self._load_embedder()
        if self._reader is None:
            self._reader = _load_reader(self._reader_name, self._read_ms)
        return embedder, self._reader

    def _load_embedder(self) -> Embedder:
        if self._embedder is None:
            manifest = self.index.manifest
            embedder = load_embedder(manifest.embedder)
            check_embedder(manifest, embedder.name, embedder.revision, embedder.dimension)
            self._embedder = embedder
        return self._embedder

    def _load_composer(self) -> GenerativeComposer:
        if self._composer is None:
            self._composer = GenerativeComposer(load_writer(self._model_name))
        return self._composer

    def _model_names(self, writing: Writing) -> dict[str, str | None]:
        composer = "extractive"
        if self._composer is not None and writing.stood:
            composer = f"generative: {self._composer.name}"
        elif self._composer is not None and writing.composition.dropped:
            composer = f"extractive: nothing that {self._composer.name} wrote could be verified"
        return {
            "embedder": self.index.manifest.embedder,
            "reader": self._reader.name if self._reader else None,
            "composer": composer,
        }


def _load_reader(name: str | None, budget_ms: float | None = None) -> Reader:
    """The reader by name; without a name the bundled one where it is there, else similarity."""
    if name == SimilarityReader.name:
        return SimilarityReader()
    if name is not None:
        return TrainedReader(load_reader(name), budget_ms=budget_ms)
    bundled = bundled_reader_path()
    if bundled is None:
        return SimilarityReader()
    return TrainedReader(load_reader(bundled), budget_ms=budget_ms)


def _filters(
    since: str | None,
    until: str | None,
    as_of: str | None,
    source: str | None,
    speaker: str | None,
) -> Filters:
    return Filters(
        since=parse_date(since) if since else None,
        until=parse_date(until) if until else None,
        as_of=parse_date(as_of) if as_of else None,
        source=source,
        speaker=(speaker or "").strip() or None,
    )
