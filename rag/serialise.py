"""The values of `rag.types` as the objects that `--json` prints."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.types import Answer, Citation, Hit, Span

__all__ = ["answer_to_dict", "citation_to_dict", "hit_to_dict"]


def answer_to_dict(answer: Answer) -> dict[str, Any]:
    """An answer as `rag ask --json` prints it."""
    return {
        "question": answer.question,
        "answered": answer.answered,
        "answer": answer.answer,
        "short_answer": answer.short_answer,
        "confidence": round(answer.confidence, 4),
        "abstained_because": answer.abstained_because,
        "as_of": answer.as_of,
        "scope": answer.scope,
        "statements": [
            {
                "text": s.text,
                "citations": list(s.citations),
                "verified": s.verified,
                "support": round(s.support, 4),
                "speaker": s.speaker,
                "speaker_span": _ends(s.speaker_span),
            }
            for s in answer.statements
        ],
        "citations": [citation_to_dict(c) for c in answer.citations],
        "conflicts": [
            asdict(c) | {"citations": list(c.citations), "values": list(c.values)}
            for c in answer.conflicts
        ],
        "passages": [hit_to_dict(h) for h in answer.passages],
        "dropped": [asdict(d) for d in answer.dropped],
        "timings_ms": {k: round(v, 2) for k, v in answer.timings_ms.items()},
        "models": dict(answer.models),
    }


def citation_to_dict(citation: Citation) -> dict[str, Any]:
    """A citation as all commands print it in JSON."""
    span, also_in = _ends(citation.speaker_span), list(citation.also_in)
    return asdict(citation) | {"speaker_span": span, "also_in": also_in}


def hit_to_dict(hit: Hit) -> dict[str, Any]:
    """A hit as `rag search --json` prints it, one a line."""
    passage = hit.passage
    return {
        "passage_id": passage.id,
        "source": passage.source,
        "title": passage.title,
        "date": passage.date,
        "page": passage.page,
        "paragraph": passage.paragraph,
        "line": passage.line,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
        "also_in": list(hit.also_in),
        "score": round(hit.score, 6),
        "legs": {
            name: {"rank": leg.rank, "score": round(leg.score, 6)} for name, leg in hit.legs.items()
        },
    }


def _ends(span: Span | None) -> list[int] | None:
    return None if span is None else [span.start, span.end]
