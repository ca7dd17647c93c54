"""Embedders for workers: they have to be found by name in another process."""

from __future__ import annotations

import os

from rag.errors import ModelUnavailable
from tests.store.fakes import FakeEmbedder


def load_fake(name: str | None) -> FakeEmbedder:
    """The fake of the store's tests."""
    return FakeEmbedder(name or "fake")


def load_missing(name: str | None) -> FakeEmbedder:
    """A model that this machine does not have."""
    raise ModelUnavailable(f"There is no model {name} here.")


def load_of_this_process(name: str | None) -> FakeEmbedder:
    """A model that is another one in each process, as on machines installed at different times."""
    model = FakeEmbedder(name or "fake")
    model.revision = str(os.getpid())
    return model


class _Rough(FakeEmbedder):
    def encode_queries(self, texts):
        return super().encode_queries(texts) + 1e-4 * (os.getpid() % 7)


def load_rough(name: str | None) -> FakeEmbedder:
    """A model that rounds as its process does, as processors with and without bfloat16 do."""
    return _Rough(name or "fake")
