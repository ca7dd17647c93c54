"""Questions with their gold answers, read from `.jsonl` files."""

from __future__ import annotations

import json
import re
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rag.config import check_range
from rag.errors import BadInput, RagError
from rag.evaluate.fields import (
    date_in,
    list_in,
    number_in,
    object_of,
    plain,
    sentence_groups_in,
    text_in,
    texts_in,
    words_of,
)
from rag.evaluate.json_text import json_text, numbered_lines
from rag.types import Turn

__all__ = ["GoldEvidence", "Question", "gold_fields", "question_from", "read_questions"]


#: MTRAG's labels: a partly answerable question has an answer; one too vague, or none at all, not.
_ANSWERABILITY = {
    "ANSWERABLE": True,
    "PARTIAL": True,
    "UNANSWERABLE": False,
    "UNDERSPECIFIED": False,
    "CONVERSATIONAL": False,
}
#: Who speaks in a turn, by the names that logs of conversations have for them.
_ROLES = {
    "user": "user",
    "human": "user",
    "assistant": "assistant",
    "agent": "assistant",
    "bot": "assistant",
    "model": "assistant",
    "ai": "assistant",
}


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

    @property
    def limits(self) -> dict[str, str]:
        """What is passed on with the question, as far as it is given."""
        names = ("since", "until", "as_of", "source", "speaker")
        return {name: value for name in names if (value := getattr(self, name)) is not None}


def read_questions(path: Path, *, split: str | None = None) -> list[Question]:
    """Every question of a file, in order; `split` keeps those of one split.

    Raises `BadInput` that names the file and the line.
    """
    found = {n: _read(path, n, line) for n, line in _lines(path)}
    if not found:
        raise BadInput(f"The question file {path} holds no question.")
    named = _named(path, found)
    return [q for q in named if split is None or q.split == split]


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        return numbered_lines(json_text(path.read_bytes()))
    except OSError as error:
        raise BadInput(f"The question file {path} cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"The question file {path} is not UTF-8.") from error


def _named(path: Path, found: Mapping[int, Question]) -> list[Question]:
    """The questions, each with an id of its own: where the file gives none, the line's number."""
    taken: set[str] = set()
    for number, question in found.items():
        if question.id in taken:
            raise BadInput(f"{path}, line {number}: the _id {question.id} was used before.")
        if question.id:
            taken.add(question.id)
    named = []
    for number, question in found.items():
        own = question.id or str(number)
        while not question.id and own in taken:
            own = f"line {own}"
        taken.add(own)
        named.append(replace(question, id=own))
    return named


def _read(path: Path, number: int, line: str) -> Question:
    try:
        return question_from(json.loads(line))
    except RagError as error:
        raise BadInput(f"{path}, line {number}: {error.message}", hint=error.hint) from error
    except json.JSONDecodeError as error:
        message = f"{path}, line {number} is not JSON: {error.msg}."
        raise BadInput(message, hint="Write one JSON object a line.") from error
    except RecursionError as error:
        raise BadInput(f"{path}, line {number} is not JSON: it is nested too deeply.") from error
    except ValueError as error:
        raise BadInput(f"{path}, line {number} is no question: {error}.") from error


def gold_fields(questions: Sequence[Question]) -> frozenset[str]:
    """The gold fields that a suite has: those that at least one of its questions fills.

    What a question without an answer names does not count: there is nothing to compare with it.
    """
    names = ("answers", "references", "relevant", "evidence", "evidence_sentences")
    having = [q for q in questions if q.answerable is not False]
    return frozenset(n for n in names if any(getattr(q, n) for q in having))


def question_from(record: object) -> Question:
    """A question from its JSON object; raises where a field is not what the format says.

    Its id is empty where the object has none.
    """
    given = object_of(record, "it")
    if "text" not in given:
        raise ValueError("it lacks `text`")
    text = given["text"]
    if not isinstance(text, str) or not text.strip():
        raise ValueError("`text` is empty")
    answers = texts_in(given, "answers")
    if not answers:
        answers = texts_in(given, "short_answers") or answers
    listed = list_in(given, "evidence")
    evidence = None if listed is None else tuple(dict.fromkeys(map(_evidence, listed)))
    limits = {name: date_in(given, name) for name in ("since", "until", "as_of")}
    check_range(limits["since"], limits["until"])
    check_range(limits["since"], limits["as_of"])
    name = given.get("_id")
    return Question(
        id="" if name is None else plain(name, "`_id`"),
        text=text,
        answerable=_answerable(given, bool(answers or evidence)),
        answers=answers,
        references=texts_in(given, "references"),
        relevant=texts_in(given, "relevant"),
        evidence=evidence,
        evidence_sentences=sentence_groups_in(given, "evidence_sentences"),
        types=_types(given),
        split=text_in(given, "split"),
        history=tuple(_turn(t) for t in list_in(given, "history") or ()),
        source=text_in(given, "source"),
        speaker=text_in(given, "speaker"),
        **limits,
    )


def _answerable(record: Mapping[str, Any], has_gold: bool) -> bool | None:
    """The label where there is one; a question with gold answers or evidence has an answer."""
    label = record.get("answerable")
    if label is not None:
        if not isinstance(label, bool):
            raise ValueError("`answerable` is neither true nor false")
        return label
    for word in words_of(record, "answerability")[:1]:
        name = word.strip().upper()
        if name not in _ANSWERABILITY:
            raise ValueError(f"`answerability` is none of {', '.join(_ANSWERABILITY)}")
        return _ANSWERABILITY[name]
    return True if has_gold else None


def _types(record: Mapping[str, Any]) -> tuple[str, ...]:
    """`type`, or MTRAG-UN's lists `question_type` and `multi_turn`: one question, several types."""
    named = words_of(record, "type")
    listed = words_of(record, "question_type") + words_of(record, "multi_turn")
    return tuple(dict.fromkeys(t for t in named or listed if t and t != "N/A"))


def _turn(turn: object) -> Turn:
    given = object_of(turn, "a turn of `history`")
    role = _ROLES.get(str(given.get("role") or given.get("speaker") or "user").strip().lower())
    if role is None:
        raise ValueError("a turn of `history` is neither of user nor of assistant")
    content = given.get("content")
    content = given.get("text") if content is None else content
    said = plain(content, "`content` of a turn of `history`")
    return Turn(role, said)


def _evidence(evidence: object) -> GoldEvidence:
    given = object_of(evidence, "an evidence")
    if "source" not in given:
        raise ValueError("an evidence lacks `source`")
    # The part after `#` may hold a slash, so the folders are cut off before it alone.
    path, mark, part = plain(given["source"], "`source` of an evidence").partition("#")
    if not path.strip():
        raise ValueError("`source` of an evidence is empty")
    quote = plain(given.get("quote") or given.get("text") or "", "`quote` of an evidence")
    page, start = number_in(given, "page"), number_in(given, "start")
    if start is None and not quote.strip(string.punctuation + string.whitespace):
        raise ValueError("an evidence has neither words in `quote` nor a `start`")
    name = re.split(r"[/\\]", path.rstrip("/\\"))[-1]  # a path of Windows, on any machine
    return GoldEvidence(name + mark + part, quote, page, start)
