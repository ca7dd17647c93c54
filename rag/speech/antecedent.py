"""Whom `he` or `she` means: the one person that the sentences before name, or nobody in doubt."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.speech import persons, reporting, speakers
from rag.speech.attribution import Said
from rag.speech.heads import Voice, personal
from rag.speech.speakers import same_speaker
from rag.types import Span
from rag.words.quotations import HIDDEN, QuotedParagraph

__all__ = ["REACH", "antecedent", "bare", "surely_meant"]

#: Sentences that a pronoun may look back over.
REACH = 3

_NAME = re.compile(speakers.NAME)
_HE = re.compile(r"\b(?:he|him|his)\b", re.IGNORECASE)
_SHE = re.compile(r"\b(?:she|her)\b", re.IGNORECASE)
#: What makes a single capitalised word a place or a body; any other may be a person.
_PLACED = re.compile(
    r"(?:\b(?i:in|at|near|from|outside|inside|across|around|into|through|throughout|towards?|over"
    r"|of|since|until|on|during|for|via|beyond|the|an?|north|south|east|west|visit(?:s|ed)?|left"
    r"|leaves|reach(?:es|ed)|enter(?:s|ed)|tour(?:s|ed)|cross(?:es|ed)|join(?:s|ed)|ran|runs"
    r"|found(?:s|ed)|leads?|led|owns?|owned|head(?:s|ed)|chair(?:s|ed)|quit|fled|sold|bought"
    r"|stud(?:y|ies|ied)|teach(?:es)?|taught|speaks?|spoke|learn(?:s|ed|t)?)"
    r"|(?<!\w)to)\s\Z"
)
_TO_SOMEBODY = re.compile(
    r"\b(?:wr[io]te|written|sp[eo]ak|spoken?|talk|said|turn|listen|repl(?:y|i)|answer|appeal|introduce"
    r"|married|lost|g[ia]ve|given|complain|apologi[sz]e|report|propose|explain|hand)\w*(?:\s\w+){0,2}"
    r"\sto\s\Z"
)
_OF_A_NATION = re.compile(r"\w+(?:an|ish|ese|ch|[a-z]i|ic)\Z")
_OF_A_PEOPLE = re.compile(r"\w+(?:an|i|k|t)s\Z")
#: What a subject does: `Berg left`, and not `About half`.
_VERB = re.compile(
    r"\s(?:\w+ed|\w{2,}[^s\W]s|is|was|has|had|will|would|could|came|went|took|gave|made|said|told|left"
    r"|lost|won|met|saw|got|ran|knew|thought|felt|found|kept|held|led|stood|sat|wrote|rose|fell|spoke"
    r"|began|became|brought|bought|sold|sent|spent|built|fought|paid|put|set|cut|hit|grew|drew|rang)\b"
)
_TIME = re.compile(rf"(?:{reporting.TIME})\Z")
#: Behind a name that only tells of whom others are: `X fans were`.
_KIND = re.compile(r"\s[a-z]+s\s(?:are|were|have)\b")
_COMPOUND = re.compile(
    r",\s(?:his|her)\s[^,.;]+\sand\b|\sand\s(?:(?:his|her|the|an?|another|two|three|several|other|some|one)\s)?\w"
)
#: What makes a name a person's: `X, 54,`, `X, who`, `X, an engineer`; `the engineer X`.
_EITHER = "|".join(speakers.ROLES)
_WHO_HE_IS = re.compile(rf",\s(?:\d\d\b|who\b|(?:[\w’'-]+\s){{0,5}}(?:{_EITHER})\b)")
_OFFICE_OF = re.compile(rf"\b(?i:{_EITHER}),?\s\Z")
_TITLED = re.compile(
    r"(?:Mr|Mrs|Ms|Dr|Prof|Sir|Lord|Lady|President|Minister|Professor|Judge|Sen|Gov)\b"
)
#: What a role does: `as a stranger rose`, and not `as a teacher in Lund`.
_DOES = re.compile(r"\s(?!(?:of|in|at|for|with|and|or|to|from|who|when|until|by|on|under)\b)[a-z]")
_OF_A_THING = re.compile(r"\s\w+\s(?:\w+\s)?its\b")


def antecedent(paragraph: QuotedParagraph, n: int, said: Said) -> Voice | None:
    """The name that `he` or `she` in the n-th sentence stands for; None unless there is only one.

    Whoever else may be meant leaves a doubt: a second name, or somebody told of by a role.
    """
    pronoun = {"him": "he", "her": "she"}.get(said.pronoun.lower(), said.pronoun.lower())
    own, other = (_HE, _SHE) if pronoun == "he" else (_SHE, _HE)
    before = Span(paragraph.spans[n].start, said.at)
    if _people(paragraph, before) or _another(paragraph, before, pronoun):
        return None
    rivals: list[str] = []
    for back in range(n - 1, max(-1, n - 1 - REACH), -1):
        span = paragraph.spans[back]
        masked = paragraph.masked[span.start : span.end]
        people = _people(paragraph, span)
        rivals += _single_names(paragraph, span)
        person = people[0] if len(people) == 1 else None
        if other.search(masked) or _another(paragraph, span, pronoun, person):
            return None
        if people:
            fits = person is not None and _subject_of(paragraph, span, person)
            return person if fits and not _is_another_of(person, rivals) else None
        if not own.search(masked) and bare(paragraph, back):
            return None
    return None


def surely_meant(paragraph: QuotedParagraph, n: int, pronoun: str, voice: Voice) -> bool:
    """Whether `he` means him who speaks, by a single name, in the n-th sentence, the one before.

    The document has to name him in full somewhere and to tell what he is: a country, a paper and a
    company have single names too.
    """
    span = paragraph.spans[n]
    pronoun = {"him": "he", "her": "she"}.get(pronoun.lower(), pronoun.lower())
    other = _SHE if pronoun == "he" else _HE
    if " " in voice.name or not span.overlaps(voice.span) or _people(paragraph, span):
        return False
    if other.search(paragraph.masked[span.start : span.end]) or _another(paragraph, span, pronoun):
        return False
    if _is_another_of(voice, list(_single_names(paragraph, span))):
        return False
    text = paragraph.document.text
    full = re.compile(rf"{speakers.NAME}(?<=\s{re.escape(voice.name)})(?![\w’'-])")
    return any(
        personal(m[0])
        and (
            _WHO_HE_IS.match(text, m.end()) is not None
            or _OFFICE_OF.search(text, max(0, m.start() - 60), m.start()) is not None
            or _TITLED.match(m[0]) is not None
        )
        for m in full.finditer(text)
    )


def _is_another_of(person: Voice | None, names: list[str]) -> bool:
    return person is None or any(not same_speaker(person.name, name) for name in names)


def bare(paragraph: QuotedParagraph, n: int) -> str:
    """A sentence without its quotations, from its first letter on; empty where it is all quoted."""
    span = paragraph.spans[n]
    return paragraph.masked[span.start : span.end].strip(f" {HIDDEN}\"“”‘’.,!?'")


def _people(paragraph: QuotedParagraph, within: Span) -> list[Voice]:
    """The persons named there, each once, in order."""
    found: list[Voice] = []
    for match in _NAME.finditer(paragraph.masked, within.start, within.end):
        article = paragraph.masked[max(within.start, match.start() - 4) : match.start()].casefold()
        if article.endswith("the ") or not personal(match[0]) or _is_place(paragraph, match[0]):
            continue
        name = re.sub(r"['’]s?\Z", "", match[0])
        if all(not same_speaker(name, v.name) for v in found):
            found.append(Voice(name, Span(match.start(), match.start() + len(name))))
    return found


def _is_place(paragraph: QuotedParagraph, name: str) -> bool:
    """Whether the paragraph speaks of something as inside what is so named."""
    inside = rf"\b(?:[Ii]n|[Nn]ear|[Aa]cross|[Aa]round|[Tt]hroughout)\s{re.escape(name)}(?!['’\w])"
    end = paragraph.spans[-1].end
    return re.compile(inside).search(paragraph.masked, paragraph.spans[0].start, end) is not None


def _single_names(paragraph: QuotedParagraph, within: Span) -> Iterator[str]:
    """Single names there that may be a person's, as `Berg` in `X met Berg`."""
    masked = paragraph.masked
    for match in _NAME.finditer(masked, within.start, within.end):
        name = re.sub(r"['’]s?\Z", "", match[0])
        if " " in name or len(name) < 3 or name.isupper() or _TIME.match(name):
            continue
        behind = re.compile(r"\s([a-z]+)").match(masked, match.end(), within.end)
        of_a_noun = behind is not None and (
            behind[1] in speakers.ROLES or _OF_A_NATION.search(name) is not None
        )
        if of_a_noun or _OF_A_PEOPLE.search(name):
            continue
        if match.start() == within.start:
            acts = _VERB.match(masked, match.end(), within.end) is not None
            if acts and speakers.may_be_name(name, paragraph.document.text):
                yield name
        elif _TO_SOMEBODY.search(masked, within.start, match.start()) is not None or (
            _PLACED.search(masked, within.start, match.start()) is None
        ):
            yield name


