"""The lexical leg: BM25 over stemmed words.

The analysed words of each passage stand in the database, so that a rebuild needs no stemming.
"""

from __future__ import annotations

import functools
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.store.files import derived
from rag.store.history import gone_rows, last_row
from rag.text import LETTERS
from rag.words.mentions import undotted

if TYPE_CHECKING:
    import numpy as np

    from rag.store.database import Database
    from rag.store.postings import Postings

__all__ = ["LexicalIndex", "analyse", "lexical_index", "open_lexical", "query_terms"]

FOLDER = "lexical"

#: BM25 (Robertson and Zaragoza, 2009) with Lucene's idf, which is never negative. In passages of
#: a few sentences a second mention says little, and length less than in whole documents; see
#: docs/retrieval.md.
K1, B = 0.6, 0.5

#: How many queries' scores are kept: a question's own words and those of the turns before it.
_KEPT = 4

_WORD = re.compile(rf"\d+(?:[.,]\d+)*|{LETTERS}(?:['’]{LETTERS})?")
_THOUSANDS = re.compile(r"(?<=\d)(?<!\d{4})[,\u00a0\u2009\u202f](?=\d{3}(?!\d))")
#: Accents and the points of Semitic scripts may be left out; a vowel sign of Hindi may not.
_ACCENTS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u1ab0-\u1aff"
    "\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f]+"
)

_SNOWBALL = {
    "da": "danish", "de": "german", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
    "ar": "arabic", "hy": "armenian", "el": "greek",
}  # fmt: skip


def analyse(text: str, language: str = "en", without: frozenset[str] = frozenset()) -> list[str]:
    """The index terms of a text: words without accents and case, stop words out, stemmed.

    An acronym that is spelled like a stop word keeps its capitals: `WHO`. The words of `without`
    are left out too.
    """
    stop, stem = _analyser(language)
    written, terms = _WORD.findall(_plain(text)), []
    for at, as_is in enumerate(written):
        word = as_is.lower().replace("’", "'").removesuffix("'s")
        if word not in stop and word not in without:
            terms.append(stem(word))
        elif _is_acronym(as_is[: len(word)], written[max(0, at - 1) : at + 2]):
            terms.append(stem(word) if word not in stop else word.upper())
    return terms


def query_terms(query: str, languages: Sequence[str]) -> tuple[str, ...]:
    """The terms of a query in each of the languages, commonest first; equal ones once.

    A stop word of the commonest is one in the others too: `the` would be a rare word in them.
    """
    common = _analyser(languages[0])[0] if languages else frozenset()
    terms = (term for language in languages for term in analyse(query, language, common))
    return tuple(dict.fromkeys(terms))


def _is_acronym(word: str, around: Sequence[str]) -> bool:
    """Whether it stands out by its capitals: not in a heading, where all words have them.

    `around` are the word itself and those next to it.
    """
    if not (2 <= len(word) <= 4 and word.isupper()):
        return False
    alone = sum(other.isupper() for other in around) == 1
    return alone or any(other != other.upper() for other in around)


class LexicalIndex:
    """BM25 by term counts: what depends on all passages together is computed when asked.

    So passages may come and go, and the scores are those of an index made at once.
    """

    def __init__(
        self,
        parts: Sequence[Postings],
        gone: Sequence[int] = (),
        in_order: Callable[[Sequence[int]], list[int]] = sorted,
        parameters: tuple[float, float] | None = None,
    ) -> None:
        """`gone` rows are found no more; `in_order` sorts rows of several parts by source and
        place. `parameters` are k1 and b."""
        import numpy as np

        from rag.store.postings import Part

        lost = np.array(gone, dtype=np.int64)
        k1, b = parameters or (K1, B)
        self._in_order = in_order
        self._parts = [Part(p, lost) for p in parts if len(p)]
        self._passages = sum(part.passages for part in self._parts)
        mean = sum(part.terms for part in self._parts) / max(1, self._passages)
        for part in self._parts:
            part.normalise(k1, b, max(mean, 1e-9))
        self._kept: dict[tuple[str, ...], list[np.ndarray]] = {}

    def search(
        self, terms: Iterable[str], k: int, allowed: np.ndarray | None = None
    ) -> list[tuple[int, float]]:
        """The `k` best rows for analysed terms, by score, then source and place; only above zero.

        `allowed` (int64 rows) restricts what is ranked.
        """
        if k < 1:
            return []
        found = [
            part.best(scores, k, allowed)
            for part, scores in zip(self._parts, self._scores(terms), strict=True)
        ]
        ranked = [pair for some in found for pair in some]
        if sum(map(bool, found)) > 1:
            if len({score for _, score in ranked}) < len(ranked):
                place = {row: at for at, row in enumerate(self._in_order([r for r, _ in ranked]))}
                ranked.sort(key=lambda pair: place[pair[0]])
            ranked.sort(key=lambda pair: -pair[1])
        return ranked[:k]

    def scores(self, terms: Iterable[str], rows: np.ndarray) -> np.ndarray:
        """float32 (n,) BM25 of the given int64 rows, 0 where none of the terms is in one."""
        import numpy as np

        found = np.zeros(len(rows), dtype=np.float32)
        for part, scores in zip(self._parts, self._scores(terms), strict=True):
            at = part.postings.where.of(rows)
            found[at >= 0] = scores[at[at >= 0]]
        return found

    def rarity(self, terms: Iterable[str]) -> dict[str, float]:
        """The inverse document frequency of each term, over the greatest there is: in (0, 1].

        1 for a term that no passage holds (Spärck Jones 1972, in Lucene's form).
        """
        passages = max(1, self._passages)
        most = math.log(1 + (passages + 0.5) / 0.5)
        return {term: _idf(passages, self._holding(term)) / most for term in terms}

    def _holding(self, term: str) -> int:
        return sum(part.holding(term) for part in self._parts)

    def _scores(self, terms: Iterable[str]) -> list[np.ndarray]:
        """Of all places of each part. The last are kept: two calls of a question need them."""
        import numpy as np

        wanted = tuple(terms)
        if wanted not in self._kept:
            while len(self._kept) >= _KEPT:
                del self._kept[next(iter(self._kept))]
            scores = [np.zeros(len(part.postings), dtype=np.float32) for part in self._parts]
            for term in wanted:
                idf = np.float32(_idf(self._passages, self._holding(term)))
                for part, total in zip(self._parts, scores, strict=True):
                    part.add(term, idf, total)
            for part, total in zip(self._parts, scores, strict=True):
                total[part.lost] = 0
            self._kept[wanted] = scores
        return self._kept[wanted]


