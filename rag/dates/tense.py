"""Whether a sentence looks ahead to a time that it names, by the tense of its verbs."""

from __future__ import annotations

import re
from typing import Literal

from rag.dates.datewords import RELATIVE, Words

__all__ = ["looks_ahead"]

_TO_DO = r"to\s(?!(?:the|an?|his|her|its|their|this|that|these|those|all|some)\b)(?-i:[a-z])"
_DUE_TO = (
    r"due\sto\s(?:be|begin|start|open|reopen|end|meet|take|hold|vote|visit|sign|arrive|leave|return"
    r"|resume|expire|launch|come|go|run|appear|speak|testify|play|finish|close)"
)
_SAYING = (
    r"(?:said|told|announced|reported|confirmed|warned|added|promised|pledged|stated|indicated)"
)
_AHEAD = re.compile(
    rf"\b(?:will|{_SAYING}\b[^;]*?\swould|shall|won['’]t|upcoming|set\s(?:for|to(?=\s[a-z]))|to\sbe"
    rf"|due(?!\sto\b)|{_DUE_TO}"
    r"|(?<!\bas\s)(?<!\bthan\s)expect(?:s|ed|ing)?|schedul(?:es|ed|ing)"
    r"|(?:plann(?:ed|ing)|(?:they|we|i|you|who|[a-z]{3,}s)\splan)\s(?:to|for|on)|(?:is|are)\splanned"
    r"|next(?!\s(?:to|day|morning|night)\b))\b"
    rf"|(?<!\S)(?!(?:the|his|her|its|their|our|these|those|new)\s)[^\s’']+\splans\s{_TO_DO}"
    rf"|\b(?:is|are)\s(?:(?:not|set|about|likely|also|now)\s)?{_TO_DO}",
    re.IGNORECASE,
)
#: What was to come then may have come since: the sentence does not say which.
_WAS_AHEAD = re.compile(
    r"\bahead\sof\s"
    r"|\b(?:agreed|vowed|promised|pledged|decided|resolved|intend(?:s|ed)|hop(?:es?|ed)|want(?:s|ed)?"
    rf"|proposed|offered|asked|urged|ordered|told|called|threatened)\s(?:[\w’'-]+\s){{0,3}}?{_TO_DO}"
    r"|\b(?:was|were|had\sbeen)\s(?:(?:not|also|originally|first)\s)?"
    r"(?:(?:expected|scheduled|planned|supposed|set)\b(?:\sto\b(?:\sbe\b)?)?"
    rf"|due(?!\sto\b)|{_DUE_TO}|to\b(?:\sbe\b)?)",
    re.IGNORECASE,
)
_BY = re.compile(
    r"\b(?:by|until|till)\s(?:(?:the\s)?(?:end|start|middle)\sof\s|early\s|late\s|mid-|the\s)?\Z",
    re.IGNORECASE,
)
#: Verbs in the past, whatever stands around them.
_PAST = re.compile(
    r"\b(?:(?:was|were|had|did)(?:n['’]t)?|lasted|continued|remained|stayed|raged|reigned|ruled"
    r"|lived|served|waited|worked|died|arrived|happened|survived|went|fell|came|stood|ran|grew"
    r"|rose|took|began|became|fled|fought|held|gave|knew|saw|broke|drove|flew|wrote|chose"
    r"|(?:[a-z]{2,}ed|kept|left|lost|won|built|sent|made|paid|led)\s(?:the|an?|its|his|their|all|most))\b",
    re.IGNORECASE,
)
#: What may be a verb in the past or a participle, once that of a state is taken out.
_MAYBE_PAST = re.compile(
    r"\b(?:(?!(?:expect|schedul|plann)ed)[a-z]+[^\We]ed|agreed|kept|left|lost|won|built|sent|made|got"
    r"|brought|caught|sold|told|said|met|paid|led|spent|found|struck|shot|bound|sought|taught)\b",
    re.IGNORECASE,
)
_STATE = re.compile(
    r"\b(?:is|are|has|have|be|been|being|remains?|stays?|keeps?)\s(?:(?:not|now|also|been|\w+ly)\s)*"
    r"\w+"
)
#: What is in the calendar is told in the present: "the mandate ends on 31 December".
_IN_CALENDAR = re.compile(
    r"\b(?:expires?|begins?|starts?|opens?|reopens?|ends?|closes|resumes?|convenes|takes?\s(?:place|effect)"
    r"|comes?\sinto\s(?:force|effect)|enters?\sinto\sforce|goe?s?\sto\sthe\spolls)\s"
)
#: "On 5 May the council will vote."
_WILL = re.compile(
    r"\b(?:will|shall|(?:is|are)\s(?:to|due|set|expected|scheduled|planned|likely)\b)"
)
_MEANING = {"ahead": True, "back": False, "doubt": None}
_OPENS = re.compile(
    r"\W*(?:(?:and|but|then)\s)?(?:(?:early|late)\s)?(?:in|on|from)?\s?(?:the\s)?", re.IGNORECASE
)
#: Behind a word of saying it looks ahead; "he would die on 5 May" may be told of the past.
_WOULD = re.compile(r"\bwould\b")
_SINCE = re.compile(r"\bsince\s(?:the\s)?(?:(?:early|late)\s|mid-)?\Z", re.IGNORECASE)
_PRESENT = re.compile(rf"\b(?:(?:is|are|has|have|[Mm]ust|can|should|may|needs?)\b|{_TO_DO})")
_SAID = re.compile(rf"\b{_SAYING}\b")
_CLAUSE = re.compile(
    r"[,;:—–]\s|\b(?:after|since|when|while|which|who|whom|whose|that|because|as|but)\b"
)


