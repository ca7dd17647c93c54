"""The words of a sentence in the form in which a claim is held against its evidence."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["ARTICLES", "NEGATIONS", "Token", "tokens_of"]

ARTICLES = frozenset({"a", "an", "the"})

NEGATIONS = frozenset(
    "not no never none nobody nothing neither nor without cannot hardly barely scarcely nowhere"
    " non".split()
)

_MONTHS = (
    "january february march april may june july august september october november december".split()
)
_MONTH = (
    "|".join(m.capitalize() for m in _MONTHS) + "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_TOKEN = re.compile(
    rf"(?P<dmy>\b(?P<d1>{_DAY})(?: of)? (?P<m1>{_MONTH})\b(?:\.?(?: ?,)? (?P<y1>\d{{4}})\b)?)"
    rf"|(?P<mdy>\b(?P<m2>{_MONTH})\b\.? (?P<d2>{_DAY})\b(?:(?: ?,)? (?P<y2>\d{{4}})\b)?)"
    r"|(?P<iso>\b\d{4}-\d{2}-\d{2}\b)"
    r"|(?P<number>(?:(?<![\w.)])-)?\d+(?:[.,]\d+)*)"
    r"|(?P<word>\b[Aa] (?:few|little|number of)\b|[^\W\d_]+(?:'[^\W\d_]+)*)"
    # Any other sign has a meaning (%, $, <, [, ?) unless it only punctuates.
    r"|(?P<sign>[^\s.,;:!'\"()\-])"
)
_BOUNDARY = re.compile(r"[,;:()\"…]\s|\s[(\"]|\s-+\s|\.\.\.\s")
#: What sets words apart; quotation marks do not, for they may be added.
_APART = re.compile(r"[,;:()…]|\s-+\s|\.\.\.")
_THOUSANDS = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_COUNTED = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty".split()
)
_NUMBERS = {word: str(value) for value, word in enumerate(_COUNTED)} | {
    word: str(10 * value)
    for value, word in enumerate("thirty forty fifty sixty seventy eighty ninety".split(), start=3)
}


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number, date or sign; `start` and `end` are offsets into the text it is of.

    `norm` is equal for two spellings of the same thing (`1,960` and `1960`, `two` and `2`, a date
    in any order). `opens` says that a comma, bracket or dash stands before it. `kind` is `date`,
    `number`, `name` (a capital inside the sentence), `negation` or `word`; `capitals` says that it
    is written in capitals, as an acronym is. `apart` says that a sign sets it, or the article
    before it, apart from what stands before.
    """

    norm: str
    kind: str
    start: int
    end: int
    opens: bool
    capitals: bool = False
    apart: bool = False


def tokens_of(text: str) -> list[Token]:
    """The tokens of a text that `view_of` has normalised, in order."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        gap = text[found[-1].end if found else 0 : match.start()]
        norm, kind = _read(match, first=not found)
        # A score, a list of counts, the year of a date.
        numbers = bool(found) and found[-1].kind in ("number", "date") and kind == "number"
        opens = bool(found) and not numbers and _BOUNDARY.search(gap) is not None
        capitals = len(match.group()) > 1 and match.group().isupper() and kind != "date"
        apart = bool(found) and _is_apart(found[-1], kind, gap)
        found.append(Token(norm, kind, match.start(), match.end(), opens, capitals, apart))
    return found


def _is_apart(before: Token, kind: str, gap: str) -> bool:
    """Whether a sign between two words, or before the article between them, sets them apart."""
    if before.kind == "date" and kind == "number":
        return False  # the year of a date
    if before.kind == kind == "number":
        return gap.strip() != ""  # a score, a range
    return _APART.search(gap) is not None or (before.norm in ARTICLES and before.apart)


def _read(match: re.Match[str], *, first: bool) -> tuple[str, str]:
    """The norm and the kind of one token."""
    text = match.group()
    if match["dmy"] or match["mdy"]:
        day = match["d1"] or match["d2"]
        return _date(match["y1"] or match["y2"], match["m1"] or match["m2"], day), "date"
    if match["iso"]:
        return text, "date"
    if match["number"]:
        return (text.replace(",", "") if _THOUSANDS.fullmatch(text) else text), "number"
    if match["sign"]:
        return text, "word"
    low = text.casefold()
    if text == "A" and (not first or match.string.startswith(".", match.end())):
        return text, "name"  # "Hepatitis A", "A. Berg": no article
    if low in _NUMBERS:
        return _NUMBERS[low], "number"
    if low in NEGATIONS or low.endswith("n't"):
        return low, "negation"
    if low in _MONTHS and text[0].isupper():
        return low, "date"
    if low == "percent":
        return "%", "word"
    return low, "name" if text[0].isupper() and not first else "word"


def _date(year: str | None, month: str, day: str) -> str:
    number = next(i for i, m in enumerate(_MONTHS, start=1) if m.startswith(month[:3].lower()))
    return f"{year or '-'}-{number:02d}-{int(re.sub(r'[^0-9]', '', day)):02d}"
