"""Folds copies among ranked passages: one stands for all that say nothing beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rag.compare.duplicates import Copy, names_another, titles_of_a_series
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

    def __init__(self, index: Store, question: str) -> None:
        self._index = index
        self._question = question
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
                and self._copies(shown.passage, passage)
            ):
                shown.copies.append(passage)
                return True
        return False

    def _copies(self, shown: Passage, passage: Passage) -> bool:
        """Whether at least half of the shorter of two documents stands in the longer.

        And neither has the name of what is asked for alone.
        """
        (text, told), (text_of_other, other_told) = map(
            self._document, (shown.source, passage.source)
        )
        if names_another(passage.title, self._question, shown.title, text) or names_another(
            shown.title, self._question, passage.title, text_of_other
        ):
            return False
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
    index: Store,
    rows: Sequence[int],
    vectors: Mapping[int, np.ndarray],
    count: int,
    question: str = "",
) -> list[Folded]:
    """The first `count` of ranked passages that say something new, each with its copies.

    `rows` are best first, `vectors` theirs, float32 (d,). A passage whose every sentence stands in
    passages of one source above it, in a document that is mostly the same, is a copy: it takes no
    place of its own. A row that the index has no more is left out.
    """
    import numpy as np

    if not rows:
        return []
    folding, passages = _Folding(index, question), dict[int, Passage]()
    matrix = np.stack([vectors[row] for row in rows])
    at = 0
    while at < len(rows) and len(folding.shown) < count:
        if rows[at] not in passages:
            piece = index.passages(rows[at : at + count - len(folding.shown)])
            passages |= {p.row: p for p in piece}
        passage = passages.get(rows[at])
        if passage is not None:
            cosines = matrix[[s.at for s in folding.shown]] @ matrix[at]
            if not folding.copied(passage, _near(folding.shown, cosines, NEAR)):
                folding.show(at, passage)
        at += 1
    below = matrix[at:] @ matrix[[s.at for s in folding.shown]].T
    alike = {rows[at + i]: i for i in np.flatnonzero((below >= VERY_NEAR).any(axis=1)).tolist()}
    for passage in index.passages(list(alike)):
        folding.copied(passage, _near(folding.shown, below[alike[passage.row]], VERY_NEAR))
    return [Folded(s.at, s.passage, tuple(s.copies)) for s in folding.shown]


def _near(shown: Sequence[_Shown], cosines: np.ndarray, least: float) -> list[_Shown]:
    """Those of at least a cosine, nearest first."""
    import numpy as np

    order = np.argsort(-cosines, kind="stable").tolist()
    return [shown[i] for i in order if cosines[i] >= least]
