"""Faults between the text, the statements and the citations of an answer: no file is needed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

__all__ = ["SHOWN", "answer_faults", "collapse", "reworded", "shortened"]

MARKER = re.compile(r"\[(\d{1,4})\]")
NOT_SAID = "The documents do not say."

#: What goes on a number behind a digit, and what one has begun with before a digit.
_MORE_DIGITS, _FEWER_DIGITS = re.compile(r"[.,]?\d"), re.compile(r"\d[.,]\Z")

#: Code points of a text that are quoted in a problem.
SHOWN = 120


def answer_faults(answer: Mapping[str, Any]) -> Iterator[str]:
    """A sentence on each fault of an answer whose parts have the types that they should have."""
    ids = [c["id"] for c in answer["citations"] if isinstance(c.get("id"), int)]
    found = [*_of_numbers(answer, ids), *_of_state(answer)]
    shows = answer["statements"] or answer["citations"]
    disordered = list(_of_order(answer)) if shows or answer.get("answered", True) else []
    if disordered:
        found += _of_text(answer, ids)
    if _extractive(answer):
        found += [*_not_in_quotes(answer), *_of_short_answer(answer)]
    # That it is not in order is told where nothing else says more of it.
    yield from found or disordered
    yield from _of_conflicts(answer, ids)
    yield from _of_speakers(answer)


def collapse(text: str) -> str:
    """The text with single spaces for its white space."""
    return " ".join(text.split())


def _of_numbers(answer: Mapping[str, Any], ids: Sequence[int]) -> Iterator[str]:
    """Numbers that are not there, are there twice or are not used."""
    for number in dict.fromkeys(i for i in ids if ids.count(i) > 1):
        yield f"Two citations have the number [{number}]."
    used: list[int] = []
    for n, statement in enumerate(answer["statements"], start=1):
        used += statement["citations"]
        if not statement["citations"]:
            yield f"Statement {n} has no citation: “{shortened(statement['text'])}”."
        for number in statement["citations"]:
            if number not in ids:
                yield f"Statement {n} points at [{number}], and there is no such citation."
    for number in ids:
        if number not in used:
            yield f"Citation [{number}] is not used by any statement."


def _of_state(answer: Mapping[str, Any]) -> Iterator[str]:
    """An abstention gives its reason and nothing else."""
    answered = answer.get("answered", True)
    if not isinstance(answered, bool):
        yield "Whether it is answered is neither true nor false."
    if answered is not False:
        if answer.get("answered") and not answer["statements"]:
            yield "The answer is said to be one, and has no statement."
        return
    if answer["statements"] or answer["citations"] or answer.get("short_answer") is not None:
        yield "The answer is said to be none, and has statements, citations or a short answer."
        return
    because = answer.get("abstained_because")
    whole = f"{NOT_SAID} {because}" if isinstance(because, str) else NOT_SAID
    if collapse(answer["answer"]) != collapse(whole):
        yield f"The answer is said to be none, and says: “{shortened(answer['answer'])}”."


def _of_text(answer: Mapping[str, Any], ids: Sequence[int]) -> Iterator[str]:
    """What a text that is not its statements in order has besides them."""
    quotes = [c["quote"] for c in answer["citations"] if isinstance(c.get("quote"), str)]
    texts = [s["text"] for s in answer["statements"]]
    left = collapse(answer["answer"])
    for text in sorted(map(collapse, [*texts, *quotes]), key=len, reverse=True):
        if text:
            left = left.replace(text, " ")
    for number in dict.fromkeys(int(m[1]) for m in MARKER.finditer(left)):
        if number not in ids:
            yield f"The answer has the marker [{number}], and there is no such citation."
    rest = collapse(MARKER.sub(" ", left))
    if re.search(r"\w", rest):
        yield f"The answer has words that no statement carries: “{shortened(rest)}”."


def _of_order(answer: Mapping[str, Any]) -> Iterator[str]:
    """The text is each statement with its markers, in order; no more and no less."""
    left = collapse(answer["answer"])
    for n, statement in enumerate(answer["statements"], start=1):
        marks = "".join(f"[{number}]" for number in statement["citations"])
        piece = collapse(f"{statement['text']} {marks}")
        if not left.startswith(piece):
            yield f"Statement {n} is not in its place in the answer, followed by {marks}."
            return
        left = left[len(piece) :].lstrip()
    if left:
        yield f"The answer has more than its statements: “{shortened(left)}”."


def _not_in_quotes(answer: Mapping[str, Any]) -> Iterator[str]:
    """An extractive statement is what it quotes, all of it: a `not` is easily cut off."""
    for n, statement in reworded(answer):
        yield f"Statement {n} is not in the words it quotes: “{shortened(statement['text'])}”."


def reworded(answer: Mapping[str, Any]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The statements, with their numbers, that are not their quotes one after another."""
    quotes = {c["id"]: c.get("quote") for c in answer["citations"] if type(c.get("id")) is int}
    for n, statement in enumerate(answer["statements"], start=1):
        cited = [quotes.get(i) for i in statement["citations"]]
        words = collapse(" ".join(q for q in cited if isinstance(q, str)))
        if statement["citations"] and _without_lead(statement) != words:
            yield n, statement


