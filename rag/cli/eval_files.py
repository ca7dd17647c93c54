"""The files of `rag eval`: what cannot be written is said first, what was measured is kept."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import BadInput, RagError
from rag.store.schema import DATABASE

if TYPE_CHECKING:
    from rag.evaluate.outcome import Outcome
    from rag.evaluate.row import Row
    from rag.evaluate.suites import Suite

__all__ = ["Results", "check_files", "read_earlier"]


def check_files(
    records: Path | None,
    report: Path | None,
    baseline: Path | None,
    suites: Sequence[Suite],
    index: Path,
) -> None:
    """A run can take an hour: what it could not write at its end is said before it.

    Nor may it write over what it reads.
    """
    kept = [f for s in suites for f in (s.questions, s.corpus) if f is not None]
    kept += [baseline] if baseline else []
    kept.append(index / DATABASE)
    for option, file in (("--records", records), ("--report", report)):
        if file is None:
            continue
        _check_writable(file)
        clash = next((k for k in kept if _is_same_file(file, k)), None)
        if clash is not None:
            raise BadInput(
                f"{option} would write over {clash}, which this run reads.",
                hint=f"Name another file after {option}.",
            )
    if records and report and _is_same_file(records, report):
        raise BadInput("--records and --report name the same file.", hint="Name two files.")


def _check_writable(file: Path) -> None:
    if not file.absolute().parent.is_dir():
        raise BadInput(f"There is no folder {file.parent} to write {file.name} to.")
    if file.is_dir():
        raise BadInput(f"{file} is a folder.", hint="Name the file that is to be written.")
    if not os.access(file if file.exists() else file.absolute().parent, os.W_OK):
        raise BadInput(f"{file} cannot be written.", hint="Name a file that you may write.")


def _is_same_file(one: Path, other: Path) -> bool:
    if one.exists() and other.exists():
        return one.samefile(other)
    return one.resolve() == other.resolve()


def read_earlier(file: Path | None, suites: Sequence[Suite]) -> dict[tuple[str, str], Row]:
    """The earlier run by the names of these suites; `BadInput` where it asked none of them.

    A suite may have been named by its path there, beside another of the same name.
    """
    if file is None:
        return {}
    from rag.evaluate.questions import read_questions
    from rag.evaluate.records import read_baseline

    asked = [(suite, read_questions(suite.questions)) for suite in suites]
    now = {name: questions for s, questions in asked for name in (s.path, s.name)}
    found = read_baseline(file, now)
    names = {name for name, _ in found}
    called = {s.name if s.name in names else s.path: s.name for s in suites}
    earlier = {(called[name], row.id): row for (name, _), row in found.items() if name in called}
    if not earlier:
        listed = ", ".join(sorted(names))
        raise BadInput(f"The baseline {file} is a run of {listed}, and not of this.")
    return earlier


class Results:
    """Writes the records suite by suite; a file that fails is no reason to lose the figures."""

    def __init__(self, records: Path | None) -> None:
        self._records = records
        self._begun = False
        self._failures: list[RagError] = []

    def keep(self, suite: str, outcomes: Sequence[Outcome]) -> None:
        """Adds a suite's records."""
        if self._records is None:
            return
        from rag.evaluate.outcome import record
        from rag.evaluate.records import write_records

        with self.putting_off():
            made = (record(suite, o) for o in outcomes)
            write_records(self._records, made, append=self._begun)
            self._begun = True

    @contextmanager
    def putting_off(self) -> Iterator[None]:
        """Lets what cannot be written wait for `settle`."""
        try:
            yield
        except RagError as error:
            self._failures.append(error)

    def settle(self) -> None:
        """Raises the first failure."""
        if self._failures:
            raise self._failures[0]
