"""What a model that decodes here may write at all, as a grammar for constrained decoding.

A reply states evidence sentences in their order, each at most once. What it says of one is made of
the parts of that sentence, in order, and ends with its number; two short ones may be joined. What a
writer says of himself ("I", "we") is a quotation in “…”: parts that stand together in the source.
So a number without evidence cannot be decoded, and a quotation is verbatim by construction. The
grammar is no verdict: `rag.compose.claims` judges what comes out, as it does any model's reply.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from rag.compose.gaps import leads_in
from rag.compose.joining import is_personal, kept_tokens, reaches_back, reaches_on
from rag.compose.leaning import may_follow
from rag.compose.parts import RELATIVES, Cited, Parts, parts_of
from rag.compose.tokens import ARTICLES, tokens_of
from rag.compose.view import View, view_of

__all__ = ["grammar_of", "is_writable"]

#: Words that two sentences may have together for one sentence to be made of both.
MOST_WORDS_JOINED = 36
#: Words that are written small inside a sentence though the evidence begins with them.
_SMALL = ARTICLES | frozenset(
    "in on at after before during with by from under over between he she it they we his her its"
    " their this that these those there when while as for to of most many some all both".split()
)
_OPENED = re.compile(r"\(\s*\Z")
_CLOSED = re.compile(r"[^\w(]{0,3}\)")
#: What the grammar never lets through: citation marks, quotation marks and control signs.
_FORBIDDEN = re.compile('[\\[\\]<>{}|`"“”„‟«»\\x00-\\x1f\\x7f-\\x9f\u2028\u2029]')


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a sentence as its source has it, on one line; `gap` is what stands before it."""

    text: str
    gap: str


def grammar_of(
    evidence: Sequence[Cited],
    must: Collection[int] = (),
    leaning: Collection[int] = (),
    barred: Collection[int] = (),
) -> str | None:
    """The grammar over evidence numbered from 1; None when it would leave nothing to choose.

    A reply states every number in `must` that can be written, one in `leaning` only right behind
    the number before it, and none in `barred`.
    """
    numbers = [n for n, c in enumerate(evidence, start=1) if n not in barred and is_writable(c)]
    joined = _joints(numbers, evidence)
    optional = len(numbers) > 1 and any(n not in must for n in numbers)
    if not (joined or optional or any(_has_ways(evidence[n - 1]) for n in numbers)):
        return None
    rules = [rule for n in numbers for rule in _rules_of(n, evidence[n - 1])]
    order = _order(numbers, must, leaning, joined)
    return "\n".join((*order, 'JOINT: ", and " | "; "', *rules)) if order else None


def is_writable(cited: Cited) -> bool:
    """Whether a sentence is free of signs that the grammar does not let through.

    One that opens with a bracket or ends with a colon would lose it.
    """
    view = view_of(cited.text)
    if _FORBIDDEN.search(" ".join(cited.text.split())) or "''" in view.text:
        return False
    if view.text.startswith(("(", "'")) or view.text.endswith((":", ";", ",")):
        return False
    pieces = _pieces(cited.text, view, parts_of(cited))
    return bool(pieces) and all(p.text for p in pieces)


def _has_ways(cited: Cited) -> bool:
    """Whether there is more than one way to state a sentence."""
    parts = parts_of(cited)
    cut = len(parts.begins()) > 1 or any(len(parts.goes_on(i)) > 1 for i in range(len(parts.loose)))
    return cut or (not is_personal(cited.text) and len(_opened(cited.text.strip())) > 1)


def _joints(numbers: Sequence[int], evidence: Sequence[Cited]) -> set[int]:
    """The numbers that may be joined with the next, so that one plain sentence comes of it."""
    return {
        n
        for n in numbers
        if n + 1 in numbers
        and _are_plain(evidence[n - 1].text, evidence[n].text)
        and may_follow(evidence[n - 1], evidence[n])
        and not reaches_on(kept_tokens(parts_of(evidence[n - 1])))
        and not reaches_back(kept_tokens(parts_of(evidence[n])))
    }


def _are_plain(one: str, other: str) -> bool:
    """Whether two sentences are short and simple, and the second surely opens with no name."""
    both = f"{one} {other}"
    head = other.split(" ", 1)[0]
    sized = (
        len(both.split()) <= MOST_WORDS_JOINED and min(map(len, (one.split(), other.split()))) > 3
    )
    knotted = re.search(r"\?|;|:|\band\b|\bwhile\b", both) or is_personal(both)
    return sized and not knotted and head.casefold() in _SMALL


def _order(
    numbers: Sequence[int], must: Collection[int], leaning: Collection[int], joined: set[int]
) -> list[str]:
    """The rules for what may follow what: empty when a reply could say nothing.

    `s` stands before anything is said, `a` right behind the number before, `z` elsewhere.
    """
    ended = len(numbers)
    rules, known = [f'a{ended}: ""', f'z{ended}: ""'], {f"a{ended}", f"z{ended}"}
    for at in reversed(range(ended)):
        number = numbers[at]
        neighbours = at > 0 and numbers[at - 1] == number - 1
        for state in "saz":
            leans = number in leaning and number - 1 not in must
            ways = []
            if not leans or (state == "a" and neighbours):
                gap = "" if state == "s" else '" " '
                ways.append(f"{gap}t{number} a{at + 1}")
                if number in joined:
                    ways.append(f"{gap}j{number} a{at + 2}")
            passed = f"{'s' if state == 's' else 'z'}{at + 1}"
            if number not in must and passed in known:
                ways.append(passed)
            if ways:
                rules.append(f"{state}{at}: " + " | ".join(ways))
                known.add(f"{state}{at}")
    said = [f'j{n}: b{n} JOINT c{n + 1} ". [{n}][{n + 1}]"' for n in sorted(joined)]
    return ["start: s0", *rules, *said] if "s0" in known else []


