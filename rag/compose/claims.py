"""Whether a written sentence says only what the sentences that it cites say.

No list of words that both hold can tell "the son of the president was arrested" from "the
president was arrested", nor who beat whom. So the rule is stricter: **a claim may leave out, and
may not rearrange.** Its words are the words of the cited sentence in their order; what is missing
was set off by commas, dashes or brackets, and nothing in it bears on the truth of the rest (no
"not", "if", "said", "perhaps"). Articles, the spelling of numbers and the form of dates are free.
A claim that cites several sentences is such a part of each of them, joined.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations

from rag.compose.tokens import ARTICLES, NEGATIONS, Token, tokens_of
from rag.compose.view import view_of

__all__ = ["Cited", "Parts", "fault", "parts_of"]

#: What may begin a sentence or clause and may go without changing what is said.
LEAD_INS = frozenset(
    "however moreover but and also meanwhile thus therefore furthermore nevertheless"
    " consequently".split()
)
#: What opens a part that only adds to the clause around it.
_ADDS = frozenset("which who whom whose where when after before during including despite".split())
#: What does so where a date, a number or a name follows ("in 1998", but not "in the film").
_ADDS_PLACE = frozenset("in on at from since between near over".split())
#: What bears on the truth of what stands around it; a part that holds such a word has to stay.
_BEARS = re.compile(
    r"if|unless|whether|provided|except|excluding|only|until|till|but|although|though|unlike|than"
    r"|may|might|could|would|should|must|can|perhaps|maybe|possibly|probably|likely|unlikely"
    r"|presumably|apparently|seemingly|ostensibly|theory|paper|name|false|falsely|fake|hoax|myth"
    r"|(?:reported|alleged|supposed|purported)(?:ly)?|rumou?rs?|so-called|according|respectively"
    r"|(?:sa(?:y|id|ys|ying)|t(?:ell|old|ells|elling)|wr(?:ite|ote|ites|itten|iting))"
    r"|(?:thinks?|thought|thinking|believ\w+|hop(?:e|es|ed|ing)|fear\w*|expect\w*|den(?:y|ied|ies"
    r"|ying)|claim\w*|alleg\w+|argu\w+|assert\w*|suggest\w*|insist\w*|warn\w*|accus\w+|announc\w+"
    r"|declar\w+|predict\w*|propos\w+|plan\w*|promis\w+|threat\w*|vow\w*|pledg\w+|agree\w*|demand\w*"
    r"|want\w*|intend\w*|refus\w+|reject\w*|fail\w*|declin\w+|doubt\w*|pretend\w*|dream\w*|imagin\w+"
    r"|show\w*|report\w*|accord\w*|estimat\w+|supposed|deem\w*|consider\w*|ask\w*|call\w*|add(?:s|ed)"
    r"|not(?:e|es|ed|ing)|admit\w*|conced\w+|conclud\w+|explain\w*|view\w*|opinion\w*|stat(?:es|ed))"
)
#: A sentence with one of these stays whole; so does one in another script.
_WHOLE = re.compile(r"[?\"\u0250-\u1dff\u1f00-\u1fff\u2c00-\ud7ff]|respectively|vice versa", re.I)
_JOINTS = frozenset({"and", "while", "but"})
MOST_CITED = 3
"""Sentences that one claim may join; more are never found to stand."""
_GRAVEST = ("negation", "number", "date", "name", "word")
_QUOTED = re.compile(r'"([^"]*)"')


@dataclass(frozen=True, slots=True)
class Cited:
    """A cited sentence as it stands in its document; `language` is that of the document."""

    text: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Parts:
    """A cited sentence cut where a claim may begin, break off or go on.

    `bounds` are the token numbers at which its parts begin, in order, the first 0 and the last the
    number of tokens. `loose[i]` says that part `i` may be missing at the end of a claim,
    `added[i]` that it may be missing anywhere: the clause goes on without it.
    """

    tokens: tuple[Token, ...]
    bounds: tuple[int, ...]
    loose: tuple[bool, ...]
    added: tuple[bool, ...]

    def goes_on(self, part: int) -> list[int]:
        """The parts that may follow a part; the number of parts stands for the end."""
        last = len(self.loose)
        found = [part + 1]
        for after in range(part + 2, last + 1):
            ends = after == last and all(self.loose[part + 1 :])
            if ends or (after < last and all(self.added[part + 1 : after])):
                found.append(after)
        return found

    def begins(self) -> list[int]:
        """The parts with which a claim may begin."""
        return [i for i in range(len(self.loose)) if all(self.added[:i])]


def parts_of(cited: Cited) -> Parts:
    """Cuts a sentence where it may be cut.

    One in another language than English, a question, and one with quotation marks in it stay
    whole: there the rules do not know what bears on what.
    """
    view = view_of(cited.text).text
    tokens = tuple(tokens_of(view))
    starts = [0, *(i for i, t in enumerate(tokens) if i and t.opens)]
    if cited.language != "en" or _WHOLE.search(view):
        starts = [0]
    bounds = (*starts, len(tokens))
    parts = [tokens[first:end] for first, end in pairwise(bounds)]
    loose = tuple(all(not _bears(token) for token in part) for part in parts)
    added = tuple(free and _only_adds(part, view) for free, part in zip(loose, parts, strict=True))
    return Parts(tokens, bounds, loose, added)


def _bears(token: Token) -> bool:
    """Whether a word bears on the truth of what stands around it."""
    return (
        token.kind == "negation"
        or token.norm in NEGATIONS
        or _BEARS.fullmatch(token.norm) is not None
    )


def _only_adds(part: Sequence[Token], view: str) -> bool:
    """Whether a part is in brackets, a lead-in, or opens with a word that adds to a clause."""
    if not part:
        return False
    head = part[0].norm
    if head in _ADDS_PLACE:
        return any(t.kind in ("date", "number", "name") for t in part[1:])
    bracketed = view[part[0].start - 1 : part[0].start] == "("
    return bracketed or head in _ADDS or all(t.norm in LEAD_INS for t in part)


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
    if len(sources) <= MOST_CITED and any(_joined(tokens, o) for o in permutations(sources)):
        return None
    return _missing_negation(tokens, sources) or "unsupported"


def _quotes_stand(view: str, cited: Sequence[Cited]) -> bool:
    """Whether the quotation marks pair and all between two of them is verbatim in one source."""
    if view.count('"') % 2:
        return False
    sources = [view_of(c.text).text for c in cited]
    return all(
        quote.strip() and any(quote in source for source in sources)
        for quote in _QUOTED.findall(view)
    )


def _joined(tokens: Sequence[Token], sources: Sequence[Parts]) -> bool:
    """Whether the claim is a part of each source in turn, joined by a comma or a joining word."""
    head, rest = sources[0], sources[1:]
    if not rest:
        return _is_part(tokens, head)
    for at in range(1, len(tokens)):
        joint = tokens[at].norm in _JOINTS
        if (joint or tokens[at].opens) and _is_part(tokens[:at], head):
            after = tokens[at + 1 :] if joint else tokens[at:]
            if _joined(after, rest):
                return True
    return False


def _is_part(claim: Sequence[Token], parts: Parts) -> bool:
    """Whether the claim is the sentence less parts that may go; all states side by side."""
    words = [t.norm for t in claim if t.norm not in ARTICLES]
    states = {(part, at) for part in parts.begins() for at in _entries(parts, part)}
    for number, word in enumerate(words):
        following: set[tuple[int, int]] = set()
        for part, at in states:
            inside = part < len(parts.loose) and at < parts.bounds[part + 1]
            if inside and parts.tokens[at].norm == word:
                following |= _settled(parts, part, at + 1, last=number == len(words) - 1)
        states = following
    return bool(words) and (len(parts.loose), len(parts.tokens)) in states


def _entries(parts: Parts, part: int) -> set[int]:
    """The tokens at which a claim may begin in a part: its first, or behind words that lead in."""
    at, end = parts.bounds[part], parts.bounds[part + 1]
    entries = {_over_articles(parts, at, end)}
    while at < end and parts.tokens[at].norm in LEAD_INS:
        at += 1
        entries.add(_over_articles(parts, at, end))
    return entries


def _settled(parts: Parts, part: int, at: int, *, last: bool) -> set[tuple[int, int]]:
    """The states after a word: inside the part, or at the start of one that may follow."""
    end = parts.bounds[part + 1]
    at = _over_articles(parts, at, end)
    if at < end:
        return {(part, at)}
    total = len(parts.loose)
    found: set[tuple[int, int]] = set()
    for after in parts.goes_on(part):
        if after == total:
            found.add((total, len(parts.tokens)))
        elif not last:
            found.add((after, _over_articles(parts, parts.bounds[after], parts.bounds[after + 1])))
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
