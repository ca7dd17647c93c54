"""Documents, passages and vectors as entities of Milvus, and back again.

A VARCHAR ends at 65,535 bytes, so what may be longer (a document, the vectors of a passage's
sentences) is kept in pieces that are read by key alone.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rag.errors import IndexBroken
from rag.store.milvus_client import Milvus
from rag.types import Document, Paragraph, Passage

if TYPE_CHECKING:
    import numpy as np

__all__ = [
    "PLACE",
    "Entities",
    "document_pieces",
    "number_of",
    "passage_of",
    "row_of",
    "vector_pieces",
]

#: Code points of a text in one piece, at most four bytes each; characters of base64 in one.
_TEXT, _CODE = 15_000, 60_000

#: What is kept once fetched; a question needs a few documents and some hundred passages.
_DOCUMENTS, _ROWS = 64, 4000

#: The fields that tell where a passage lies.
PLACE = (
    "row", "id", "document", "source", "start", "end", "paragraph", "line", "page", "sentences",
)  # fmt: skip


def row_of(document: int, passage_id: str) -> int:
    """The row of a passage of a document as it is: 63 bits, because integers have a sign here."""
    return number_of(f"{document} {passage_id}")


def number_of(text: str) -> int:
    """63 bits of a text's hash."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def document_pieces(key: int, document: Document) -> list[dict[str, Any]]:
    """A document as JSON, in pieces."""
    paragraphs = [(p.number, p.start, p.end, p.page, p.heading) for p in document.paragraphs]
    text = json.dumps({**asdict(document), "paragraphs": paragraphs}, ensure_ascii=False)
    # JSON may hold half of a surrogate pair only as an escape; a document has none.
    return [
        {"key": f"d{key}/{n}", "document": key, "text": text[at : at + _TEXT]}
        for n, at in enumerate(range(0, len(text), _TEXT))
    ]


def vector_pieces(row: int, document: int, parts: np.ndarray) -> list[dict[str, Any]]:
    """The vectors of a passage's sentences, float (s, d), as half floats in base64, in pieces."""
    code = base64.b64encode(parts.astype("<f2").tobytes()).decode()
    return [
        {"key": f"p{row}/{n}", "document": document, "text": code[at : at + _CODE]}
        for n, at in enumerate(range(0, len(code), _CODE))
    ]


class Entities:
    """Fetches by key, and keeps the last of what it fetched."""

    def __init__(self, milvus: Milvus, dimension: int) -> None:
        self._milvus = milvus
        self._dimension = dimension
        self._rows: dict[int, dict[str, Any]] = {}
        self._documents: dict[int, Document | None] = {}

    def rows(self, rows: Sequence[int]) -> dict[int, dict[str, Any]]:
        """The entities of passages by row, as far as they are still there."""
        wanted = list(dict.fromkeys(int(row) for row in rows))
        if len(self._rows) + len(wanted) > _ROWS:
            self._rows.clear()
        missing = [row for row in wanted if row not in self._rows]
        for entity in self._milvus.by_key("passages", missing, (*PLACE, "vector", "words")):
            self._rows[int(entity["row"])] = entity
        return {row: self._rows[row] for row in wanted if row in self._rows}

    def vectors(self, rows: Sequence[int]) -> dict[int, tuple[np.ndarray, np.ndarray]]:
        """Per row its float32 (d,) vector and float32 (s, d) those of its sentences."""
        import numpy as np

        found = self.rows(rows)
        missing = {row: e for row, e in found.items() if "parts" not in e}
        for row, code in self._codes(missing.values()):
            parts = np.frombuffer(base64.b64decode(code), dtype="<f2").astype(np.float32)
            found[row]["parts"] = parts.reshape(-1, self._dimension)
            found[row]["vector"] = np.array(found[row]["vector"], dtype=np.float32)
        return {row: (e["vector"], e["parts"]) for row, e in found.items() if "parts" in e}

    def documents(self, keys: Iterable[int]) -> dict[int, Document | None]:
        """Documents by key; None for one that is gone."""
        wanted = sorted(set(keys))
        if len(self._documents) + len(wanted) > _DOCUMENTS:
            self._documents.clear()
        missing = [key for key in wanted if key not in self._documents]
        found = self._milvus.by_key("documents", missing, ["key", "pieces"])
        self._documents.update(dict.fromkeys(missing))
        names = {e["key"]: [f"d{e['key']}/{n}" for n in range(e["pieces"])] for e in found}
        for key, text in self._joined(names):
            self._documents[key] = _document(text)
        return {key: self._documents[key] for key in wanted}

    def _codes(self, entities: Iterable[dict[str, Any]]) -> Iterator[tuple[int, str]]:
        names = {}
        for e in entities:
            length = 4 * -(-2 * self._dimension * e["sentences"] // 3)
            names[int(e["row"])] = [f"p{e['row']}/{n}" for n in range(-(-length // _CODE))]
        return self._joined(names)

    def _joined(self, names: dict[int, list[str]]) -> Iterator[tuple[int, str]]:
        """What some pieces say together; left out where one of them is gone."""
        keys = [name for group in names.values() for name in group]
        found = self._milvus.by_key("pieces", keys, ["key", "text"])
        texts = {e["key"]: e["text"] for e in found}
        for key, group in names.items():
            if all(name in texts for name in group):
                yield key, "".join(texts[name] for name in group)


def passage_of(entity: dict[str, Any], document: Document) -> Passage:
    """The passage that an entity places in its document: a slice, so never another text."""
    e, d = entity, document
    return Passage(
        id=e["id"],
        row=int(e["row"]),
        source=d.source,
        start=e["start"],
        end=e["end"],
        text=d.text[e["start"] : e["end"]],
        paragraph=e["paragraph"],
        line=e["line"],
        title=d.title,
        date=d.date,
        page=None if e["page"] < 0 else e["page"],
    )


def _document(text: str) -> Document:
    try:
        values = json.loads(text)
        paragraphs = tuple(Paragraph(*p) for p in values.pop("paragraphs"))
        return Document(paragraphs=paragraphs, **values)
    except (ValueError, TypeError, LookupError) as error:
        raise IndexBroken(
            "A document in the store is not as it was published.",
            hint="Fill the store anew with `rag index --refill --store URL`.",
        ) from error
