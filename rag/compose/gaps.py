"""What a sentence can do without between two commas, and what may then stand behind the gap.

"The mayor, whose deputy, who was ill, resigned" says that the deputy did; "the fare, including tax,
is 40" says nothing of the fare without it. So a part goes only where it is surely whole and surely
adds, and where what follows surely is the rest of the clause that it was added to.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.compose.tokens import ARTICLES, Token

__all__ = [
    "ADDS",
    "LEAD_INS",
    "PREPOSITIONS",
    "adds",
    "is_sum",
    "leads_in",
    "only_lead_in",
    "rejoins",
]

Part = Sequence[Token]

#: What may begin a sentence or clause and may go without changing what is said.
LEAD_INS = frozenset(
    "however moreover but and also meanwhile thus therefore furthermore nevertheless"
    " consequently".split()
)
#: Of these what may stand by itself between two commas; `and` goes on with a list there.
_LEADS_ON = LEAD_INS - {"and", "but"}
_RELATIVES = frozenset("which who whom whose".split())
_LISTING = frozenset("including despite".split())
#: What opens a part that only adds to the clause around it.
ADDS = _RELATIVES | _LISTING
_OWNERS = frozenset("his her its their my our your".split())
_DETERMINERS = ARTICLES | _OWNERS | frozenset("this that these those".split())
PREPOSITIONS = frozenset(
    "about above across after against along among around at before behind below beside between"
    " beyond by during for from in inside into near of off on onto out outside over through to"
    " towards toward under until up upon with within without".split()
)
#: With one of these at its end a part breaks off; others may be adverbs (`which was near`).
_BREAKS_OFF = frozenset("as at between by for from into of than to with".split())
_AUXILIARIES = frozenset(
    "is are was were be been being has have had having do does did will would shall should can"
    " could may might must".split()
)
#: Verbs that can be nothing but finite, so that with them the clause goes on.
_FINITE = (_AUXILIARIES - {"be", "been", "being", "having"}) | frozenset(
    "became began broke came chose drew drove fell flew gave grew knew ran rose sang sank spoke"
    " stole swam threw took tore went woke wore wrote".split()
)
#: Past forms that are participles as well; so is what ends in -ed.
_PAST = frozenset(
    "sent held led left lost made met paid put set sold spent stood struck won built bought brought"
    " caught cut dealt fought found got hit hurt kept laid let quit shot shut sought slept spread"
    " swept taught".split()
)
#: `All, who …` and `those, who …` are often written for those of them who.
_OF_WHICH = frozenset(
    "all any anybody anyone each every everybody everyone no nobody none those".split()
)
#: How many words before a part such a one may stand.
_NEAR = 4
#: A verb right before `, who …` asks or tells who: the part is what it asks.
_ASKS = re.compile(
    r"\w{3,}ed|(?:un)?(?:clear|certain|sure|known)|ask|decide|find|found|know|knew|show|tell|told"
)
#: With or without one of these a sum is another: `40 euros, including tax`.
_SUMS = re.compile(
    r"vat|gst|tax(?:es)?|dut(?:y|ies)|levy|levies|interest|fees?|costs?|charges?|surcharges?"
    r"|bonus(?:es)?|overtime|tips?|shipping|delivery|postage|services?|debts?|benefits?|inflation"
    r"|dividends?|penalt(?:y|ies)|time|additional|extras?|optional|overheads?|fuel|breakfast|meals?"
    r"|insurance|items?|gains?|loss(?:es)?|acquisitions?|grants?|proxy|those|missing"
)
#: So does any `including` behind one of these.
_SUMMED = frozenset(
    "% per cent percentage m bn million billion trillion euro euros dollar dollars pound pounds"
    " franc francs crown crowns krona kronor krone kroner zloty zlotys rouble roubles ruble rubles"
    " lira lire yen yuan rupee rupees".split()
)
#: Whom these mean may be told in the part that goes.
_MEANT = frozenset("he she it him her hers they them theirs latter former both".split())


def leads_in(tokens: Part, at: int, end: int) -> bool:
    """Whether a word at the head of a clause only leads in: `However, …`, not `However hard …`."""
    if at >= end or tokens[at].norm not in LEAD_INS:
        return False
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if following is None or following.apart:
        return True
    if tokens[at].norm == "thus":
        return following.kind == "name" or following.norm in _DETERMINERS | _MEANT
    # "But for the rain" is "without the rain".
    return tokens[at].norm != "however" and (tokens[at].norm, following.norm) != ("but", "for")


def only_lead_in(tokens: Part, first: int, end: int) -> bool:
    """Whether all of these words only lead in."""
    return end > first and all(leads_in(tokens, at, end) for at in range(first, end))


def adds(parts: Sequence[Part], at: int, text: str) -> bool:
    """Whether a part only adds to the clause around it; `text` is what the tokens are of."""
    part = parts[at]
    if not part:
        return False
    if all(t.norm in _LEADS_ON for t in part):
        return True
    before = [t for p in parts[:at] for t in p]
    after = [t for p in parts[at + 1 :] for t in p]
    return (
        part[0].norm in ADDS
        and _is_whole(part)
        and _is_aside(part, before, after, text)
        and not (_is_chosen(part, before) or is_sum(part, before) or _is_meant(part, after))
    )


def _is_whole(part: Part) -> bool:
    """Whether what a part opens with comes to its end in it: not `which had, …`, `including, …`."""
    said = [t for t in part[1:] if t.norm not in ARTICLES]
    if not said or said[-1].norm in _AUXILIARIES | _BREAKS_OFF | _DETERMINERS:
        return False
    if part[0].norm in _LISTING:
        return True
    # "whose owner, …", "which the ministry, …", "who in 2019, …": the verb is still to come.
    short = part[0].norm == "whose" or part[1].norm in _DETERMINERS | PREPOSITIONS
    return len(said) > 1 + (part[1].norm in _OWNERS) if short else True


def _is_aside(part: Part, before: Part, after: Part, text: str) -> bool:
    """Whether commas, brackets or dashes set a part off, and no semicolon or colon does."""
    gaps = [text[before[-1].end : part[0].start]] if before else []
    gaps += [text[part[-1].end : after[0].start]] if after else []
    return not re.search(r"[;:…]|\.\.\.", " ".join(gaps))


def _is_chosen(part: Part, before: Part) -> bool:
    """Whether a `who` says which of them, or is what somebody asks."""
    if part[0].norm not in _RELATIVES or not before:
        return False
    of_which = any(t.norm in _OF_WHICH for t in before[-_NEAR:])
    return of_which or _ASKS.fullmatch(before[-1].norm) is not None


def is_sum(part: Part, before: Part) -> bool:
    """Whether a part tells what is in a sum that is another without it."""
    if part[0].norm != "including":
        return False
    summed = bool(before) and before[-1].norm in _SUMMED
    return summed or any(_SUMS.fullmatch(t.norm) for t in part)


def _is_meant(part: Part, after: Part) -> bool:
    """Whether a word further on may mean somebody or something that only the part tells."""
    named = any(t.kind == "name" for t in part)
    return any(t.norm in _MEANT or (named and t.norm in _OWNERS) for t in after)


def rejoins(
    parts: Sequence[Part], missing: slice, after: int, loose: Sequence[bool], bare: Sequence[bool]
) -> bool:
    """Whether a part goes on with the clause before a gap; `bare` parts leave none that counts.

    What is missing may be one part that adds, or `including …, which …`.
    """
    gone = [i for i in range(missing.start, missing.stop) if not bare[i]]
    heads = [parts[i][0].norm for i in gone]
    if not gone:
        return True
    nested = len(gone) == 2 and heads[0] in _LISTING and heads[1] in _RELATIVES
    if gone[-1] != after - 1 or not (len(gone) == 1 or nested) or len(parts[after]) == 1:
        return False
    head = parts[after][0]
    if head.kind == "word" and head.norm in _FINITE:
        return True
    ends = all(loose[i] or parts[i][0].norm == "but" for i in range(after + 1, len(parts)))
    return ends and _goes_on(parts, heads[0], head)


def _goes_on(parts: Sequence[Part], gone: str, head: Token) -> bool:
    """Whether the last part of a sentence, as its first word says, is the rest of a clause."""
    if head.norm in PREPOSITIONS:
        return True
    if head.kind == "word" and (head.norm in _PAST or re.fullmatch(r"\w{2,}ed", head.norm)):
        return True
    if gone in _LISTING or head.norm in ADDS or head.norm == "while":
        return False  # the rest of a list, or what was added to what is gone
    if head.kind == "word" and re.fullmatch(r"\w{2,}[^s\W]s", head.norm):
        return head.norm not in _DETERMINERS
    # "In Lund, which is old, the mayor resigned."
    framed = parts[0][0].norm in PREPOSITIONS
    return framed and (head.kind == "name" or head.norm in _DETERMINERS)
