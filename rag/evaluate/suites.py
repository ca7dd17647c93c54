"""Suites on disk: where their questions are, and the index of a corpus that comes with one."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rag.errors import BadInput, IndexBroken, IndexMismatch
from rag.store.database import DATABASE, FORMAT
from rag.store.manifest import TEXT_VERSION
from rag.store.summary import UpdateSummary

__all__ = ["Suite", "build_index", "find_suite", "find_suites", "is_built", "suite_index"]


@dataclass(frozen=True, slots=True)
class Suite:
    """Questions, and the corpus they come with (None: an index that exists)."""

    name: str
    questions: Path
    corpus: Path | None

    @property
    def path(self) -> str:
        """The path it was named by: its name where another suite is called the same."""
        return str(self.questions if self.corpus is None else self.questions.parent)


def find_suites(paths: Sequence[Path]) -> list[Suite]:
    """The suites at some paths, with different names; raises `BadInput` where one is none."""
    suites = [find_suite(path) for path in dict.fromkeys(paths)]
    shared = {name for name, n in Counter(s.name for s in suites).items() if n > 1}
    return [replace(s, name=s.path) if s.name in shared else s for s in suites]


def find_suite(path: Path) -> Suite:
    """A folder with `corpus.jsonl` and `queries.jsonl`, or a question file; else `BadInput`."""
    if path.is_dir():
        missing = [n for n in ("corpus.jsonl", "queries.jsonl") if not (path / n).is_file()]
        if missing:
            raise BadInput(f"The folder {path} is no suite: it lacks {' and '.join(missing)}.")
        name = path.resolve().name
        return Suite(name, path / "queries.jsonl", path / "corpus.jsonl")
    if path.is_file():
        return Suite(path.stem, path, None)
    raise BadInput(
        f"There is no suite {path}.",
        hint="Name a folder with corpus.jsonl and queries.jsonl, or a .jsonl file of questions.",
    )


def suite_index(suite: Suite, parent: Path, embedder: str | None) -> Path:
    """The folder where a suite's own index is kept: its name and a hash of corpus and embedder."""
    if suite.corpus is None:
        return parent
    with suite.corpus.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    digest.update(f"{embedder or ''} {FORMAT} {TEXT_VERSION}".encode())
    folder = suite.corpus.resolve().parent.name
    return parent / ".suites" / f"{folder}-{digest.hexdigest()[:12]}"


def build_index(folder: Path, corpus: Path, embedder: str | None) -> None:
    """Brings the index of a suite's corpus up to date; what is there is not embedded again.

    It holds that corpus alone: one that was moved, or is named by a link, has left its passages
    under the path it had. An index of another version is built anew, since nothing in a suite's
    own one cannot be made again. Raises `BadInput` where a part of the corpus cannot be read: its
    figures would be no suite's.
    """
    try:
        summary = _update(folder, corpus, embedder)
    except (IndexMismatch, IndexBroken):
        # Not the folder: it may be the user's own, with other things in it.
        summary = _update(folder, corpus, embedder, rebuild=True)
    if summary.skipped:
        first = summary.skipped[0]
        raise BadInput(f"The corpus {corpus} cannot be read: {first.source}: {first.reason}.")


def _update(
    folder: Path, corpus: Path, embedder: str | None, *, rebuild: bool = False
) -> UpdateSummary:
    from rag.models.embedder import load_embedder
    from rag.models.tokens import token_counter
    from rag.store.update import UpdateOptions, update_index

    return update_index(
        folder,
        [corpus],
        embedder=lambda: load_embedder(embedder),
        tokens=token_counter(embedder),
        options=UpdateOptions(rebuild=rebuild, alone=True),
    )


def is_built(folder: Path) -> bool:
    """Whether there is an index in a folder."""
    return (folder / DATABASE).is_file()
