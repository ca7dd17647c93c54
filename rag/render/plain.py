"""An answer as plain text and as Markdown; no third-party import."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.render.answers import (
    NEAREST,
    NOT_SAID,
    answer_lines,
    citation_place,
    footer,
    hit_place,
    left_out_lines,
)
from rag.render.clean import one_line, snippet
from rag.render.disagreement import conflict_sentence
from rag.render.lines import to_text
from rag.types import Answer

__all__ = ["answer_to_markdown", "answer_to_text"]

_MARKUP = re.compile(
    r"[\\`*_\[\]<>|~&$]|^[#+\-=]|^\d+[.)]"
    r"|:(?=//)|(?<=[wW]{3})\.|@"  # what many renderers make a link of by itself
)


def answer_to_text(answer: Answer) -> str:
    """The answer for a pipe or a log: one logical line a line, the same on every run."""
    return to_text(answer_lines(answer))


def answer_to_markdown(answer: Answer) -> str:
    """The answer for a notebook; nothing in a document is read as markup or as HTML."""
    if answer.answered:
        said, listed = _escape(answer.answer), "\n".join(_sources(answer))
    else:
        said = f"**{NOT_SAID}** {_escape(answer.abstained_because or '')}".rstrip()
        listed = "\n".join(_nearest(answer))
    below = to_text([*left_out_lines(answer), footer(answer, seconds=False)])
    asides = [_aside(text) for text in below.splitlines()]
    return "\n\n".join(filter(None, [said, _aside(answer.scope), listed, *asides]))


def _nearest(answer: Answer) -> Iterator[str]:
    for hit in answer.passages[:NEAREST]:
        yield f"- {_escape(hit_place(hit))}: “{_escape(snippet(hit.passage.text))}”"


def _sources(answer: Answer) -> Iterator[str]:
    """Each citation with its quote, then what they disagree on."""
    for citation in answer.citations:
        place, quote = _escape(citation_place(citation)), _escape(citation.quote)
        also = f" (also in {_escape(', '.join(citation.also_in))})" if citation.also_in else ""
        yield f"- **\\[{citation.id}\\]** {place}: “{quote}”{also}"
    for conflict in answer.conflicts:
        said = _escape(conflict_sentence(conflict, answer.citations))
        yield f"- **The sources disagree on** {said}"


def _aside(text: str | None) -> str:
    """What is told beside the answer, such as which dates were searched, where anything is."""
    return f"*{_escape(text)}*" if text else ""


def _escape(text: str) -> str:
    """Text in which every character that Markdown or HTML could read as markup is escaped."""
    return _MARKUP.sub(_escaped, one_line(text))


def _escaped(match: re.Match[str]) -> str:
    entities = {"<": "&lt;", ">": "&gt;", "&": "&amp;", ":": "&#58;", ".": "&#46;", "@": "&#64;"}
    mark = match[0]
    return entities.get(mark, f"{mark[:-1]}\\{mark[-1]}")
