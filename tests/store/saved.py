"""Saved answers to verify: true ones, made from files as they are."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rag.compose.recheck import only_claims, wrong_speaker
from rag.ingest.read import read_documents
from rag.store.verify import Rules, verify_answer
from rag.text import line_of, line_starts
from rag.types import Citation

RULES = Rules(wrong_speaker, only_claims)


def cite(path: Path, quote: str, number: int, source: str | None = None) -> dict[str, Any]:
    """A true citation of a quote, made from the file as it is."""
    name = source or path.name
    document = next(d for d in read_documents(path, path.name) if d.source == name)
    start = document.text.index(quote)
    paragraph = next(p for p in document.paragraphs if p.start <= start < p.end)
    return asdict(
        Citation(
            id=number,
            passage_id=f"p{number}",
            source=document.source,
            title=document.title,
            date=document.date,
            page=paragraph.page,
            paragraph=paragraph.number,
            line=line_of(line_starts(document.text), start),
            start=start,
            end=start + len(quote),
            quote=quote,
            source_sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        )
    )


def answer_of(*citations: dict[str, Any]) -> dict[str, Any]:
    statements = [
        {"text": " ".join(c["quote"].split()), "citations": [c["id"]], "verified": True}
        for c in citations
    ]
    return {
        "question": "Who?",
        "answered": True,
        "answer": " ".join(f"{s['text']} [{s['citations'][0]}]" for s in statements),
        "statements": statements,
        "citations": list(citations),
        "models": {"composer": "extractive"},
    }


def problems(answer: object, index: object = None, rules: Rules | None = None) -> list[str]:
    return [c.problem for c in verify_answer(answer, index, rules) if c.problem]
