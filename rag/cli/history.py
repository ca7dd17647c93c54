"""The history of the prompt in a file that may fail while the prompt goes on."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from prompt_toolkit.history import FileHistory

__all__ = ["KeptHistory"]


class KeptHistory(FileHistory):
    """What was typed is asked, and remembered in this session, though the disk may be full."""

    def load_history_strings(self) -> Iterable[str]:
        """What the file holds, the latest first; nothing where it cannot be read."""
        try:
            return super().load_history_strings()
        except OSError:
            return ()

    def store_string(self, string: str) -> None:
        with suppress(OSError):
            super().store_string(string)
