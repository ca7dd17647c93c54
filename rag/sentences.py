"""Sentences: where they begin and end, in any language and in any form of document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sentencex import get_sentence_boundaries

from rag.text import INLINE_DATE, LINE_END, THREAD_MARKER, has_word, is_thread_marker, trim
from rag.types import Span

__all__ = ["sentences"]

_EOL = r"(?:\r\n|\n|\r(?!\n))"
_BLANK_LINE = re.compile(rf"{_EOL}[^\S\r\n]*{_EOL}\s*")
_MARKER_AT_END = re.compile(r"(?:^|(?<=\s))" + THREAD_MARKER + r"\Z")
_MARKER_AT_START = re.compile(r"\A\(?(\d{1,3})/(\d{1,3})?\)?(?=\s)[\s:.–—-]*")
_DATED_BY = frozenset(
    "on by since until till of from to the about before after and or is was".split()
)
_OPENER = re.compile(
    r"\s*(?:[•‣▪◦|]|#{1,6}\s|\(?\d{1,3}/\d{0,3}\)?\s|(?P<label>[^\W\d_][^:\r\n]{1,40}):\s)"
)
_BULLET = re.compile(r"(?:^|[\r\n])[^\S\r\n]*(?:[-*+]|\d{1,3}[.)])[^\S\r\n]")
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
    for block in _blocks(text, start, end):
        spans = _merged(text, _boundaries(text, block, language or "en"))
        parts = [part for span in spans for part in _split_inside(text, span)]
        found += [s for s in (_unmarked(text, part) for part in parts) if s is not None]
    return found


def _blocks(text: str, start: int, end: int) -> Iterator[Span]:
    """Stretches that no sentence crosses: between blank lines, posts, items, turns."""
    at = start
    for blank in _BLANK_LINE.finditer(text, start, end):
        yield from _stretches(text, at, blank.start())
        at = blank.end()
    yield from _stretches(text, at, end)


def _stretches(text: str, start: int, end: int) -> Iterator[Span]:
    """The stretches between two blank lines; list items count where there are two or more."""
    span = trim(text, start, end)
    bullets = [m.end() for m in _BULLET.finditer(text, max(0, span.start - 1), span.end)]
    listed = frozenset(bullets if len(bullets) > 1 else ())
    at = span.start
    for line_end in LINE_END.finditer(text, span.start, span.end):
        after = line_end.end()
        bullet = _BULLET.match(text, max(at, after - 1), span.end) if listed else None
        if (
            (bullet is not None and bullet.end() in listed)
            or _opens_stretch(text, after, span.end)
            or _HEADING.match(text, at, line_end.start())
            or _trailing_marker(text, at, line_end.start()) is not None
        ):
            yield trim(text, at, line_end.start())
            at = trim(text, after, span.end).start
    if at < span.end:
        yield trim(text, at, span.end)


_HEADING = re.compile(r"#{1,6}\s")


def _opens_stretch(text: str, start: int, end: int) -> bool:
    """Whether a bullet, table row, heading, post number or SPEAKER: begins at `start`."""
    match = _OPENER.match(text, start, end)
    return match is not None and (match["label"] is None or match["label"].isupper())


def _trailing_marker(text: str, start: int, end: int) -> int | None:
    """Where between the offsets a thread marker at their end begins, if there is one.

    A date or fraction looks alike: not after "on" or "since", and a total of up to 4 needs
    another marker with the same total nearby.
    """
    end = trim(text, start, end).end
    if end == start or text[end - 1] not in "0123456789)":
        return None
    at = max(start, end - 24)
    match = _MARKER_AT_END.search(text[at:end])
    if match is None or not is_thread_marker(match[1], match[2]):
        return None
    before = text[at : at + match.start()].split()
    if before and before[-1].casefold() in _DATED_BY:
        return None
    if int(match[2]) <= 4 and not _has_sibling(text, end, match[1], match[2]):
        return None
    return at + match.start()


def _has_sibling(text: str, at: int, number: str, total: str) -> bool:
    """Whether another number over the same total ends or starts a line within 5,000 characters."""
    pattern = rf"(?:(?<=[\r\n])|\s)\(?(\d{{1,3}})/{total}\)?(?![\d/])(?P<end>\s*(?:[\r\n]|\Z))?"
    return any(
        match[1] != number and (match["end"] is not None or not match[0][0].isspace())
        for match in re.finditer(pattern, text[max(0, at - 5000) : at + 5000])
    )


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


_BEFORE_NAME = re.compile(
    r"(?:^|[\s(“\"'‘\[])(?:Dr|Mr|Mrs|Ms|Profs?|Gens?|Brig|Sen|Gov|Amb|Col|Cmdr|Cdr|Lt|Maj|Capt|Adm|"
    r"Sgt|Rep|Pres|Hon|Rev|Msgr|Atty|St|v|vs|viz|cf|M|MM|Mme|Mlle|e\.g|i\.e)\.$"
)
_BEFORE_NUMBER = re.compile(
    r"(?:^|[\s(“\"'‘\[])(?:[Nn]os?|[Nn]r|[Aa]rts?|[Ff]igs?|[Ss]ecs?|[Cc]h|[Vv]ols?|[Pp]p?|[Pp]aras?|"
    r"[Ee]ds?|abt|[Aa]pprox|ca|c|cf|resp|incl|esp|al|ed|est|Eqs?|Tabs?|Sect|Exs?|Docs?|App)\.$"
)
#: What stands before a stop that ends no sentence, and what must follow for that to be so.
_GOES_ON = tuple(
    (re.compile(before), re.compile(after))
    for before, after in (
        (r"\b[ap]\.m\.$", r"(?:[ECMP][SD]?T|GMT|UTC|BST|CET|CEST)\b"),
        (
            r"\b(?:Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun)\.$",
            r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?\s+\d|the\s+\d",
        ),
        (r"\b(?:lbs?|oz|ft|hrs?|mins?)\.$", r"[a-z]"),
        (r"\bDocs?\.$", r"[A-Z][\w.]*/"),
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
        return first.isdigit() or first.islower()
    if tail.endswith(_CLOSED_QUESTION):
        return _SAID.match(text[span.start : span.start + 60]) is not None
    return False


_CLOSED_QUESTION = tuple(mark + close for mark in "?!" for close in "\"”’'»")


_END_INSIDE = re.compile(
    r"(?<=[\w%)\]”\"’])[.!?…]+(?P<closed>[\"”’'»)\]]*)\s+(?=[\"“‘'«(\[]?[^\W\d_a-z])"
)
_QUOTING = re.compile(
    r"(?P<open>[“«(\[])|(?P<close>[”»)\]])|\"|(?P<single>(?<![^\s(])['‘](?=\w)|['’](?!\w))"
)


def _split_inside(text: str, span: Span) -> Iterator[Span]:
    """Ends the splitter missed: a capital after a full stop, outside quotes and brackets."""
    at = checked = span.start
    depth, double, single = 0, False, False
    for match in _END_INSIDE.finditer(text, span.start, span.end):
        stop = match.end("closed")
        for sign in _QUOTING.finditer(text, checked, stop):
            if sign["single"]:
                single = sign.end() < span.end and text[sign.end()].isalnum()
            elif sign[0] == '"':
                double = not double
            else:
                depth += 1 if sign["open"] else -1
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
    if text[dot] != "." or not text[dot - 1].isalnum() or text[dot + 1] in "\"”’'»)]":
        return True
    word = _LAST_WORD.search(text, max(0, dot - 24), dot)
    return word is not None and word[0].islower() and word[0] not in _SHORTENED


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
    marker = _trailing_marker(text, start, end)
    trimmed = trim(text, start, end if marker is None else marker)
    return trimmed if has_word(text, trimmed.start, trimmed.end) else None
