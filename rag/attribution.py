"""The reports of speech in a sentence: verbs of saying, and who their subjects are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag import reporting, speakers
from rag.quotations import QuotedParagraph
from rag.types import Span

__all__ = [
    "LONGEST",
    "Said",
    "Voice",
    "personal",
    "reports",
    "reports_others",
    "several",
]

_AFTER_INVERTED = re.compile(
    r"\Z|[,.;:)]|\s(?:of|in|at|from|on|to|by|last|as|who|yesterday|told)\b|\s[A-Z]?$"
)
_ENDS = re.compile(r"\Z|[^\w\s]|\s(?:\W|(?:of|in|at|from|on|who|which|that|and|as|cited|quoted)\b)")
_CLOSED = re.compile(r"[,–—]\Z|\s-\Z")
_APART = re.compile(r",(?!\s(?:and|or|but|so|yet|then)\b)|\s[–—-](?=\s)")
_AND = re.compile(r"(?:,\s)?\s?(?:and|&)\s|,\s(?=[A-Z][^,.]*,?\sand\s[A-Z])")
_OF_MINE = re.compile(r"\b(?:I|[Ww]e)\s(?:\w+\s){0,2}\Z")

LONGEST = 1500
"""Code points of a sentence beyond which nobody is looked for in it."""

_PATTERNS = (speakers.JOINT, speakers.NAMED, speakers.ROLE)


@dataclass(frozen=True, slots=True)
class Voice:
    """The speaker's name as it stands in the document, and where: `text[start:end] == name`."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Said:
    """One report of speech in a sentence: by somebody named, or by a pronoun at an offset.

    `late` says that a clause of its own stands before it, which this report does not cover.
    """

    voice: Voice | None
    pronoun: str = ""
    at: int = 0
    late: bool = False


@dataclass(frozen=True, slots=True)
class _Head:
    """The subject of a clause; `bare` is where its name ends, without its place or office."""

    voice: Voice
    bare: int
    named: bool


def reports(paragraph: QuotedParagraph, span: Span) -> Iterator[Said]:
    """Every report of speech in a sentence whose subject is clear and not subordinate."""
    masked, taken = paragraph.masked, set()
    if span.end - span.start > LONGEST:
        return
    for inverted in reporting.INVERTED.finditer(masked, span.start, span.end):
        head = _head_at(paragraph, inverted.end(), span)
        if head is not None and _AFTER_INVERTED.match(masked[head.bare : span.end]):
            taken.add(inverted.start())
            yield Said(head.voice)
    for match in reporting.ACCORDING.finditer(masked, span.start, span.end):
        pronoun = re.compile(r"(him|her|them)\b").match(masked, match.end(), span.end)
        head = _head_at(paragraph, match.end(), span)
        if pronoun is not None:
            yield Said(None, pronoun[1], match.start())
        elif head is not None:
            yield Said(head.voice)
    for verb in reporting.VERB.finditer(masked, span.start, span.end):
        if verb.start() not in taken:
            said = _subject(paragraph, span, verb)
            if said is not None:
                yield said


def reports_others(paragraph: QuotedParagraph, span: Span) -> bool:
    """Whether a sentence may report what somebody else says, however much in doubt."""
    masked = paragraph.masked
    signs = (reporting.INVERTED, reporting.ACCORDING)
    if any(sign.search(masked, span.start, span.end) for sign in signs):
        return True
    verbs = reporting.VERB.finditer(masked, span.start, span.end)
    return not all(_OF_MINE.search(masked, span.start, v.start()) for v in verbs)


def _head_at(paragraph: QuotedParagraph, at: int, span: Span) -> _Head | None:
    """Somebody named from an offset on, as after `said` or `according to`."""
    heads = [_head(p.match(paragraph.masked, at, span.end), paragraph) for p in _PATTERNS]
    found = [h for h in heads if h is not None and _fits(paragraph, h, span)]
    head = max(found, key=lambda h: h.bare, default=None)
    if head is None or not (head.named or _ENDS.match(paragraph.masked, head.bare, span.end)):
        return None
    joined = _AND.match(paragraph.masked, head.bare, span.end)
    if joined is None:
        return head
    more = _head_at(paragraph, joined.end(), span)
    if more is None:
        return None
    both = Span(head.voice.span.start, more.voice.span.end)
    name = both.of(paragraph.document.text)
    return _Head(Voice(name, both), more.bare, head.named)


def _head(match: re.Match[str] | None, paragraph: QuotedParagraph) -> _Head | None:
    if match is None:
        return None
    groups = match.groupdict()
    named, joint = groups.get("name") is not None, "of" not in groups
    part = "name" if named else 0
    if named and speakers.ROLE.fullmatch(match["name"]):
        part, named = 0, False
    start, end = match.span(part)
    text = paragraph.document.text
    while (opener := re.compile(r"([\w’'-]+)\s+").match(text, start, end)) is not None:
        if opener[1].casefold() not in speakers.OPENERS:
            break
        start = opener.end()
    bare = match.end() if joint else match.end("name") if named else match.start("of")
    bare = match.end() if bare < 0 else bare
    return _Head(Voice(text[start:end], Span(start, end)), bare, named or joint)


