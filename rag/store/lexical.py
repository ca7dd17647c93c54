"""The lexical leg: BM25 over stemmed words, by bm25s. The one file that imports it.

The analysed words of each passage stand in the database, so that a rebuild needs no stemming.
"""

from __future__ import annotations

import functools
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.store.files import derived

if TYPE_CHECKING:
    import numpy as np

    from rag.store.database import Database

__all__ = ["LexicalIndex", "analyse", "lexical_index", "open_lexical"]

FOLDER = "lexical"
_ROWS = "rows.npy"

#: BM25 (Robertson and Zaragoza, 2009) with Lucene's idf, which is never negative. In passages of
#: a few sentences a second mention says little, and length less than in whole documents; see
#: docs/retrieval.md.
METHOD, K1, B = "lucene", 0.6, 0.5

#: How many queries' scores are kept: a question's own words and those of the turns before it.
_KEPT = 4

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?", re.UNICODE)

_SNOWBALL = {
    "da": "danish", "de": "german", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
    "ar": "arabic", "hy": "armenian", "el": "greek",
}  # fmt: skip


def analyse(text: str, language: str = "en") -> list[str]:
    """The index terms of a text: words without accents and case, stop words out, stemmed."""
    stop, stem = _analyser(language)
    terms = []
    for match in _WORD.finditer(_plain(text)):
        word = match.group().replace("’", "'").removesuffix("'s")
        if word not in stop:
            terms.append(stem(word))
    return terms


class LexicalIndex:
    """BM25 scores computed when the index is made (Lù, 2024), summed when it is asked."""

    def __init__(self, model: Any, rows: np.ndarray) -> None:
        self._model = model
        self._rows = rows
        self._kept: dict[tuple[str, ...], np.ndarray] = {}

    def search(
        self, terms: Iterable[str], k: int, allowed: np.ndarray | None = None
    ) -> list[tuple[int, float]]:
        """The `k` best rows for analysed terms, by `(-score, row)`; only scores above zero.

        `allowed` (int64 rows) restricts what is ranked.
        """
        import numpy as np

        scores = self._scores(terms)
        if scores is None or k < 1:
            return []
        if allowed is not None:
            scores = np.where(np.isin(self._rows, allowed), scores, 0.0)
        found = np.flatnonzero(scores > 0)
        if len(found) > k:
            cut = np.partition(scores[found], -k)[-k]
            found = found[scores[found] >= cut]
        ranked = sorted((-float(scores[i]), int(self._rows[i])) for i in found)
        return [(row, -score) for score, row in ranked[:k]]

    def scores(self, terms: Iterable[str], rows: np.ndarray) -> np.ndarray:
        """float32 (n,) BM25 of the given int64 rows, 0 where none of the terms is in one."""
        import numpy as np

        scores = self._scores(terms)
        if scores is None:
            return np.zeros(len(rows), dtype=np.float32)
        places = np.searchsorted(self._rows, rows)
        return np.asarray(scores[places], dtype=np.float32)

    def rarity(self, terms: Iterable[str]) -> dict[str, float]:
        """The inverse document frequency of each term, over the greatest there is: in (0, 1].

        1 for a term that no passage holds (Spärck Jones 1972, in Lucene's form).
        """
        import numpy as np

        vocabulary = {} if self._model is None else self._model.vocab_dict
        passages = max(1, len(self._rows))
        most = math.log(1 + (passages + 0.5) / 0.5)
        found = {}
        for term in terms:
            place = vocabulary.get(term)
            holding = 0
            if place is not None:
                holding = int(np.diff(self._model.scores["indptr"][place : place + 2])[0])
            found[term] = math.log(1 + (passages - holding + 0.5) / (holding + 0.5)) / most
        return found

    def _scores(self, terms: Iterable[str]) -> np.ndarray | None:
        """Of all rows; None where no term is known. The last are kept: both calls need them."""
        vocabulary = () if self._model is None else self._model.vocab_dict
        known = tuple(t for t in terms if t in vocabulary)
        if not known:
            return None
        if known not in self._kept:
            while len(self._kept) >= _KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[known] = self._model.get_scores(list(known))[: len(self._rows)]
        return self._kept[known]

    def save(self, folder: Path) -> None:
        """Writes the index's files into a folder."""
        import numpy as np

        np.save(folder / _ROWS, self._rows, allow_pickle=False)
        if self._model is not None:
            self._model.save(folder, show_progress=False)


def open_lexical(database: Database) -> LexicalIndex:
    """The index of the database's generation; rebuilt from the database where it is not at hand."""
    return derived(
        database.directory / FOLDER,
        database.generation,
        load=_load,
        build=lambda: _build(database),
        save=lambda index, folder: index.save(folder),
    )


def _load(folder: Path) -> LexicalIndex:
    import bm25s
    import numpy as np

    rows = np.load(folder / _ROWS, allow_pickle=False)
    model = None
    if len(rows):
        model = bm25s.BM25.load(folder, mmap=True, show_progress=False, verbosity=0)
        if (model.method, model.k1, model.b) != (METHOD, K1, B):
            raise ValueError("scores of other parameters")  # then it is built anew
    return LexicalIndex(model, rows)


def _build(database: Database) -> LexicalIndex:
    found = database.rows("SELECT row, tokens FROM passages ORDER BY row")
    return lexical_index((row, tokens.split()) for row, tokens in found)


def lexical_index(
    texts: Iterable[tuple[int, Sequence[str]]], k1: float | None = None, b: float | None = None
) -> LexicalIndex:
    """An index in memory of `(row, terms)` pairs, in ascending order of row."""
    import bm25s
    import numpy as np

    vocabulary: dict[str, int] = {}
    rows, ids = [], []
    for row, terms in texts:
        rows.append(row)
        ids.append([vocabulary.setdefault(t, len(vocabulary)) for t in terms])
    if not vocabulary:
        return LexicalIndex(None, np.zeros(0, dtype=np.int64))
    model = bm25s.BM25(method=METHOD, k1=K1 if k1 is None else k1, b=B if b is None else b)
    model.index((ids, vocabulary), show_progress=False)
    return LexicalIndex(model, np.array(rows, dtype=np.int64))


def _plain(text: str) -> str:
    """Lower case without accents, in one pass over the decomposed text."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@functools.cache
def _analyser(language: str) -> tuple[frozenset[str], Any]:
    """Stop words and a remembering stemmer; a language without one keeps its words whole."""
    import Stemmer
    from bm25s import stopwords

    words = getattr(stopwords, f"STOPWORDS_{_LISTS.get(language, '')}", ())
    stop = frozenset(_plain(w) for w in words)
    if language not in _SNOWBALL:
        return stop, lambda word: word
    return stop, Stemmer.Stemmer(_SNOWBALL[language]).stemWord


_LISTS = {
    "en": "EN_PLUS", "de": "GERMAN", "nl": "DUTCH", "fr": "FRENCH", "es": "SPANISH",
    "pt": "PORTUGUESE", "it": "ITALIAN", "ru": "RUSSIAN", "sv": "SWEDISH", "no": "NORWEGIAN",
    "tr": "TURKISH",
}  # fmt: skip
