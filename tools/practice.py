"""Turns the practice stories of `eval/practice` into documents, questions and training data.

    python tools/practice.py OUT                      # every story
    python tools/practice.py OUT --split held         # those that no weight is trained on
    python tools/practice.py --check                  # is every answer where its label says?

OUT then holds `documents/` (to index), `questions.jsonl` (to ask of that index with `rag eval`)
and `suite/` (for `rag train reader --data`), whose passages are cut as an index cuts them. The
form of a story is told in `eval/practice/README.md`; every eighth story is held out by its name.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.models.tokens import EmbedderTokens
    from rag.types import Document, Span

ROOT = Path(__file__).resolve().parent.parent
PRACTICE = ROOT / "eval" / "practice"
#: Passages of its story that an unanswerable question is asked of in training.
NEAR = 2
HELD_SHARE = 8


@dataclass
class Writing:
    """A document of a story; its paragraphs are counted from 1."""

    label: str
    date: str
    kind: str
    title: str
    paragraphs: list[str] = field(default_factory=list)


@dataclass
class Asked:
    """A question in its wordings, and (document, paragraph, exact words) of every answer."""

    kind: str
    wordings: list[str]
    answers: list[tuple[str, int, str]] = field(default_factory=list)


@dataclass
class Story:
    """Documents about one thing and the questions on them."""

    name: str
    documents: dict[str, Writing] = field(default_factory=dict)
    questions: list[Asked] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def held(self) -> bool:
        return zlib.crc32(self.name.encode()) % HELD_SHARE == 0


def read_story(path: Path) -> Story:
    """Reads a story; what does not fit is named in its `faults`."""
    story = Story(path.stem)
    document: Writing | None = None
    lines: list[str] = []

    def end_paragraph() -> None:
        if document is not None and lines:
            document.paragraphs.append(" ".join(lines))
        lines.clear()

    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = raw.strip()
        if line.startswith("## "):
            end_paragraph()
            document = _heading(line, number, story)
        elif line.startswith("? "):
            end_paragraph()
            document = None
            kind, _, wordings = line[2:].partition("|")
            story.questions.append(
                Asked(kind.strip(), [w.strip() for w in wordings.split("||") if w.strip()])
            )
        elif line.startswith("=") and document is None and story.questions:
            _answer(line[1:].strip(), number, story)
        elif not line:
            end_paragraph()
        elif document is not None:
            lines.append(line)
        elif number > 1:
            story.faults.append(f"line {number} belongs to nothing")
    end_paragraph()
    return story


def _heading(line: str, number: int, story: Story) -> Writing | None:
    parts = [p.strip() for p in line[3:].split("|", 3)]
    if len(parts) != 4 or parts[0] in story.documents:
        story.faults.append(f"line {number}: not LABEL | date | kind | title")
        return None
    story.documents[parts[0]] = Writing(*parts)
    return story.documents[parts[0]]


def _answer(rest: str, number: int, story: Story) -> None:
    """Takes in an answer line; an empty one says that nothing in the story answers."""
    if not rest:
        return
    match = re.match(r"([a-z])(\d+)\s*:\s*(.+)$", rest)
    place = (match.group(1), int(match.group(2))) if match else ("", 0)
    writing = story.documents.get(place[0])
    if match is None or writing is None or not 1 <= place[1] <= len(writing.paragraphs):
        story.faults.append(f"line {number}: no such paragraph")
    elif match.group(3) not in writing.paragraphs[place[1] - 1]:
        story.faults.append(f"line {number}: paragraph {place[0]}{place[1]} holds no such words")
    else:
        story.questions[-1].answers.append((*place, match.group(3)))


def stories(folder: Path, split: str | None) -> list[Story]:
    found = [read_story(path) for path in sorted(folder.glob("*.txt"))]
    return [s for s in found if split is None or s.held == (split == "held")]


def write_documents(story: Story, folder: Path) -> None:
    """One Markdown file a document, its date and title in front matter."""
    folder.mkdir(parents=True, exist_ok=True)
    for writing in story.documents.values():
        title = json.dumps(writing.title, ensure_ascii=False)
        head = f"---\ntitle: {title}\ndate: {writing.date}\n---\n\n"
        name = f"{story.name}-{writing.label}.md"
        text = head + "\n\n".join(writing.paragraphs) + "\n"
        (folder / name).write_text(text, encoding="utf-8")


def records(story: Story) -> Iterator[dict[str, object]]:
    """The questions in the form of `eval/questions.jsonl`, one record a wording."""
    for n, asked in enumerate(story.questions, 1):
        evidence = [
            {"source": f"{story.name}-{label}.md", "quote": words}
            for label, _, words in asked.answers
        ]
        for m, wording in enumerate(asked.wordings):
            yield {
                "_id": f"{story.name}-{n}{'abcd'[m % 4]}",
                "text": wording,
                "type": asked.kind if evidence else "unanswerable",
                "answerable": bool(evidence),
                "answers": list(dict.fromkeys(words for _, _, words in asked.answers)),
                "evidence": evidence,
                "split": "held" if zlib.crc32(story.name.encode()) // HELD_SHARE % 2 else "fit",
            }


@dataclass
class Cut:
    """A passage of a document, as an index cuts it."""

    id: str
    label: str
    title: str
    span: Span
    document: Document

    @property
    def text(self) -> str:
        return self.span.of(self.document.text)


def write_suite(found: Sequence[Story], documents: Path, folder: Path) -> None:
    """Passages as an index cuts them, and the questions with every place that answers."""
    from rag.models.tokens import token_counter

    counter = token_counter(None)
    folder.mkdir(parents=True, exist_ok=True)
    corpus, queries = [], []
    for story in found:
        cuts = list(_cuts(story, documents, counter))
        corpus += [{"_id": c.id, "title": c.title, "text": c.text} for c in cuts]
        queries += _queries(story, cuts)
    _write(folder / "corpus.jsonl", corpus)
    _write(folder / "queries.jsonl", queries)


def _cuts(story: Story, documents: Path, counter: EmbedderTokens) -> Iterator[Cut]:
    from rag.ingest.chunk import ChunkConfig, chunk_spans
    from rag.ingest.read import read_documents

    for label, writing in story.documents.items():
        name = f"{story.name}-{label}.md"
        [document] = read_documents(documents / name, name)
        for n, span in enumerate(chunk_spans(document, counter, ChunkConfig())):
            yield Cut(f"{name}#{n}", label, writing.title, span, document)


def _queries(story: Story, cuts: Sequence[Cut]) -> Iterator[dict[str, object]]:
    from rag.store.lexical import analyse, lexical_index

    index = lexical_index((i, analyse(c.text)) for i, c in enumerate(cuts))
    for asked in story.questions:
        places = {c.id: found for c in cuts if (found := _places(story, asked, c))}
        if asked.answers and not places:
            continue  # cut in two
        for wording in asked.wordings:
            near = index.search(dict.fromkeys(analyse(wording)), NEAR)
            yield {
                "text": wording,
                "answerable": bool(places),
                "places": places,
                "relevant": list(places) or [cuts[i].id for i, _ in near],
                "article": story.name,
            }


def _places(story: Story, asked: Asked, cut: Cut) -> list[tuple[int, str]]:
    """Where in a passage the answers stand that its document's paragraphs are labelled with."""
    found = []
    for label, number, words in asked.answers:
        if label == cut.label:
            paragraph = story.documents[label].paragraphs[number - 1]
            begin = cut.document.text.find(paragraph)
            start = cut.document.text.find(words, max(begin, 0))
            if cut.span.start <= start and start + len(words) <= cut.span.end:
                found.append((start - cut.span.start, words))
    return found


def _write(path: Path, rows: Sequence[object]) -> None:
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    path.write_text("".join(lines), encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", nargs="?", type=Path)
    parser.add_argument("--stories", type=Path, default=PRACTICE)
    parser.add_argument("--split", choices=("fit", "held"))
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    found = stories(given.stories, given.split)
    faults = [f"{s.name}: {fault}" for s in found for fault in s.faults]
    if faults:
        print("\n".join(faults), file=sys.stderr)
    if given.out and not given.check:
        for story in found:
            write_documents(story, given.out / "documents")
        _write(given.out / "questions.jsonl", [r for s in found for r in records(s)])
        write_suite(found, given.out / "documents", given.out / "suite")
    asked = [q for s in found for q in s.questions]
    print(
        f"{len(found)} stories, {sum(len(s.documents) for s in found)} documents, {len(asked)} "
        f"questions in {sum(len(q.wordings) for q in asked)} wordings, "
        f"{sum(not q.answers for q in asked)} without an answer"
    )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
