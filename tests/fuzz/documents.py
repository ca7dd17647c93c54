"""What has to hold of a file, whatever is in it: documents that are sound, or a reason."""

from __future__ import annotations

from pathlib import Path

from rag.errors import UnreadableFile
from rag.ingest.chunk import ChunkConfig, chunk_spans
from rag.ingest.read import read_file
from rag.store.database import date_range
from rag.store.lexical import analyse
from rag.types import Document
from tests.store.fakes import FakeTokens

__all__ = ["read_soundly"]


def read_soundly(path: Path) -> str:
    """Reads a file and checks what comes of it: `read` or `refused`; `AssertionError` else."""
    try:
        result = read_file(path, path.name)
    except UnreadableFile as error:
        assert 0 < len(error.message) < 300
        return "refused"
    assert result.documents
    for document in result.documents:
        _check(document)
    return "read"


def _check(document: Document) -> None:
    assert 0 <= document.body_start <= len(document.text)
    assert document.date is None or date_range(document.date)
    last = 0
    for paragraph in document.paragraphs:
        assert last <= paragraph.start <= paragraph.end <= len(document.text)
        last = paragraph.end
    for span in chunk_spans(document, FakeTokens(), ChunkConfig()):
        assert 0 <= span.start < span.end <= len(document.text)
    analyse(document.text, document.language)
