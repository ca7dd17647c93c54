"""What writes: the seam between the composer and any language model.

A model is two methods. An adapter is one file; a new kind of model is an adapter and one line in
`load_writer`. Nothing that a writer returns is believed: `rag.compose` verifies all of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

__all__ = ["BUNDLED_WRITER", "Message", "Writer", "load_writer"]

BUNDLED_WRITER = "SmolLM2-135M-Instruct"


@dataclass(frozen=True, slots=True)
class Message:
    """One message to a chat model; `role` is `system`, `user` or `assistant`."""

    role: str
    content: str


class Writer(Protocol):
    """A language model that continues a conversation, greedily, piece by piece."""

    name: str

    def generate(
        self, messages: Sequence[Message], *, max_tokens: int, grammar: str | None = None
    ) -> Iterator[str]:
        """The reply as it is decoded, at most `max_tokens` of the model's own tokens.

        `grammar` (llguidance's Lark syntax) is what the reply has to obey, where the adapter can
        make it; an adapter that cannot leaves it out. Closing the iterator stops the model and
        leaves the writer usable. Raises `ModelUnavailable`.
        """
        ...

    def count_tokens(self, text: str) -> int:
        """How many tokens a text has; an upper estimate where the tokenizer is not at hand."""
        ...


def load_writer(name: str | None) -> Writer:
    """The bundled model (None), an endpoint by its URL, a local folder or file, or a hub id.

    Raises `ModelUnavailable`, saying what to install or to start.
    """
    if name is not None and name.startswith(("http://", "https://")):
        from rag.models.writer_endpoint import EndpointWriter

        return EndpointWriter(name)
    from rag.models.tokens import hub_folder
    from rag.models.writer_local import FILES, TransformersWriter

    if name is None or name == BUNDLED_WRITER:
        from rag.models.writer_bundled import bundled_writer_folder

        return TransformersWriter(bundled_writer_folder(), BUNDLED_WRITER)
    path = Path(name).expanduser()
    folder = path if path.exists() else hub_folder(name, FILES, "--model")
    return TransformersWriter(folder, name)
