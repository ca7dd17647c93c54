"""Questions with their gold answers, read from `.jsonl` files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import BadInput
from rag.types import Turn

__all__ = ["GoldEvidence", "Question", "read_questions"]


@dataclass(frozen=True, slots=True)
class GoldEvidence:
    """Words that stand in a source and carry the answer; `source` is a file name."""

    source: str
    quote: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question. A gold field that the file does not have is None, not empty."""

    id: str
    text: str
    answerable: bool | None = None
    answers: tuple[str, ...] | None = None
    references: tuple[str, ...] | None = None
    relevant: tuple[str, ...] | None = None
    evidence: tuple[GoldEvidence, ...] | None = None
    evidence_sentences: tuple[tuple[str, ...], ...] | None = None
    type: str | None = None
    split: str | None = None
    history: tuple[Turn, ...] = ()
    since: str | None = None
    until: str | None = None
    source: str | None = None


def read_questions(path: Path, *, split: str | None = None) -> list[Question]:
    """Every question of a file, in order; `split` keeps those of one split.

    Raises `BadInput` that names the file and the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"The question file {path} cannot be read.") from error
    questions = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                questions.append(_question(json.loads(line), number))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise BadInput(f"{path}, line {number} is not a question: {error}.") from error
    if not questions:
        raise BadInput(f"The question file {path} holds no question.")
    return [q for q in questions if split is None or q.split == split]


def _question(record: Mapping[str, Any], number: int) -> Question:
    text = record["text"]
    if not isinstance(text, str) or not text.strip():
        raise ValueError("`text` is empty")
    evidence = record.get("evidence")
    sentences = record.get("evidence_sentences")
    return Question(
        id=str(record.get("_id", number)),
        text=text,
        answerable=_answerable(record),
        answers=_strings(record.get("answers", record.get("short_answers"))),
        references=_strings(record.get("references")),
        relevant=_strings(record.get("relevant")),
        evidence=None if evidence is None else tuple(_evidence(e) for e in evidence),
        evidence_sentences=None if sentences is None else tuple(tuple(s) for s in sentences),
        type=record.get("type") or (record.get("question_type") and _flat(record["question_type"])),
        split=record.get("split"),
        history=tuple(_turn(t) for t in record.get("history") or ()),
        since=record.get("since"),
        until=record.get("until") or record.get("as_of"),
        source=record.get("source"),
    )


def _answerable(record: Mapping[str, Any]) -> bool | None:
    if "answerable" in record:
        return bool(record["answerable"])
    label = record.get("answerability")
    if label is None:
        return True if record.get("answers") else None
    return str(_flat(label)).upper() in {"ANSWERABLE", "PARTIAL"}


def _turn(record: Mapping[str, Any]) -> Turn:
    role = str(record.get("role") or record.get("speaker") or "user").lower()
    content = record.get("content", record.get("text", ""))
    return Turn("assistant" if role in {"assistant", "agent"} else "user", str(content))


def _evidence(record: Mapping[str, Any]) -> GoldEvidence:
    quote = record.get("quote") or record.get("text") or ""
    return GoldEvidence(Path(str(record["source"])).name, str(quote), record.get("page"))


def _strings(values: Sequence[Any] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(str(v) for v in values)


def _flat(value: object) -> str:
    return str(value[0]) if isinstance(value, list) and value else str(value)
