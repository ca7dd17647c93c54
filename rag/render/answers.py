"""An answer as lines: the text, its sources with the quoted words, or what is nearest."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.render.clean import snippet
from rag.render.disagreement import conflict_sentence
from rag.render.lines import BLANK, Line, Piece, counted, line
from rag.speech.reporting import inside_sentence
from rag.types import Answer, Citation, Hit, Passage

__all__ = [
    "NOT_SAID",
    "answer_lines",
    "citation_place",
    "footer",
    "hit_place",
    "left_out_lines",
    "rest_lines",
    "source_lines",
    "text_lines",
]

NOT_SAID = "The documents do not say."
NEAREST = 3

MARKERS = re.compile(r"(?:\[\d{1,4}\])+[.,;:!?]?")
"""A word that is nothing but `[n]` markers; `[3]` glued to a word is the document's own."""


def answer_lines(answer: Answer, *, seconds: bool = False) -> list[Line]:
    """The whole answer; `seconds` adds the time taken, which differs from run to run."""
    return [*text_lines(answer), *rest_lines(answer, seconds=seconds)]


def text_lines(answer: Answer) -> list[Line]:
    """The answer's text with its markers, or that the documents do not say, and why."""
    if answer.answered:
        return [_marked(part) for part in answer.answer.splitlines() if part.strip()]
    because = [line(answer.abstained_because)] if answer.abstained_because else []
    return [line(Piece(NOT_SAID, "warn")), *because]


def rest_lines(answer: Answer, *, seconds: bool = False) -> list[Line]:
    """What stands under the text: which dates were searched, sources or nearest passages, what
    they disagree on, what was left out, the footer."""
    listed = source_lines(answer) if answer.answered else _nearest_lines(answer)
    scope = [BLANK, line(Piece(answer.scope, "dim"))] if answer.scope else []
    return [
        *scope,
        *_heading(listed, answer),
        *_conflict_lines(answer),
        *left_out_lines(answer),
        BLANK,
        footer(answer, seconds),
    ]


def source_lines(answer: Answer) -> list[Line]:
    """Each citation: where it stands, and under it the quoted words."""
    lines: list[Line] = []
    for citation in answer.citations:
        lead = f"[{citation.id}] "
        lines.append(line(*_cited(citation), lead=Piece(lead, "marker")))
        lines.append(line(Piece(f"“{citation.quote.strip()}”", "dim"), lead=" " * len(lead)))
        if citation.also_in:
            also = Piece(f"also in {', '.join(citation.also_in)}", "dim")
            lines.append(line(also, lead=" " * len(lead)))
    return lines


def citation_place(citation: Citation) -> str:
    """`corpus/file.txt · 2023-11-07 · paragraph 4, line 7 (page 3) · according to Corin Albury`."""
    return "".join(piece.text for piece in _cited(citation))


def hit_place(hit: Hit) -> str:
    """The same for a passage."""
    return "".join(piece.text for piece in _place(hit.passage))


def footer(answer: Answer, seconds: bool) -> Line:
    """Confidence and, if asked for, seconds."""
    what = "confidence" if answer.answered else "confidence of the best candidate"
    parts = [f"{what} {answer.confidence:.0%}"]
    total = answer.timings_ms.get("total")
    if seconds and total is not None:
        parts.append(f"{total / 1000:.1f} s")
    return line(Piece(" · ".join(parts), "dim"))


def _heading(listed: list[Line], answer: Answer) -> list[Line]:
    if not listed:
        return []
    title = "Sources" if answer.answered else "Nearest passages"
    return [BLANK, line(Piece(title, "strong")), *listed]


def _marked(text: str) -> Line:
    """A line of the answer with its markers set off; the rest of the text is left alone."""
    return Line(tuple(_words(text)))


def _words(text: str) -> Iterator[Piece]:
    plain = ""
    for word in re.split(r"(\s+)", text):
        if MARKERS.fullmatch(word):
            yield Piece(plain)
            yield Piece(word, "marker")
            plain = ""
        else:
            plain += word
    yield Piece(plain)


def _place(at: Citation | Passage) -> list[Piece]:
    where = f"paragraph {at.paragraph}, line {at.line}"
    paged = f" (page {at.page})" if at.page is not None else ""
    return [Piece(at.source, "source"), Piece(f" · {at.date or 'undated'} · {where}{paged}")]


def _cited(citation: Citation) -> list[Piece]:
    """The place of a citation, and who says it where the document says it of somebody else."""
    if citation.speaker is None:
        return _place(citation)
    return [*_place(citation), Piece(f" · according to {inside_sentence(citation.speaker)}")]


def _nearest_lines(answer: Answer) -> list[Line]:
    lines: list[Line] = []
    for hit in answer.passages[:NEAREST]:
        lines.append(line(*_place(hit.passage), lead="  "))
        lines.append(line(Piece(f"“{snippet(hit.passage.text, 240)}”", "dim"), lead="    "))
    return lines


def _conflict_lines(answer: Answer) -> list[Line]:
    """One line for each conflict: what differs, between which citations, and what is newer."""
    said = [conflict_sentence(conflict, answer.citations) for conflict in answer.conflicts]
    lines = [line(Piece("The sources disagree on ", "warn"), text) for text in said]
    return [BLANK, *lines] if lines else []


def left_out_lines(answer: Answer) -> list[Line]:
    """A sentence that failed verification is never silently gone (law 2)."""
    lines = [
        line(Piece("Not verified: ", "bad"), s.text) for s in answer.statements if not s.verified
    ]
    if answer.dropped:
        count = counted(len(answer.dropped), "sentence")
        reasons = ", ".join(dict.fromkeys(d.reason.replace("_", " ") for d in answer.dropped))
        lines.append(line(Piece(f"Left out: {count} ({reasons}).", "dim")))
    return [BLANK, *lines] if lines else []
