"""Words as sparse vectors whose inner product is BM25, with the statistics kept beside them.

A passage's vector holds what BM25 says of a term inside it, a question's vector how rare each
term is. So the scores are those of the local index, in whatever pieces the server keeps the
passages; Milvus' own BM25 counts rarity in each of its pieces anew.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Sequence

from rag.store.lexical import K1, B

__all__ = ["idf", "passage_words", "rarity_of", "term_dimension", "term_key"]

#: Stands alone where a passage has no term at all, and for no term: a vector may not be empty.
NO_TERM = 0
_LONG = 200


def passage_words(terms: Sequence[str], average: float) -> dict[int, float]:
    """BM25's part that depends on the passage: per term its frequency, damped and by length.

    `average` is the mean number of terms of a passage. Terms that fall on one of the 2^32
    dimensions are added up.
    """
    length = len(terms) / average if average > 0 else 0.0
    words: dict[int, float] = {}
    for term, count in Counter(terms).items():
        at = term_dimension(term)
        weight = count / (count + K1 * (1 - B + B * length))
        words[at] = words.get(at, 0.0) + weight
    return words or {NO_TERM: 1.0}


def idf(passages: int, holding: int) -> float:
    """How much a term tells that so many of all passages hold, in Lucene's form."""
    return math.log(1 + (passages - holding + 0.5) / (holding + 0.5))


def rarity_of(passages: int, holding: int) -> float:
    """The same over the greatest there is, in (0, 1]."""
    passages = max(1, passages)
    return idf(passages, holding) / idf(passages, 0)


def holding_of(passages: int, rarity: float) -> int:
    """The number of passages that hold a term of this rarity: `rarity_of` the other way round."""
    odds = math.exp(rarity * idf(passages, 0)) - 1
    return round((passages + 0.5 - 0.5 * odds) / (1 + odds))


def term_dimension(term: str) -> int:
    """The dimension of a term, from 1 to 2^32 - 2."""
    digest = hashlib.blake2b(term.encode(errors="replace"), digest_size=8).digest()
    return 1 + int.from_bytes(digest, "big") % (2**32 - 2)


def term_key(term: str) -> str:
    """What a term is called in the store: itself, or the hash of a very long one."""
    if len(term) <= _LONG:
        return term
    return "#" + hashlib.sha256(term.encode(errors="replace")).hexdigest()
