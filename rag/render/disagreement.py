"""A conflict of an answer in one sentence: what each citation says, with its date and voice."""

from __future__ import annotations

from collections.abc import Sequence

from rag.compare.roles import REVISES
from rag.speech.reporting import inside_sentence
from rag.types import Citation, Conflict

__all__ = ["conflict_sentence"]

_TOLD = {"claimed": "claims it", "denied": "denies it"}


def conflict_sentence(conflict: Conflict, citations: Sequence[Citation]) -> str:
    """`the number of dead: 31 [1] (2016-04), 90 [2] (2017-04); the newer document says 90 [2].`"""
    cited = [c for n in conflict.citations for c in citations if c.id == n]
    if conflict.kind == "disputed":
        return f"{conflict.about} {_markers(cited)}."
    told = ", ".join(
        f"{value} [{c.id}] ({_origin(c, conflict)})"
        for value, c in zip(conflict.values, cited, strict=True)
    )
    return f"{conflict.about}: {told}{_newer(conflict, cited)}."


def _markers(cited: Sequence[Citation]) -> str:
    return "".join(f"[{c.id}]" for c in cited)


def _origin(citation: Citation, conflict: Conflict) -> str:
    """The date of a citation's document and, unless that is what differs, who speaks there."""
    date = citation.date or "undated"
    if citation.speaker is None or citation.speaker in conflict.values:
        return date
    return f"{date}, according to {inside_sentence(citation.speaker)}"


def _newer(conflict: Conflict, cited: Sequence[Citation]) -> str:
    """What the newest document says, where all are dated and one is surely the newest.

    Of one document, the number that it puts in the place of one told before.
    """
    if len({c.source for c in cited}) == 1:
        return _revised(conflict, cited)
    dates = [c.date or "" for c in cited]
    if any(c.speaker in conflict.values for c in cited) or not all(dates):
        return ""
    last = max(dates)
    if dates.count(last) > 1 or any(last.startswith(d) for d in dates if d != last):
        return ""
    newest = dates.index(last)
    value = conflict.values[newest]
    told = _TOLD.get(value, f"says {value}")
    return f"; the newer document {told} [{cited[newest].id}]"


def _revised(conflict: Conflict, cited: Sequence[Citation]) -> str:
    last = max(range(len(cited)), key=lambda n: cited[n].start)
    found = REVISES.search(cited[last].quote)
    # `The firm put the figure at 300`, `The true figure is 300`: another view, and not a later one.
    if conflict.kind != "number" or not found or found[0].lower().startswith(("put", "the true")):
        return ""
    return f"; the later number is {conflict.values[last]} [{cited[last].id}]"