def _idf(passages: int, holding: int) -> float:
    return math.log(1 + (passages - holding + 0.5) / (holding + 0.5))


def open_lexical(database: Database, *, anew: bool = False) -> LexicalIndex:
    """The index of the database's generation: a base of this or an earlier one, and what is newer.

    The base is built where there is no sound one, or where a new one is wanted (`anew`).
    """
    base, generation = derived(
        database.directory / FOLDER,
        database.generation,
        lambda number: not anew and database.knows(number),
        load=_load,
        build=lambda: _build(database, 0),
        save=lambda postings, folder: postings.save(folder),
    )
    last = last_row(database, generation) or 0
    parts = [base, _build(database, last)]
    return LexicalIndex(parts, gone_rows(database, last), database.in_order)


def _load(folder: Path) -> Postings:
    from rag.store.postings import load_postings

    return load_postings(folder)


def _build(database: Database, after: int) -> Postings:
    """Postings of the rows above `after`, in the order of source and place."""
    from rag.store.postings import build_postings

    if after:
        found = database.rows("SELECT row, tokens FROM passages WHERE row > ?", (after,))
        tokens = dict(found)
        ordered: Iterable[tuple[int, str]] = (
            (row, tokens[row]) for row in database.in_order(list(tokens))
        )
    else:
        ordered = database.rows(
            "SELECT p.row, p.tokens FROM documents d CROSS JOIN passages p ON p.document = d.id"
            " ORDER BY d.source, p.start, p.end"
        )
    return build_postings((row, tokens.split()) for row, tokens in ordered)


def lexical_index(
    texts: Iterable[tuple[int, Sequence[str]]], k1: float | None = None, b: float | None = None
) -> LexicalIndex:
    """An index in memory of `(row, terms)` pairs, in ascending order of row."""
    from rag.store.postings import build_postings

    parameters = (K1 if k1 is None else k1, B if b is None else b)
    return LexicalIndex([build_postings(texts)], parameters=parameters)


def _plain(text: str) -> str:
    """Without accents, what parts the thousands of a number, and the points of `U.S.`."""
    text = _THOUSANDS.sub("", undotted(text))
    return text if text.isascii() else _ACCENTS.sub("", unicodedata.normalize("NFKD", text))


@functools.cache
def _analyser(language: str) -> tuple[frozenset[str], Any]:
    """Stop words and a remembering stemmer; a language without one keeps its words whole."""
    import Stemmer
    from bm25s import stopwords

    words = getattr(stopwords, f"STOPWORDS_{_LISTS.get(language, '')}", ())
    stop = frozenset(_plain(w).lower() for w in words)
    if language == "en":
        stop -= _NO_STOPS
    if language not in _SNOWBALL:
        return stop, lambda word: word
    return stop, Stemmer.Stemmer(_SNOWBALL[language]).stemWord


#: In the list only as pieces of `won't` and the like, which are not cut here: `won`, the river Don,
#: President Ma, Shan State.
_NO_STOPS = frozenset(("won", "don", "ma", "shan"))
_LISTS = {
    "en": "EN_PLUS", "de": "GERMAN", "nl": "DUTCH", "fr": "FRENCH", "es": "SPANISH",
    "pt": "PORTUGUESE", "it": "ITALIAN", "ru": "RUSSIAN", "sv": "SWEDISH", "no": "NORWEGIAN",
    "tr": "TURKISH",
}  # fmt: skip
