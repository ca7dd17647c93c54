"""Who says a sentence, as opposed to who wrote it: rules over the words of its paragraph.

Reported speech, `according to`, quotations and the turns of an interview are read; a pronoun goes
back to a name in the same paragraph. Where the rules leave a doubt there is no speaker: a wrong one
is worse than none. English, but for the turns of an interview, which need no language.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from rag import reporting, speakers
from rag.attribution import LONGEST, Said, Voice, personal, reports, reports_others, several
from rag.quotations import HIDDEN, QuotedParagraph, quoted_paragraph
from rag.speakers import same_speaker
from rag.types import Document, Span

__all__ = ["Voice", "own_author", "said_by", "same_speaker", "voice_of"]

#: Sentences that a pronoun may look back over.
REACH = 3

_RELAYED = re.compile(r"^[ \t]*(?:-{2,}\s?(?:Original|Forwarded)\b|[^\n]*\bwrote:[ \t]*$)", re.M)
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ", "'"))
_SENT_BY = re.compile(r"^[ \t]*From:[ \t]", re.MULTILINE)
_OTHER_MARKS = re.compile(r"[«»„‘]|(?<!\w)'(?=\w)")
_INTERVIEW_WITH = re.compile(rf"(?i:interview(?:ed)?\swith|conversation\swith)\s({speakers.NAME})")


def voice_of(document: Document, span: Span) -> Voice | None:
    """The one who says what the span holds; None where the document says it, or in doubt."""
    turn = _turn(document, span)
    if turn is not None:
        return turn.voice
    if document.language != "en":
        return None
    paragraph = quoted_paragraph(document, span)
    if paragraph is None:
        return None
    held = [n for n, s in enumerate(paragraph.spans) if s.overlaps(span)]
    voices = [_spoken(paragraph, n) for n in held]
    first = voices[0] if voices else None
    if first is None or _is_author(document, first.name):
        return None
    agree = all(v is not None and same_speaker(v.name, first.name) for v in voices)
    return first if agree else None


def said_by(document: Document, span: Span, name: str) -> bool:
    """Whether somebody says what the span holds: as its speaker, or as the document's author.

    An author says what is surely nobody else's: no quotation, report of speech or relayed mail.
    """
    voice = voice_of(document, span)
    if voice is not None:
        return _is_called(voice.name, name)
    return _is_called(_author_of(document), name) and _is_own(document, span)


def own_author(document: Document, span: Span) -> str | None:
    """The document's author where what the span holds is surely his own; else None."""
    return (_author_of(document) or None) if _is_own(document, span) else None


def _is_own(document: Document, span: Span) -> bool:
    if document.language != "en" or span.end - span.start > LONGEST:
        return False
    if _turn(document, span) is not None or _is_of_a_mail(document, span):
        return False
    paragraph = quoted_paragraph(document, span)
    if paragraph is None or not paragraph.sound:
        return False
    if any(q.overlaps(span) for q in paragraph.quotations):
        return False
    return not (_OTHER_MARKS.search(span.of(document.text)) or reports_others(paragraph, span))


def _is_of_a_mail(document: Document, span: Span) -> bool:
    """Whether a span stands in a mail that the document quotes, forwards or is made of."""
    text, start = document.text, document.body_start
    line = text[text.rfind("\n", 0, span.start) + 1 : span.end]
    several_mails = len(_SENT_BY.findall(text)) > 1
    return (
        several_mails
        or line.lstrip().startswith(">")
        or _RELAYED.search(text, start, span.start) is not None
    )


def _is_called(full: str, name: str) -> bool:
    """Whether a name as it was typed means a speaker: `holt` and `mira holt` mean `Mira Holt`.

    `The government` need not be the Norwegian one, but `Mr Holt` is taken for the Holt asked for.
    """
    full, name = full.translate(_APOSTROPHES), name.translate(_APOSTROPHES)
    said, asked = (set(re.findall(r"\w+", n.casefold())) - {"the", "a", "an"} for n in (full, name))
    if not asked:
        return False
    return asked <= said or (speakers.ROLE.fullmatch(name) is None and same_speaker(full, name))


def _author_of(document: Document) -> str:
    return re.sub(r"\s*<[^>]*>", "", document.author or "")


