"""Ask a folder of dated documents and get answers that can be checked.

Importing this package is cheap: models and the libraries under them load on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rag.errors import RagError
from rag.types import (
    Answer,
    Citation,
    Document,
    Filters,
    Hit,
    Paragraph,
    Passage,
    Statement,
    Turn,
)

if TYPE_CHECKING:
    from rag.assistant import Assistant

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "Assistant",
    "Citation",
    "Document",
    "Filters",
    "Hit",
    "Paragraph",
    "Passage",
    "RagError",
    "Statement",
    "Turn",
    "__version__",
]


def __getattr__(name: str) -> Any:
    """Loads the assistant on first use, so that `import rag` stays cheap."""
    if name == "Assistant":
        from rag.assistant import Assistant

        return Assistant
    raise AttributeError(f"module 'rag' has no attribute {name!r}")


def __dir__() -> list[str]:
    """What is completed at a prompt: the assistant too before it is loaded."""
    return sorted({*globals(), *__all__})
