"""Checks a saved answer against the source files as they are now, and says what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import BadInput, UnreadableFile
from rag.text import line_of, line_starts
from rag.types import Document

if TYPE_CHECKING:
    from rag.store.index import Index

__all__ = ["CitationCheck", "verify_answer"]

MARKER = re.compile(r"\[(\d{1,4})\]")
SHOWN = 120

_FIELDS: dict[str, tuple[type, ...]] = {
    "id": (int,),
    "source": (str,),
    "quote": (str,),
    "source_sha256": (str,),
    "start": (int,),
    "end": (int,),
    "paragraph": (int,),
    "line": (int,),
    "page": (int, type(None)),
    "date": (str, type(None)),
    "title": (str, type(None)),
}


@dataclass(frozen=True, slots=True)
class CitationCheck:
    """What was found out about a citation, or with `id` None about the answer as a whole.

    `problem` is one or more sentences, or None when all is well.
    """

    id: int | None
    ok: bool
    problem: str | None = None


def verify_answer(answer: object, index: Index | None) -> list[CitationCheck]:
    """Re-reads every cited file and compares; one check a citation, then the answer's own faults.

    `answer` is the object that `rag ask --json` printed. Sources are found through the index,
    without one from the working directory. Raises `BadInput` where `answer` is no such object.
    """
    checked = _answer_object(answer)
    citations: list[dict[str, Any]] = checked["citations"]
    files = _Files(index)
    checks = []
    for position, citation in enumerate(citations, start=1):
        problem = " ".join(_problems_of(citation, files)) or None
        number = citation.get("id")
        name = number if isinstance(number, int) else position
        checks.append(CitationCheck(name, problem is None, problem))
    return checks + [CitationCheck(None, False, p) for p in _problems_of_answer(checked)]


class _Files:
    """The source files, each read once."""

    def __init__(self, index: Index | None) -> None:
        self._index = index
        self._read: dict[Path, list[Document] | str] = {}

    def document(self, source: str) -> Document | str:
        """The document as its file gives it now, or the sentence that says why there is none."""
        path, name = self._path(source)
        if path is None:
            return f"The file {name} is not there any more."
        if path not in self._read:
            self._read[path] = _read(path, name)
        found = self._read[path]
        if isinstance(found, str):
            return found
        document = next((d for d in found if d.source == source), None)
        part = source[len(name) + 1 :]
        return document or f"The file {name} has no record “{part}” any more."

    def _path(self, source: str) -> tuple[Path | None, str]:
        """The file of a source and its name; `file.jsonl#3` is a part of `file.jsonl`."""
        file, mark, _ = source.rpartition("#")
        for name in (source, file) if mark else (source,):
            path = self._index.base / name if self._index else Path(name)
            if path.is_file():
                return path, name
        return None, file if mark and ".jsonl#" in source.casefold() else source


def _read(path: Path, name: str) -> list[Document] | str:
    from rag.ingest.read import read_documents

    try:
        return read_documents(path, name)
    except UnreadableFile as error:
        return f"The file {name} cannot be read any more: {error.message.rstrip('.')}."


def _problems_of(citation: Mapping[str, Any], files: _Files) -> Iterator[str]:
    """Sentences on one citation; none when it holds."""
    malformed = list(_malformed(citation))
    if malformed:
        yield f"The citation has no proper {' or '.join(malformed)}."
        return
    document = files.document(citation["source"])
    if isinstance(document, str):
        yield document
        return
    quote, start = citation["quote"], citation["start"]
    if not quote.strip():
        yield "The quote is empty."
        return
    at = _where(document.text, quote, start)
    in_place = at == start and citation["end"] == start + len(quote)
    if document.sha256 != citation["source_sha256"]:
        yield _changed(document, at, in_place)
    elif at is None:
        yield _altered(document, quote, start, citation["end"])
    elif not in_place:
        stands = _place(document, at)
        yield f"The quote is not at {start} to {citation['end']}; it stands in {stands}."
    else:
        yield from _wrong_numbers(citation, document, at)


def _malformed(citation: Mapping[str, Any]) -> Iterator[str]:
    for name, kinds in _FIELDS.items():
        value = citation.get(name, ...)
        if not isinstance(value, kinds) or isinstance(value, bool):
            yield name


def _where(text: str, quote: str, start: int) -> int | None:
    """The offset at which the quote stands, the one nearest to `start`; None if nowhere."""
    if start >= 0 and text.startswith(quote, start):
        return start
    found = [m.start() for m in re.finditer(re.escape(quote), text)]
    return min(found, key=lambda at: (abs(at - start), at), default=None)


def _changed(document: Document, at: int | None, in_place: bool) -> str:
    if at is None:
        rest = "the quote no longer stands in it"
    elif in_place:
        rest = "the quote still stands at the same place"
    else:
        rest = f"the quote has moved to {_place(document, at)}"
    return f"The file {document.source} has changed since the answer was given; {rest}."


def _altered(document: Document, quote: str, start: int, end: int) -> str:
    """Says what the source has instead, where the offsets point at anything."""
    spaced = re.search(r"\s+".join(map(re.escape, quote.split())), document.text)
    if spaced:
        return f"The quote has other white space than {_place(document, spaced.start())}."
    there = " ".join(document.text[max(start, 0) : max(end, 0)][:SHOWN].split())
    instead = f" In its place the source has “{there}”." if there else ""
    return f"The quote stands nowhere in {document.source}: it was altered or made up.{instead}"


def _place(document: Document, at: int) -> str:
    paragraph = _paragraph(document, at)
    line = line_of(line_starts(document.text), at)
    return f"paragraph {paragraph.number}, line {line}" if paragraph else f"line {line}"


def _wrong_numbers(citation: Mapping[str, Any], document: Document, at: int) -> Iterator[str]:
    paragraph = _paragraph(document, at)
    line = line_of(line_starts(document.text), at)
    if paragraph is not None and paragraph.number != citation["paragraph"]:
        yield f"The quote is in paragraph {paragraph.number}, not {citation['paragraph']}."
    if line != citation["line"]:
        yield f"The quote is on line {line}, not {citation['line']}."
    page = paragraph.page if paragraph else None
    if page != citation["page"]:
        real = f"on page {page}" if page is not None else "in a source without pages"
        yield f"The quote is {real}, not on page {citation['page']}."
    if document.date != citation["date"]:
        real = f"is of {document.date}" if document.date else "has no date"
        said = citation["date"] or "without a date"
        yield f"The document {real}; the citation says {said}."
    if document.title != citation["title"]:
        real = f"is called “{document.title}”" if document.title else "has no title"
        said = f"“{citation['title']}”" if citation["title"] else "no title"
        yield f"The document {real}; the citation says {said}."


def _paragraph(document: Document, at: int) -> Any:
    return next((p for p in document.paragraphs if p.start <= at < p.end), None)


def _answer_object(answer: object) -> dict[str, Any]:
    """The answer if it has the shape of one; a text of any other shape is a mistake in the call."""
    hint = "Give a file that rag ask --json has written."
    if not isinstance(answer, dict):
        raise BadInput("This is not a saved answer.", hint=hint)
    for name in ("citations", "statements"):
        items = answer.get(name)
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise BadInput(f"The saved answer has no proper list of {name}.", hint=hint)
    if not isinstance(answer.get("answer"), str):
        raise BadInput("The saved answer has no text.", hint=hint)
    for n, statement in enumerate(answer["statements"], start=1):
        ids = statement.get("citations")
        numbered = isinstance(ids, list) and all(isinstance(i, int) for i in ids)
        if not isinstance(statement.get("text"), str) or not numbered:
            raise BadInput(f"Statement {n} of the saved answer is not well formed.", hint=hint)
    return answer


def _problems_of_answer(answer: Mapping[str, Any]) -> Iterator[str]:
    """Faults between text, statements and citations, which no file is needed for."""
    ids = [c["id"] for c in answer["citations"] if isinstance(c.get("id"), int)]
    for number in dict.fromkeys(i for i in ids if ids.count(i) > 1):
        yield f"Two citations have the number [{number}]."
    used: list[int] = []
    for n, statement in enumerate(answer["statements"], start=1):
        used += statement["citations"]
        if not statement["citations"]:
            yield f"Statement {n} has no citation: “{_short(statement['text'])}”."
        for number in statement["citations"]:
            if number not in ids:
                yield f"Statement {n} points at [{number}], and there is no such citation."
    for number in ids:
        if number not in used:
            yield f"Citation [{number}] is not used by any statement."
    if answer.get("answered", True):
        yield from _problems_of_text(answer, ids)


def _problems_of_text(answer: Mapping[str, Any], ids: Sequence[int]) -> Iterator[str]:
    """The text must be its statements and markers, and an extractive one its quotes."""
    quotes = [c["quote"] for c in answer["citations"] if isinstance(c.get("quote"), str)]
    texts = [s["text"] for s in answer["statements"]]
    left = _collapse(answer["answer"])
    for text in sorted(map(_collapse, [*texts, *quotes]), key=len, reverse=True):
        if text:
            left = left.replace(text, " ")
    for number in dict.fromkeys(int(m[1]) for m in MARKER.finditer(left)):
        if number not in ids:
            yield f"The answer has the marker [{number}], and there is no such citation."
    rest = _collapse(MARKER.sub(" ", left))
    if re.search(r"\w", rest):
        yield f"The answer has words that no statement carries: “{_short(rest)}”."
    models = answer.get("models")
    if isinstance(models, dict) and models.get("composer") == "extractive":
        yield from _not_in_quotes(answer)


def _not_in_quotes(answer: Mapping[str, Any]) -> Iterator[str]:
    """An extractive statement is in the words of the quotes it cites."""
    quotes = {c.get("id"): c.get("quote") for c in answer["citations"]}
    for n, statement in enumerate(answer["statements"], start=1):
        cited = [quotes.get(i) for i in statement["citations"]]
        words = _collapse(" ".join(q for q in cited if isinstance(q, str)))
        if statement["citations"] and _without_lead(statement) not in words:
            yield f"Statement {n} is not in the words it quotes: “{_short(statement['text'])}”."


def _without_lead(statement: Mapping[str, Any]) -> str:
    """The statement less the words by which the composer names its speaker."""
    text = _collapse(statement["text"])
    speaker = statement.get("speaker")
    if not isinstance(speaker, str):
        return text
    first, name = re.escape(speaker[:1]), re.escape(_collapse(speaker)[1:])
    return re.sub(rf"\AAccording to (?i:{first}){name}: ", "", text) if name else text


def _collapse(text: str) -> str:
    return " ".join(text.split())


def _short(text: str) -> str:
    text = _collapse(text)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