def _is_author(document: Document, name: str) -> bool:
    return same_speaker(_author_of(document), name)


def _spoken(paragraph: QuotedParagraph, n: int, depth: int = 0) -> Voice | None:
    """The speaker of a paragraph's n-th sentence."""
    if not paragraph.sound or depth > REACH:
        return None
    span = paragraph.spans[n]
    bare = paragraph.masked[span.start : span.end]
    if not re.search(r"[^\W_]", bare):
        return _quoted(paragraph, n, depth)
    if bare.rstrip().endswith("?"):
        return None
    voices: list[Voice] = []
    found = list(reports(paragraph, span))
    if all(said.late for said in found):
        return None
    for said in found:
        voice = said.voice or _meant(paragraph, n, said, depth)
        if voice is None:
            return None
        if all(not same_speaker(voice.name, v.name) for v in voices):
            voices.append(voice)
    return voices[0] if len(voices) == 1 else None


def _quoted(paragraph: QuotedParagraph, n: int, depth: int) -> Voice | None:
    """The speaker of a sentence that is all quotation: by the tag next to it."""
    span = paragraph.spans[n]
    around = next((q for q in paragraph.quotations if q.overlaps(span)), None)
    if around is None:
        return None
    last = max(k for k, s in enumerate(paragraph.spans) if s.overlaps(around))
    after = last + 1
    if last != n and _bare(paragraph, last):
        return _spoken(paragraph, last, depth + 1)
    # A sentence that begins with a quotation of its own has its tag for that one.
    if (
        after < len(paragraph.spans)
        and not _begins_quoted(paragraph, after)
        and _bare(paragraph, after)[:1].islower()
    ):
        return _spoken(paragraph, after, depth + 1)
    first = min(k for k, s in enumerate(paragraph.spans) if s.overlaps(around))
    if first != n and _bare(paragraph, first):
        return _spoken(paragraph, first, depth + 1)
    return _spoken(paragraph, first - 1, depth + 1) if first > 0 else None


def _begins_quoted(paragraph: QuotedParagraph, n: int) -> bool:
    return any(q.start == paragraph.spans[n].start for q in paragraph.quotations)


def _bare(paragraph: QuotedParagraph, n: int) -> str:
    """A sentence without its quotations, from its first letter on; empty where it is all quoted."""
    span = paragraph.spans[n]
    return paragraph.masked[span.start : span.end].strip(f" {HIDDEN}\"“”.,!?'")


def _people(paragraph: QuotedParagraph, start: int, end: int) -> list[Voice]:
    """The persons named between two offsets, each once, in order."""
    found: list[Voice] = []
    for match in re.compile(speakers.NAME).finditer(paragraph.masked, start, end):
        article = paragraph.masked[max(start, match.start() - 4) : match.start()].casefold()
        if article.endswith("the ") or not personal(match[0]):
            continue
        name = re.sub(r"['’]s?\Z", "", match[0])
        if all(not same_speaker(name, v.name) for v in found):
            found.append(Voice(name, Span(match.start(), match.start() + len(name))))
    return found


def _meant(paragraph: QuotedParagraph, n: int, said: Said, depth: int) -> Voice | None:
    """The name that a pronoun stands for; None unless the paragraph leaves one only."""
    pronoun = {"him": "he", "her": "she", "them": "they"}.get(
        said.pronoun.lower(), said.pronoun.lower()
    )
    if n == 0 or depth > REACH:
        return None
    if pronoun == "they":
        voice = _spoken(paragraph, n - 1, depth + 1)
        return voice if voice is not None and several(voice.name) else None
    before = Span(paragraph.spans[n].start, said.at)
    if _people(paragraph, before.start, before.end) or _another(paragraph, before, pronoun):
        return None
    other = r"\b(?:she|her)\b" if pronoun == "he" else r"\b(?:he|him|his)\b"
    own = r"\b(?:he|him|his)\b" if pronoun == "he" else r"\b(?:she|her)\b"
    for back in range(n - 1, max(-1, n - 1 - REACH), -1):
        span = paragraph.spans[back]
        bare = paragraph.masked[span.start : span.end]
        people = _people(paragraph, span.start, span.end)
        if people:
            fits = len(people) == 1 and not re.search(other, bare, re.IGNORECASE)
            if not fits or _another(paragraph, span, pronoun, people[0]):
                return None
            return people[0] if _subject_of(paragraph, span, people[0]) else None
        if re.search(other, bare, re.IGNORECASE) or _another(paragraph, span, pronoun):
            return None
        if not re.search(own, bare, re.IGNORECASE) and _bare(paragraph, back):
            return None
    return None


