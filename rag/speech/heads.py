"""Somebody named in a sentence: the subject of a verb of saying, and what is a person."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.speech import speakers
from rag.types import Span
from rag.words.quotations import QuotedParagraph

__all__ = ["PATTERNS", "Head", "Voice", "fits", "head_at", "head_of", "personal", "several"]

_ENDS = re.compile(
    r"\Z|[^\w\s]|\s(?:\W|(?:of|in|at|from|for|on|by|who|which|that|and|as|cited|quoted|released"
    r"|published|seen|obtained|the|an?|it|he|she|they|there|this|these|no|\d+)\b)"
)
_NO_NAME = re.compile(r"\bI\b|[’'](?:ve|ll|re|m|d)\b|n[’']t\b")
_DOING = re.compile(r"\s(?:of|in|at|from|for|near|on|to|with)\b")
_BODY_OF = re.compile(
    rf"\s(?:of|for|on)\s(?:(?:the|an?)\s)?{speakers.NAME}(?:(?:,\s{speakers.NAME})?\sand\s{speakers.NAME})?"
)
_AND = re.compile(r"(?:,\s)?\s?(?:and|&)\s|,\s(?=[A-Z][^,.]*,?\sand\s[A-Z])")

PATTERNS = (speakers.JOINT, speakers.NAMED, speakers.ROLE)


@dataclass(frozen=True, slots=True)
class Voice:
    """The speaker's name as it stands in the document, and where: `text[start:end] == name`."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Head:
    """The subject of a clause; `bare` is where its name ends, without its place or office."""

    voice: Voice
    bare: int
    named: bool


def head_at(paragraph: QuotedParagraph, at: int, span: Span) -> Head | None:
    """Somebody named from an offset on, as after `said` or `according to`."""
    heads = [head_of(p.match(paragraph.masked, at, span.end), paragraph) for p in PATTERNS]
    found = [h for h in heads if h is not None and fits(paragraph, h, span)]
    head = max(found, key=lambda h: h.bare, default=None)
    if head is None or not (head.named or _ENDS.match(paragraph.masked, head.bare, span.end)):
        return None
    joined = _AND.match(paragraph.masked, head.bare, span.end)
    if joined is None:
        return head
    more = head_at(paragraph, joined.end(), span)
    if more is None:
        return None
    both = Span(head.voice.span.start, more.voice.span.end)
    name = both.of(paragraph.document.text)
    return Head(Voice(name, both), more.bare, head.named)


#: First names that are verbs too: `Will Smith said`, and not `Will Norway say …?`.
_FIRST_NAMES = frozenset(("Will", "Can"))
_SMALL_FIRST_NAMES = frozenset(n.lower() for n in _FIRST_NAMES)


def head_of(match: re.Match[str] | None, paragraph: QuotedParagraph) -> Head | None:
    if match is None:
        return None
    groups = match.groupdict()
    named, joint = groups.get("name") is not None, "of" not in groups
    part = "name" if named else 0
    if named and speakers.ROLE.fullmatch(match["name"]):
        part, named = 0, False
    start, end = match.span(part)
    text = paragraph.document.text
    while (opener := re.compile(r"([\w’'-]+),?\s+").match(text, start, end)) is not None:
        if opener[1].casefold() not in speakers.OPENERS:
            break
        start = opener.end()
    if named and text[start:end].rsplit(maxsplit=1)[-1] in speakers.BODY_NAMES:
        whole = _BODY_OF.match(text, end, match.end())
        if whole is not None:
            return Head(
                Voice(text[start : whole.end()], Span(start, whole.end())), whole.end(), True
            )
    bare = match.end() if joint else match.end("name") if named else match.start("of")
    bare = match.end() if bare < 0 else bare
    return Head(Voice(text[start:end], Span(start, end)), bare, named or joint)


def _asks(paragraph: QuotedParagraph, span: Span) -> bool:
    return span.of(paragraph.document.text).rstrip("\"”’') ").endswith("?")


def fits(paragraph: QuotedParagraph, head: Head, span: Span, *, single: bool = False) -> bool:
    """Whether what the pattern found can be somebody; `single` tells that the verb says so."""
    name, start = head.voice.name, head.voice.span.start
    if not head.named:
        # `officials in Z declined to`, `the side on which`
        return re.search(r"\s(?:to|on|in|at|by|with|of|for|and|or|the|an?)\Z", name) is None
    tokens = name.split()
    if name.endswith(("'s", "’s")) or tokens[-1] in speakers.NOBODY or _NO_NAME.search(name):
        return False
    first_name = len(tokens) > 1 and tokens[0] in _FIRST_NAMES and not _asks(paragraph, span)
    if tokens[0].casefold() in speakers.NO_SUBJECT and not first_name:
        return False
    if len(tokens) > 1 or start > span.start or name.startswith("@"):
        return True
    body, text = paragraph.document.body_start, paragraph.document.text
    if name.endswith("ing") and _DOING.match(text, head.bare):  # `Speaking in Lund, X said`
        return False
    plural = not single and re.search(r"(?<!an)(?<!in)(?<!i)s\Z", name) is not None
    if plural and not re.search(rf"[\w,]\s{re.escape(name[:-1])}", text):
        return False
    return speakers.may_be_name(name, text, body)


def personal(name: str) -> bool:
    """Whether a name looks like a person's: two capitalised words or more and no office."""
    tokens = name.split()
    if len(tokens) < 2 or tokens[0] in ("The", "A", "An") or _NO_NAME.search(name):
        return False
    if re.fullmatch(speakers.NAME, name) is None:
        return False
    if tokens[0].casefold() in (speakers.NO_SUBJECT | speakers.OPENERS) - _SMALL_FIRST_NAMES:
        return False
    return name.startswith("Prime Minister ") or speakers.NOT_A_PERSON.isdisjoint(tokens)


def several(name: str) -> bool:
    return speakers.SEVERAL.search(name) is not None