def _rules_of(number: int, cited: Cited) -> list[str]:
    """The rules for one sentence: `t` states it, `b` begins, `c` goes on with one, `q` quotes."""
    view, parts = view_of(cited.text), parts_of(cited)
    pieces = _pieces(cited.text, view, parts)
    rules = []
    for i, piece in enumerate(pieces):
        # p: the part inside a claim, r: with whatever may follow.
        rules.append(f"r{number}x{i}: {_literal(piece.text)} f{number}x{i}")
        rules.append(f"f{number}x{i}: " + " | ".join(_following(number, i, parts, pieces)))
    first = [f"{_any(_opened(pieces[i].text))} f{number}x{i}" for i in parts.begins()]
    inner = [f"{_any(_inside(pieces[i].text))} f{number}x{i}" for i in parts.begins()]
    rules += [f"b{number}: " + " | ".join(first), f"c{number}: " + " | ".join(inner)]
    if is_personal(view.text):
        whole = _any([f"“{quote}”" for quote in _quotations(pieces, parts)])
        return [*rules, f't{number}: {whole} ". [{number}]"']
    ends = view.text[-1]
    stop = "" if pieces[-1].text.endswith("?") else ends if ends in "!…" else "."
    return [*rules, f't{number}: b{number} "{stop} [{number}]"']


def _quotations(pieces: Sequence[_Part], parts: Parts) -> Iterator[str]:
    """The stretches of a sentence that may stand for it: what is left out is at its two ends."""
    for first in parts.begins():
        said = pieces[first].text
        for last in range(first, len(pieces)):
            said += pieces[last].gap + pieces[last].text if last > first else ""
            if len(pieces) in parts.goes_on(last):
                yield said


def _pieces(source: str, view: View, parts: Parts) -> list[_Part]:
    return [_piece(source, view, parts, i) for i in range(len(parts.loose))]


def _following(number: int, part: int, parts: Parts, pieces: Sequence[_Part]) -> Iterator[str]:
    for after in parts.goes_on(part):
        if after == len(pieces):
            yield '""'
        else:
            # Without the part between two commas both commas go, but for that before a `who`,
            # which would say of which of them the sentence is true, and that behind an aside.
            head = parts.tokens[parts.bounds[after]].norm
            kept = head in RELATIVES or _is_aside(parts, part)
            # Behind a bracket the sign stands for the whole.
            kept = kept or all(parts.bracketed[part + 1 : after])
            gap = pieces[after].gap if kept else " "
            yield f"{_literal(gap)} r{number}x{after}"


def _is_aside(parts: Parts, part: int) -> bool:
    return parts.added[part] and not parts.bracketed[part]


def _piece(source: str, view: View, parts: Parts, part: int) -> _Part:
    """One part in the source's own characters; brackets around it belong to it."""
    start, stop = _stretch(view, parts, part)
    if start == stop:
        return _Part("", "")
    before = _stretch(view, parts, part - 1)[1] if part else start
    return _Part(_source(source, view, start, stop), view.text[before:start] or " " if part else "")


def _stretch(view: View, parts: Parts, part: int) -> tuple[int, int]:
    first, end = parts.bounds[part], parts.bounds[part + 1]
    if first == end:
        return 0, 0
    start, stop = parts.tokens[first].start, parts.tokens[end - 1].end
    opened = _OPENED.search(view.text, 0, start)
    closed = _CLOSED.match(view.text, stop)
    if opened is not None and closed is not None:
        return opened.start(), closed.end()
    said = view.text[start:stop]
    if closed is not None and said.count("(") > said.count(")"):
        return start, closed.end()
    return start, stop


def _source(source: str, view: View, start: int, end: int) -> str:
    return " ".join(view.span(start, end).of(source).split())


def _opened(text: str) -> list[str]:
    """The ways a part may begin a sentence: as it stands or without lead-in, with a capital."""
    ways = [text]
    rest = text.partition(" ")[2]
    if rest and _leads_in(text):
        ways.append(rest)
    return [_with_capital(way) for way in ways]


def _with_capital(text: str) -> str:
    """The text with a capital, unless its first word has one inside, as `iPhone` does."""
    inside = text.split(" ", 1)[0][1:]
    return text if inside != inside.lower() else text[0].upper() + text[1:]


def _leads_in(text: str) -> bool:
    tokens = tokens_of(view_of(text).text)
    return leads_in(tokens, 0, len(tokens))


def _inside(text: str) -> list[str]:
    """The ways a part may go on with a sentence: without lead-in, small words at its head small."""
    head, _, rest = text.partition(" ")
    if rest and _leads_in(text):
        return _inside(rest)
    return [text[0].lower() + text[1:] if head.casefold() in _SMALL else text]


def _any(texts: Sequence[str]) -> str:
    return "(" + " | ".join(_literal(t) for t in dict.fromkeys(texts)) + ")"


def _literal(text: str) -> str:
    """A string of the grammar's syntax, which is JSON's."""
    return json.dumps(text, ensure_ascii=False)
