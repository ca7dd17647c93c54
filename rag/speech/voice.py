"""Who says a sentence, as opposed to who wrote it: rules over the words of its paragraph.

Reported speech, `according to`, quotations and the turns of an interview are read; a pronoun goes
back to a name in the same paragraph. Where the rules leave a doubt there is no speaker: a wrong one
is worse than none. English, but for the turns of an interview, which need no language.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.speech import speakers
from rag.speech.antecedent import REACH, antecedent, bare, surely_meant
from rag.speech.attribution import LONGEST, Said, reports, reports_others
from rag.speech.heads import Voice, several
from rag.speech.speakers import plain_name, same_speaker
from rag.types import Document, Span
from rag.words.quotations import QuotedParagraph, quoted_paragraph

__all__ = ["Voice", "own_author", "said_by", "same_speaker", "voice_of"]

_RELAYED = re.compile(
    r"^[ \t>]*(?:-{2,}\s?(?:Original|Forwarded)\b|Begin forwarded message:"
    r"|[^\n]*\b(?:wrote|écrit|escribió|ha scritto)\s?:[ \t]*$|[^\n]*\bschrieb\b[^\n]*:[ \t]*$)",
    re.M,
)
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ", "'"))
_SENT_BY = re.compile(r"^[ \t]*From:[ \t]", re.MULTILINE)
#: Who speaks for another is heard as him: `a spokesman for the ministry`.
_SPEAKS_FOR = re.compile(r"\bspokes\w+\b|\bstatement\b", re.IGNORECASE)
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
    if _turn(document, span) is not None or _is_labelled(document, span):
        return False
    if _is_of_a_mail(document, span):
        return False
    paragraph = quoted_paragraph(document, span)
    if paragraph is None or not paragraph.sound:
        return False
    if any(q.overlaps(span) for q in paragraph.quotations):
        return False
    return not (_OTHER_MARKS.search(span.of(document.text)) or reports_others(paragraph, span))


def _is_of_a_mail(document: Document, span: Span) -> bool:
    """Whether a span stands in a mail that the document quotes, forwards or is made of."""
    text = document.text
    line = text[text.rfind("\n", 0, span.start) + 1 : span.end]
    return line.lstrip().startswith(">") or span.start >= _relayed_from(text, document.body_start)


@lru_cache(maxsize=8)
def _relayed_from(text: str, start: int) -> int:
    """Where the first mail that a document quotes or forwards begins; its end where none does."""
    if len(_SENT_BY.findall(text)) > 1:
        return 0
    relayed = _RELAYED.search(text, start)
    return relayed.start() if relayed is not None else len(text)


def _is_called(full: str, name: str) -> bool:
    """Whether a name as it was typed means a speaker: `holt` and `mira holt` mean `Mira Holt`.

    `The government` need not be the Norwegian one, but `Mr Holt` is taken for the Holt asked for.
    """
    full, name = (plain_name(n.translate(_APOSTROPHES)) for n in (full, name))
    said, asked = (set(re.findall(r"\w+", n.casefold())) - {"the", "a", "an"} for n in (full, name))
    if not asked:
        return False
    if asked <= said:
        own = set(re.findall(r"\w+", _head_of(full).casefold()))
        return not asked.isdisjoint(own) or _SPEAKS_FOR.search(full) is not None
    return speakers.ROLE.fullmatch(name) is None and same_speaker(full, name)


def _head_of(name: str) -> str:
    """Who speaks, without what he is of: `critics` of `critics of X` and of `X's critics`."""
    alone = re.sub(r"\A.*['’]s?\s(?=\w)", "", name)
    return re.split(r"\s(?:of|in|at|for|near|from|on|to|by|close)\s", alone, maxsplit=1)[0]


def _author_of(document: Document) -> str:
    return re.sub(r"\s*<[^>]*>", "", document.author or "")


def _is_author(document: Document, name: str) -> bool:
    return same_speaker(_author_of(document), name)


def _spoken(paragraph: QuotedParagraph, n: int, depth: int = 0) -> Voice | None:
    """The speaker of a paragraph's n-th sentence."""
    if not paragraph.sound or depth > REACH:
        return None
    span = paragraph.spans[n]
    around = paragraph.masked[span.start : span.end]
    if not re.search(r"[^\W_]", around):
        return _quoted(paragraph, n, depth)
    if around.rstrip().endswith("?"):
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
    if last != n and bare(paragraph, last):
        return _spoken(paragraph, last, depth + 1)
    # A sentence that begins with a quotation of its own has its tag for that one.
    if (
        after < len(paragraph.spans)
        and not _begins_quoted(paragraph, after)
        and bare(paragraph, after)[:1].islower()
    ):
        return _spoken(paragraph, after, depth + 1)
    first = min(k for k, s in enumerate(paragraph.spans) if s.overlaps(around))
    if first != n and bare(paragraph, first):
        return _spoken(paragraph, first, depth + 1)
    return _spoken(paragraph, first - 1, depth + 1) if first > 0 else None


