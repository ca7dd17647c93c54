"""A paragraph with its quotations hidden, so that only what stands around them is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rag.types import Document, Span
from rag.words.sentences import sentences

__all__ = ["HIDDEN", "QuotedParagraph", "quoted_paragraph"]

#: What an apostrophe begins that quotes nothing: `'tis`; `do n't` and `it 's` of tokenised text.
_SHORT = r"(?:tis|twas|em|til|cause|n|s|t|m|d|re|ve|ll)\b"
_QUOTED = re.compile(
    r"“[^“”]*”|«[^«»]*»|»[^«»]*«(?!\w)|„[^„“”]*[“”]|‹[^‹›]*›|(?<!\w)\"[^\"]*\"(?!\w)"
    r"|‘(?:[^‘’“”]|(?<=\w)’(?=\w)|“[^“”]*”)*’(?!\w)"
    rf"|``(?:(?!'').)*''|(?<![\w'’`])'(?!\d|{_SHORT})(?=[\w\"“])(?:[^'\n]|(?<=\w)'(?=\w))*"
    r"(?<=[\w.,!?…\"”])'(?!\w)"
)
#: A single sign that closes what nothing opened; where single signs quote, so may one behind an s.
_UNPAIRED = re.compile(
    rf"(?<!\w)\"|[“”‘«»„‹›]|``|[.,!?…]['’](?!['\w])|(?<![\w'’.`])'(?!\d|{_SHORT})(?=\w)"
)
_UNPAIRED_SINGLE = re.compile(r"[^\W\d]['’](?!['\w])")

HIDDEN = "\x00"
"""What stands for each character of a quotation in a masked paragraph."""


@dataclass(frozen=True, slots=True)
class QuotedParagraph:
    """A paragraph's sentences, and the document's text with its quotations hidden."""

    document: Document
    masked: str
    spans: tuple[Span, ...]
    quotations: tuple[Span, ...]
    sound: bool


def quoted_paragraph(document: Document, span: Span) -> QuotedParagraph | None:
    """The paragraph in which a span begins; None where it begins in none, or in a heading."""
    found = next(
        (p for p in document.paragraphs if p.start <= span.start < p.end and not p.heading), None
    )
    if found is None:
        return None
    masked, spans, quotations, sound = _read(
        document.text, found.start, found.end, document.language
    )
    return QuotedParagraph(document, masked, spans, quotations, sound)


@lru_cache(maxsize=4)
def _read(
    text: str, first: int, last: int, language: str
) -> tuple[str, tuple[Span, ...], tuple[Span, ...], bool]:
    """A paragraph's masked text, sentences and quotations; its sentences are asked for in turn."""
    spans = sentences(text, first, last, language)
    quotations = [Span(*m.span()) for m in _QUOTED.finditer(text[:last], first)]
    hidden, at = [], 0
    for start, end in ((q.start + 1, q.end - 1) for q in quotations):
        hidden += [text[at:start], HIDDEN * (end - start)]
        at = end
    rest = "".join([*hidden, text[at:last]])
    outside = _without(rest, quotations, first)
    single = any(text[q.start] in "‘'" for q in quotations)
    sound = not _UNPAIRED.search(outside) and not (single and _UNPAIRED_SINGLE.search(outside))
    return rest, tuple(spans), tuple(quotations), sound


def _without(masked: str, quotations: list[Span], start: int) -> str:
    """The paragraph outside its quotations: a sign left there has no partner."""
    kept, at = "", start
    for quotation in quotations:
        kept += masked[at : quotation.start]
        at = quotation.end
    return kept + masked[at:]
