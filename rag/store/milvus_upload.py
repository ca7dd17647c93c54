"""Writes documents to a store on Milvus, out of sight of its readers, and removes them again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from rag.store.index import Index
from rag.store.lexical import analyse
from rag.store.milvus_client import Milvus, literals
from rag.store.milvus_entities import (
    Entities,
    document_pieces,
    number_of,
    row_of,
    vector_pieces,
)
from rag.store.milvus_filters import days_of
from rag.store.milvus_words import passage_words
from rag.store.protocol import DocumentInfo
from rag.types import Document

__all__ = ["Uploader", "content_of", "key_of", "passage_terms", "remove", "stored_terms"]

#: Passages, and characters of texts, that are written together.
BATCH, TEXTS = 500, 4_000_000

#: Documents that are fetched or deleted together.
PIECE = 50


def content_of(info: DocumentInfo) -> int:
    """A number for a document as it is: the same file read the same way has the same."""
    return number_of(json.dumps(asdict(info), sort_keys=True))


def key_of(content: int, average: float) -> int:
    """The key of a document whose passages' words are weighed with this mean length."""
    return number_of(f"{content} {average!r}")


def passage_terms(document: Document, start: int, end: int) -> list[str]:
    """The terms that the index keeps of a passage: its title's and its own."""
    text = f"{document.title or ''} {document.text[start:end]}"
    return analyse(text, document.language)


def stored_terms(milvus: Milvus, dimension: int, keys: Sequence[int]) -> Iterator[list[str]]:
    """The terms of each passage that the store holds of some documents."""
    for first in range(0, len(keys), PIECE):
        some = keys[first : first + PIECE]
        documents = Entities(milvus, dimension).documents(some)
        fields = ("document", "start", "end")
        for e in milvus.rows("passages", f"document in {literals(some)}", fields):
            document = documents.get(e["document"])
            if document is not None:
                yield passage_terms(document, e["start"], e["end"])


def remove(milvus: Milvus, keys: Sequence[int]) -> None:
    """Deletes documents with all that belongs to them; their own entities last, as a reminder."""
    for name in ("passages", "pieces"):
        milvus.delete(name, "document", keys)
    milvus.delete("documents", "key", keys)


class Uploader:
    """Writes documents of an index in batches; each is marked `whole` when all of it is there."""

    def __init__(self, index: Index, milvus: Milvus, born: int, epoch: int, average: float) -> None:
        self._index = index
        self._milvus = milvus
        self._lived = {"born": born, "epoch": epoch}
        self._average = average
        self._documents: list[dict[str, Any]] = []
        self._pieces: list[dict[str, Any]] = []
        self._passages: list[dict[str, Any]] = []
        self._size = 0

    def add(self, key: int, info: DocumentInfo) -> None:
        """One document with its passages and their vectors."""
        document = self._index.document(info.source)
        if document is None:
            return
        pieces = document_pieces(key, document)
        names = _names(info.source, self._index.file_of(info.source))
        first, last = days_of(info.date)
        about = {**names, **self._lived, "first_day": first, "last_day": last}
        described = {"key": key, "content": content_of(info), "info": json.dumps(asdict(info))}
        counts = {"pieces": len(pieces), "died": 0, "whole": 0}
        self._documents.append({**described, **about, **counts})
        self._pieces += pieces
        self._size += len(document.text)
        self._add_passages(key, document, about)
        if len(self._passages) >= BATCH or self._size >= TEXTS:
            self.flush()

    def _add_passages(self, key: int, document: Document, about: dict[str, Any]) -> None:
        rows = self._index.rows_of(document.source)
        for first in range(0, len(rows), BATCH):
            some = rows[first : first + BATCH]
            found = zip(self._index.passages(some), self._index.vectors(some), strict=True)
            for p, (vector, parts) in found:
                terms = passage_terms(document, p.start, p.end)
                row = row_of(key, p.id)
                place = {
                    "row": row, "id": p.id, "document": key, "start": p.start, "end": p.end,
                    "paragraph": p.paragraph, "line": p.line,
                    "page": -1 if p.page is None else p.page,
                    "sentences": len(parts), "length": len(terms),
                }  # fmt: skip
                searched = {"vector": vector, "words": passage_words(terms, self._average)}
                self._passages.append({**place, **about, **searched})
                self._pieces += vector_pieces(row, key, parts)
            if len(self._passages) >= BATCH:
                self._write()

    def flush(self) -> None:
        """Writes what waits; from here on the documents added so far need not be written again."""
        self._write()
        self._milvus.put("documents", [{**d, "whole": 1} for d in self._documents])
        self._documents, self._size = [], 0

    def _write(self) -> None:
        """The documents first: whatever else a broken run leaves has one that says so."""
        self._milvus.put("documents", self._documents)
        self._milvus.put("pieces", self._pieces)
        self._milvus.put("passages", self._passages)
        self._pieces, self._passages = [], []


def _names(source: str, path: str) -> dict[str, str]:
    """What a glob may match: the source, its file's path, and that file's name."""
    return {"source": source, "path": path, "name": path.rsplit("/", 1)[-1]}