def _another(
    paragraph: QuotedParagraph, within: Span, pronoun: str, person: Voice | None = None
) -> bool:
    """Whether somebody without a name (`the mayor`) stands there whom a pronoun may mean.

    What the person named is himself is nobody else: `the mayor, X`; `X, an engineer`; `is a poet`.
    """
    masked = paragraph.masked
    for role in persons.SOMEBODY[pronoun].finditer(masked, within.start, within.end):
        predicate = persons.PREDICATE.search(masked, within.start, role.start())
        if predicate is not None and not (predicate["as"] and _DOES.match(masked, role.end())):
            continue
        if person is None or not _is_office_of(person, Span(*role.span()), masked):
            return True
    return False


def _is_office_of(person: Voice, role: Span, masked: str) -> bool:
    """Whether a role is of the person beside it, as his title or his apposition."""
    start, end = person.span.start, person.span.end
    if role.start >= end:
        return persons.APPOSED.fullmatch(masked, end, role.start) is not None
    if role.start >= start:
        return True
    title = persons.TITLE.fullmatch(masked, role.end, start)
    return title is not None and (title["off"] is None or masked[end : end + 1] in (",", ".", ";"))


def _subject_of(paragraph: QuotedParagraph, span: Span, person: Voice) -> bool:
    """Whether a sentence is about the one person it names: its subject, or whom the author met."""
    before = paragraph.masked[span.start : person.span.start]
    after = paragraph.masked[person.span.end : span.end]
    if after[:1] in ("'", "’") or any(p.match(after) for p in (_COMPOUND, _KIND, _OF_A_THING)):
        return False
    role = re.search(rf"(?:{speakers.ROLE.pattern})\s\Z", before)
    opened = before[: role.start()] if role is not None else before
    if reporting.CLAUSE.search(opened):
        return not reporting.SUBORDINATE.search(opened)
    return re.search(r"\b(?:I|[Ww]e)\b.*\b(?:with|met|asked|to)\s\Z", before, re.S) is not None
