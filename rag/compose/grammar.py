"""What a model that decodes here may write at all, as a grammar for constrained decoding.

A reply is one to three sentences. Each is made of the parts of one evidence sentence (or of two,
joined), in order, plain or as a quotation in “…”, and ends with the number of what it is made of.
So a number without evidence cannot be decoded, and a quotation is verbatim by construction. The
grammar is no verdict: `rag.compose.claims` judges what comes out, as it does any model's reply.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.compose.parts import LEAD_INS, Cited, Parts, parts_of
from rag.compose.tokens import ARTICLES
from rag.compose.view import View, view_of

__all__ = ["grammar_of"]

MOST_SENTENCES = 3
#: Words that are written small inside a sentence though the evidence begins with them.
_SMALL = ARTICLES | frozenset(
    "in on at after before during with by from under over between he she it they we his her its"
    " their this that these those there when while as for to of most many some all both".split()
)
#: What the grammar never lets through: citation marks, quotation marks and control signs.
_FORBIDDEN = re.compile('[\\[\\]<>{}|`"“”„‟«»\\x00-\\x1f\\x7f-\\x9f\u2028\u2029]')


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a sentence as its source has it, on one line; `gap` is what stands before it."""

    text: str
    gap: str


def grammar_of(evidence: Sequence[Cited]) -> str | None:
    """The grammar over evidence numbered from 1; None when nothing of it can be written safely."""
    rules: list[str] = []
    bodies: list[int] = []
    for number, cited in enumerate(evidence, start=1):
        made = _rules_of(number, cited)
        if made:
            rules += made
            bodies.append(number)
    if not bodies:
        return None
    more = min(MOST_SENTENCES, len(bodies)) - 1
    said = [f'(b{n} END | q{n}) " [{n}]"' for n in bodies]
    said += [f'b{n} JOINT c{m} END " [{n}][{m}]"' for n in bodies for m in bodies if n != m]
    return "\n".join(
        (
            "start: said" + (f' (" " said){{0,{more}}}' if more else ""),
            "said: " + " | ".join(said),
            'END: "."',
            'JOINT: ", and " | " and " | ", while " | "; "',
            *rules,
        )
    )


def _rules_of(number: int, cited: Cited) -> list[str]:
    """The rules for one sentence: `b` begins a claim, `c` goes on with one, `q` quotes."""
    view, parts = view_of(cited.text), parts_of(cited)
    pieces = [_piece(cited.text, view, parts, i) for i in range(len(parts.loose))]
    if any(_FORBIDDEN.search(p.text) or not p.text for p in pieces) or not pieces:
        return []
    rules = []
    for i, piece in enumerate(pieces):
        # p: the part inside a claim, r: with whatever may follow.
        rules.append(f"r{number}x{i}: {_literal(piece.text)} f{number}x{i}")
        rules.append(f"f{number}x{i}: " + " | ".join(_following(number, i, parts, pieces)))
    first = [f"{_any(_opened(pieces[i].text))} f{number}x{i}" for i in parts.begins()]
    inner = [f"{_any(_inside(pieces[i].text))} f{number}x{i}" for i in parts.begins()]
    chunks = [chunk for p in pieces for chunk in (p.gap, p.text) if chunk]
    words = json.dumps({"substring_chunks": chunks}, ensure_ascii=False)
    rules += [
        f"b{number}: " + " | ".join(first),
        f"c{number}: " + " | ".join(inner),
        f'q{number}: "“" Q{number} "”"',
        f"Q{number}: W{number} & /[^\\s,;:.](?s:.*)[^\\s,;:]/",
        f"W{number}: %regex {words}",
    ]
    return rules


def _following(number: int, part: int, parts: Parts, pieces: Sequence[_Part]) -> Iterator[str]:
    for after in parts.goes_on(part):
        if after == len(pieces):
            yield '""'
        else:
            # Without the part between two commas both commas go.
            gap = pieces[after].gap if after == part + 1 else " "
            yield f"{_literal(gap)} r{number}x{after}"


def _piece(source: str, view: View, parts: Parts, part: int) -> _Part:
    """One part in the source's own characters; brackets around it belong to it."""
    first, end = parts.bounds[part], parts.bounds[part + 1]
    if first == end:
        return _Part("", "")
    start = parts.tokens[first].start
    stop = parts.tokens[end - 1].end
    if view.text[start - 1 : start] == "(" and view.text[stop : stop + 1] == ")":
        start, stop = start - 1, stop + 1
    before = parts.tokens[first - 1].end if part else start
    gap = view.text[before:start].lstrip(")") or " "
    return _Part(_source(source, view, start, stop), gap if part else "")


def _source(source: str, view: View, start: int, end: int) -> str:
    return " ".join(view.span(start, end).of(source).split())


def _opened(text: str) -> list[str]:
    """The ways a part may begin a sentence: as it stands or without lead-in, with a capital."""
    ways = [text]
    head, _, rest = text.partition(" ")
    if rest and head.casefold().strip(",") in LEAD_INS:
        ways.append(rest)
    return [way[0].upper() + way[1:] for way in ways]


def _inside(text: str) -> list[str]:
    """The ways a part may go on with a sentence: a small word at its head is written small."""
    head = text.split(" ", 1)[0]
    return [text[0].lower() + text[1:] if head.casefold() in _SMALL else text]


def _any(texts: Sequence[str]) -> str:
    return "(" + " | ".join(_literal(t) for t in dict.fromkeys(texts)) + ")"


def _literal(text: str) -> str:
    """A string of the grammar's syntax, which is JSON's."""
    return json.dumps(text, ensure_ascii=False)
