"""Keeps the models' library from printing: the terminal and the pipe are for answers."""

from __future__ import annotations

__all__ = ["print_errors_only"]


def print_errors_only() -> None:
    """No progress bar, and of the library's messages only errors."""
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
