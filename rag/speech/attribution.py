"""The reports of speech in a sentence: verbs of saying, and who their subjects are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.speech import reporting, speakers
from rag.speech.heads import PATTERNS, Voice, fits, head_at, head_of, personal, several
from rag.types import Span
from rag.words.quotations import QuotedParagraph

__all__ = [
    "LONGEST",
    "Said",
    "reports",
    "reports_others",
]

_AFTER_INVERTED = re.compile(
    r"\Z|[,.;:)]|\s(?:of|in|at|from|for|on|to|by|last|as|who|yesterday|told)\b|\s[A-Z]?$"
)
#: A noun behind a name that tells only what kind it is: `Oregon law`, `the Czech commentators`.
_MODIFIES = re.compile(
    r"\s(?!(?:the|an?|this|that|these|those|his|her|its|their|our|my|it|he|she|they|there|we|you|all"
    r"|most|many|some|few|no|not|more|about|only|at|as|in|on|of|for|from|to|by|with|when|while|if"
    r"|is|was|are|were|has|have|had|will|would|and|or|but|who|which|what|where|after|before|since"
    r"|during|between|last|one|two|both|each|every|nobody|nothing|cited|quoted|alone|\w+ly)\b)[a-z]"
)
_BY_WHOM = re.compile(r"(?P<last>[\w’'.-]+),?\swho(?:\s(?:\w+ly|also|has|have|had))?\s*\Z")
#: `It was X who said that …`.
_CLEFT = re.compile(rf"(?:\A|[“\"]|\b[Aa]nd )[Ii]t (?:is|was) (?P<name>{speakers.NAME}),? who\Z")
_ASIDE = re.compile(r"\s?[,.;–—)]")
_DASH = re.compile(r"\w\s?[–—]\s*\Z|\w\s-\s*\Z")
_TOLD_OF = re.compile(r"\bwho(?:se)?\b[^,;:–—]*,\s*\Z")
_IN_BRACKETS = re.compile(r"\s\([^()]{1,60}\)\Z")
_CLOSED = re.compile(r"[,–—]\Z|\s-\Z")
_APART = re.compile(r",(?!\s(?:and|or|but|so|yet|then)\b)|\s[–—-](?=\s)")
_OF_MINE = re.compile(r"\b(?:I|[Ww]e)\s(?:\w+\s){0,2}\Z")

LONGEST = 1500
"""Code points of a sentence beyond which nobody is looked for in it."""

#: Signs between a subject and its verb beyond which the sentence is too tangled to tell.
_MOST_SIGNS = 10


@dataclass(frozen=True, slots=True)
class Said:
    """One report of speech in a sentence: by somebody named, or by a pronoun at an offset.

    `late` says that a clause of its own stands before it, which this report does not cover.
    """

    voice: Voice | None
    pronoun: str = ""
    at: int = 0
    late: bool = False


def reports(paragraph: QuotedParagraph, span: Span) -> Iterator[Said]:
    """Every report of speech in a sentence whose subject is clear and not subordinate."""
    masked, taken = paragraph.masked, set()
    if span.end - span.start > LONGEST:
        return
    told: list[tuple[int, Voice]] = []
    for inverted in reporting.inversions(masked, span.start, span.end):
        head = head_at(paragraph, inverted.end(), span)
        if head is not None and _AFTER_INVERTED.match(masked[head.bare : span.end]):
            taken.add(inverted.start())
            told.append((inverted.start(), head.voice))
            yield Said(head.voice)
    for match in reporting.IN_THE_VIEW.finditer(masked, span.start, span.end):
        yield _viewed(match)
    for match in reporting.ACCORDING.finditer(masked, span.start, span.end):
        pronoun = re.compile(r"(him|her|them)\b").match(masked, match.end(), span.end)
        head = head_at(paragraph, match.end(), span)
        if pronoun is not None:
            yield Said(None, pronoun[1], match.start())
        elif head is not None and not _MODIFIES.match(masked, head.bare, span.end):
            told.append((match.start(), head.voice))
            yield Said(head.voice)
    for verb in reporting.VERB.finditer(masked, span.start, span.end):
        if verb.start() not in taken:
            said = _subject(paragraph, span, verb)
            if said is not None:
                told += [(verb.start(), said.voice)] if said.voice is not None else []
                yield said
            elif _of_another(masked[span.start : verb.start()], span.start, told):
                yield Said(None)


def _viewed(match: re.Match[str]) -> Said:
    """`In X's view`, `in her words`."""
    name = re.sub(r"['’]s?\Z", "", match["whose"])
    if name in ("his", "her", "their"):
        pronoun = {"his": "he", "her": "she", "their": "they"}[name]
        return Said(None, pronoun, match.start())
    start = match.start("whose")
    return Said(Voice(name, Span(start, start + len(name))))


def _of_another(left: str, start: int, told: list[tuple[int, Voice]]) -> bool:
    """Whether a verb after `who` is of another than those told of: `X blamed Y, who said`."""
    whom = _BY_WHOM.search(left)
    if whom is None:
        return False
    before = [voice for at, voice in told if at < start + whom.start("last")]
    return any(not voice.name.endswith(whom["last"]) for voice in before)


def reports_others(paragraph: QuotedParagraph, span: Span) -> bool:
    """Whether a sentence may report what somebody else says, however much in doubt."""
    masked = paragraph.masked
    signs = (reporting.INVERTED, reporting.ACCORDING, reporting.IN_THE_VIEW, reporting.HEARSAY)
    if any(sign.search(masked, span.start, span.end) for sign in signs):
        return True
    label = re.compile(rf"({speakers.NAME}):\s").match(masked, span.start, span.end)
    if label is not None and personal(label[1]):
        return True
    verbs = [v for v in reporting.VERB.finditer(masked, span.start, span.end) if not v["asks"]]
    verbs += reporting.LEARNT.finditer(masked, span.start, span.end)
    return not all(_OF_MINE.search(masked, span.start, v.start()) for v in verbs)


def _subject(paragraph: QuotedParagraph, span: Span, verb: re.Match[str]) -> Said | None:
    """Whose verb it is: what stands to its left, across an apposition if need be."""
    left = paragraph.masked[span.start : verb.start()].rstrip()
    while (adverb := reporting.ADVERB.search(left)) is not None:
        left = left[: adverb.start()]
    left = _IN_BRACKETS.sub("", left)
    cleft = _CLEFT.search(left)
    if cleft is not None and personal(cleft["name"]):
        start = span.start + cleft.start("name")
        return Said(Voice(cleft["name"], Span(start, start + len(cleft["name"]))))
    pronoun = speakers.PRONOUN.search(left)
    before = left[: pronoun.start()] if pronoun is not None else left
    if verb["asks"] and not re.search(r"[\"”’']\s*[^,\"”’']*\Z", before):
        return None
    if verb["aside"] and not re.search(r"[,\"”’'][^,]*\Z", before):
        return None
    if verb[0] == "written" or reporting.names_a_work(paragraph.document.text, verb):
        return None
    if pronoun is not None:
        if not reporting.CLAUSE.search(before):
            return None
        late = _is_late(before, paragraph.masked, verb)
        return Said(None, pronoun["pronoun"], span.start + pronoun.start(), late)
    if verb["label"] and _CLOSED.search(left):  # `The dam, called “the Wall”, leaks.`
        return None
    participle = reporting.PARTICIPLE.match(paragraph.masked, verb.start(), span.end)
    if participle is not None and _CLOSED.search(left):
        return None
    found = (_said_before(paragraph, span, span.start + end, verb) for end in _ends(left))
    said = _outermost([f for f in found if f is not None])
    if said is None or (verb[0] in reporting.NOUNS and not several(said.named.name)):
        return None
    return Said(said.named, late=said.late)


@dataclass(frozen=True, slots=True)
class _Candidate:
    named: Voice
    late: bool


def _outermost(found: list[_Candidate]) -> _Candidate | None:
    """Of a name and its appositions (`X, head of Y, said`), found from the verb leftwards, X.

    `The minister, X, said` has X as the apposition: only persons lie outside.
    """
    if len(found) > 1 and found[0].named.name.startswith(("a ", "an ")):
        found = found[1:]
    persons = [f for f in found if personal(f.named.name)]
    if not persons:
        return found[0] if found else None
    start = persons[-1].named.span.start
    return next(f for f in found if f.named.span.start == start)


def _ends(left: str) -> Iterator[int]:
    """Where the subject may end: at the verb, or before an apposition set off by signs.

    After a single sign stands a participle, and not the subject's verb: `X, accused of it, left`.
    """
    closed = _CLOSED.search(left)
    if closed is None:
        outer = _unplaced(left)
        yield len(outer)
        if outer != left and reporting.ADVERBIAL.match(left):
            yield len(left)
        return
    opened = [m.start() for m in _APART.finditer(left, 0, closed.start())]
    if 0 < len(opened) <= _MOST_SIGNS:
        ends = (closed.start(), *reversed(opened))
        yield from (end for end in ends if _unplaced(left[:end]) == left[:end])


def _unplaced(left: str) -> str:
    """Without the places of a place: `Police in Goris` of `Police in Goris, Syunik, Armenia`."""
    placed = speakers.PLACED.search(left)
    return left if placed is None or personal(placed["place"]) else left[: placed.start("sign")]


def _is_late(opened: str, masked: str, verb: re.Match[str]) -> bool:
    """Whether a clause of its own stands before this one; a report set off by signs covers it."""
    if reporting.COORDINATE.search(opened) is not None:
        return True
    return _DASH.search(opened) is not None and _ASIDE.match(masked, verb.end()) is None


def _said_before(
    paragraph: QuotedParagraph, span: Span, end: int, verb: re.Match[str]
) -> _Candidate | None:
    """The subject that ends at an offset and begins a clause; the longest one."""
    masked = paragraph.masked
    single = re.match(r"(?:has|is|was|\w+s)\b", verb[0]) is not None
    for begun in re.compile(r"(?<![\w’'-])[\w@]").finditer(masked, span.start, end):
        at = begun.start()
        heads = [head_of(p.fullmatch(masked, at, end), paragraph) for p in PATTERNS]
        head = next((h for h in heads if h is not None), None)
        if head is None:
            continue
        opened = masked[span.start : min(at, head.voice.span.start)]
        if not reporting.CLAUSE.search(opened) or reporting.SUBORDINATE.search(opened):
            continue
        if opened.count("(") > opened.count(")"):
            continue
        if masked[end] in ",–—" and _TOLD_OF.search(opened):  # `who gave her first name, X, said`
            continue
        if not fits(paragraph, head, span, single=single):
            if head.voice.name.split()[0].casefold() in speakers.NO_SUBJECT:
                continue
            return None
        return _Candidate(head.voice, late=_is_late(opened, masked, verb))
    return None
