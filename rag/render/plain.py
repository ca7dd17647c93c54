"""An answer as plain text and as Markdown; no third-party import."""

from __future__ import annotations

import re

from rag.render.answers import NEAREST, NOT_SAID, answer_lines, citation_place, hit_place
from rag.render.clean import one_line, snippet
from rag.render.disagreement import conflict_sentence
from rag.render.lines import to_text
from rag.types import Answer

__all__ = ["answer_to_markdown", "answer_to_text"]

_MARKUP = re.compile(r"[\\`*_\[\]<>|~&$]|:(?=//)|^[#+\-=]|^\d+(?=[.)])")


def answer_to_text(answer: Answer) -> str:
    """The answer for a pipe or a log: one logical line a line, the same on every run."""
    return to_text(answer_lines(answer))


def answer_to_markdown(answer: Answer) -> str:
    """The answer for a notebook; nothing in a document is read as markup or as HTML."""
    if not answer.answered:
        parts = [f"**{NOT_SAID}** {_escape(answer.abstained_because or '')}".rstrip()]
        parts += _scope(answer)
        for hit in answer.passages[:NEAREST]:
            parts.append(f"- {_escape(hit_place(hit))}: “{_escape(snippet(hit.passage.text))}”")
        return _joined(parts)
    parts = [_escape(answer.answer), *_scope(answer)]
    for citation in answer.citations:
        place, quote = _escape(citation_place(citation)), _escape(citation.quote)
        parts.append(f"- **\\[{citation.id}\\]** {place}: “{quote}”")
    for conflict in answer.conflicts:
        said = _escape(conflict_sentence(conflict, answer.citations))
        parts.append(f"- **The sources disagree on** {said}")
    return _joined(parts)


def _scope(answer: Answer) -> list[str]:
    """Which dates were searched, where not all."""
    return [f"*{_escape(answer.scope)}*\n"] if answer.scope else []


def _joined(parts: list[str]) -> str:
    return parts[0] + ("\n\n" + "\n".join(parts[1:]).rstrip() if parts[1:] else "")


def _escape(text: str) -> str:
    """Text in which every character that Markdown or HTML could read as markup is escaped."""
    return _MARKUP.sub(_escaped, one_line(text))


def _escaped(match: re.Match[str]) -> str:
    entities = {"<": "&lt;", ">": "&gt;", "&": "&amp;", ":": "&#58;"}
    mark = match[0]
    return f"{mark}\u2060" if mark.isdigit() else entities.get(mark, "\\" + mark)
