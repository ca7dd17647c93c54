"""Citations: made here and nowhere else, and only when they hold.

A draft sentence names the spans it rests on; each becomes a citation whose quote is a slice
of the document's text. What cannot be cited is dropped with its reason, never shown. What a model
wrote has, besides, to say only what its citations say (`rag.compose.claims`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rag.compose.claims import exact_quotes, fault
from rag.compose.leaning import sentence_before
from rag.compose.parts import Cited
from rag.compose.shorten import on_one_line
from rag.speech.reporting import inside_sentence
from rag.speech.voice import same_speaker, voice_of
from rag.text import line_of, line_starts
from rag.types import Citation, Document, Dropped, Hit, Paragraph, Span, Statement

__all__ = ["Draft", "cite", "held_against", "verbatim"]

#: A sentence that names its speaker by a pronoun: a name before it would tell it twice.
_ACCORDING = re.compile(
    r"^\W*(?:according to|in the (?:words|view|opinion) of|for) (?:him|her|them)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence that wants to be shown, the hit it came from and the spans it rests on.

    `also` are places beyond that hit; `written` says that the words are a model's own.
    """

    text: str
    hit: Hit
    spans: tuple[Span, ...]
    support: float
    also: tuple[tuple[Hit, Span], ...] = ()
    written: bool = False

    @property
    def places(self) -> tuple[tuple[Hit, Span], ...]:
        """All that the sentence rests on."""
        return (*((self.hit, span) for span in self.spans), *self.also)


def verbatim(hit: Hit, span: Span, support: float, documents: Mapping[str, Document]) -> Draft:
    """A stretch of a hit's document in its own words, on one line."""
    text = on_one_line(documents[hit.passage.source], span)
    return Draft(text, hit, (span,), support)


def cite(
    drafts: Sequence[Draft], documents: Mapping[str, Document]
) -> tuple[tuple[Statement, ...], tuple[Citation, ...], tuple[Dropped, ...]]:
    """Turns drafts into statements; equal quotes share one citation, numbered as they appear.

    A sentence of a source that does not name its own speaker is led in by the name.
    """
    statements: list[Statement] = []
    citations: dict[tuple[str, Span], Citation] = {}
    dropped: list[Dropped] = []
    before: Draft | None = None
    for draft in drafts:
        reason = _reason_against(draft, documents)
        if reason is not None:
            dropped.append(Dropped(draft.text, reason))
            continue
        ids = []
        for hit, span in draft.places:
            document = documents[hit.passage.source]
            paragraph = _paragraph_of(document, span)
            key = (document.source, span)
            if key not in citations and paragraph is not None:
                number = len(citations) + 1
                citations[key] = _citation(number, hit, document, span, paragraph)
            ids.append(citations[key].id)
        speaker, named_at = _speaker(ids, citations.values())
        text = _text(draft, documents)
        told = statements[-1] if statements else None
        if (
            speaker is not None
            and not draft.written
            and _unnamed(draft, speaker, named_at, before)
            and not _goes_on(draft, speaker, before, told, documents)
        ):
            text = f"According to {inside_sentence(speaker)}: {text}"
        statements.append(Statement(text, tuple(ids), True, draft.support, speaker, named_at))
        before = draft
    return tuple(statements), tuple(citations.values()), tuple(dropped)


def _speaker(ids: Sequence[int], citations: Iterable[Citation]) -> tuple[str | None, Span | None]:
    """Who says a statement: the one speaker of all its citations; nobody where they differ."""
    cited = [c for c in citations if c.id in ids]
    first = cited[0].speaker if cited else None
    if first is None or any(c.speaker is None or not same_speaker(c.speaker, first) for c in cited):
        return None, None
    return first, cited[0].speaker_span


def _unnamed(draft: Draft, speaker: str, at: Span | None, before: Draft | None) -> bool:
    """Whether a reader cannot see who says a sentence: not from it, nor from the one before."""
    if _ACCORDING.match(draft.text):
        return False
    last = speaker.rsplit(maxsplit=1)[-1].casefold()
    if last in re.findall(r"[\w’'@-]+", draft.text.casefold()):
        return False
    beside = before is not None and before.hit.passage.source == draft.hit.passage.source
    here = [draft, before] if before is not None and beside else [draft]
    return not any(at is not None and span.overlaps(at) for d in here for span in d.spans)


def _goes_on(
    draft: Draft,
    speaker: str,
    before: Draft | None,
    told: Statement | None,
    documents: Mapping[str, Document],
) -> bool:
    """Whether the statement right before is of the same speaker, in the same paragraph."""
    if before is None or told is None or told.speaker is None or before.written:
        return False
    if before.hit.passage.source != draft.hit.passage.source:
        return False
    document = documents[draft.hit.passage.source]
    one, other = (_paragraph_of(document, d.spans[0]) for d in (before, draft))
    return one == other and same_speaker(told.speaker, speaker)


def _reason_against(draft: Draft, documents: Mapping[str, Document]) -> str | None:
    """Why a draft is not shown; None when it holds."""
    places = [(documents[hit.passage.source], span) for hit, span in draft.places]
    if not places:
        return "uncited"
    if any(_paragraph_of(document, span) is None for document, span in places):
        return "quote_not_found"
    if not draft.written:
        return None
    return fault(draft.text, _cited(draft, documents))


def _text(draft: Draft, documents: Mapping[str, Document]) -> str:
    """What is shown: the draft's own words, its quotations in the very signs of their source."""
    return exact_quotes(draft.text, _cited(draft, documents)) if draft.written else draft.text


def _cited(draft: Draft, documents: Mapping[str, Document]) -> list[Cited]:
    places = [(documents[hit.passage.source], span) for hit, span in draft.places]
    return [held_against(document, span) for document, span in places]


def held_against(document: Document, span: Span) -> Cited:
    """A span as a claim is held against it: with the sentence that its pronouns may lean on."""
    before = sentence_before(document, span)
    said = before.of(document.text) if before is not None else None
    return Cited(span.of(document.text), document.language, before=said)


def _citation(
    number: int, hit: Hit, document: Document, span: Span, paragraph: Paragraph
) -> Citation:
    voice = voice_of(document, span)
    return Citation(
        id=number,
        passage_id=hit.passage.id,
        source=document.source,
        title=document.title,
        date=document.date,
        page=paragraph.page,
        paragraph=paragraph.number,
        line=line_of(line_starts(document.text), span.start),
        start=span.start,
        end=span.end,
        quote=span.of(document.text),
        source_sha256=document.sha256,
        speaker=voice.name if voice is not None else None,
        speaker_span=voice.span if voice is not None else None,
        also_in=_also_in(hit, span.of(document.text)),
    )


def _also_in(hit: Hit, quote: str) -> tuple[str, ...]:
    """The sources of those copies that have the quote word for word, white space apart."""
    words = " ".join(quote.split())
    found = (c.source for c in hit.copies if words in " ".join(c.text.split()))
    return tuple(dict.fromkeys(found))


def _paragraph_of(document: Document, span: Span) -> Paragraph | None:
    """The paragraph in which a quote begins; None when the offsets point at no words."""
    if not span.of(document.text).strip():
        return None
    return next((p for p in document.paragraphs if p.start <= span.start < p.end), None)
