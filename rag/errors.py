"""One root for every error raised on purpose; the command line catches it once."""

from __future__ import annotations

__all__ = [
    "BadInput",
    "EngineUnavailable",
    "IndexBroken",
    "IndexLocked",
    "IndexMismatch",
    "IndexNotFound",
    "ModelUnavailable",
    "NoText",
    "RagError",
    "StoreUnavailable",
    "UnreadableFile",
]


class RagError(Exception):
    """A failure that is the user's to mend: one plain sentence, and a hint that says how.

    `exit_status` is what the command line ends with: 1 for a failure at run time,
    2 for a mistake in the call or the input.
    """

    code = "error"
    exit_status = 1

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}" if self.hint else self.message


class BadInput(RagError):
    """The call itself is wrong: an unknown option value, a date that is none, a missing path."""

    code = "bad_input"
    exit_status = 2


class UnreadableFile(RagError):
    """A source file that gives no document; `message` is the reason shown in the summary."""

    code = "unreadable_file"


class NoText(UnreadableFile):
    """A source file that was read and has no text: what an earlier version said is gone."""


class IndexNotFound(RagError):
    """There is no index in the folder that was named."""

    code = "index_not_found"
    exit_status = 2


class IndexMismatch(RagError):
    """The index was built with another embedder, chunking or format than the one asked for."""

    code = "index_mismatch"
    exit_status = 2


class IndexLocked(RagError):
    """Another process is writing the index."""

    code = "index_locked"


class IndexBroken(RagError):
    """A file of the index is missing or damaged and cannot be rebuilt from the rest."""

    code = "index_broken"


class ModelUnavailable(RagError):
    """A model could not be found, loaded or reached."""

    code = "model_unavailable"


class StoreUnavailable(RagError):
    """A store on another machine could not be reached, or refused what was asked of it."""

    code = "store_unavailable"


class EngineUnavailable(RagError):
    """The engine that is to embed in parallel is not installed, or could not be reached."""

    code = "engine_unavailable"
