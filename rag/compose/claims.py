"""Whether a written sentence says only what the sentences that it cites say.

No list of words that both hold can tell "the son of the president was arrested" from "the
president was arrested", nor who beat whom. So the rule is stricter: **a claim may leave out, and
may not rearrange.** Its words are the words of the cited sentence in their order; what is missing
was set off by commas, dashes or brackets, and nothing in it bears on the truth of the rest (no
"not", "if", "said", "perhaps"; see `rag.compose.parts`). Articles, the spelling of numbers and the
form of dates are free; a comma before "who", quotation marks and the capitals of `US` are not. A
claim that cites several sentences is such a part of each of them, joined.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import permutations

from rag.compose.gaps import leads_in
from rag.compose.joining import is_personal, reaches_back, reaches_on
from rag.compose.leaning import in_right_order
from rag.compose.parts import RELATIVES, Cited, Parts, parts_of
from rag.compose.tokens import ARTICLES, Token, tokens_of
from rag.compose.view import view_of

__all__ = ["Cited", "exact_quotes", "fault"]

_JOINTS = frozenset({"and", "while", "but"})
MOST_CITED = 3
"""Sentences that one claim may join; more are never found to stand."""
LEAST_QUOTED = 4
"""Words of a quotation that is no more than a quotation, though the source has no marks there."""
_GRAVEST = ("negation", "number", "date", "name", "word")
_QUOTED = re.compile(r'"([^"]*)"')
_SINGLE = re.compile(r"(?<!\w)'(?=\w)")
_MARKED = re.compile(r"([\"“„«])([^\"“”„«»]+)([\"”“»])")


def fault(text: str, cited: Sequence[Cited]) -> str | None:
    """Why a claim may not be shown over these citations; None when it stands.

    One of `uncited`, `quote_not_found`, `unsupported_number`, `unsupported_date`,
    `unsupported_name`, `unsupported_negation`, `unsupported`.
    """
    if not cited:
        return "uncited"
    if any(unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs", "Cn") for c in text):
        return "unsupported"
    view = view_of(text).text
    if [view] == [view_of(c.text).text for c in cited]:
        return None
    if not _quotes_stand(view, cited):
        return "quote_not_found"
    tokens = tokens_of(view)
    sources = [parts_of(c) for c in cited]
    held = {t.norm for parts in sources for t in parts.tokens}
    foreign = [t for t in tokens if t.norm not in held and t.norm not in ARTICLES | _JOINTS]
    if foreign:
        return _reason(min(foreign, key=lambda t: _GRAVEST.index(t.kind)))
    own = len(cited) > 1 and any(is_personal(c.text) for c in cited)
    if (
        len(sources) <= MOST_CITED
        and not own
        and any(
            _joined(tokens, [sources[i] for i in order])
            for order in permutations(range(len(sources)))
            if in_right_order([cited[i] for i in order])
        )
    ):
        return None
    return _missing_negation(tokens, sources) or "unsupported"


def exact_quotes(text: str, cited: Sequence[Cited]) -> str:
    """The text with each quotation as its source has it, where it was written in other signs."""

    def exact(match: re.Match[str]) -> str:
        for source in cited:
            span = view_of(source.text).find(match[2])
            if span is not None:
                return f"{match[1]}{' '.join(span.of(source.text).split())}{match[3]}"
        return match[0]

    return _MARKED.sub(exact, text)


def _quotes_stand(view: str, cited: Sequence[Cited]) -> bool:
    """Whether quotation marks pair, all between two of them is verbatim, and none were lost."""
    if view.count('"') % 2:
        return False
    sources = [view_of(c.text).text for c in cited]
    quoted = _QUOTED.findall(view)
    kept = all(f'"{quote}"' in view for source in sources for quote in _QUOTED.findall(source))
    singles = sum(len(_SINGLE.findall(source)) for source in sources)
    return (
        kept
        and len(_SINGLE.findall(view)) == singles
        and all(_is_quoted(q, view, sources) for q in quoted)
    )


def _is_quoted(quote: str, view: str, sources: Sequence[str]) -> bool:
    """Whether a source has the words of a quotation, and quotation marks around them say no more.

    Around a word or two they cast doubt on it (a “ceasefire”), unless the source has them too.
    """
    if not quote.strip() or all(quote not in source for source in sources):
        return False
    whole = view.strip(" .!?") == f'"{quote}"'
    long = len(quote.split()) >= LEAST_QUOTED
    return whole or long or any(f'"{quote}"' in source for source in sources)


def _joined(tokens: Sequence[Token], sources: Sequence[Parts], *, behind: bool = False) -> bool:
    """Whether the claim is a part of each source in turn, joined by a comma or a joining word.

    What one of them says may not be read of another; `behind` says that something stands before.
    """
    head, rest = sources[0], sources[1:]
    if not rest:
        return _is_part(tokens, head) and not (behind and reaches_back(tokens))
    for at in range(1, len(tokens)):
        joint = tokens[at].norm in _JOINTS
        said = tokens[:at]
        if (joint or tokens[at].opens) and _is_part(said, head):
            after = tokens[at + 1 :] if joint else tokens[at:]
            apart = not (reaches_on(said) or (behind and reaches_back(said)))
            if apart and _joined(after, rest, behind=True):
                return True
    return False


def _is_part(claim: Sequence[Token], parts: Parts) -> bool:
    """Whether the claim is the sentence less parts that may go; all states side by side.

    A state is a part, a token of it and whether something was left out right before that.
    """
    words = [t for t in claim if t.norm not in ARTICLES]
    states = {(part, at, True) for part in parts.begins() for at in _entries(parts, part)}
    for number, word in enumerate(words):
        following: set[tuple[int, int, bool]] = set()
        for part, at, gap in states:
            inside = part < len(parts.loose) and at < parts.bounds[part + 1]
            if inside and _is_same(word, parts, at, first=number == 0, gap=gap):
                following |= _settled(parts, part, at + 1, last=number == len(words) - 1)
        states = following
    return bool(words) and any(part == len(parts.loose) for part, _, _ in states)


def _is_same(word: Token, parts: Parts, at: int, *, first: bool, gap: bool) -> bool:
    """Whether two words are one: US is not us, and `, who` says of all what `who` says of some.

    Nor may a comma come or go where nothing was left out: `the minister, said Berg, lied`.
    """
    other = parts.tokens[at]
    if word.norm != other.norm or word.capitals != other.capitals:
        return False
    if first:
        return True
    if word.norm in RELATIVES and word.opens != other.opens:
        return False
    named = "name" in (word.kind, other.kind) and at > 0
    return (gap or word.apart == other.apart) and (not named or word.kind == other.kind)


def _entries(parts: Parts, part: int) -> set[int]:
    """The tokens at which a claim may begin in a part: its first, or behind words that lead in."""
    at, end = parts.bounds[part], parts.bounds[part + 1]
    entries = {_over_articles(parts, at, end)}
    while leads_in(parts.tokens, at, end):
        at += 1
        entries.add(_over_articles(parts, at, end))
    return entries


def _settled(parts: Parts, part: int, at: int, *, last: bool) -> set[tuple[int, int, bool]]:
    """The states after a word: inside the part, or at the start of one that may follow."""
    end = parts.bounds[part + 1]
    at = _over_articles(parts, at, end)
    if at < end:
        return {(part, at, False)}
    total = len(parts.loose)
    found: set[tuple[int, int, bool]] = set()
    for after in parts.goes_on(part):
        if after == total:
            found.add((total, len(parts.tokens), False))
        elif not last:
            begin = _over_articles(parts, parts.bounds[after], parts.bounds[after + 1])
            found.add((after, begin, after > part + 1))
    return found


def _over_articles(parts: Parts, at: int, end: int) -> int:
    while at < end and parts.tokens[at].norm in ARTICLES:
        at += 1
    return at


def _reason(token: Token) -> str:
    return "unsupported" if token.kind == "word" else f"unsupported_{token.kind}"


def _missing_negation(tokens: Sequence[Token], sources: Sequence[Parts]) -> str | None:
    """The reason when negations were lost or doubled on the way."""
    said = sorted(t.norm for t in tokens if t.kind == "negation")
    held = sorted(t.norm for parts in sources for t in parts.tokens if t.kind == "negation")
    return None if said == held else "unsupported_negation"
