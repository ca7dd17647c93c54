"""Keeps the models' library from printing: the terminal and the pipe are for answers."""

from __future__ import annotations

__all__ = ["hide_progress", "print_errors_only"]


def hide_progress() -> None:
    """No progress bar while a model loads."""
    from transformers.utils import logging

    logging.disable_progress_bar()


def print_errors_only() -> None:
    """No progress bar, and of the library's messages only errors."""
    from transformers.utils import logging

    logging.set_verbosity_error()
    hide_progress()
