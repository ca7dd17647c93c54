"""When a paragraph covers gold evidence: the same source, and the same words.

Gold evidence may be a few words, or a whole page of a table that a PDF reader sets out in
another order than ours; so words decide, and the page alone is never enough.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from rag.evaluate.answers import FEWEST_WORDS, holds_words, looked_up
from rag.evaluate.outcome import Place
from rag.evaluate.questions import GoldEvidence

__all__ = ["covers", "place_of"]

#: On the gold page, this share of the shorter text's words has to be in the longer one.
SHARED = 0.8

#: And the shorter text needs as many words, lest a page number match.
WORDS_TO_SHARE = 5


def covers(place: Place, gold: GoldEvidence) -> bool:
    """Whether a paragraph (or passage) covers gold evidence.

    The file must be the gold one, and so must the page where both name one. Then, with `start`,
    the two must overlap; without it, the gold words must stand in the paragraph, or the
    paragraph (of three words or more) in the gold words. Where the page is the gold one, 80 % of
    the shorter text's words are enough, in any order: tables are set out in many ways. Where a
    copy stands in the gold file, its words decide: it may begin elsewhere, on another page.
    """
    if not _same_source(place.source, gold.source):
        copied = any(_same_source(source, gold.source) for source in place.also_in)
        return copied and _holds(looked_up(place.text), looked_up(gold.quote))
    if not _same_page(place, gold):
        return False
    if gold.start is not None:
        return place.start < gold.start + max(1, len(gold.quote)) and gold.start < place.end
    text, quote = looked_up(place.text), looked_up(gold.quote)
    paged = gold.page is not None and place.page is not None
    return _holds(text, quote) or (paged and _share(text, quote))


def place_of(passage: Mapping[str, Any]) -> Place:
    """A retrieved passage, from its JSON object, as a place in its document."""
    source, text, page = passage["source"], passage["text"], passage["page"]
    copies = tuple(passage.get("also_in", ()))
    return Place(source, text, page, passage["start"], passage["end"], copies)


def _same_source(source: str, gold: str) -> bool:
    """File names, and parts where gold names one; folders do not matter.

    A folder may have a `#` in its name too.
    """
    path, mark, part = source.partition("#")
    name = path.rsplit("/", 1)[-1]
    return gold in {name + mark + part if "#" in gold else name, source.rsplit("/", 1)[-1]}


def _holds(text: str, quote: str) -> bool:
    """Whether one of two normalised texts stands in the other."""
    if holds_words(text, quote):
        return True
    return len(text.split()) >= FEWEST_WORDS and holds_words(quote, text)


def _same_page(place: Place, gold: GoldEvidence) -> bool:
    """Gold pages count from zero, citations from one; a source without pages has no say."""
    return gold.page is None or place.page is None or place.page == gold.page + 1


def _share(one: str, other: str) -> bool:
    shorter, longer = sorted((one.split(), other.split()), key=len)
    common = sum((Counter(shorter) & Counter(longer)).values())
    return len(shorter) >= WORDS_TO_SHARE and common >= SHARED * len(shorter)
