"""What writes: the seam between the composer and any language model.

A model is two methods. A new kind of model is one file beside this one, `writer_KIND.py`, with a
function `open_writer`. Nothing that a writer returns is believed: `rag.compose` verifies all of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol

from rag.models.tokens import local_path

__all__ = ["BUNDLED_WRITER", "Message", "Writer", "load_writer"]

BUNDLED_WRITER = "SmolLM2-135M-Instruct"
#: Two letters or more before the colon: one is a drive.
_NAMED = re.compile(r"([a-z][a-z0-9_]+):(.*)", re.DOTALL)


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

    `KIND:REST` is a model of another kind: `open_writer(REST)` of the file `writer_KIND.py` in this
    folder. Raises `ModelUnavailable`, saying what to install or to start.
    """
    kind, rest = _kind_of(name)
    opened: Writer = import_module(f"rag.models.writer_{kind}").open_writer(rest)
    return opened


def _kind_of(name: str | None) -> tuple[str, str]:
    """The kind of model that a name means, and what is to be opened of that kind."""
    if name is None or name == BUNDLED_WRITER:
        return "bundled", BUNDLED_WRITER
    if name.lower().startswith(("http://", "https://")):
        return "endpoint", name
    named = _NAMED.fullmatch(name)
    if named and local_path(name) is None and find_spec(f"rag.models.writer_{named[1]}"):
        return named[1], named[2]
    return "local", name
