"""Fields of a question file that nothing reads, though they are nearly named like one that is."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from rag.evaluate.json_text import json_text, numbered_lines

__all__ = ["FIELDS", "misnamed_fields"]

#: All that `question_from` reads.
FIELDS = (
    "_id", "text", "answers", "short_answers", "references", "relevant", "evidence",
    "evidence_sentences", "answerable", "answerability", "type", "question_type", "multi_turn",
    "split", "history", "since", "until", "as_of", "source", "speaker",
)  # fmt: skip

#: How alike two names are of which one is meant by the other: `id` and `_id` just are.
ALIKE = 0.8


def misnamed_fields(path: Path) -> dict[str, str]:
    """The field that seems to be meant by each other one of a file that can be read.

    A field of a user's own is none of them, nor is one beside which the field that is read stands.
    """
    meant: dict[str, str] = {}
    for _, line in numbered_lines(json_text(path.read_bytes())):
        record = json.loads(line)
        for name in _unread(record):
            near = _nearest(name)
            if near is not None and near not in record:
                meant[name] = near
    return meant


def _unread(record: Iterable[str]) -> list[str]:
    return [name for name in record if name not in FIELDS]


@functools.cache
def _nearest(name: str) -> str | None:
    plain = name.strip().casefold().replace("-", "_").replace(" ", "_")
    found = get_close_matches(plain, FIELDS, n=1, cutoff=ALIKE)
    return found[0] if found else None