def _begins_quoted(paragraph: QuotedParagraph, n: int) -> bool:
    return any(q.start == paragraph.spans[n].start for q in paragraph.quotations)


def _meant(paragraph: QuotedParagraph, n: int, said: Said, depth: int) -> Voice | None:
    """The name that a pronoun stands for; None unless the paragraph leaves one only."""
    if n == 0 or depth > REACH:
        return None
    they = said.pronoun.lower() in ("they", "them", "their")
    person = antecedent(paragraph, n, said) if said.pronoun and not they else None
    if person is not None or not said.pronoun:
        return person
    voice = _spoken(paragraph, n - 1, depth + 1)
    if not they:
        known = voice is not None and surely_meant(paragraph, n - 1, said.pronoun, voice)
        return voice if known else None
    return voice if voice is not None and several(voice.name) else None


@dataclass(frozen=True, slots=True)
class _Turn:
    """A turn of an interview that holds a sentence; `voice` is None where nobody is named."""

    voice: Voice | None


def _turn(document: Document, span: Span) -> _Turn | None:
    """The turn that holds a span; None where the document is no interview or it stands outside."""
    text = document.text
    labels, turns = _labels(text, document.body_start)
    own = turns[: bisect_right(turns, span.start, key=lambda label: label.start())]
    if not own:
        return None
    if len(own) == len(turns) and re.search(r"\n\s*\n", text[own[-1].end() : span.start]):
        return None
    # After `Decision:`, or a name that comes once, the one before no longer speaks; and a sentence
    # without a full stop may run into the turn of another.
    begun = bisect_right(labels, own[-1].start(), key=lambda label: label.start())
    if begun < len(labels) and labels[begun].start() < span.end:
        return _Turn(None)
    name = own[-1]["name"]
    if name.rstrip(".").casefold() in {"q", "question"}:
        return _Turn(None)
    if name.rstrip(".").casefold() in {"a", "answer"}:
        met = {m[1]: m.span(1) for m in _INTERVIEW_WITH.finditer(text, 0, turns[0].start())}
        return _Turn(Voice(*(_only(met))) if len(met) == 1 else None)
    return _Turn(Voice(name, Span(*own[-1].span("name"))))


@lru_cache(maxsize=8)
def _labels(text: str, start: int) -> tuple[Sequence[re.Match[str]], Sequence[re.Match[str]]]:
    """All labels of a document, and those that are turns; none is where it is no interview."""
    labels = list(speakers.LABEL.finditer(text, start))
    often = Counter(label["name"] for label in labels if not _is_header(label["name"]))
    repeated = {name for name, times in often.items() if times > 1}
    if len(repeated) < 2 or often.total() < 4:
        return labels, []
    return labels, [label for label in labels if label["name"] in repeated]


def _is_labelled(document: Document, span: Span) -> bool:
    """Whether a sentence stands in a line that begins with a name, as others of the document do."""
    labels, _ = _labels(document.text, document.body_start)
    names = {label["name"] for label in labels if not _is_header(label["name"])}
    line = document.text.rfind("\n", 0, span.start) + 1
    own = next((label for label in labels if label.start() == line), None)
    return len(names) > 1 and own is not None and own["name"] in names


def _is_header(label: str) -> bool:
    """Whether a label is of a mail's header or a list, such as `Subject:` and `Next Steps:`."""
    return speakers.NO_TURN.issuperset(label.casefold().rstrip(".").split())


def _only(met: dict[str, tuple[int, int]]) -> tuple[str, Span]:
    name, (start, end) = next(iter(met.items()))
    return name, Span(start, end)
