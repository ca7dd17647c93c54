"""A writer that follows a script, documents made of sentences, and a checker of its own."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from benchmarks.facts import missing_facts
from rag.asking.question import understand
from rag.compose.extractive import Composition
from rag.compose.generative import GenerativeComposer, Writing
from rag.models.writer import Message
from rag.read import Reading
from rag.types import (
    Document,
    Evidence,
    EvidenceSentence,
    Hit,
    Paragraph,
    Passage,
    Span,
    Statement,
)


class ScriptedWriter:
    """Writes what it was given, piece by piece; raises when asked for more than the script has."""

    name = "scripted"

    def __init__(self, *replies: str | Sequence[str]) -> None:
        self.replies = [[r] if isinstance(r, str) else list(r) for r in replies]
        self.asked: list[list[Message]] = []
        self.grammars: list[str | None] = []
        self.closed = 0
        self.pause = 0.0

    @classmethod
    def slow(cls, *pieces: str) -> ScriptedWriter:
        """One that takes its time before each piece of its one reply."""
        writer = cls(pieces)
        writer.pause = 0.05
        return writer

    def generate(
        self, messages: Sequence[Message], *, max_tokens: int, grammar: str | None = None
    ) -> Iterator[str]:
        assert max_tokens > 0
        self.asked.append(list(messages))
        self.grammars.append(grammar)
        pieces = self.replies.pop(0)
        try:
            for piece in pieces:
                time.sleep(self.pause)
                yield piece
        finally:
            self.closed += 1

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    @property
    def prompt(self) -> str:
        return "\n".join(m.content for m in self.asked[-1])


def document(text: str, source: str = "notes.txt", **given: object) -> Document:
    """A document of one paragraph."""
    paragraphs = (Paragraph(1, 0, len(text)),)
    return Document(source, text, "ab" * 32, "text", paragraphs, **given)  # type: ignore[arg-type]


def reading_of(*sentences: str, answer: str | None = None, language: str = "en"):
    """Each sentence in a document of its own, all but equally good, the first one best."""
    documents, evidence = {}, []
    for n, text in enumerate(sentences, start=1):
        made = document(text, f"{n}.txt", date="2020-11-10", language=language)
        documents[made.source] = made
        hit = Hit(Passage(f"p{n}", n, made.source, 0, len(text), text, 1, 1), 1.0)
        support = 0.95 - n / 1000
        where = None
        if n == 1 and answer is not None:
            where = Span(text.index(answer), text.index(answer) + len(answer))
        found = EvidenceSentence(Span(0, len(text)), support, support)
        evidence.append(Evidence(n, hit, (found,), where, support))
    return Reading(tuple(evidence), 0.9), documents


def composed(
    writer: ScriptedWriter, *sentences: str, question: str = "What happened?", **given: str
) -> tuple[list[Statement], Writing]:
    """What was streamed, and the finished writing."""
    reading, documents = reading_of(*sentences, **given)
    streamed: list[Statement] = []
    writing = None
    for made in GenerativeComposer(writer).compose(understand(question), reading, documents):
        if isinstance(made, Writing):
            assert writing is None
            writing = made
        else:
            streamed.append(made)
    assert writing is not None
    sound(writing.composition, documents)
    return streamed, writing


def sound(made: Composition, documents: dict[str, Document]) -> None:
    """Whatever is shown: verbatim quotes, no citation unused or made up, facts in the quotes."""
    used = {n for s in made.statements for n in s.citations}
    assert used == {c.id for c in made.citations} == set(range(1, len(made.citations) + 1))
    quotes = {c.id: c.quote for c in made.citations}
    for citation in made.citations:
        text = documents[citation.source].text
        assert text[citation.start : citation.end] == citation.quote
    for statement in made.statements:
        cited = " ".join(quotes[n] for n in statement.citations)
        assert statement.verified
        assert missing_facts(statement.text, cited) == []
