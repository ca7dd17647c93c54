"""What stands among sentences and says nothing: datelines, bylines, credits, calls to other pages.

Such a line may be asked for ("Who took the photo?"), so none is left out of what is read; but it
adds nothing to an answer. Rules over the line's own words, English but for its names.
"""

from __future__ import annotations

import re

from rag.types import Document, Span

__all__ = ["is_credit", "is_furniture"]

#: Code points of such a line at most.
LONGEST = 160
#: Words before the first sentence of a text: `date 2020-05-01`.
_INLINE_DATE = 2

_UPPER = r"[^\W\d_a-zßà-öø-ÿа-я]"
_NAME = rf"{_UPPER}[\w.’'-]*"
_LINK = r"(?:of|the|de|da|di|la|le|du|del|van|von|al|el|in|on|for|and|&|und|et)"
#: Names and what joins them, without a verb. No sign can be read as two of its parts, so that
#: matching takes no longer than the line is long.
_NAMES = rf"{_NAME}(?:(?:,?\s|/)(?:{_LINK}\s){{0,2}}{_NAME})*"
_DATE = (
    r"(?:\d{1,2}(?:st|nd|rd|th)?(?:\sof)?\s[A-Z][a-z]{2,8}\.?|[A-Z][a-z]{2,8}\.?\s\d{1,2}(?:st|nd|rd|th)?"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)(?:,?\s\d{4})?"
)
#: A last word of an agency's or a paper's name.
_AGENCY = (
    rf"(?:(?:{_NAME}\s){{0,3}}(?:Wire|News|Newswire|Press|Agency|Service|Post|Times|Tribune|Herald"
    rf"|Courier|Gazette|Ledger|Telegraph|Correspondent|Reporter))"
)
_DATELINE = re.compile(
    rf"\W*{_NAME}(?:[\s,/]+(?:{_LINK}\s)?{_NAME}){{0,4}}"
    rf"(?:(?:,|\s[-–—])?\s(?:{_DATE})(?:,?\s\(?{_NAMES}\)?)?|(?:,\s(?:{_DATE}))?\s\({_NAMES}\)"
    rf"|,\s(?:{_DATE},\s)?{_AGENCY})\W*"
)
#: Before a report two names alone say where and for whom it was written; elsewhere they may answer.
_PLACE_AND_PAPER = re.compile(rf"\W*{_NAME}(?:\s{_NAME})?,\s{_NAME}(?:\s{_NAME})?\.")
_MADE = (
    r"(?:(?:cover|lead|top|main|archive|file)\s)?(?:photo(?:s|graphs?|graphy)?|pictures?|images?|caption"
    r"|illustrations?|graphics?|layout|design|texts?|words|story|video|map|credits?|reporting|editing"
    r"|translation|sources?|written|compiled|edited|translated|illustrated|designed|printed"
    r"|minutes\s(?:taken|kept)|additional\sreporting)"
)
_CREDIT = re.compile(
    rf"\W*(?:(?i:{_MADE})(?:\s(?i:by|in|courtesy\sof))?:?\s|(?i:by)\s(?:(?i:the)\s)?)"
    rf"(?:(?i:by|the)\s)?{_NAMES}(?:\s(?i:staff|agencies))?(?:,?\s(?i:in|for)\s{_NAMES})?\W*"
)
_LINK_ALONE = re.compile(r"\A[*_]*\[([^][]+)\]\([^()]*\)[*_]*\W*\Z")
_CALL = re.compile(
    r"(?i)[\s(*_“\"'→>-]*(?:read\s(?:more|also|on|next|the\s(?:full|whole|rest))\b|see\salso\b"
    r"|see\s(?:the\s)?(?:page|p\.|figure|fig\.|table|box|appendix|annex|below|above|note)\b"
    r"[\s\w.]{0,12}\W*\Z|click\s(?:here|on|below)"
    r"|continue[ds]?\s(?:reading|overleaf|(?:on|from)\s(?:page|p\.|the\snext))"
    r"|(?:more|full\s(?:story|report|text))\s(?:on|about|inside|at)\s[^.]{0,60}(?:inside|page|below"
    r"|online|website)|follow\s(?:us|me|@\w+|[\w’' ]{1,40}\son\s(?:twitter|x|facebook|instagram"
    r"|mastodon|linkedin))\b"
    r"|(?:subscribe|sign\sup)(?:\W*\Z|\s(?:to\s(?:our|the|my)|for\s(?:our|the|my|free)|now|here|today)\b)"
    r"|(?:share|bookmark|print)\sthis\s(?:article|story|page|post|with|on|via)\b|turn\sto\spage\b"
    r"|related\s(?:articles?|stories|posts?|links?)\b"
    r"|advertisement\W*\Z|sent\sfrom\smy\s|page\s\d+(?:\s(?:of|/)\s\d+)?\W*\Z|next\spage\b"
    r"|thanks?(?:\syou)?\sfor\s(?:reading|subscribing|watching|listening)\b"
    r"|(?:all|some)\srights\sreserved\b|(?:\(c\)|©|copyright)\s|this\s(?:article|story|text)\s(?:first\s)?"
    r"(?:appeared|was\s(?:first|originally)\s(?:published|printed))\b"
    r"|(?:vol(?:\.|ume)|issue|no\.)\s?\d+(?:[\s,|·.-]+(?:vol|no|issue|number|nr)\.?\s?\d+)*\W*\Z|iss?bn?n?\s[\dX-]+\W*\Z)"
)


def is_furniture(document: Document, span: Span) -> bool:
    """Whether a sentence is a dateline, a byline, a credit or a call to go elsewhere."""
    line = _line(document, span)
    if len(line) > LONGEST:
        return False
    if _DATELINE.fullmatch(line) or _CALL.match(line) or is_credit(document, span):
        return True
    return _PLACE_AND_PAPER.fullmatch(line) is not None and _leads_in(document, span)


def is_credit(document: Document, span: Span) -> bool:
    """Whether a sentence only says who made something: `Photo: Anna Blom`."""
    line = _line(document, span)
    return len(line) <= LONGEST and _CREDIT.fullmatch(line) is not None


def _line(document: Document, span: Span) -> str:
    """A sentence on one line; of one that is a link, the words of it."""
    return _LINK_ALONE.sub(r"\1", " ".join(span.of(document.text).split()))


def _leads_in(document: Document, span: Span) -> bool:
    """Whether a sentence is the first of the text's first paragraph, and others follow in it."""
    body = (p for p in document.paragraphs if p.start >= document.body_start and not p.heading)
    first = next(body, None)
    if first is None or not first.start <= span.start < span.end < first.end:
        return False
    return len(document.text[first.start : span.start].split()) <= _INLINE_DATE
