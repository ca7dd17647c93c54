"""Questions with their gold answers, read from `.jsonl` files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.config import parse_date
from rag.errors import BadInput, RagError
from rag.types import Turn

__all__ = ["GoldEvidence", "Question", "gold_fields", "question_from", "read_questions"]


@dataclass(frozen=True, slots=True)
class GoldEvidence:
    """Words that stand in a source and carry the answer.

    `source` is a file name, with `#part` for one record of a file; `page` counts from zero;
    `start` is the code point at which the words begin.
    """

    source: str
    quote: str
    page: int | None = None
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question. A gold field that the file does not have is None, not empty.

    `types` are the kinds of question it is counted under.
    """

    id: str
    text: str
    answerable: bool | None = None
    answers: tuple[str, ...] | None = None
    references: tuple[str, ...] | None = None
    relevant: tuple[str, ...] | None = None
    evidence: tuple[GoldEvidence, ...] | None = None
    evidence_sentences: tuple[tuple[str, ...], ...] | None = None
    types: tuple[str, ...] = ()
    split: str | None = None
    history: tuple[Turn, ...] = ()
    since: str | None = None
    until: str | None = None
    as_of: str | None = None
    source: str | None = None
    speaker: str | None = None


def read_questions(path: Path, *, split: str | None = None) -> list[Question]:
    """Every question of a file, in order; `split` keeps those of one split.

    Raises `BadInput` that names the file and the line.
    """
    try:
        # Not splitlines(): a JSON string may hold U+2028, which is no line end here.
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise BadInput(f"The question file {path} cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"The question file {path} is not UTF-8.") from error
    questions: dict[str, Question] = {}
    for number, line in enumerate(lines, start=1):
        if line.strip():
            question = _read(path, number, line)
            if question.id in questions:
                raise BadInput(f"{path}, line {number}: the _id {question.id} was used before.")
            questions[question.id] = question
    if not questions:
        raise BadInput(f"The question file {path} holds no question.")
    return [q for q in questions.values() if split is None or q.split == split]


def _read(path: Path, number: int, line: str) -> Question:
    try:
        return question_from(json.loads(line), number)
    except RagError as error:
        raise BadInput(f"{path}, line {number}: {error.message}", hint=error.hint) from error
    except KeyError as error:
        raise BadInput(f"{path}, line {number} is no question: it lacks {error}.") from error
    except json.JSONDecodeError as error:
        raise BadInput(f"{path}, line {number} is not JSON: {error.msg}.") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise BadInput(f"{path}, line {number} is no question: {error}.") from error


def gold_fields(questions: Sequence[Question]) -> frozenset[str]:
    """The gold fields that a suite has: those that at least one of its questions fills."""
    names = ("answers", "references", "relevant", "evidence", "evidence_sentences")
    return frozenset(n for n in names if any(getattr(q, n) for q in questions))


def question_from(record: Mapping[str, Any], number: int = 0) -> Question:
    """A question from its JSON object; raises where a field is not what the format says."""
    if not isinstance(record, Mapping):
        raise TypeError("it is not an object")
    text = record["text"]
    if not isinstance(text, str) or not text.strip():
        raise ValueError("`text` is empty")
    evidence = _list(record, "evidence")
    sentences = _list(record, "evidence_sentences")
    return Question(
        id=str(record.get("_id", number)),
        text=text,
        answerable=_answerable(record),
        answers=_strings(record, "answers" if "answers" in record else "short_answers"),
        references=_strings(record, "references"),
        relevant=_strings(record, "relevant"),
        evidence=None if evidence is None else tuple(_evidence(e) for e in evidence),
        evidence_sentences=None
        if sentences is None
        else tuple(tuple(str(s) for s in group) for group in sentences),
        types=_types(record),
        split=_text(record, "split"),
        history=tuple(_turn(t) for t in record.get("history") or ()),
        since=_date(record, "since"),
        until=_date(record, "until"),
        as_of=_date(record, "as_of"),
        source=_text(record, "source"),
        speaker=_text(record, "speaker"),
    )


def _answerable(record: Mapping[str, Any]) -> bool | None:
    """The label where there is one; a question with gold answers or evidence has an answer.

    MTRAG-UN's four labels: a partly answerable question has an answer, one too vague has none.
    """
    label = record.get("answerable")
    if label is not None:
        if not isinstance(label, bool):
            raise ValueError("`answerable` is neither true nor false")
        return label
    words = _words(record.get("answerability"))
    if words:
        return words[0].upper() in {"ANSWERABLE", "PARTIAL"}
    gold = ("answers", "short_answers", "evidence")
    return True if any(record.get(name) for name in gold) else None


def _types(record: Mapping[str, Any]) -> tuple[str, ...]:
    """`type`, or MTRAG-UN's lists `question_type` and `multi_turn`: one question, several types."""
    named = _words(record.get("type"))
    listed = _words(record.get("question_type")) + _words(record.get("multi_turn"))
    return tuple(dict.fromkeys(t for t in named or listed if t and t != "N/A"))


def _date(record: Mapping[str, Any], name: str) -> str | None:
    value = record.get(name)
    return None if value is None else parse_date(str(value))


def _turn(record: Mapping[str, Any]) -> Turn:
    role = str(record.get("role") or record.get("speaker") or "user").lower()
    content = record.get("content", record.get("text", ""))
    return Turn("assistant" if role in {"assistant", "agent"} else "user", str(content))


def _evidence(record: Mapping[str, Any]) -> GoldEvidence:
    quote = record.get("quote") or record.get("text") or ""
    # The part after `#` may hold a slash, so the folders are cut off before it alone.
    path, mark, part = str(record["source"]).partition("#")
    name = Path(path).name + mark + part
    return GoldEvidence(name, str(quote), _number(record, "page"), _number(record, "start"))


def _number(record: Mapping[str, Any], name: str) -> int | None:
    value = record.get(name)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise ValueError(f"`{name}` of an evidence is not a whole number")
    return value


def _text(record: Mapping[str, Any], name: str) -> str | None:
    value = record.get(name)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"`{name}` is not a text")
    return value


def _list(record: Mapping[str, Any], name: str) -> list[Any] | None:
    value = record.get(name)
    if value is not None and not isinstance(value, list):
        raise ValueError(f"`{name}` is not a list")
    return value


def _strings(record: Mapping[str, Any], name: str) -> tuple[str, ...] | None:
    values = _list(record, name)
    return None if values is None else tuple(str(v) for v in values)


def _words(value: object) -> list[str]:
    """A label or a list of labels."""
    if value is None:
        return []
    return [str(v) for v in value] if isinstance(value, list) else [str(value)]
