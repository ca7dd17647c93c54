"""Checks a saved answer against the source files as they are now, and says what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import UnreadableFile
from rag.store.answer_faults import SHOWN, answer_faults, collapse, reworded, shortened
from rag.store.answer_shape import answer_object, malformed
from rag.text import line_of, line_starts
from rag.types import Document, Span

if TYPE_CHECKING:
    from rag.store.index import Index

__all__ = ["CitationCheck", "Rules", "verify_answer", "verify_answers"]

_RECORDS = re.compile(r"\.(?:jsonl|ndjson)(?=#)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CitationCheck:
    """What was found out about a citation, or with `id` None about the answer as a whole.

    `problem` is one or more sentences, or None when all is well.
    """

    id: int | None
    ok: bool
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What the rules that make an answer say of a saved one (`rag.compose.recheck`).

    `speaker` says in a sentence that somebody else than the one given, or nobody, says what a span
    holds; `claim` says whether a text that a model wrote says only what some spans hold.
    """

    speaker: Callable[[Document, Span, str | None], str | None]
    claim: Callable[[str, Sequence[tuple[Document, Span]]], bool]


def verify_answer(
    answer: object, index: Index | None, rules: Rules | None = None
) -> list[CitationCheck]:
    """Re-reads every cited file and compares; one check a citation, then the answer's own faults.

    `answer` is the object that `rag ask --json` printed. Sources are found through the index,
    without one from the working directory. Without `rules` any speaker whose name stands where the
    citation says, and any words of a model, are taken as they are. Raises `BadInput` where `answer`
    is no such object.
    """
    return next(verify_answers([answer], index, rules))


def verify_answers(
    answers: Iterable[object], index: Index | None, rules: Rules | None = None
) -> Iterator[list[CitationCheck]]:
    """The checks of each answer, as `verify_answer` makes them; a file is read once for all."""
    files = _Files(index)
    return (_checks(answer_object(answer), files, rules) for answer in answers)


def _checks(checked: dict[str, Any], files: _Files, rules: Rules | None) -> list[CitationCheck]:
    citations: list[dict[str, Any]] = checked["citations"]
    checks = []
    for position, citation in enumerate(citations, start=1):
        problem = " ".join(_problems_of(citation, files, rules)) or None
        number = citation.get("id")
        name = number if isinstance(number, int) else position
        checks.append(CitationCheck(name, problem is None, problem))
    faults = [*answer_faults(checked)]
    if rules is not None and all(check.ok for check in checks) and not faults:
        faults += _wrong_claims(checked, files, rules)
    return checks + [CitationCheck(None, False, p) for p in faults]


class _Files:
    """The source files, each read once."""

    def __init__(self, index: Index | None) -> None:
        self._index = index
        self._base = index.base if index is not None else Path()
        self._read: dict[str, list[Document] | str] = {}

    def document(self, source: str) -> Document | str:
        """The document as its file gives it now, or the sentence that says why there is none."""
        trouble = None
        for name in self._names(source):
            if name not in self._read:
                self._read[name] = _read(self._base / name, name)
            found = self._read[name]
            if isinstance(found, str):
                trouble = trouble or found
                continue
            document = next((d for d in found if d.source == source), None)
            if document is not None:
                return document
            part = source[len(name) + 1 :]
            trouble = trouble or f"The file {name} has no record “{part}” any more."
        records = _RECORDS.search(source)
        file = source[: records.end()] if records else source
        return trouble or f"The file {file} is not there any more."

    def _names(self, source: str) -> list[str]:
        """The files that may hold a source: `file.jsonl#3` is a part of `file.jsonl`.

        A `#` may also stand in the name of a file and in that of a record, so all are tried,
        first the file that the index read it from.
        """
        cuts = [m.start() for m in re.finditer("#", source)]
        names = [source, *(source[:at] for at in reversed(cuts))]
        try:
            read_from = self._index.file_of(source) if self._index is not None else source
        except ValueError:  # half of a surrogate pair, which no index has in a name
            read_from = source
        there = [name for name in names if _is_file(self._base / name)]
        return sorted(there, key=lambda name: name != read_from)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # such as a name that is too long for any file
        return False


def _read(path: Path, name: str) -> list[Document] | str:
    from rag.ingest.read import read_documents

    try:
        return read_documents(path, name)
    except UnreadableFile as error:
        return f"The file {name} cannot be read any more: {error.message.rstrip('.')}."


def _problems_of(citation: Mapping[str, Any], files: _Files, rules: Rules | None) -> Iterator[str]:
    """Sentences on one citation; none when it holds."""
    lacking = list(malformed(citation))
    if lacking:
        yield f"The citation has no proper {' or '.join(lacking)}."
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
        yield from _wrong_speaker(citation, document, rules)
        yield from _wrong_copies(citation, files)


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
    if paragraph is None:
        yield "The quote stands in no paragraph of the document."
    elif paragraph.number != citation["paragraph"]:
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


def _wrong_speaker(
    citation: Mapping[str, Any], document: Document, rules: Rules | None
) -> Iterator[str]:
    """Who speaks has to be named where the citation says, and to be the one who speaks there."""
    speaker = citation.get("speaker")
    if speaker is not None:
        match citation.get("speaker_span"):
            case [int(start), int(end)] if 0 <= start < end:
                if collapse(document.text[start:end]) != collapse(speaker):
                    yield f"The speaker “{speaker}” does not stand at {start} to {end}."
                    return
            case _:
                yield f"Where the speaker “{speaker}” is named is not said."
                return
    if rules is not None and "speaker" in citation:
        wrong = rules.speaker(document, Span(citation["start"], citation["end"]), speaker)
        if wrong:
            yield wrong


def _wrong_claims(answer: Mapping[str, Any], files: _Files, rules: Rules) -> Iterator[str]:
    """What a model wrote says no more than the quotes, each of which holds."""
    citations = {c["id"]: c for c in answer["citations"]}
    for n, statement in reworded(answer):
        cited = [citations[i] for i in statement["citations"]]
        documents = [files.document(c["source"]) for c in cited]
        places = [
            (document, Span(c["start"], c["end"]))
            for document, c in zip(documents, cited, strict=True)
            if isinstance(document, Document)
        ]
        if not rules.claim(statement["text"], places):
            yield f"Statement {n} says what it does not quote: “{shortened(statement['text'])}”."


def _wrong_copies(citation: Mapping[str, Any], files: _Files) -> Iterator[str]:
    """Each source that is said to have the very words too has to have them."""
    for source in citation.get("also_in", ()):
        document = files.document(source) if isinstance(source, str) else f"{source} is no source."
        if isinstance(document, str):
            yield document
        elif collapse(citation["quote"]) not in collapse(document.text):
            yield f"The quote does not stand in {source} too."


def _paragraph(document: Document, at: int) -> Any:
    return next((p for p in document.paragraphs if p.start <= at < p.end), None)
