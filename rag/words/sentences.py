"""Sentences: where they begin and end, in any language and in any form of document."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise

from sentencex import get_sentence_boundaries

from rag.text import INLINE_DATE, has_word, is_thread_marker, trim
from rag.types import Document, Span
from rag.words.stretches import stretches, trailing_marker

__all__ = ["sentences", "sentences_within"]

_MARKER_AT_START = re.compile(r"\A\(?(\d{1,3})/(\d{1,3})?\)?(?=\s)[\s:.–—-]*")
_LEADING_MARK = re.compile(r"(?:[-*+•‣▪◦·]|#{1,6}|>(?:\s*>)*)\s+")
_WINDOW = 8192
_SURROGATE = re.compile("[\ud800-\udfff]")


def sentences(text: str, start: int, end: int, language: str = "en") -> list[Span]:
    """The sentences between two offsets, in order, disjoint, free of white space at the ends.

    A blank line ends a sentence, a line break inside a paragraph does not. Thread markers
    (`7/19`) and the inline date prefix of a document stand in no sentence, and neither does
    a block without a letter or digit. Linear in `end - start`.
    """
    start, end = max(0, start), min(end, len(text))
    prefix = INLINE_DATE.match(text)
    if prefix is not None and start < prefix.end():
        start = prefix.end()
    found: list[Span] = []
    for block in stretches(text, start, end):
        spans = _merged(text, _boundaries(text, block, language or "en"))
        parts = [part for span in spans for part in _split_inside(text, span)]
        found += [s for s in (_unmarked(text, part) for part in parts) if s is not None]
    return found


def sentences_within(document: Document, span: Span) -> list[Span]:
    """The sentences of a part of a document; none crosses into another paragraph.

    A paragraph may end with a line as any other: a title, a turn, an entry, a post.
    """
    paragraphs = document.paragraphs
    first = bisect_right(paragraphs, span.start, key=lambda p: p.start)
    last = bisect_right(paragraphs, span.end - 1, key=lambda p: p.start)
    cuts = [span.start, *(p.start for p in paragraphs[first:last]), span.end]
    found: list[Span] = []
    for start, end in pairwise(cuts):
        found += sentences(document.text, start, end, document.language)
    return found


def _boundaries(text: str, block: Span, language: str) -> Iterator[Span]:
    """What sentencex finds, over windows: its time is quadratic on unbalanced quotes."""
    open_at, at = block.start, block.start
    while at < block.end:
        stop = min(at + _WINDOW, block.end)
        piece = _SURROGATE.sub("\ufffd", text[at:stop])
        marks = get_sentence_boundaries(language, piece)
        ends = [at + m["end_index"] for m in marks]
        if stop < block.end:
            ends = ends[:-1]
        for end in ends:
            span = trim(text, open_at, end)
            if span.start < span.end:
                yield span
            open_at = end
        at = ends[-1] if ends else stop
    if open_at < block.end:
        yield trim(text, open_at, block.end)


_TITLES = (
    r"Dr|Mr|Mrs|Ms|Profs?|Gens?|Brig|Sen|Gov|Amb|Col|Cmdr|Cdr|Lt|Maj|Capt|Adm|Sgt|Rep|Pres|Hon|Rev"
    r"|Msgr|Atty|St|Ret|Dep|Min|Ft|Mme|Mlle"
)
#: In a transcript they stand in capitals: `MS. HOLT: Yes.`
_BEFORE_NAME = re.compile(
    rf"(?:^|[\s(“\"'‘\[])(?:{_TITLES}|{_TITLES.upper()}|v|vs|viz|cf|M|MM|e\.g|i\.e)\.$|\([Rr]et\.\)$"
)
_BEFORE_NUMBER = re.compile(
    r"(?:^|[\s(“\"'‘\[])(?:[Nn]os?|[Nn]r|[Aa]rts?|[Ff]igs?|[Ss]ecs?|[Cc]h|[Vv]ols?|[Pp]p?|[Pp]aras?|"
    r"[Ee]ds?|abt|[Aa]pprox|ca|c|cf|resp|incl|esp|al|ed|est|Eqs?|Tabs?|Sect|Exs?|Docs?|App)\.$"
)
#: What stands for a number: `Vol. XII`, `para. (b)`.
_NUMBER = re.compile(r"[IVXLC]{2,}\b|\([a-z0-9]{1,4}\)|§")
_MONTH_DAY = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?\s+\d"
#: A day of the week that is no subject: `at 3 p.m. Monday in Rome`, not `3 p.m. Monday was calm`.
_DAY = (
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
    r"(?!['’]s|\s+(?:was|is|will|would|had|has|saw|brought|came|began|night|morning)\b)"
)
#: What stands before a stop that ends no sentence, and what must follow for that to be so.
_GOES_ON = tuple(
    (re.compile(before), re.compile(after))
    for before, after in (
        (
            r"\b[ap]\.m\.$",
            r"(?:[ECMP][SD]?T|GMT|UTC|BST|CES?T|EES?T|MSK|Eastern|Central|Mountain|Pacific"
            r"|[A-Z][a-z]+ (?:[Ss]tandard )?[Tt]ime)\b|" + _DAY + r"|" + _MONTH_DAY,
        ),
        (
            r"\b(?:Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun)\.$",
            _MONTH_DAY + r"|the\s+\d",
        ),
        (r"\b(?:lbs?|oz|ft|hrs?|mins?)\.$", r"[a-z]"),
        (r"\d\s?(?:sq\. |cu\. )?(?:[bmt]n|m|k[mg]|[cm]m|ha|sq|mi)\.$", r"[a-z]"),
        (r"\bDocs?\.$", r"[A-Z][\w.]*/"),
        # Russian: 3 млн. человек, в 1994 г. было.
        (r"(?<![^\W\d_])[а-яё]{1,5}\.$", r"[а-яё]"),
        (r"(?<![^\W\d_])(?:ок|прибл|стр|ст|рис|табл)\.$", r"\d"),
        # A name that ends in the mark: Jeopardy! is a show, Yahoo! Inc. was sold.
        (r"\b[A-Z]\w*!$", r"[a-z]|(?:Inc|Corp|Ltd|LLC)\b"),
    )
)
#: No saint has such a name, so that the `St.` in front of it is a street.
_AFTER_STREET = re.compile(r"(?:The|It|He|She|They|We|This|That|There|In|On|At|But|And)\b")
_NUMBERING = re.compile(r"(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,4})[.)]$|\([0-9a-zA-Z]{1,3}\)$")
_SAID = re.compile(
    r"(?:\S+\s+){0,3}(?:said|says|asked|asks|added|adds|replied|wrote|writes|told|tells|warned|"
    r"argued|argues|insisted|answered|concluded|wondered|continued)\b"
)


def _merged(text: str, spans: Iterable[Span]) -> list[Span]:
    """Joins what was cut too finely: numbering, abbreviations, fragments without a word."""
    merged: list[Span] = []
    for span in spans:
        if merged and _goes_on(text, merged[-1], span):
            merged[-1] = Span(merged[-1].start, span.end)
        else:
            merged.append(span)
    return [s for s in merged if has_word(text, s.start, s.end)]


def _goes_on(text: str, before: Span, span: Span) -> bool:
    """Whether `span` goes on with the sentence that `before` only seemed to end."""
    if not has_word(text, span.start, span.end) or not has_word(text, before.start, before.end):
        return True
    if before.end - before.start <= 6 and _NUMBERING.fullmatch(before.of(text)):
        return True
    tail = text[max(before.start, before.end - 12) : before.end]
    first = text[span.start]
    ahead = text[span.start : min(span.end, span.start + 24)]
    if any(end.search(tail) and go_on.match(ahead) for end, go_on in _GOES_ON):
        return True
    if _BEFORE_NAME.search(tail):
        return not (tail.endswith("St.") and _AFTER_STREET.match(ahead))
    if _BEFORE_NUMBER.search(tail):
        return first.isdigit() or first.islower() or _NUMBER.match(ahead) is not None
    if tail.endswith(_CLOSED_QUESTION):
        return _SAID.match(text[span.start : span.start + 60]) is not None
    return False


_CLOSED_QUESTION = tuple(mark + close for mark in "?!" for close in "\"”’'»")


_END_INSIDE = re.compile(
    r"(?<=[\w%)\]”\"’])[.!?…]+(?P<closed>[\"”“’'»«›)\]]*)\s+(?=[\"“„‘'«»‹(\[]?[^\W\d_a-z])"
)
_QUOTING = re.compile(
    r"(?P<low>„)|(?P<open>[“«(\[])|(?P<close>[”»)\]])|\"|(?P<single>(?<![^\s(])['‘](?=\w)|['’](?!\w))"
)


def _split_inside(text: str, span: Span) -> Iterator[Span]:
    """Ends the splitter missed: a capital after a full stop, outside quotes and brackets."""
    at = checked = span.start
    depth, double, single, low = 0, False, False, False
    for match in _END_INSIDE.finditer(text, span.start, span.end):
        stop = match.end("closed")
        for sign in _QUOTING.finditer(text, checked, stop):
            if sign["single"]:
                single = sign.end() < span.end and text[sign.end()].isalnum()
            elif sign[0] == '"':
                double = not double
            elif sign["low"]:
                depth, low = depth + 1, True
            else:
                depth += 1 if sign["open"] and not (low and sign[0] == "“") else -1
                low = low and sign[0] not in "“”"
        checked = stop
        if depth or double or single or not _surely_ends(text, match.start(), match.end()):
            continue
        if not _goes_on(text, Span(at, stop), Span(match.end(), span.end)):
            yield Span(at, stop)
            at = match.end()
    yield Span(at, span.end)


def _surely_ends(text: str, dot: int, after: int) -> bool:
    """Whether the stop at `dot` is no abbreviation's or number's and a capital follows."""
    if not (text[after].isupper() or not text[after].isalpha()):
        return False
    if text[dot] != "." or not text[dot - 1].isalnum() or text[dot + 1] in "\"”“’'»«›)]":
        return True
    word = _LAST_WORD.search(text, max(0, dot - 24), dot)
    if word is None:
        return text[max(0, dot - 4) : dot].lstrip("\n (") == "May"  # the one month never shortened
    return word[0].islower() and word[0] not in _SHORTENED


_LAST_WORD = re.compile(r"[^\W\d_]{4,}\Z")
_SHORTENED = frozenset(
    "sept corp supt capt messrs msgr brig comm prof univ dept asst govt cmdr approx resp incl bros "
    "para paras arts figs vols secs chap pres hons assn intl natl".split()
)


def _unmarked(text: str, span: Span) -> Span | None:
    """The sentence without thread markers, bullets and `#` at its ends; None if nothing is left."""
    start, end = span.start, span.end
    mark = _LEADING_MARK.match(text, start, end)
    if mark is not None:
        start = mark.end()
    head = _MARKER_AT_START.match(text[start : min(end, start + 24)])
    if head is not None:
        first = text[start + head.end() : end][:1]
        if head[2] is None or (is_thread_marker(head[1], head[2]) and not first.islower()):
            start += head.end()
    marker = trailing_marker(text, start, end)
    trimmed = trim(text, start, end if marker is None else marker)
    return trimmed if has_word(text, trimmed.start, trimmed.end) else None