def _subject(paragraph: QuotedParagraph, span: Span, verb: re.Match[str]) -> Said | None:
    """Whose verb it is: what stands to its left, across an apposition if need be."""
    left = paragraph.masked[span.start : verb.start()].rstrip()
    while (adverb := reporting.ADVERB.search(left)) is not None:
        left = left[: adverb.start()]
    pronoun = speakers.PRONOUN.search(left)
    before = left[: pronoun.start()] if pronoun is not None else left
    if verb["aside"] and not re.search(r"[,\"”][^,]*\Z", before):
        return None
    if pronoun is not None:
        if not reporting.CLAUSE.search(before):
            return None
        late = reporting.COORDINATE.search(before) is not None
        return Said(None, pronoun["pronoun"], span.start + pronoun.start(), late)
    participle = reporting.PARTICIPLE.match(paragraph.masked, verb.start(), span.end)
    if participle is not None and _CLOSED.search(left):
        return None
    found = (_said_before(paragraph, span, span.start + end) for end in _ends(left))
    said = _outermost([f for f in found if f is not None])
    if said is None or (verb[0] in reporting.NOUNS and not several(said.named.name)):
        return None
    return Said(said.named, late=said.late)


@dataclass(frozen=True, slots=True)
class _Candidate:
    named: Voice
    late: bool


def _outermost(found: list[_Candidate]) -> _Candidate | None:
    """Of a name and its appositions (`X, head of Y, said`), found from the verb leftwards, X.

    `The minister, X, said` has X as the apposition: only persons lie outside.
    """
    if len(found) > 1 and found[0].named.name.startswith(("a ", "an ")):
        found = found[1:]
    persons = [f for f in found if personal(f.named.name)]
    if not persons:
        return found[0] if found else None
    start = persons[-1].named.span.start
    return next(f for f in found if f.named.span.start == start)


def _ends(left: str) -> Iterator[int]:
    """Where the subject may end: at the verb, or before an apposition set off by signs.

    After a single sign stands a participle, and not the subject's verb: `X, accused of it, left`.
    """
    closed = _CLOSED.search(left)
    if closed is None:
        outer = _unplaced(left)
        yield len(outer)
        if outer != left and reporting.ADVERBIAL.match(left):
            yield len(left)
        return
    opened = [m.start() for m in _APART.finditer(left, 0, closed.start())]
    if opened:
        ends = (closed.start(), *reversed(opened))
        yield from (end for end in ends if _unplaced(left[:end]) == left[:end])


def _unplaced(left: str) -> str:
    """Without the places of a place: `Police in Goris` of `Police in Goris, Syunik, Armenia`."""
    placed = speakers.PLACED.search(left)
    return left if placed is None or personal(placed["place"]) else left[: placed.start("sign")]


def _said_before(paragraph: QuotedParagraph, span: Span, end: int) -> _Candidate | None:
    """The subject that ends at an offset and begins a clause; the longest one."""
    masked, text = paragraph.masked, paragraph.document.text
    for at in (
        m.start() for m in re.compile(r"(?<![\w’'-])[\w@]").finditer(masked, span.start, end)
    ):
        heads = [_head(p.fullmatch(masked, at, end), paragraph) for p in _PATTERNS]
        head = next((h for h in heads if h is not None), None)
        if head is None:
            continue
        opened = text[span.start : min(at, head.voice.span.start)]
        if not reporting.CLAUSE.search(opened) or reporting.SUBORDINATE.search(opened):
            continue
        if opened.count("(") > opened.count(")"):
            continue
        if not _fits(paragraph, head, span):
            if head.voice.name.split()[0].casefold() in speakers.NO_SUBJECT:
                continue
            return None
        return _Candidate(head.voice, late=reporting.COORDINATE.search(opened) is not None)
    return None


def _fits(paragraph: QuotedParagraph, head: _Head, span: Span) -> bool:
    """Whether what the pattern found can be somebody."""
    name, start = head.voice.name, head.voice.span.start
    if not head.named:
        return not name.endswith(" to")  # `officials in Z declined to`
    tokens = name.split()
    if name.endswith(("'s", "’s")) or tokens[-1] in speakers.NOBODY:
        return False
    if tokens[0].casefold() in speakers.NO_SUBJECT:
        return False
    if len(tokens) > 1 or start > span.start or name.startswith("@"):
        return True
    body, text = paragraph.document.body_start, paragraph.document.text
    if re.search(r"(?<!an)(?<!in)(?<!i)s\Z", name) and not re.search(
        rf"[\w,]\s{re.escape(name[:-1])}", text
    ):
        return False
    return re.compile(rf"\b{re.escape(name.lower())}\b").search(text, body) is None


def personal(name: str) -> bool:
    """Whether a name looks like a person's: two capitalised words or more and no office."""
    tokens = name.split()
    if len(tokens) < 2 or re.fullmatch(speakers.NAME, name) is None:
        return False
    if tokens[0].casefold() in (speakers.NO_SUBJECT | speakers.OPENERS):
        return False
    return name.startswith("Prime Minister ") or speakers.NOT_A_PERSON.isdisjoint(tokens)


def several(name: str) -> bool:
    return speakers.SEVERAL.search(name) is not None