def _without_lead(statement: Mapping[str, Any]) -> str:
    """The statement less the words by which the composer names its speaker."""
    text = collapse(statement["text"])
    speaker = statement.get("speaker")
    if not isinstance(speaker, str) or not speaker.strip():
        return text
    first, _, rest = collapse(speaker).partition(" ")
    name = f"(?i:{re.escape(first)})" + (f" {re.escape(rest)}" if rest else "")
    return re.sub(rf"\AAccording to {name}: ", "", text)


def _of_speakers(answer: Mapping[str, Any]) -> Iterator[str]:
    """A statement's speaker is the one of a citation, which is held against its file."""
    for n, statement in enumerate(answer["statements"], start=1):
        speaker = statement.get("speaker")
        cited = [c for c in answer["citations"] if c.get("id") in statement["citations"]]
        if speaker is not None and not any(_same_speaker(statement, c) for c in cited):
            yield f"Statement {n} names the speaker “{speaker}”, and no citation of it does."


def _same_speaker(statement: Mapping[str, Any], citation: Mapping[str, Any]) -> bool:
    return all(statement.get(k) == citation.get(k) for k in ("speaker", "speaker_span"))


def _of_short_answer(answer: Mapping[str, Any]) -> Iterator[str]:
    """The short answer of an extractive one stands in its quotes, or is a speaker of them."""
    short = answer.get("short_answer")
    if short is None or answer.get("answered", True) is False:
        return
    cited = answer["citations"]
    texts = [t for t in (c.get("quote") for c in cited) if isinstance(t, str)]
    texts += [s["text"] for s in answer["statements"]]
    speakers = [c.get("speaker") for c in cited]
    if not isinstance(short, str) or not (
        short in speakers or any(_stands_in(short, text) for text in texts)
    ):
        yield f"The short answer stands in no quote: “{shortened(str(short))}”."


def _of_conflicts(answer: Mapping[str, Any], ids: Sequence[int]) -> Iterator[str]:
    """What a conflict has a citation say stands in its quote, as far as it is words of a quote."""
    conflicts = answer.get("conflicts", [])
    by_id = {c["id"]: c for c in answer["citations"] if type(c.get("id")) is int}
    for n, conflict in enumerate(conflicts if isinstance(conflicts, list) else [None], start=1):
        if not _is_conflict(conflict):
            yield f"Conflict {n} is not well formed."
            continue
        for number in conflict["citations"]:
            if number not in ids:
                yield f"Conflict {n} points at [{number}], and there is no such citation."
        for number, value in zip(conflict["citations"], conflict["values"], strict=False):
            if number in by_id and not _gives(answer, by_id[number], conflict["kind"], value):
                yield f"Conflict {n} has [{number}] say “{shortened(value)}”, and it does not."


def _is_conflict(conflict: object) -> bool:
    if not isinstance(conflict, dict):
        return False
    cited, values = conflict.get("citations"), conflict.get("values")
    if not (isinstance(cited, list) and isinstance(values, list)):
        return False
    told = [conflict.get("about"), conflict.get("kind"), *values]
    typed = all(type(i) is int for i in cited) and all(isinstance(t, str) for t in told)
    return typed and len(values) == (0 if conflict["kind"] == "disputed" else len(cited))


def _gives(answer: Mapping[str, Any], citation: Mapping[str, Any], kind: str, value: str) -> bool:
    """Whether a value is of the quote; where people differ, a speaker or a side of the question."""
    texts = [str(citation.get("quote"))]
    if kind not in {"number", "date", "name"}:
        if value in ("", "yes", "no", "claimed", "denied", citation.get("speaker")):
            return True
        texts.append(str(answer.get("question")))
    return any(_stands_in(value, text) for text in texts)


def _stands_in(part: str, text: str) -> bool:
    """Whether a text has a part somewhere whole: `960` does not stand in `1,960`."""
    part, text = collapse(part), collapse(text)
    found = (m.start() for m in re.finditer(re.escape(part), text)) if part else ()
    return any(not (_splits(text, at) or _splits(text, at + len(part))) for at in found)


def _splits(text: str, at: int) -> bool:
    """Whether a place lies inside a number or a word, of a script that sets words apart."""
    before, after = text[max(0, at - 2) : at], text[at : at + 2]
    if before[-1:].isdigit() and _MORE_DIGITS.match(after):
        return True
    if after[:1].isdigit() and _FEWER_DIGITS.search(before):
        return True
    return _is_cased(before[-1:]) and _is_cased(after[:1])


def _is_cased(letter: str) -> bool:
    return letter.lower() != letter.upper()


def _extractive(answer: Mapping[str, Any]) -> bool:
    """Whether the answer is in the sources' own words: unless it says that a model wrote it."""
    models = answer.get("models")
    composer = models.get("composer") if isinstance(models, dict) else None
    return not (isinstance(composer, str) and composer.startswith("generative"))


def shortened(text: str) -> str:
    text = collapse(text)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
