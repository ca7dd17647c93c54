"""A small index and an assistant over it that answer without models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

from rag.types import Answer, Document, Hit, Paragraph, Turn
from tests.render.samples import abstained, answered, citation, hit

TEXT = (
    "# Notes\n\nThe war ended in November.\n\nRussia brokered the ceasefire.\n\n"
    "Peacekeepers came after it.\n"
)


def document(source: str = "corpus/file.txt") -> Document:
    spans = [(0, 7, 1, True), (9, 35, 1, False), (37, 67, 2, False), (69, 96, 3, False)]
    paragraphs = tuple(Paragraph(n, s, e, None, heading) for s, e, n, heading in spans)
    return Document(
        source, TEXT, "0" * 64, "markdown", paragraphs, "Notes", None, "2023-11-07", "file name"
    )


class FakeIndex:
    """Holds documents of the same text under several names."""

    def __init__(self, *sources: str) -> None:
        self.sources = sources or ("corpus/file.txt", "corpus/a/note.md", "corpus/b/note.md")
        self.manifest = SimpleNamespace(embedder="all-MiniLM-L6-v2")
        self.base = Path()
        self.closed = False

    def find_source(self, name: str) -> list[str]:
        if name in self.sources:
            return [name]
        return [s for s in self.sources if s.endswith("/" + name)]

    def document(self, source: str) -> Document | None:
        return document(source) if source in self.sources else None

    def documents(self) -> Iterator[SimpleNamespace]:
        return iter([SimpleNamespace(source=s) for s in self.sources])

    def close(self) -> None:
        self.closed = True

    def __enter__(self) -> FakeIndex:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class FakeAssistant:
    """Answers from a script of answers and raises when it is exhausted; notes what it was asked."""

    def __init__(self, *answers: Answer, index: FakeIndex | None = None) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, dict[str, object]]] = []
        self.index = index or FakeIndex()
        self.closed = False

    def ask(self, question: str, *, history: Sequence[Turn] = (), **limits: object) -> Answer:
        self.asked.append((question, {**limits, "history": tuple(history)}))
        return self.answers.pop(0)

    def stream(self, question: str, **given: object) -> Iterator[str | Answer]:
        answer = self.ask(question, **given)
        for word in answer.answer.split():
            yield word + " "
        yield answer

    def search(self, query: str, **limits: object) -> list[Hit]:
        self.asked.append((query, limits))
        return [hit(1), hit(2)]

    def close(self) -> None:
        self.closed = True

    def __enter__(self) -> FakeAssistant:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def said(text: str = "Russia brokered the ceasefire.") -> Answer:
    """An answer that cites the second paragraph of the fake document."""
    cited = citation(quote=text, source="corpus/file.txt", paragraph=2, line=5, start=37, end=67)
    return answered(text, citations=(cited,))


def unsaid() -> Answer:
    return abstained()
