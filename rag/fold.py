"""Folds copies among ranked passages: one stands for all that say nothing beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rag.duplicates import Copy, titles_of_a_series
from rag.store.protocol import Store
from rag.types import Passage

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Folded", "fold"]

#: The cosine from which two passages may be copies, or windows on copies that are cut elsewhere.
#: The words decide; this only spares reading what cannot be one.
NEAR = 0.7
#: The same below the last place, where passages are read for nothing but their sources' names.
VERY_NEAR = 0.9
#: So much of the shorter document stands in the other, where one is a copy and no mere quotation.
OF_THE_DOCUMENT = 0.5


@dataclass(frozen=True, slots=True)
class Folded:
    """A passage to show, by its place in the ranking that was folded, and the copies of it."""

    at: int
    passage: Passage
    copies: tuple[Passage, ...]


@dataclass(slots=True)
class _Shown:
    at: int
    passage: Passage
    copies: list[Passage] = field(default_factory=list)


class _Folding:
    """What has been shown so far, by source, and documents that were compared."""

    def __init__(self, index: Store) -> None:
        self._index = index
        self._told: dict[str, Copy] = {}
        self._whole: dict[str, tuple[str, Copy]] = {}
        self.shown: list[_Shown] = []

    def show(self, at: int, passage: Passage) -> None:
        self.shown.append(_Shown(at, passage))
        self._told.setdefault(passage.source, Copy()).add(passage.text)

    def copied(self, passage: Passage, near: Sequence[_Shown]) -> bool:
        """Whether a passage is a copy of one that is shown; then it is put there."""
        for shown in near:
            source = shown.passage.source
            if (
                source != passage.source
                and not titles_of_a_series(shown.passage.title, passage.title)
                and self._told[source].tells(passage.text)
                and self._copies(source, passage.source)
            ):
                shown.copies.append(passage)
                return True
        return False

    def _copies(self, source: str, other: str) -> bool:
        """Whether at least half of the shorter of two documents stands in the longer."""
        (text, told), (text_of_other, other_told) = self._document(source), self._document(other)
        if len(text) < len(text_of_other):
            return other_told.overlap(text) >= OF_THE_DOCUMENT
        return told.overlap(text_of_other) >= OF_THE_DOCUMENT

    def _document(self, source: str) -> tuple[str, Copy]:
        if source not in self._whole:
            document, copy = self._index.document(source), Copy()
            text = document.text[document.body_start :] if document is not None else ""
            copy.add(text)
            self._whole[source] = text, copy
        return self._whole[source]


def fold(
    index: Store, rows: Sequence[int], vectors: Mapping[int, np.ndarray], count: int
) -> list[Folded]:
    """The first `count` of ranked passages that say something new, each with its copies.

    `rows` are best first, `vectors` theirs, float32 (d,). A passage whose every sentence stands in
    passages of one source above it, in a document that is mostly the same, is a copy: it takes no
    place of its own. A row that the index has no more is left out.
    """
    import numpy as np

    folding, passages = _Folding(index), dict[int, Passage]()
    matrix = np.stack([vectors[row] for row in rows]) if rows else np.zeros((0, 0))

    def near(at: int, least: float) -> list[_Shown]:
        if not folding.shown:
            return []
        cosines = matrix[[s.at for s in folding.shown]] @ matrix[at]
        order = np.argsort(-cosines, kind="stable")
        return [folding.shown[i] for i in order if cosines[i] >= least]

    at = 0
    while at < len(rows) and len(folding.shown) < count:
        if rows[at] not in passages:
            piece = index.passages(rows[at : at + count - len(folding.shown)])
            passages |= {p.row: p for p in piece}
        passage = passages.get(rows[at])
        if passage is not None and not folding.copied(passage, near(at, NEAR)):
            folding.show(at, passage)
        at += 1
    below = {i: found for i in range(at, len(rows)) if (found := near(i, VERY_NEAR))}
    for passage in index.passages([rows[i] for i in below]):
        folding.copied(passage, below[rows.index(passage.row)])
    return [Folded(s.at, s.passage, tuple(s.copies)) for s in folding.shown]
