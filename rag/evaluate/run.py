"""Asks every question of a suite and keeps what is needed to score it again without models."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from rag.errors import BadInput, RagError
from rag.evaluate.outcome import Outcome, Place, corpus_id
from rag.evaluate.questions import Question, gold_fields, read_questions
from rag.evaluate.score import score
from rag.evaluate.suites import Suite, find_suite, suite_index
from rag.serialise import hit_to_dict
from rag.types import Answer, Citation, Document, Hit, Turn

if TYPE_CHECKING:
    from rag.assistant import Assistant

__all__ = [
    "RunOptions",
    "Suite",
    "find_suite",
    "run_suite",
    "sample",
    "suite_index",
    "unknown_gold",
]

#: Passages ranked for a suite, so that ten (and the plots' twenty) corpus ids are among them.
SUITE_DEPTH = 100

#: Passages of which the text is kept.
PASSAGES_KEPT = 10


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How many questions to ask (`limit` of them drawn with `seed`), and how."""

    limit: int | None = None
    seed: int = 0
    split: str | None = None
    top_k: int = 10
    retrieval_only: bool = False


class _Limits(TypedDict):
    """What goes with a question."""

    since: str | None
    until: str | None
    as_of: str | None
    source: str | None
    speaker: str | None
    history: Sequence[Turn]


def run_suite(
    suite: Suite,
    assistant: Assistant,
    options: RunOptions,
    progress: Callable[[int, int], None] | None = None,
) -> list[Outcome]:
    """One scored outcome a question, in the file's order; none is left out."""
    everything = read_questions(suite.questions)
    gold = gold_fields(everything)
    questions = sample(everything, options)
    _warm_up(assistant, options)
    outcomes = []
    for number, question in enumerate(questions, start=1):
        outcome = _ask(question, gold, suite, assistant, options)
        outcome.scores.update(score(outcome))
        outcomes.append(outcome)
        if progress is not None:
            progress(number, len(questions))
    return outcomes


def unknown_gold(suite: Suite, assistant: Assistant) -> list[str]:
    """Gold sources, or corpus ids, that the index does not hold: no answer can cite them."""
    known = {info.source for info in assistant.index.documents()}
    ids = {corpus_id(source) for source in known}
    names = {_file(source) for source in known} | {_file(s.split("#", 1)[0]) for s in known}
    names |= {source.rsplit("/", 1)[-1] for source in known}  # a folder's name may hold a `#`
    wanted: dict[str, bool] = {}
    for question in read_questions(suite.questions):
        wanted |= {i: i in ids for i in question.relevant or () if suite.corpus}
        wanted |= {e.source: e.source in names for e in question.evidence or ()}
    return [name for name, there in wanted.items() if not there]


def _file(source: str) -> str:
    """A source without its folders."""
    path, mark, part = source.partition("#")
    return path.rsplit("/", 1)[-1] + mark + part


def sample(questions: Sequence[Question], options: RunOptions) -> list[Question]:
    """The questions to ask; `BadInput` where none is of the split."""
    chosen = [q for q in questions if options.split in (None, q.split)]
    if not chosen:
        raise BadInput(f"No question belongs to the split “{options.split}”.")
    if options.limit is None or options.limit >= len(chosen):
        return chosen
    drawn = random.Random(options.seed).sample(range(len(chosen)), options.limit)
    return [chosen[i] for i in sorted(drawn)]


def _warm_up(assistant: Assistant, options: RunOptions) -> None:
    """Loads the models, lest the first question's time be that of loading them.

    The writing model too, which a question without an answer does not need: one that is not there
    ends the run here, and does not fail every question.
    """
    if options.retrieval_only:
        assistant.search("warm up")
    else:
        assistant.load()
        assistant.ask("warm up")


def _ask(
    question: Question,
    gold: frozenset[str],
    suite: Suite,
    assistant: Assistant,
    options: RunOptions,
) -> Outcome:
    """Asks; whatever goes wrong is an outcome too, so that one question cannot end a run."""
    asked = not options.retrieval_only
    try:
        found = _found(question, suite, assistant, options)
    except RagError as error:
        return Outcome(question, gold, error=str(error), asked=asked)
    except Exception as error:  # a fault of ours costs one question, and is shown as its error
        return Outcome(question, gold, error=f"{type(error).__name__}: {error}", asked=asked)
    return Outcome(question, gold, asked=asked, **found)


def _found(
    question: Question, suite: Suite, assistant: Assistant, options: RunOptions
) -> dict[str, Any]:
    """The answer and the ranking. Only what `rag ask` (or `rag search`) does is timed."""
    limits = _Limits(
        since=question.since,
        until=question.until,
        as_of=question.as_of,
        source=question.source,
        speaker=question.speaker,
        history=question.history,
    )
    started = time.perf_counter()
    answer, hits = None, []
    if options.retrieval_only:
        hits = assistant.search(question.text, top_k=options.top_k, **limits)
    else:
        answer = assistant.ask(question.text, top_k=options.top_k, **limits)
        hits = list(answer.passages)
    found: dict[str, Any] = {"milliseconds": 1e3 * (time.perf_counter() - started)}
    found["passages"] = tuple(hit_to_dict(h) for h in hits[:PASSAGES_KEPT])
    if suite.corpus is not None and question.relevant:
        hits = hits + assistant.search(question.text, top_k=SUITE_DEPTH, **limits)
    found["ranked"] = tuple(_ids(hits))
    if answer is not None:
        found |= _cited(answer, assistant, question.relevant or ())
    return found


def _ids(hits: Sequence[Hit]) -> Iterator[str]:
    """Corpus ids, each where its best passage ranks; copies where the one is that names them."""
    passages = (p for h in hits for p in (h.passage, *h.copies))
    yield from dict.fromkeys(corpus_id(p.source) for p in passages)


def _cited(answer: Answer, assistant: Assistant, relevant: Sequence[str]) -> dict[str, Any]:
    """The answer, its citations' corpus ids and paragraphs, and whether its quotes are exact."""
    documents = {
        source: document
        for source in {c.source for c in answer.citations}
        if (document := assistant.index.document(source)) is not None
    }
    return {
        "answer": answer.to_dict(),
        "cited_ids": tuple(dict.fromkeys(i for c in answer.citations for i in _told(c, relevant))),
        "cited": tuple(_paragraph(c, documents) for c in answer.citations),
        "verbatim": tuple(_is_verbatim(c, documents) for c in answer.citations),
    }


def _told(citation: Citation, relevant: Sequence[str]) -> list[str]:
    """The corpus id of a citation; of copies that it names, those that are relevant instead."""
    copies = [i for s in citation.also_in if (i := corpus_id(s)) in relevant]
    own = corpus_id(citation.source)
    return [own, *copies] if own in relevant or not copies else copies


def _paragraph(citation: Citation, documents: dict[str, Document]) -> Place:
    """The paragraph that a citation names; its quote alone where the source is not known."""
    document = documents.get(citation.source)
    spans = [
        p.span
        for p in (document.paragraphs if document else ())
        if p.number == citation.paragraph and not p.heading
    ]
    start = min((s.start for s in spans), default=citation.start)
    end = max((s.end for s in spans), default=citation.end)
    text = document.text[start:end] if document and spans else citation.quote
    return Place(citation.source, text, citation.page, start, end, citation.also_in)


def _is_verbatim(citation: Citation, documents: dict[str, Document]) -> bool:
    document = documents.get(citation.source)
    return document is not None and document.text[citation.start : citation.end] == citation.quote