def _another(
    paragraph: QuotedParagraph, within: Span, pronoun: str, person: Voice | None = None
) -> bool:
    """Whether somebody without a name (`the mayor`) stands there whom a pronoun may mean.

    What the person named is himself is nobody else: `the mayor, X`; `X, an engineer`; `is a poet`.
    """
    masked = paragraph.masked
    for role in speakers.SOMEBODY[pronoun].finditer(masked, within.start, within.end):
        if speakers.PREDICATE.search(masked, within.start, role.start()):
            continue
        if person is None or not _is_office_of(person, Span(*role.span()), masked):
            return True
    return False


def _is_office_of(person: Voice, role: Span, masked: str) -> bool:
    """Whether a role is of the person beside it, as his title or his apposition."""
    start, end = person.span.start, person.span.end
    if role.start >= end:
        return speakers.APPOSED.fullmatch(masked, end, role.start) is not None
    if role.start >= start:
        return True
    title = speakers.TITLE.fullmatch(masked, role.end, start)
    return title is not None and (title["off"] is None or masked[end : end + 1] in (",", ".", ";"))


def _subject_of(paragraph: QuotedParagraph, span: Span, person: Voice) -> bool:
    """Whether a sentence is about the one person it names: its subject, or whom the author met."""
    before = paragraph.masked[span.start : person.span.start]
    if paragraph.masked[person.span.end : person.span.end + 1] in ("'", "’"):
        return False
    role = re.search(rf"(?:{speakers.ROLE.pattern})\s\Z", before)
    opened = before[: role.start()] if role is not None else before
    if reporting.CLAUSE.search(opened):
        return not reporting.SUBORDINATE.search(opened)
    return re.search(r"\b(?:I|[Ww]e)\b.*\b(?:with|met|asked|to)\s\Z", before, re.S) is not None


@dataclass(frozen=True, slots=True)
class _Turn:
    """A turn of an interview that holds a sentence; `voice` is None where nobody is named."""

    voice: Voice | None


def _turn(document: Document, span: Span) -> _Turn | None:
    """The turn that holds a span; None where the document is no interview or it stands outside."""
    text = document.text
    labels = list(speakers.LABEL.finditer(text, document.body_start))
    often = Counter(label["name"] for label in labels if not _is_header(label["name"]))
    repeated = {name for name, times in often.items() if times > 1}
    if len(repeated) < 2 or often.total() < 4:
        return None
    turns = [label for label in labels if label["name"] in repeated]
    own = [label for label in turns if label.start() <= span.start]
    if not own:
        return None
    if len(own) == len(turns) and re.search(r"\n\s*\n", text[own[-1].end() : span.start]):
        return None
    # After `Decision:`, or a name that comes once, the one before no longer speaks.
    if any(own[-1].end() <= label.start() <= span.start for label in labels):
        return _Turn(None)
    name = own[-1]["name"]
    if name.rstrip(".").casefold() in {"q", "question"}:
        return _Turn(None)
    if name.rstrip(".").casefold() in {"a", "answer"}:
        met = {m[1]: m.span(1) for m in _INTERVIEW_WITH.finditer(text, 0, turns[0].start())}
        return _Turn(Voice(*(_only(met))) if len(met) == 1 else None)
    return _Turn(Voice(name, Span(*own[-1].span("name"))))


def _is_header(label: str) -> bool:
    """Whether a label is of a mail's header or a list, such as `Subject:` and `Next Steps:`."""
    return speakers.NO_TURN.issuperset(label.casefold().rstrip(".").split())


def _only(met: dict[str, tuple[int, int]]) -> tuple[str, Span]:
    name, (start, end) = next(iter(met.items()))
    return name, Span(start, end)
