"""What the rules that make an answer say of one that was saved: who speaks, and what is claimed."""

from __future__ import annotations

from collections.abc import Sequence

from rag.compose.cite import held_against
from rag.compose.claims import fault
from rag.speech.voice import same_speaker, voice_of
from rag.types import Document, Span

__all__ = ["only_claims", "wrong_speaker"]


def wrong_speaker(document: Document, span: Span, speaker: str | None) -> str | None:
    """A sentence on who says what a span holds; None where it is the one who is said to."""
    voice = voice_of(document, span)
    if voice is None:
        return None if speaker is None else f"The document does not let “{speaker}” say it."
    if speaker is not None and same_speaker(voice.name, speaker):
        return None
    said = f"names “{speaker}”" if speaker is not None else "names nobody"
    return f"The document lets “{voice.name}” say it; the citation {said}."


def only_claims(text: str, cited: Sequence[tuple[Document, Span]]) -> bool:
    """Whether a text that a model wrote says only what the spans hold."""
    return fault(text, [held_against(document, span) for document, span in cited]) is None
