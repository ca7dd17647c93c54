"""How a number in a sentence is meant: as a plain count, a part of one, a rate or a change."""

from __future__ import annotations

import re

from rag.compare.figures import FIGURE
from rag.compare.opposites import roots, shared
from rag.compare.quantities import Amount

__all__ = ["NEVER", "REVISES", "THOSE", "does_alone", "in_its", "role_of"]

THOSE = r"(?:the|its|their|his|her|those|these|our|all)"
_OF_A_WHOLE = re.compile(
    rf"(?i)\b(?:{FIGURE}|one|most|many|some|half|none|few|several|any|each|third|quarter|percent"
    rf"|%)\sof\s(?:{THOSE}\s)*\Z"
)
_PART = re.compile(
    r"(?i)\b(?:another|further|additional|remaining|other|extra|first|last|next|past|including"
    r"|included|among them|of whom|some of)\s\Z"
)
_PART_AFTER = re.compile(
    r"(?i)\A\s(?:(?:more|others?|additional|further|extra|fewer|less)\b|of\s(?:them|whom|which)\b)"
)
_CHANGED_BY = re.compile(
    r"(?i)\b(?:(?:rose|risen|rises?|rising|gr[eo]wn?|grows|growing|increas(?:e[sd]?|ing)|fell"
    r"|fallen|falls?|falling|drop(?:s|ped|ping)?|declin(?:e[sd]?|ing)|climb(?:s|ed)?|shr[aiu]nk"
    r"|raised?|lowered|reduced?|cut|extended|lengthened|shortened|widened|up|down)"
    r"\s(?:[\w’'-]+\s){0,3}by|(?:rose|risen|rises|grew|grown|grows|increased?|increases|fallen"
    r"|declined?|declines|shrank)|(?:is|are|was|were)\s(?:up|down))\s\Z"
)
_RATE = re.compile(
    r"(?i)\A(?:[\s-][\w’'%-]+){0,3}?(?:\s(?:an?|per|each|every)\s(?!(?:\w+\s)(?:after|before|later"
    r"|earlier|ago)\b)(second|minute|hour|day|night|week|month|year|head|person|family|household"
    r"|ton(?:ne)?|litre|kilo\w*|metre|mile|barrel|piece|share)|\s(each|apiece)(?!\s\w))\b"
)
_WHEN = re.compile(
    r"(?i)\A[\s-](?:\w+\s)?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?"
    r"|centuries)\s(ago|earlier|later|before|after|since)\b"
)
_LABEL = re.compile(
    r"(?i)(?:\bnos?\.|№|#|\b(?:article|chapter|page|paragraph|resolution|section|clause|highway"
    r"|route|flight|protocol|decree|room|apartment)s?)\s?\Z"
)
#: `120 seats on its balcony`, of 900 in all.
_IN_ITS = re.compile(
    r"(?i)\s(?:on|in|at|from|under|aboard|inside)\s(?:its|their|his|her)\s(?P<where>[\w’'-]+(?:\s[\w’'-]+)?)"
)
_TO = re.compile(rf"(?i)\A(?:[\s-][\w’'-]+){{0,3}}?\sto\s{FIGURE}")
_THE_COUNT = r"(?:the|that|this|its)\s(?:figure|number|count|toll|total|estimate)"
REVISES = re.compile(
    rf"(?i)\b(?:raised|lowered|revised|corrected|updated|increased|reduced|put)\s(?:it|this|that"
    rf"|{_THE_COUNT})\b|\b(?:it|{_THE_COUNT})\s(?:(?:later|since|then|soon|has|had|have|was|been)\s)*"
    r"(?:became|rose|risen|grew|grown|climbed|fell|fallen|went|gone|raised|lowered|revised"
    r"|corrected|doubled)\b|\bthe\s(?:true|real|actual)\s(?:figure|number|count|toll|total)\b"
)
"""What puts a new number in the place of one told before."""

#: Numbers so meant are compared with none.
NEVER = frozenset(("label", "former", "whole", "part", "ago"))


def role_of(amount: Amount) -> str:
    """How a number is meant where it is no plain count."""
    before, after = amount.before, amount.after
    rules = (
        ("label", _LABEL.search(before)),
        ("whole", _OF_A_WHOLE.search(before)),
        ("part", _PART.search(before) or _PART_AFTER.search(after)),
        ("by", _CHANGED_BY.search(before)),
        ("former", re.search(r"(?i)\bfrom\s\Z", before) and _TO.match(after)),
        ("age", re.match(r"(?i)\s(?:years?|months?)\sold\b", after)),
    )
    role = next((name for name, found in rules if found), "")
    when, rate = _WHEN.search(after), _RATE.search(after)
    if role or not (when or rate):
        return role
    return when[1].lower() if when else f"per {(rate[1] or rate[2]).lower()}" if rate else ""


def in_its(amount: Amount, phrase: str, other: Amount) -> bool:
    """Whether a smaller number is of a part of what the other counts: `seats on its balcony`."""
    part = _IN_ITS.search(phrase)
    if part is None or amount.high >= other.low:
        return False
    told = roots(other.before + other.after)
    return not shared(roots(part["where"]), told)


def does_alone(amount: Amount, rest: str, other: Amount) -> bool:
    """Whether `rest`, what some of a whole do, is nothing that the other number tells of.

    `85 of the pupils come from abroad`; but `four of the men were killed` are all the dead.
    """
    told = roots(f"{other.before} {other.after}")
    own = roots(rest) or roots(amount.before)
    return bool(own) and not shared(own, told)
