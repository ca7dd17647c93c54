"""Question-answer data for training, read from the forms in which the field keeps it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rag.errors import BadInput
from rag.evaluate.fields import list_in, object_of
from rag.evaluate.json_text import json_text, numbered_lines

__all__ = ["Example", "read_examples", "split_by_document"]

_HINT = "Give SQuAD JSON, JSON Lines with question, context and answers, or a suite folder."
_SUITE_HINT = "A query says in answer_starts, beside answers and relevant, where they stand."
#: Documents that an error names.
NAMED = 5
#: Names of files that hold one JSON object a line; any other is looked at.
_LINES = (".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True)
class Example:
    """A question about one context.

    `start` and `end` are the half-open code-point offsets of the answer in `context`, both None
    where the context does not answer. `answers` are all the gold answers, for scoring.
    `places` are the offsets of all of them. `answering` are all contexts that answer the question,
    None where they are not known. `title` is what the context stands behind when it is read; the
    document's name where None.
    """

    question: str
    context: str
    document: str
    start: int | None = None
    end: int | None = None
    answers: tuple[str, ...] = ()
    places: tuple[tuple[int, int], ...] = ()
    answering: frozenset[str] | None = None
    title: str | None = None

    @property
    def answerable(self) -> bool:
        return self.start is not None


def read_examples(path: Path) -> list[Example]:
    """Reads SQuAD JSON, JSON Lines in SQuAD's fields, or a suite folder (corpus and queries).

    Raises `BadInput` that names the file, the place in it and what is wrong there.
    """
    try:
        found = list(_suite(path) if path.is_dir() else _file(path))
    except OSError as error:
        at = error.filename or path
        raise BadInput(f"{at} cannot be read: {error.strerror or error}.", hint=_HINT) from error
    except (ValueError, RecursionError) as error:
        what = f"it is nested too deeply ({error})" if isinstance(error, RecursionError) else error
        raise BadInput(f"{path} is no training data: {what}.", hint=_HINT) from error
    if not found:
        hint = _SUITE_HINT if path.is_dir() else _HINT
        raise BadInput(f"{path} holds no question to train on.", hint=hint)
    return found


def split_by_document(
    examples: list[Example], held_out: frozenset[str]
) -> tuple[list[Example], list[Example]]:
    """(training, held out): no document gives questions to both."""
    known = {e.document for e in examples}
    unknown = held_out - known
    if unknown:
        listed = sorted(known)[:NAMED] + ["…"] * (len(known) > NAMED)
        raise BadInput(
            f"No training data comes from {', '.join(sorted(unknown))}.",
            hint=f"Its documents are {', '.join(listed)}.",
        )
    return (
        [e for e in examples if e.document not in held_out],
        [e for e in examples if e.document in held_out],
    )


def _file(path: Path) -> Iterator[Example]:
    """One JSON value (SQuAD's, or a list of questions), or questions one a line."""
    text = _text(path)
    if path.suffix.lower() not in _LINES:
        try:
            whole = json.loads(text)
        except json.JSONDecodeError as error:
            if not error.msg.startswith("Extra data"):
                raise ValueError(f"it is not JSON ({error})") from error
        else:
            return _each("question", whole, _flat) if isinstance(whole, list) else _squad(whole)
    return (e for at, record in _records(text) for e in _at(at, record, _flat))


def _squad(data: object) -> Iterator[Example]:
    number = 0
    for article in _list(object_of(data, "it"), "data"):
        title = str(object_of(article, "an entry of `data`").get("title") or "")
        for paragraph in _list(article, "paragraphs"):
            context = object_of(paragraph, "an entry of `paragraphs`").get("context")
            for qa in _list(paragraph, "qas"):
                number += 1
                asked = {**object_of(qa, "an entry of `qas`"), "context": context, "title": title}
                yield from _at(f"question {number}", asked, _flat)


def _flat(record: Mapping[str, Any]) -> Iterator[Example]:
    """A question with its context; its answers are a list of objects, or SQuAD's two lists."""
    if "answers" not in record and record.get("is_impossible") is not True:
        raise ValueError("it lacks `answers`, which is an empty list where there is none")
    answers = record.get("answers")
    if isinstance(answers, Mapping):
        texts, starts = _list(answers, "text"), _list(answers, "answer_start")
        if len(texts) != len(starts):
            raise ValueError("`answers` has not one `answer_start` for each `text`")
        places = list(zip(starts, texts, strict=True))
    else:
        given = [object_of(a, "an entry of `answers`") for a in _list(record, "answers", [])]
        places = [(a.get("answer_start"), a.get("text")) for a in given]
    if places and record.get("is_impossible") is True:
        raise ValueError("it has `answers` and `is_impossible`")
    title = str(record.get("title") or "")
    yield _example(_said(record, "question"), _said(record, "context"), title, places)


def _suite(folder: Path) -> Iterator[Example]:
    corpus = {r.get("_id"): r for _, r in _records(_text(folder / "corpus.jsonl"))}
    for at, query in _records(_text(folder / "queries.jsonl")):
        yield from _at(f"queries.jsonl, {at}", query, lambda q: _query(q, corpus))


def _query(query: Mapping[str, Any], corpus: Mapping[Any, Mapping[str, Any]]) -> Iterator[Example]:
    relevant = _list(query, "relevant", [])
    unknown = [r for r in relevant if r not in corpus]
    if unknown:
        raise ValueError(f"corpus.jsonl has no passage {unknown[0]}")
    passages = [corpus[r] for r in relevant]
    if "places" in query:
        return _placed(query, passages)
    return _asked_of(query, passages[0]) if passages else iter(())


def _placed(query: Mapping[str, Any], passages: Sequence[Mapping[str, Any]]) -> Iterator[Example]:
    """A question with every place that answers it; about near passages where none does."""
    answering = frozenset(p["text"] for p in passages if p["_id"] in query["places"])
    for passage in passages:
        places = [(start, text) for start, text in query["places"].get(passage["_id"], [])]
        document = str(query.get("article") or "")
        example = _example(_said(query, "text"), _said(passage, "text"), document, places)
        yield replace(example, answering=answering, title=passage.get("title"))


def _asked_of(query: Mapping[str, Any], passage: Mapping[str, Any]) -> Iterator[Example]:
    """A question about one passage, unless it is not said where that answers it."""
    # The suites keep different answers once each, so starts and texts need not pair up.
    context = _said(passage, "text")
    places = [
        (start, answer)
        for answer in _list(query, "answers", [])
        for start in _list(query, "answer_starts", [])
        if _stands(context, start, answer)
    ]
    if places or query.get("answerable") is False:
        document = query.get("article") or passage.get("title") or ""
        yield _example(_said(query, "text"), context, str(document), places)


def _text(path: Path) -> str:
    try:
        return json_text(path.read_bytes())
    except UnicodeDecodeError as error:
        raise ValueError("it is not UTF-8") from error


def _records(text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for number, line in numbered_lines(text):
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise ValueError(f"line {number} is not JSON ({error.msg})") from error
        yield f"line {number}", object_of(record, f"line {number}")


def _at(at: str, record: Any, read: Callable[[Any], Iterator[Example]]) -> Iterator[Example]:
    """What is read of a record; a mistake in it says where it stands."""
    try:
        yield from read(record)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{at}: {error}") from error


def _each(
    what: str, records: Sequence[Any], read: Callable[[Any], Iterator[Example]]
) -> Iterator[Example]:
    for number, record in enumerate(records, start=1):
        at = f"{what} {number}"
        yield from _at(at, object_of(record, at), read)


def _list(record: Mapping[str, Any], name: str, default: list[Any] | None = None) -> list[Any]:
    value = list_in(record, name)
    if value is None and default is None:
        raise ValueError(f"it lacks `{name}`")
    return (default or []) if value is None else value


def _said(record: Mapping[str, Any], name: str) -> str:
    value = record.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"it lacks `{name}`, or that is no text")
    return value


def _stands(context: str, start: object, text: object) -> bool:
    """Whether an answer stands where it says; some sets give -1 for a place they do not know."""
    if not isinstance(start, int) or isinstance(start, bool) or not isinstance(text, str):
        raise ValueError("an answer has no `text`, or no whole number for its start")
    return start >= 0 and bool(text) and context.startswith(text, start)


def _example(question: str, context: str, document: str, given: list[tuple[Any, Any]]) -> Example:
    """Trains on the answer that most annotators gave, the shortest of those that tie.

    A wrong place among right ones is left out. A question all of whose places are wrong is an
    error: taken for one without an answer, it would teach to refuse.
    """
    places = [(start, text) for start, text in given if _stands(context, start, text)]
    lost = [(start, text) for start, text in given if text]
    if not places and lost:
        raise ValueError(f"the answer “{lost[0][1]}” does not stand at {lost[0][0]} of its context")
    if not places:
        return Example(question.strip(), context, document)
    votes = Counter(text for _, text in places)
    start, text = min(places, key=lambda p: (-votes[p[1]], len(p[1]), p[0]))
    answers = tuple(dict.fromkeys(t for _, t in places))
    spans = tuple(sorted({(s, s + len(t)) for s, t in places}))
    return Example(question.strip(), context, document, start, start + len(text), answers, spans)
