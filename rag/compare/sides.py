"""Two voices of one paragraph that take different sides, and two documents for this or for that."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag.compare.denial import UNDONE, agrees, negated, opposes
from rag.compare.differ import Finding
from rag.compare.opposites import roots, shared
from rag.compare.slots import reporter
from rag.compare.stance import YES_NO, held_sides, opposed_sides, opposed_stances
from rag.compare.wording import word_refused
from rag.speech.voice import same_speaker
from rag.types import Citation
from rag.words.mentions import CAPITAL

__all__ = ["BLAME", "BROAD", "apart", "beside", "opposed", "yes_or_no"]

_WHETHER = re.compile(r"(?i)\bwhether\b")
_BLAMES = (
    r"\b(?:blam|fault|responsib|accus|guilt)\w*|\b(?:started|began|provoked|caused|attacked)\b"
    r"|\bfir(?:ed|ing) (?:first|the first)\b|\bfirst (?:shots?|shell|blow)\b"
    r"|\b(?:br(?:oke|eak|eaks|oken)|violat\w+|breach\w+) the"
    r" (?:truce|cease-?fire|treaty|agreement|armistice|deal|peace)\b"
)
BLAME = re.compile(rf"(?i){_BLAMES}")
"""What asks, or tells, who is to blame."""
#: What lays blame where that is asked: `The operator points to the storm`.
_POINTS = re.compile(
    rf"(?i){_BLAMES}|\bpoint(?:s|ed)?\s(?:to|at|the\sfinger)\b|\bputs?\s(?:it|this|that)\sdown\sto\b|\battribut\w+"
    r"|\btrac(?:es?|ed)\s(?:it|this|that)\s(?:back\s)?to\b|\bsees?\sthe\scause\b"
)
BROAD = re.compile(rf"(?i)\b(?:who|whose|whom|why|which side|disputed?|whether)\b|{_BLAMES}")
"""What asks for more than a plain fact, so that a dispute in general words may be about it."""
_IN_FACT = re.compile(r"\A\W*(?:But )?(?:[Ii]n (?:fact|reality|truth)|Actually|In the event)\b")
#: Who begins a sentence by disagreeing, where no rule takes him for its speaker.
_HOLDER = re.compile(
    rf"\A(?!(?:He|She|It|They|We|You|This|That|The|An?|His|Her|Its|Their|But|And|In|At|On|Others?)\s)"
    rf"(?P<name>{CAPITAL}[\w’'-]+(?:\s(?:(?:de|van|von|al|bin)\s)?{CAPITAL}[\w’'-]+){{0,3}})"
    r"(?:,[^,;:]{2,90},)?\s(?:\w+ly\s)?(?:(?:disagree|dispute|see|think|find|blame|point|doubt|counter"
    r"|consider|regard|expect|trace|prefer)s?\b|denies|saw|takes? (?:a|the)\b|draws the|begs? to"
    r"|(?:is|was) (?:not |un|less |more )?(?:convinced|sure|s[ck]eptical))"
)
_DENIES_THAT = re.compile(r"(?i)\bden(?:y|ies|ied)\s(?:that\s\w|having\b)")
_AGAINST = re.compile(
    r"(?i)(?:\b(?:not|never|no|nothing|neither|nor|cannot)|n['’]t)\s(?P<what>(?:[\w’'-]+\s?){1,4})"
)


def opposed(
    question: str,
    one: Citation,
    other: Citation,
    citations: Sequence[Citation],
    between: Callable[[Citation, Citation], str] | None,
) -> Finding | None:
    """Two who take the sides asked about, or of whom the later says that he disagrees.

    That she disagrees may stand in a sentence of its own before what she says.
    """
    if one.source != other.source:
        sides = opposed_sides(question, one.quote, other.quote)
        return ("opposed", "how to see it", *sides) if sides else None
    first, second = sorted((one, other), key=lambda c: c.start)
    by, against = first.speaker, _holder(second, citations)
    if by is None or against is None or same_speaker(by, against) or not _near(first, second):
        return _turned(question, one, other)
    said = [
        c.quote for c in citations
        if c.source == first.source and first.end <= c.start <= second.start
    ]  # fmt: skip
    if between is not None:
        said += _of(against, between(first, second))
    if any(opposes(quote) and _on_this(question, first, quote) for quote in said):
        # `He denies it too` is no word against one who denies it.
        differ = not (agrees(second.quote) and opposes(first.quote))
    else:
        differ = not agrees(second.quote) and _on_two_sides(question, first, second)
    if not differ:
        return _turned(question, one, other)
    mine, theirs = (by, against) if first is one else (against, by)
    return "opposed", "how to see it", mine, theirs


def _turned(question: str, one: Citation, other: Citation) -> Finding | None:
    """Two voices of a paragraph, known by name or not, of whom one says yes and the other no."""
    first, second = sorted((one, other), key=lambda c: c.start)
    if not _near(first, second):
        return None
    if not (_two_voices(first, second) or _word_taken_back(question, first.quote, second.quote)):
        return None
    around = first.quote, f"{first.quote} {second.quote}"
    taken = opposed_stances(question, first.quote, second.quote, around)
    if taken is None and _word_taken_back(question, first.quote, second.quote):
        taken = True, False
    return None if taken is None else yes_or_no(taken if first is one else taken[::-1])


def _word_taken_back(question: str, said: str, text: str) -> bool:
    """Whether the question is what something is, and one refuses the word that the other has."""
    asked = roots(question)
    about = shared(asked, roots(said))
    return YES_NO.match(question) is not None and about and word_refused(text, said)


def yes_or_no(taken: tuple[bool, bool]) -> Finding:
    """The finding where one says yes and the other no."""
    one, other = ("yes" if yes else "no" for yes in taken)
    return "yes or no", "whether it is so", one, other


def _two_voices(first: Citation, second: Citation) -> bool:
    """Whether two sentences of a paragraph are said by two, or the second puts the first right."""
    if apart(first, second) or _IN_FACT.search(second.quote):
        return True
    by, other = (c.speaker or reporter(c.quote) for c in (first, second))
    return by is not None and other is not None and not same_speaker(by, other)


def apart(one: Citation, other: Citation) -> bool:
    """Whether two speak, both by name."""
    if one.speaker is None or other.speaker is None:
        return False
    return not same_speaker(one.speaker, other.speaker)


def beside(one: Citation, other: Citation) -> bool:
    """Whether the second follows the first at once, in the same paragraph."""
    near = one.source == other.source and one.paragraph == other.paragraph
    return near and min(abs(other.start - one.end), abs(one.start - other.end)) <= 2


def _on_this(question: str, first: Citation, against: str) -> bool:
    """Whether what somebody denies is what the other says or what is asked."""
    own = _DENIES_THAT.search(against)
    told = roots(first.quote) | roots(question)
    return own is None or shared(roots(against[own.end() :]), told)


def _holder(citation: Citation, citations: Sequence[Citation]) -> str | None:
    """Who holds what a sentence says: its speaker, or the name that begins it with a view.

    Not where another citation has what he says himself.
    """
    found = _HOLDER.match(citation.quote)
    if citation.speaker is not None or found is None:
        return citation.speaker or reporter(citation.quote)
    speakers = [c.speaker for c in citations if c.source == citation.source and c.speaker]
    return None if any(same_speaker(found["name"], s) for s in speakers) else found["name"]


def _of(name: str, text: str) -> list[str]:
    """The sentences of a text that mention somebody."""
    last = name.rsplit(maxsplit=1)[-1]
    return [s for s in re.split(r"(?<=[.!?])\s+", text) if last in s]


def _on_two_sides(question: str, first: Citation, second: Citation) -> bool:
    """Whether a question leaves a choice, and one denies what the other says, or is for another."""
    if BLAME.search(question) and all(_POINTS.search(c.quote) for c in (first, second)):
        return True
    if _denies_word_of(question, first, second) or _denies_word_of(question, second, first):
        return True
    if not (YES_NO.match(question) or _WHETHER.search(question)):
        return False
    if negated(first.quote) != negated(second.quote):
        return True
    return held_sides(question, first.quote) != held_sides(question, second.quote)


def _denies_word_of(question: str, said: Citation, against: Citation) -> bool:
    """Whether one says `not` of a word by which another explains it: `not the loans`."""
    if negated(said.quote) or UNDONE.search(against.quote):
        return False
    told = roots(said.quote) - roots(question) - roots(said.speaker or "")
    denied = (roots(m["what"]) for m in _AGAINST.finditer(against.quote))
    return any(w in told for words in denied for w in words)


def _near(first: Citation, second: Citation) -> bool:
    return first.paragraph == second.paragraph and second.start - first.end < 400
