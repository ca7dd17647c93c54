"""What the evidence says against an answer: another document's number, date or name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from rag.asking.question import Question
from rag.compare.claims import Claim
from rag.compare.conflicts import Finding, conflicts_of, contradicts
from rag.compare.differ import one_period, one_time
from rag.compare.rivals import rival
from rag.compose.beside import bound, states
from rag.compose.cite import cite, verbatim
from rag.compose.disputed import dispute_on
from rag.compose.extractive import Composition
from rag.compose.retort import Retort, recount, retort_to
from rag.read import Reading
from rag.speech.voice import said_by
from rag.types import Citation, Conflict, Document, EvidenceSentence, Hit, Span, Statement
from rag.words.sentences import sentences

__all__ = ["conflicts_in", "with_opposed"]

#: How near a sentence has to come to the best one's support to be shown against it.
CLOSE = 0.6
MOST = 2
#: Characters between two counts of one thing.
APART = 200

Place = tuple[str, int, int]
Claims = Mapping[Place, Claim]


def with_opposed(
    question: Question,
    composition: Composition,
    reading: Reading,
    documents: Mapping[str, Document],
) -> Composition:
    """The composition with up to two more statements, where such contradict it; else as it was.

    And with one that says that what is asked is disputed, where the evidence has such.

    A sentence that the next one of its paragraph answers back gets that one too.
    """
    composition = _with_retorts(question, composition, reading, documents)
    statements, citations = composition.statements, composition.citations
    best = max((e.support for e in reading.evidence), default=0.0)
    claims = _claims(reading, documents)
    for pick, near in _others(question, composition, reading, documents, CLOSE * best):
        hit, span, support = pick
        added, cited, _ = cite([verbatim(hit, span, support, documents)], documents)
        if len(cited) != 1:
            continue
        if not any(_against(question, c, cited[0], claims, near=near) for c in citations):
            continue
        number = len(citations) + 1
        citations = (*citations, replace(cited[0], id=number))
        statements = (*statements, replace(added[0], citations=(number,)))
        if len(statements) >= len(composition.statements) + MOST:
            break
    open_one = dispute_on(question, citations, reading, documents)
    if open_one is not None:
        hit, span, support = open_one
        added, cited, _ = cite([verbatim(hit, span, support, documents)], documents)
        number = len(citations) + 1
        citations = (*citations, *(replace(c, id=number) for c in cited[:1]))
        statements = (*statements, *(replace(s, citations=(number,)) for s in added[:1]))
    return replace(composition, statements=statements, citations=citations)


def _with_retorts(
    question: Question,
    composition: Composition,
    reading: Reading,
    documents: Mapping[str, Document],
) -> Composition:
    """The composition with, right behind each of its sentences, the one that answers it back."""
    hits = {e.hit.passage.id: e.hit for e in reading.evidence}
    places = {_place(c) for c in composition.citations}
    citations = {c.id: c for c in composition.citations}
    statements: list[Statement] = []
    for statement in composition.statements:
        statements.append(statement)
        for cited in [citations[n] for n in statement.citations]:
            document, only = documents[cited.source], reading.speaker
            retort = retort_to(question, cited, document)
            if retort is None or (cited.source, retort.span.start, retort.span.end) in places:
                continue
            if only is not None and not said_by(document, retort.span, only):
                continue
            hit = hits[cited.passage_id]
            draft = verbatim(hit, retort.span, statement.support, documents)
            made, added, _ = cite([draft], documents)
            for back, source in zip(made, added, strict=True):
                number = len(citations) + 1
                citations[number] = replace(source, id=number)
                statements.append(replace(back, citations=(number,)))
                places.add(_place(source))
    return _renumbered(composition, statements, citations)


def _renumbered(
    composition: Composition, statements: Sequence[Statement], citations: Mapping[int, Citation]
) -> Composition:
    """Citations counted from 1 in the order in which the statements name them."""
    order = list(dict.fromkeys([n for s in statements for n in s.citations]))
    order += [n for n in citations if n not in order]
    new = {old: number for number, old in enumerate(order, start=1)}
    return replace(
        composition,
        statements=tuple(
            replace(s, citations=tuple(new[n] for n in s.citations)) for s in statements
        ),
        citations=tuple(replace(citations[old], id=number) for old, number in new.items()),
    )


def conflicts_in(
    question: Question,
    citations: Sequence[Citation],
    reading: Reading,
    documents: Mapping[str, Document],
) -> tuple[Conflict, ...]:
    """The conflicts among the citations of an answer."""
    claims = _claims(reading, documents)
    retorts = {c.id: retort_to(question, c, documents[c.source]) for c in citations}

    def differ(one: Citation, other: Citation) -> Finding | None:
        back = _answered_back(one, other, retorts) or _recounted(question, one, other, documents)
        return back or _rival(question, one, other, claims)

    def between(first: Citation, second: Citation) -> str:
        return documents[first.source].text[first.end : second.start]

    return conflicts_of(question.text, citations, differ, between)


def _against(
    question: Question, cited: Citation, other: Citation, claims: Claims, *, near: bool
) -> bool:
    """Whether another sentence is another answer or, `near` what is asked, the contrary."""
    if near and contradicts(question.text, cited, other):
        return True
    return _rival(question, cited, other, claims) is not None


def _answered_back(
    one: Citation, other: Citation, retorts: Mapping[int, Retort | None]
) -> Finding | None:
    """What differs where the one is the retort to the other; values in the order given."""
    for first, second in ((one, other), (other, one)):
        retort = retorts[first.id]
        if retort is None or retort.finding is None:
            continue
        if _place(second) == (first.source, retort.span.start, retort.span.end):
            kind, about, claim, answer = retort.finding
            return (kind, about, claim, answer) if first is one else (kind, about, answer, claim)
    return None


def _recounted(
    question: Question, one: Citation, other: Citation, documents: Mapping[str, Document]
) -> Finding | None:
    """Two numbers for one thing a sentence apart, in one paragraph; values in the order given."""
    first, second = sorted((one, other), key=lambda c: c.start)
    if (one.source, one.paragraph) != (other.source, other.paragraph):
        return None
    if second.start - first.end >= APART:
        return None
    finding = recount(question, first, second, documents[first.source])
    if finding is None or first is one:
        return finding
    kind, about, value, again = finding
    return kind, about, again, value


def _rival(question: Question, one: Citation, other: Citation, claims: Claims) -> Finding | None:
    """Another answer to the question, in another document."""
    first, second = claims.get(_place(one)), claims.get(_place(other))
    if first is None or second is None or one.source == other.source:
        return None
    apart = not (one_time(one, other) and one_period(one, other))
    return None if apart else rival(question, first, second)


def _place(citation: Citation) -> Place:
    return citation.source, citation.start, citation.end


def _claims(reading: Reading, documents: Mapping[str, Document]) -> dict[Place, Claim]:
    """What each sentence that a reader found an answer in claims."""
    best = max((e.support for e in reading.evidence), default=0.0) or 1.0
    claims: dict[Place, Claim] = {}
    for evidence in reading.evidence:
        document = documents[evidence.hit.passage.source]
        for found in evidence.sentences:
            if found.answer is not None and found.support >= CLOSE * best:
                place = (document.source, found.span.start, found.span.end)
                claims[place] = _claim(found, document, found.answer, found.support / best)
    return claims


def _claim(found: EvidenceSentence, document: Document, answer: Span, near: float) -> Claim:
    text, span = document.text, found.span
    paragraph = next((p for p in document.paragraphs if p.start <= span.start < p.end), None)
    begin = span.start
    if paragraph is not None and paragraph.start < begin:
        before = sentences(text, paragraph.start, begin, document.language)
        begin = before[-1].start if before else begin
    around = f"{document.title or ''} {text[begin : span.end]}"
    return Claim(span.of(text), answer.of(text), around, near)


def _others(
    question: Question,
    composition: Composition,
    reading: Reading,
    documents: Mapping[str, Document],
    least: float,
) -> Iterator[tuple[tuple[Hit, Span, float], bool]]:
    """What documents that are not cited state, best first, and whether it tells of what is asked.

    Another answer to the question shows of itself that it does, in whatever words.
    """
    cited = {c.source for c in composition.citations}
    ranked = [(e.hit, s) for e in reading.evidence for s in e.sentences]
    if not ranked:
        return
    best = max(ranked, key=lambda pick: pick[1].support)
    ranked.sort(key=lambda p: (-p[1].support, p[0].passage.source, p[1].span.start))
    for hit, sentence in ranked:
        source = hit.passage.source
        if source in cited or sentence.support < least:
            continue
        if states(question, documents[source], sentence.span):
            near = bound(question, (hit, sentence), best, documents[source], close=False)
            yield (hit, sentence.span, sentence.support), near
