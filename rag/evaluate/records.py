"""Records of a run on disk, and an earlier run read back from them or from its `--json` output."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rag.errors import BadInput
from rag.evaluate.json_text import json_text, numbered_lines
from rag.evaluate.outcome import Outcome, outcome_from
from rag.evaluate.questions import Question, gold_fields
from rag.evaluate.row import Row, question_hash, row_of, rows_from
from rag.evaluate.score import score
from rag.evaluate.whole import written_whole

__all__ = ["read_baseline", "write_records"]

#: What reading another kind of file may raise.
_NO_RUN = (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError)

_HINT = "Give a file that an earlier run wrote with --records, or what it printed with --json."


def write_records(
    path: Path, records: Iterable[Mapping[str, Any]], *, append: bool = False
) -> None:
    """One JSON object a line, UTF-8; raises `BadInput` where it cannot be written.

    An earlier file gives way only to a whole one.
    """
    try:
        with path.open("a", encoding="utf-8") if append else written_whole(path) as file:
            file.writelines(_line(r) + "\n" for r in records)
    except OSError as error:
        raise BadInput(f"The records cannot be written to {path} ({error.strerror}).") from error


def _line(record: Mapping[str, Any]) -> str:
    """JSON that any reader splits into the same lines; lone surrogates are escaped."""
    text = json.dumps(record, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(record)
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\x85", "\\u0085")


def read_baseline(
    path: Path, now: Mapping[str, Sequence[Question]] | None = None
) -> dict[tuple[str, str], Row]:
    """Questions of an earlier run by (suite, id).

    Records are scored again, so that both runs are measured by the same definitions, and by the
    gold that the questions of these suites have `now`; the output of `--json` holds the scores
    that run gave. Raises `BadInput` for any other file.
    """
    try:
        found = _rows(_objects(json_text(path.read_bytes())), now or {})
    except OSError as error:
        raise BadInput(f"The baseline {path} cannot be read ({error.strerror}).") from error
    except _NO_RUN as error:
        raise BadInput(f"The baseline {path} is not an earlier run.", hint=_HINT) from error
    if not found:
        raise BadInput(f"The baseline {path} holds no question.", hint=_HINT)
    return found


def _objects(text: str) -> list[Any]:
    """One JSON object, however it is laid out, or one a line."""
    try:
        return [json.loads(text)]
    except ValueError:
        return [json.loads(line) for _, line in numbered_lines(text)]


def _rows(objects: list[Any], now: Mapping[str, Sequence[Question]]) -> dict[tuple[str, str], Row]:
    if "suites" in objects[0]:
        return {
            (suite["name"], row.id): row
            for suite in objects[0]["suites"]
            for row in rows_from(suite["questions"])
        }
    asked = {(suite, q.id): q for suite, questions in now.items() for q in questions}
    gold = {suite: gold_fields(questions) for suite, questions in now.items()}
    return {
        (r["suite"], r["_id"]): _rescored(
            outcome_from(r), asked.get((r["suite"], r["_id"])), gold.get(r["suite"])
        )
        for r in objects
    }


def _rescored(outcome: Outcome, now: Question | None, gold: frozenset[str] | None) -> Row:
    """The scores of an outcome, where its question is still asked by the gold that it has now."""
    asked = question_hash(outcome.question)
    if now is not None and gold is not None and question_hash(now) == asked:
        outcome = replace(outcome, question=now, gold=gold)
    outcome.scores.update(score(outcome))
    return row_of(outcome)
