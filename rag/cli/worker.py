"""Runs the assistant in a thread of its own, so that Ctrl-C can leave an answer at any moment.

An interrupt in the main thread would tear a model's import or a transaction in two; here it only
stops the waiting, and the thread finishes or drops the answer by itself.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from types import TracebackType

    from rag.assistant import Assistant

__all__ = ["AssistantThread"]

T = TypeVar("T")

POLL_SECONDS = 0.1
"""A wait is cut into pieces because some systems deliver Ctrl-C only between two of them."""

_END = object()


class AssistantThread:
    """An assistant that is opened, used and closed in one thread, one call after the other."""

    def __init__(self, opened: Callable[[], Assistant]) -> None:
        """Opens it; whatever `opened` raises is raised here."""
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="assistant")
        self._last: Future[Any] | None = None
        try:
            self._assistant = _wait(self._thread.submit(opened))
        except BaseException:
            self._thread.shutdown(wait=False)
            raise

    def begin(self, function: Callable[[Assistant], object]) -> None:
        """Has the function called before all later ones, without waiting for it."""
        self._submit(function)

    def call(self, function: Callable[[Assistant], T]) -> T:
        """What the function returns or raises, called with the assistant in its thread."""
        return _wait(self._submit(function))

    @property
    def busy(self) -> bool:
        """Whether something that was begun is still under way."""
        return self._last is not None and not self._last.done()

    def _submit(self, function: Callable[[Assistant], T]) -> Future[T]:
        future = self._thread.submit(function, self._assistant)
        self._last = future
        return future

    def stream(self, function: Callable[[Assistant], Iterator[T]]) -> Iterator[T]:
        """The items of the function's iterator as they come.

        Leaving the iteration early stops the iterator at its next item.
        """
        items: queue.SimpleQueue[object] = queue.SimpleQueue()
        left = threading.Event()
        future = self._submit(lambda assistant: _pump(function, assistant, items, left))
        try:
            while (item := _next(items)) is not _END:
                yield item  # type: ignore[misc]
            _wait(future)
        finally:
            left.set()

    def __enter__(self) -> AssistantThread:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._thread.submit(self._assistant.close)
        self._thread.shutdown(wait=error is None)


def _pump(
    function: Callable[[Assistant], Iterator[T]],
    assistant: Assistant,
    items: queue.SimpleQueue[object],
    left: threading.Event,
) -> None:
    try:
        for item in function(assistant):
            if left.is_set():
                break
            items.put(item)
    finally:
        items.put(_END)


def _next(items: queue.SimpleQueue[object]) -> object:
    while True:
        try:
            return items.get(timeout=POLL_SECONDS)
        except queue.Empty:
            continue


def _wait(future: Future[T]) -> T:
    while True:
        try:
            return future.result(timeout=POLL_SECONDS)
        except NotYet:
            if future.done():
                return future.result()
