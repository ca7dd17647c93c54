"""Whether two sentences still say the same once they are one: `A, and B`.

"Berg said that the town had fallen, and the dam burst" lets Berg say both, "In 1994 the war ended,
and the dam burst" dates both, and "we" of one writer becomes the "we" of another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.compose.gaps import LEAD_INS, PREPOSITIONS
from rag.compose.parts import Parts, bears
from rag.compose.tokens import ARTICLES, Token

__all__ = ["PERSONAL", "is_personal", "kept_tokens", "reaches_back", "reaches_on"]

#: A sentence with one of these is said by its writer, not by who cites it.
PERSONAL = re.compile(r"\b(?:I|[Ww]e|[Mm]y|[Oo]ur|[Mm]e|us|[Mm]ine|[Oo]urs)\b(?!\.)")
_CONDITIONS = frozenset(
    "according although because despite if since so that though unless until whereas whether"
    " while".split()
)
#: What besides opens a clause that does not end before `and`.
_SUBORDINATES = _CONDITIONS | frozenset("after as before once than when where".split())
#: What at its head says when or where all of a sentence is true, beside prepositions and dates.
_FRAMES = _SUBORDINATES | frozenset(
    "again ago earlier here last later next now nowadays once recently soon then there today"
    " tonight tomorrow yesterday".split()
)
_SHOWN_DAY = frozenset("ago now today tonight tomorrow yesterday".split())
#: Words behind a verb of saying from which they may be what is said: "he left", not "it".
_A_CLAUSE = 2


def is_personal(text: str) -> bool:
    """Whether a sentence is in the first person."""
    return PERSONAL.search(text) is not None


def kept_tokens(parts: Parts) -> list[Token]:
    """The tokens that a claim over these parts has at least."""
    free = zip(parts.pieces, parts.added, parts.loose, strict=True)
    return [t for part, added, loose in free if not (added or loose) for t in part]


def reaches_on(said: Sequence[Token]) -> bool:
    """Whether something in a sentence may be read of what is joined behind it."""
    said = [t for t in said if t.norm not in ARTICLES]
    while said and said[0].norm in LEAD_INS:
        said = said[1:]
    if not said or said[0].kind == "date" or said[0].norm in _FRAMES | PREPOSITIONS:
        return True
    over = any(_bears(t) for t in said[:-_A_CLAUSE])
    return over or any(t.norm in _SUBORDINATES | _SHOWN_DAY for t in said)


def reaches_back(said: Sequence[Token]) -> bool:
    """Whether something in a sentence may be read of what it is joined to."""
    opened = [at for at, t in enumerate(said) if t.apart]
    tail = said[opened[-1] :] if opened else ()
    return any(_bears(t) for t in tail) or any(t.norm in _CONDITIONS | _SHOWN_DAY for t in said)


def _bears(token: Token) -> bool:
    return token.kind != "negation" and bears(token)
