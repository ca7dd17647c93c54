"""The composition root: opens an index, has the evidence found, answers questions."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from rag.asking.limits import filters_of, turns_of
from rag.compose.answer import NOTHING, Found, answer_of
from rag.compose.extractive import compose_extractive, marked_text
from rag.compose.generative import GenerativeComposer, Writing
from rag.compose.scope import standing_at
from rag.compose.timeline import Timeline, listed_period, period_of, timeline_of
from rag.config import (
    COMPOSERS,
    folder,
    model_name,
    positive_number,
    share,
    whole_number,
)
from rag.errors import BadInput
from rag.finding import Finder
from rag.models.writer import load_writer
from rag.read import READ_HITS
from rag.store.opening import bring_up_to_date, open_store
from rag.store.protocol import Store
from rag.types import Answer, Filters, Hit, Statement, Turn

if TYPE_CHECKING:
    from rag.store.update import UpdateSummary

__all__ = ["Assistant"]

#: Passages read for a timeline, or as many as it may have lines.
TIMELINE_HITS = 2 * READ_HITS


class Assistant:
    """Answers questions about one index; the only object that holds state.

    Models load on first use and stay. Threads may share it: one is served after the other.
    """

    def __init__(
        self,
        index: Store,
        *,
        top_k: int = 10,
        reader: str | Path | None = None,
        risk: float | None = None,
        read_ms: float | None = None,
        composer: str = "extractive",
        model: str | Path | None = None,
    ) -> None:
        if composer not in COMPOSERS:
            raise BadInput(f"The composer must be {' or '.join(COMPOSERS)}, not “{composer}”.")
        if model is not None and composer != "generative":
            raise BadInput(
                "A writing model is used by the generative composer alone.",
                hint='Set composer="generative", or leave the model out.',
            )
        self.index = index
        self.finder = Finder(
            index,
            reader=model_name(reader, "reader"),
            risk=None if risk is None else share(risk, "risk"),
            read_ms=None if read_ms is None else positive_number(read_ms, "read_ms"),
        )
        self.last_update: UpdateSummary | None = None
        self._top_k = whole_number(top_k, "top_k")
        self._generates = composer == "generative"
        self._model_name = model_name(model, "model")
        self._composer: GenerativeComposer | None = None
        self._lock = threading.Lock()
        self._closed = False

    @classmethod
    def open(
        cls,
        index: str | Path = "index",
        *,
        store: str | None = None,
        top_k: int = 10,
        reader: str | Path | None = None,
        risk: float | None = None,
        read_ms: float | None = None,
        composer: str = "extractive",
        model: str | Path | None = None,
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
        opened = open_store(folder(index, "index"), store)
        try:
            return cls(
                opened,
                top_k=top_k,
                reader=reader,
                risk=risk,
                read_ms=read_ms,
                composer=composer,
                model=model,
            )
        except BaseException:
            opened.close()
            raise

    @classmethod
    def from_paths(
        cls,
        paths: str | Path | Iterable[str | Path],
        *,
        index: str | Path = "index",
        embedder: str | Path | None = None,
        top_k: int = 10,
    ) -> Assistant:
        """Builds or updates an index from files and folders, then opens it.

        What was indexed before from elsewhere stays in it, and so does the embedder that it was
        built with. What was done is in `last_update`, files that were skipped with their reasons
        included.
        """
        whole_number(top_k, "top_k")  # a mistake is said before the index is built
        directory, model = folder(index, "index"), model_name(embedder, "embedder")
        summary = bring_up_to_date(directory, paths, model)
        assistant = cls.open(directory, top_k=top_k)
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
        history: Iterable[Turn | Mapping[str, str]] = (),
    ) -> Answer:
        """Answers one question with citations, or says that the documents do not say.

        `since` and `until` bound the documents' dates; `as_of` allows what was published by then;
        `speaker` shows nothing but what the documents let somebody of that name say.
        """
        filters = filters_of(since, until, as_of, source, speaker)
        found = self._find(question, top_k, filters, history)
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
        history: Iterable[Turn | Mapping[str, str]] = (),
    ) -> list[Hit]:
        """Retrieval only: the best passages, best first."""
        filters = filters_of(since, until, as_of, source, speaker)
        wanted, before = self._wanted(top_k), turns_of(history)
        with self._alone():
            understood = self.finder.understand(query, before)
            period = period_of(understood.text, standing_at(filters, date.today()))
            return self.finder.hits(understood, filters, wanted, period)

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
        history: Iterable[Turn | Mapping[str, str]] = (),
    ) -> Iterator[str | Answer]:
        """Yields the answer's text piece by piece as it is composed, then the `Answer`.

        Every piece is a verified statement; leaving the iteration early stops the composer.
        """
        filters = filters_of(since, until, as_of, source, speaker)
        found = self._find(question, top_k, filters, history)
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
        filters = filters_of(since, until, as_of, source, speaker)
        lines = self._wanted(top_k)
        with self._alone():
            understood = self.finder.understand(question)
            period = listed_period(understood.text, standing_at(filters, date.today()))
            hits = self.finder.hits(understood, filters, max(lines, TIMELINE_HITS), period)
            documents = self.finder.documents(hits)
            pieces = [hits[at : at + READ_HITS] for at in range(0, len(hits), READ_HITS)]
            readings = [self.finder.read(understood, p, documents, filters) for p in pieces]
        evidence = [e for reading in readings for e in reading.evidence]
        return timeline_of(understood, evidence, documents, filters, lines, period)

    def _wanted(self, top_k: int | None) -> int:
        return self._top_k if top_k is None else whole_number(top_k, "top_k")

    def load(self) -> None:
        """Loads the models now, and not with the first question that needs them."""
        with self._alone():
            self.finder.embedder()
            self.finder.reader()
            if self._generates:
                self._load_composer()

    def close(self) -> None:
        """Lets go of the index's files."""
        with self._lock:
            self._closed = True
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

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keeps other threads waiting, since neither the index nor a model serves two at once."""
        with self._lock:
            if self._closed:
                raise BadInput("The assistant is closed.", hint="Open it again.")
            yield

    def _find(
        self,
        question: str,
        top_k: int | None,
        filters: Filters,
        history: Iterable[Turn | Mapping[str, str]],
    ) -> Found:
        wanted, before = self._wanted(top_k), turns_of(history)
        with self._alone():
            return self.finder.find(question, wanted, filters, before)

    def _compose(self, found: Found) -> Iterator[Statement | Writing]:
        """The statements one by one; other threads wait for each, not for who reads them."""
        with closing(self._composed(found)) as steps:
            while True:
                with self._lock:
                    made = next(steps, None)
                if made is None:
                    return
                yield made

    def _composed(self, found: Found) -> Generator[Statement | Writing, None, None]:
        """The statements as they are verified, then the whole; no model writes an abstention."""
        if self._generates and found.because is None and found.origin is None:
            composer = self._load_composer()
            yield from composer.compose(found.question, found.reading, found.documents)
        else:
            answer = compose_extractive(found.reading, found.documents, found.question)
            yield Writing(answer, 0)

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
        return {**self.finder.model_names(), "composer": composer}