def looks_ahead(text: str, words: Words) -> bool | None:
    """Whether a sentence looks ahead to a time that it names; None where that cannot be told."""
    before = text[words.sentence.start : words.span.start]
    if _SINCE.search(before):
        return False
    clause = _CLAUSE.split(before)[-1]
    opening = _opening(text, words) if _OPENS.fullmatch(clause) else None
    if opening is not None:
        return _MEANING[opening]
    ahead = _AHEAD.search(_WAS_AHEAD.sub("", before))
    if not (ahead or _WAS_AHEAD.search(before) or _WOULD.search(before)):
        return _ends(text, words) if _BY.search(before) else _unsaid(text, words, clause)
    here = _AHEAD.search(clause) or _WAS_AHEAD.search(clause) or _WOULD.search(clause)
    if not here and (_PAST.search(clause) or _SAID.search(clause)):
        return False  # "…, he said on Monday"
    rest = _STATE.sub("", clause)
    if here:
        rest = " ".join(rest.split()[-2:])  # not more than "the deal reached on Monday"
    return True if ahead and not _MAYBE_PAST.search(rest) else None


def _opening(text: str, words: Words) -> Literal["ahead", "back", "doubt"] | None:
    """Whether the clause that a time opens is of what is to come; None where it does not say."""
    start = words.span.end + (1 if text[words.span.end : words.span.end + 1] == "," else 0)
    stop = _CLAUSE.search(text, start, words.sentence.end)
    told = text[start : stop.start() if stop else words.sentence.end]
    will = _WILL.search(told)
    if will is None:
        return "back" if _is_past(told) else None
    before = told[: will.start()]
    if _PAST.search(before) or _SAID.search(before):
        return "back"  # "On Thursday, he said the talks will resume"
    return "doubt" if _is_past(before) else "ahead"


def _unsaid(text: str, words: Words, clause: str) -> bool | None:
    """The same where no word looks ahead."""
    if _IN_CALENDAR.search(clause) and not _is_past(clause):
        return True
    weekday = words.kind in RELATIVE  # "a bomb hit a bus on Monday"
    return False if weekday or _is_past(words.sentence.of(text)) else None


def _is_past(told: str) -> bool:
    past = _PAST.search(told) or _SAID.search(told) or _MAYBE_PAST.search(_STATE.sub("", told))
    return past is not None


def _ends(text: str, words: Words) -> bool | None:
    """Whether "by" or "until" a time means one to come, by the verb of its clause or sentence."""
    span, stop = words.sentence, _CLAUSE.search(text, words.span.end, words.sentence.end)
    before = _CLAUSE.split(text[span.start : words.span.start])[-1]
    for told in (
        before + text[words.span.start : stop.start() if stop else span.end],
        span.of(text),
    ):
        present = _PRESENT.search(told)
        if _PAST.search(told):
            return None if present else False
        if _MAYBE_PAST.search(_STATE.sub("", told)):
            return None
        if present:
            return True
    return True
