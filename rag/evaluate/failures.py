"""The questions that went wrong, each with all that a person needs to see why."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from rag.evaluate.cover import covers, place_of
from rag.evaluate.outcome import Outcome, corpus_id
from rag.evaluate.page import safe
from rag.render.clean import clean, snippet

__all__ = ["failure_of", "failures"]

#: More would make a page that is slow to open; the records hold all.
SHOWN = 400

#: Passages shown of each failure, and code points of each.
PASSAGES, LENGTH = 5, 420


def failure_of(outcome: Outcome) -> str | None:
    """What kind of failure a question is, for people; None for a success or where no one knows."""
    if outcome.error:
        return "error"
    scores = outcome.scores
    if not outcome.asked:
        missed = scores.get("hit@10", scores.get("evidence_found@10")) == 0
        return "not retrieved" if missed else None
    if outcome.question.answerable is False:
        return "answered the unanswerable" if outcome.answered else None
    found = scores.get("hit@10", scores.get("evidence_found@10"))
    # Without gold passages no one knows whether one was retrieved.
    told = "" if found is None else ", though retrieved" if found > 0 else ", not retrieved"
    if not outcome.answered:
        return None if outcome.question.answerable is None else f"abstained{told}"
    if outcome.right is False:
        return f"wrong{told}"
    cited = scores.get("citation_recall", scores.get("evidence_recall", 1.0)) > 0
    return None if cited else "cited elsewhere"


def failures(outcomes: Sequence[Outcome]) -> str:
    """The list, with its filters."""
    failed = [(o, kind) for o in outcomes if (kind := failure_of(o))]
    if not failed:
        return "<h3>Failures</h3><p>None.</p>"
    types = sorted({t for o, _ in failed for t in o.question.types})
    kinds = sorted({kind for _, kind in failed})
    picks = (
        f"<div class=filters><select aria-label=type>{_options('every type', types)}</select>"
        f"<select aria-label=kind>{_options('every kind of failure', kinds)}</select>"
        "<input type=search placeholder='words' aria-label=words><output class=tag></output></div>"
    )
    items = "".join(_item(o, kind) for o, kind in failed[:SHOWN])
    left = len(failed) - SHOWN
    more = f"<p class=note>{left} more are in the records (--records).</p>" if left > 0 else ""
    head = f"<h3>Failures: {len(failed)} of {len(outcomes)} questions</h3>"
    return f"{head}<div>{picks}<div class=sheet>{items}</div>{more}</div>"


def _options(every: str, values: Sequence[str]) -> str:
    listed = "".join(f"<option>{safe(v)}</option>" for v in values)
    return f"<option value=''>{escape(every)}</option>{listed}"


def _item(outcome: Outcome, kind: str) -> str:
    question = outcome.question
    types = escape(json.dumps([clean(t) for t in question.types]), quote=True)
    tags = f"<span class='tag bad'>{escape(kind)}</span>"
    tags += "".join(f"<span class=tag>{safe(t)}</span>" for t in question.types)
    entries = [("id", safe(question.id)), *_asked(outcome), *_gold(outcome), *_given(outcome)]
    body = "".join(f"<dt>{name}<dd>{text}" for name, text in entries if text)
    return (
        f'<details data-types="{types}" data-kind="{escape(kind)}"><summary>{tags}'
        f"{safe(question.text)}</summary><dl>{body}</dl></details>"
    )


def _asked(outcome: Outcome) -> list[tuple[str, str]]:
    """What went with the question: earlier turns and limits."""
    question = outcome.question
    turns = "".join(
        f"<p><span class=tag>{safe(t.role)}</span>{safe(t.content)}" for t in question.history
    )
    limits = [
        f"{name} {safe(value)}"
        for name, value in (
            ("since", question.since), ("until", question.until), ("as of", question.as_of),
            ("source", question.source), ("speaker", question.speaker),
        )
        if value
    ]  # fmt: skip
    return [("earlier turns", turns), ("limits", ", ".join(limits))]


def _gold(outcome: Outcome) -> list[tuple[str, str]]:
    """What would have been right."""
    question = outcome.question
    answers = " · ".join(safe(a) for a in question.answers or ())
    if question.answerable is False:
        answers = "no answer: the documents do not say"
    references = "".join(f"<p>{safe(snippet(r, LENGTH))}" for r in (question.references or ())[:3])
    evidence = "".join(
        f"<p>{safe(snippet(e.quote, LENGTH))}<span class=tag>{safe(e.source)}"
        f"{f', page {e.page + 1}' if e.page is not None else ''}</span>"
        for e in question.evidence or ()
    )
    relevant = ", ".join(safe(r) for r in question.relevant or ())
    return [("gold", answers), ("reference", references), ("gold evidence", evidence),
            ("gold passages", relevant)]  # fmt: skip


def _given(outcome: Outcome) -> list[tuple[str, str]]:
    """What came instead: the answer, what it cites, what was retrieved."""
    answer = outcome.answer or {}
    golds = outcome.question.answers or ()
    said = safe(outcome.error or answer.get("answer") or "")
    if outcome.answer:
        said += f"<span class=tag>confidence {outcome.confidence:.2f}</span>"
    quotes = "".join(
        f"<p>{_marked(c['quote'], golds)}<span class=tag>[{c['id']}] {safe(c['source'])}, "
        f"paragraph {c['paragraph']}</span>"
        for c in answer.get("citations", ())
    )
    passages = "".join(
        _passage(rank, p, golds, is_gold=_is_gold(outcome, p))
        for rank, p in enumerate(outcome.passages[:PASSAGES], start=1)
    )
    return [("answer", said), ("cited", quotes), ("retrieved", passages)]


def _is_gold(outcome: Outcome, passage: Mapping[str, Any]) -> bool:
    """Whether a passage is what should have been found."""
    place = place_of(passage)
    ids = {corpus_id(source) for source in (place.source, *place.also_in)}
    relevant = not ids.isdisjoint(outcome.question.relevant or ())
    return relevant or any(covers(place, gold) for gold in outcome.question.evidence or ())


def _passage(rank: int, passage: Mapping[str, Any], golds: Sequence[str], *, is_gold: bool) -> str:
    where = f"{passage['source']}, paragraph {passage['paragraph']}"
    gold = "<b class=good>gold</b> · " if is_gold else ""
    scored = f"{gold}{rank} · {safe(where)} · score {passage['score']:.3f}"
    return f"<p>{_marked(snippet(passage['text'], LENGTH), golds)}<span class=tag>{scored}</span>"


def _marked(text: str, golds: Sequence[str]) -> str:
    """Text with the gold answers in it marked, case aside."""
    wanted = [re.escape(g) for g in sorted(golds, key=len, reverse=True) if g.strip()]
    if not wanted:
        return safe(text)
    # Odd parts are the matches, since the pattern is one group.
    parts = re.split(rf"(?<!\w)({'|'.join(wanted)})(?!\w)", text, flags=re.IGNORECASE)
    return "".join(f"<mark>{safe(p)}</mark>" if n % 2 else safe(p) for n, p in enumerate(parts))
