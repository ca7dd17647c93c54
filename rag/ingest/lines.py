"""What the lines of a block of text are by their look: posts, turns, entries, items, prose."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.text import LINE_END, is_thread_marker

__all__ = ["FENCE", "is_item", "is_prose", "structure", "title_like", "unwrapped"]

#: Opens or closes fenced code; three backticks that are closed on their line are running text.
FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")

_LONG_LINE = 100
_NARROWEST_WRAP, _WIDEST_WRAP = 50, 160

_MARKER_END = re.compile(r"(?:^|\s)[(\[]?(\d{1,3})/(\d{1,3})[)\]]?\s*$")
_MARKER_START = re.compile(r"^\s*[(\[]?(\d{1,3})/(\d{1,3}|[nNxX?])?[)\]]?(?:[\s:.–—-]|$)")
_ITEM = re.compile(r"^\s*(?:[-*+•‣▪◦·–—]|\d{1,3}[.)]|[a-z][.)]|\([a-z0-9]{1,3}\)|\[\d{1,3}\])\s+\S")
_CAPITALISED = r"[^\W\d_a-z][\w.'’-]*"
_CLOCK = r"[\[(]?\d{1,2}:\d{2}(?::\d{2})?[\])]?"
_LABEL = re.compile(
    rf"^\s*(?:{_CLOCK}\s+)?(?:\*\*|__)?(?:[QA]\.(?=\s)|(?P<nick><[@+~&%]?\w[\w.|-]{{0,30}}>)(?=\s)"
    rf"|(?P<name>{_CAPITALISED}"
    rf"(?: (?:{_CAPITALISED}|de|da|di|van|von|der|den|al|bin|of|the)){{0,4}})"
    r" ?:(?:\*\*|__)?(?=\s|$))"
)
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DAY_IN_FIGURES = r"\d{1,2}[./]\d{1,2}[./]\d{2,4}"
_DATED = re.compile(
    rf"^\s*(?:\[?(?:\d{{4}}-\d{{2}}-\d{{2}}|{_DAY_IN_FIGURES}),? {_CLOCK}(?: ?[ap]m)?\]?"
    rf"|\d{{4}}(?:-\d{{2}}){{0,2}}|{_DAY_IN_FIGURES}"
    rf"|{_CLOCK}"
    rf"|\d{{1,2}} {_MONTH}(?:,? \d{{4}})?|{_MONTH}(?: \d{{1,2}})?(?:,? \d{{4}})?)"
    r"(?P<set_off>\s*[:–—]|\s+-|\t|\s*\|)?(?=\s|$)"
)
_ENDS_SENTENCE = re.compile(r"[.!?…։。！？؟:][\"'”’»)\]]*\s*$")


def structure(lines: Sequence[str]) -> list[bool] | None:
    """Which lines open a post, turn, entry or item; None where the block has no such lines."""
    closing = [_marker(_MARKER_END, line) for line in lines]
    if sum(closing) >= 2:
        return [True, *closing[:-1]]
    opening = [_marker(_MARKER_START, line) for line in lines]
    if sum(opening) >= 2:
        return opening
    turns = [_LABEL.match(line) for line in lines]
    names = [turn["name"] or turn["nick"] for turn in turns if turn is not None]
    if len(names) >= 2 and (turns[0] is not None or len(set(names)) < len(names) >= 3):
        return [turn is not None for turn in turns]
    items = [is_item(line) for line in lines]
    return items if sum(items) >= 2 else _entries(lines)


def is_item(line: str) -> bool:
    """Whether a line opens an item of a list."""
    return _ITEM.match(line) is not None


def _marker(pattern: re.Pattern[str], line: str) -> bool:
    match = pattern.search(line)
    if match is None:
        return False
    return match[2] is None or not match[2].isdigit() or is_thread_marker(match[1], match[2])


def _entries(lines: Sequence[str]) -> list[bool] | None:
    """Which lines open a dated entry: set off by a dash or colon, or after a finished one."""
    dated = [_DATED.match(line) for line in lines]
    found = [
        match is not None
        and (match["set_off"] is not None or i == 0 or _ends_sentence(lines[i - 1]))
        for i, match in enumerate(dated)
    ]
    set_off = sum(match is not None and match["set_off"] is not None for match in dated)
    if len(lines) >= 3 and None not in dated:
        return [True] * len(lines)  # a log: text that is wrapped does not go on with dates
    return found if (found[0] and sum(found) >= 2) or set_off >= 3 else None


def unwrapped(lines: Sequence[str]) -> list[bool]:
    """Which lines open a paragraph in running text without blank lines.

    Lines that end within a sentence show the width the text was wrapped at, if it was; then a
    line that the next word would have fitted on was ended on purpose.
    """
    lines = [line.strip() for line in lines]
    ends = [_ends_sentence(line) for line in lines]
    width = max((len(a) for a, done in zip(lines[:-1], ends, strict=False) if not done), default=0)
    every = len(lines) >= 3 and all(ends[:-1])
    opens = [True] * min(1, len(lines))
    for before, done, line in zip(lines, ends, lines[1:], strict=False):
        room = len(before) + 1 + len(line.split(maxsplit=1)[0])
        full = max(width, len(line) if len(line) > _LONG_LINE else _NARROWEST_WRAP)
        title = not done and not line[0].islower() and room < 0.6 * full <= len(line)
        if title and len(opens) > 1 and ends[len(opens) - 2]:
            opens[-1] = True
        if width > _WIDEST_WRAP or len(before) > _WIDEST_WRAP:
            ended = done or (len(before) > _WIDEST_WRAP and not line[0].islower())
        elif width < _NARROWEST_WRAP:
            ended = done and (every or len(before) > _LONG_LINE)
        else:
            ended = done and room < 0.8 * width
        opens.append(ended or title)
    return opens


def _ends_sentence(line: str) -> bool:
    return _ENDS_SENTENCE.search(line) is not None


def title_like(body: str) -> bool:
    """Whether one or two short lines read as a title: a capital first, no stop at the end."""
    if len(body) > 80 or len(LINE_END.findall(body)) > 1 or len(body.split()) > 12:
        return False
    first = body.lstrip("\ufeff\"'“‘(")[:1]
    dated = _DATED.match(body)
    return (
        (first.isupper() or first.isdigit() or (first.isalpha() and not first.islower()))
        and not re.search(r"[.!?…:;,։。][\"'”’»)\]]*$", body)
        and not _LABEL.match(body)
        and not _MARKER_START.match(body)
        and not _MARKER_END.search(body)
        and (dated is None or dated["set_off"] is None)
    )


def is_prose(body: str) -> bool:
    """Whether a paragraph is long or has a line that ends a sentence."""
    return len(body) > 80 or any(_ends_sentence(line) for line in LINE_END.split(body))
