"""How an error is told: one sentence on standard error, a traceback only with `--debug`."""

from __future__ import annotations

import traceback

from rag.cli.options import state
from rag.cli.output import print_error
from rag.errors import RagError

__all__ = ["tell"]


def tell(error: Exception) -> int:
    """Says what went wrong and gives the exit status for it."""
    if state.debug:
        traceback.print_exception(error)
    known = error if isinstance(error, RagError) else _unforeseen(error)
    print_error(known)
    return known.exit_status


def _unforeseen(error: Exception) -> RagError:
    """What the system refused is said in its words; anything else is a fault of this program."""
    if isinstance(error, OSError) and error.strerror:
        at = f": {error.filename}" if error.filename else ""
        return RagError(f"{error.strerror}{at}.")
    kind = type(error).__name__
    hint = "This is a fault of rag; run the command again with --debug and report what it prints."
    return RagError(f"Something went wrong ({kind}: {error}).", hint=hint)
