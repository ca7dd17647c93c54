"""From a question to what has been found for it: the models, retrieval, reading, the verdict."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from rag.asking.question import Question, last_answer, understand
from rag.compose.again import timed
from rag.compose.anchor import anchor_of
from rag.compose.answer import Found, abstain_reason
from rag.compose.fit import fitted
from rag.compose.in_time import nearer_in_time
from rag.compose.period import Period
from rag.compose.provenance import asked_origin, shown_again, told_origin
from rag.compose.scope import find_in_scope, standing_at
from rag.compose.speaking import POOL, looking_for, nobody_said, only_of, spoken_by
from rag.compose.timeline import period_of
from rag.config import check_utf8
from rag.errors import BadInput, IndexBroken
from rag.models.embedder import Embedder, load_embedder
from rag.models.reader import bundled_reader_path, load_reader
from rag.models.tokens import placed
from rag.read import READ_HITS, Reader, Reading, SimilarityReader, TrainedReader
from rag.retrieve import retrieve
from rag.store.manifest import check_embedder
from rag.store.protocol import Store
from rag.types import Document, Filters, Hit, Turn

__all__ = ["Finder"]

#: Passages among which those that tell of the time asked about are looked for.
DATED_POOL = 64


class Finder:
    """Finds and reads the evidence of one index; its models load on first use and stay."""

    def __init__(
        self,
        index: Store,
        *,
        reader: str | None = None,
        risk: float | None = None,
        read_ms: float | None = None,
    ) -> None:
        """`reader`, `risk` and `read_ms` are those of `Assistant.open`."""
        self.index = index
        self._risk = risk
        self._read_ms = read_ms
        self._reader_name = reader
        self._embedder: Embedder | None = None
        self._reader: Reader | None = None

    def understand(self, question: str, history: Sequence[Turn] = ()) -> Question:
        """A question made ready for this index, in the light of the turns before it."""
        if not isinstance(question, str):
            raise BadInput(f"The question must be a text, not {question!r}.")
        if not any(ch.isalnum() for ch in question):
            kept = "holds no word" if question.strip() else "is empty"
            raise BadInput(f"The question {kept}.", hint='Ask one, for example: rag ask "Who …?"')
        for text in (question, *(t.content for t in history)):
            check_utf8(text, "The question")
        understood = understand(question, history)
        return replace(understood, rarity=self.index.rarity(understood.full))

    def find(self, question: str, wanted: int, filters: Filters, history: Sequence[Turn]) -> Found:
        """Retrieves and reads under the dates that hold, and decides whether there is an answer."""
        started = time.perf_counter()
        understood = self.understand(question, history)
        before = self._origin(understood, wanted, filters, last_answer(history))
        standing = standing_at(filters, date.today())
        asked = timed(understood, standing)
        period = period_of(asked, standing)

        def look(within: Filters) -> Found:
            return before or self._look(understood, wanted, within, period)

        found = find_in_scope(look, asked, filters, date.today())
        only = f"Only what {filters.speaker} says." if filters.speaker else None
        told = [t for t in (only, found.note, found.scope) if t and found.because is None]
        scope = " ".join(told) or found.scope
        return replace(found, scope=scope, started=started)

    def hits(
        self, understood: Question, filters: Filters, count: int, period: Period | None = None
    ) -> list[Hit]:
        """The best passages; of a speaker, those that hold a sentence of his.

        Those that tell of a period come forward.
        """
        if filters.speaker is None:
            return self._near_in_time(understood, filters, count, period)
        sought = looking_for(understood, filters.speaker)
        hits = retrieve(self.index, self.embedder(), sought, filters, POOL)
        return spoken_by(filters.speaker, hits, self.documents(hits))[:count]

    def _near_in_time(
        self, understood: Question, filters: Filters, count: int, period: Period | None
    ) -> list[Hit]:
        """The best passages; where a time is asked about, those that tell of it come forward."""
        pool = count if period is None else max(count, DATED_POOL)
        hits = retrieve(self.index, self.embedder(), understood, filters, pool)
        return nearer_in_time(hits, self.documents(hits), period)[:count] if period else hits

    def read(
        self,
        understood: Question,
        hits: Sequence[Hit],
        documents: Mapping[str, Document],
        filters: Filters,
    ) -> Reading:
        """What the reader makes of the hits; of a speaker, only his sentences."""
        reading = self.reader().read(understood, hits, documents)
        return only_of(filters.speaker, reading, documents) if filters.speaker else reading

    def documents(self, hits: Sequence[Hit]) -> dict[str, Document]:
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

    def embedder(self) -> Embedder:
        """The embedder that the index was built with; raises `IndexMismatch` for another."""
        if self._embedder is None:
            manifest = self.index.manifest
            where = placed(manifest.embedder, self.index.base)
            embedder = load_embedder(where)
            if where != manifest.embedder:
                embedder.name = manifest.embedder
            check_embedder(manifest, embedder.name, embedder.revision, embedder.dimension)
            self._embedder = embedder
        return self._embedder

    def reader(self) -> Reader:
        if self._reader is None:
            self._reader = _load_reader(self._reader_name, self._read_ms)
        return self._reader

    def model_names(self) -> dict[str, str | None]:
        """What has been used so far: None for a model that is not loaded."""
        reader = self._reader.name if self._reader else None
        return {"embedder": self.index.manifest.embedder, "reader": reader}

    def _look(
        self, understood: Question, wanted: int, filters: Filters, period: Period | None
    ) -> Found:
        """What is found under these filters, in the light of the speaker and time asked for."""
        found = self._read(understood, wanted, filters, period)
        before, reader = time.perf_counter(), self.reader()
        anchor = anchor_of(understood.text, found.reading, found.documents)
        asked = anchor.period if anchor is not None else period
        reading = fitted(understood, found.reading, found.documents, asked)
        because = abstain_reason(reading, reader.threshold_at(self._risk))
        if because and not reading.hits and self.index.size == 0:
            because = "The index is empty: nothing was indexed, or all of it was skipped."
        elif because and filters.speaker:
            because = self._nothing_said(understood, filters, found)
        spent = found.timings["read"] + 1e3 * (time.perf_counter() - before)
        return replace(
            found,
            reading=reading,
            because=because,
            note=anchor.note if anchor is not None else None,
            timings={**found.timings, "read": spent},
        )

    def _origin(
        self, understood: Question, wanted: int, filters: Filters, answered: str
    ) -> Found | None:
        """The last answer again, where the question is who said it, when, or where it stands."""
        origin = asked_origin(understood.text)
        if origin is None or not answered:
            return None
        started = time.perf_counter()
        hits = self.hits(self.understand(answered), filters, READ_HITS)
        documents = self.documents(hits)
        reading = shown_again(answered, hits, documents)
        if reading is not None and filters.speaker:
            reading = only_of(filters.speaker, reading, documents)
        if reading is None or not reading.evidence:
            return None
        spent = 1e3 * (time.perf_counter() - started)
        timings = {"load": 0.0, "retrieve": spent, "read": 0.0}
        note = told_origin(origin, reading, documents)
        return Found(
            understood, wanted, reading, documents, None, timings, started, note=note, origin=origin
        )

    def _nothing_said(self, understood: Question, filters: Filters, found: Found) -> str:
        """Why nothing that the speaker says is shown, and who else speaks."""
        anybody = replace(filters, speaker=None)
        nearest = self.hits(understood, anybody, 2 * READ_HITS)
        said = found.reading.hits
        return nobody_said(filters.speaker or "", said, nearest, self.documents(nearest))

    def _read(
        self, understood: Question, wanted: int, filters: Filters, period: Period | None
    ) -> Found:
        started = time.perf_counter()
        # Loaded apart from searching and reading, so that the timings tell them apart.
        self.embedder()
        self.reader()
        loaded = time.perf_counter()
        hits = self.hits(understood, filters, max(wanted, READ_HITS), period)
        retrieved = time.perf_counter()
        documents = self.documents(hits)
        reading = self.read(understood, hits, documents, filters)
        read = time.perf_counter()
        timings = {
            "load": 1e3 * (loaded - started),
            "retrieve": 1e3 * (retrieved - loaded),
            "read": 1e3 * (read - retrieved),
        }
        return Found(understood, wanted, reading, documents, None, timings, started)


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
