"""Brings an index up to date with files and folders; the cost follows what changed."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rag.errors import BadInput, IndexBroken, IndexMismatch, RagError
from rag.ingest.ahead import Ahead
from rag.ingest.chunk import ChunkConfig, TokenCounter
from rag.models.embedder import Embedder
from rag.store.compact import compact, purge
from rag.store.connect import vanished
from rag.store.database import DATABASE, Database, explained
from rag.store.files import discard_foreign, sweep, writer_lock
from rag.store.history import mark, record, unmark
from rag.store.intake import Intake
from rag.store.legs import bring_up
from rag.store.manifest import Manifest, check_embedder, read_manifest, write_manifest
from rag.store.paths import Names, as_known, forget
from rag.store.roots import Roots, known_roots, pending, root_paths, roots_of
from rag.store.schema import seal
from rag.store.scope import Scope
from rag.store.summary import Progress, Skipped, UpdateOptions, UpdateSummary, skipped_sources
from rag.store.unread import forget_stale, note
from rag.store.writing import Writer

__all__ = [
    "Progress",
    "Skipped",
    "UpdateOptions",
    "UpdateSummary",
    "update_index",
]


def update_index(
    directory: Path,
    paths: Sequence[Path],
    *,
    embedder: Callable[[], Embedder],
    tokens: TokenCounter,
    options: UpdateOptions | None = None,
    progress: Progress | None = None,
) -> UpdateSummary:
    """Reads what is new or changed under `paths` and forgets what is gone.

    Without paths the folders indexed before are read again. Only changed text is embedded, and
    the embedder is loaded only for that. Raises `BadInput`, `IndexLocked`, `IndexMismatch`.
    """
    started = time.perf_counter()
    options = options or UpdateOptions()
    if directory.exists() and not directory.is_dir():
        raise BadInput(f"{directory} is a file.", hint="An index is a folder; name another one.")
    for path in paths:
        if not os.path.lexists(path):
            raise BadInput(f"There is no file or folder {path}.")
    _check_roots(directory, paths)
    with _explained(directory):
        directory.mkdir(parents=True, exist_ok=True)
        with writer_lock(directory):
            sweep(directory)
            base = None
            if options.rebuild and not paths:
                base, paths = known_roots(directory)
            with contextlib.closing(_open(directory, options.rebuild)) as database:
                discard_foreign(directory, database.knows)
                updater = _Updater(database, embedder, tokens, options, progress, base)
                summary = updater.run(paths, started)
                if options.compact:
                    compact(database)
                elif options.purge:
                    purge(database)
                return summary


def _check_roots(directory: Path, paths: Sequence[Path]) -> None:
    """Refuses a run that could index nothing, before it leaves anything on the disk."""
    if not paths and not (directory / DATABASE).exists():
        raise BadInput("Nothing was named to index.", hint="Name a file or folder.")
    names = Names(directory, directory)
    if paths and all(names.of_the_index(Path(os.path.abspath(p))) for p in paths):  # noqa: PTH100
        raise BadInput(
            f"{paths[0]} lies in the index's own folder {directory}, of which nothing is indexed.",
            hint="Name another folder for the index with --index.",
        )


@contextlib.contextmanager
def _explained(directory: Path) -> Iterator[None]:
    """Says in a sentence what the disk or the database refused."""
    try:
        yield
    except sqlite3.Error as error:
        raise explained(error, directory) from error
    except OSError as error:
        raise RagError(
            f"The index in {directory} cannot be written ({error.strerror or error}).",
            hint="What was indexed before is kept.",
        ) from error


def _open(directory: Path, rebuild: bool) -> Database:
    """The database to write; one that cannot be read is given up only for a rebuild."""
    try:
        database = Database(directory, create=True)
    except (IndexBroken, IndexMismatch):
        if not rebuild:
            raise
    else:
        if not rebuild or database.sound():
            return database
        database.close()
    forget(directory)
    return Database(directory, create=True)


class _Updater:
    """One run of an update.

    A rebuild is one transaction: until it is done, readers have the index as it was.
    """

    def __init__(
        self,
        database: Database,
        embedder: Callable[[], Embedder],
        tokens: TokenCounter,
        options: UpdateOptions,
        progress: Progress | None,
        base: Path | None = None,
    ) -> None:
        self.database = database
        self.execute = database.connection.execute
        self.options = options
        self.progress = progress
        self._load = embedder
        self._embedder: Embedder | None = None
        self.writer = Writer(database, tokens, self._model, self._commit)
        self.names = Names(base or self._base(), database.directory)
        self.scope = Scope(database, self.names)
        self.roots = Roots([], [])
        self.intake = Intake(database, self.names, self.writer)

    def run(self, paths: Sequence[Path], started: float) -> UpdateSummary:
        """Walks, reads, embeds and commits; see `update_index`."""
        known = list(root_paths(self.database, self.names).values())
        # Not `resolve`: a folder that is a link keeps the name it was given.
        named = [Path(os.path.abspath(p)) for p in paths]  # noqa: PTH100
        named = as_known(named, known, self.names.base)
        again = not (named or self.options.rebuild)
        others = sorted({*known} - {*named}) if self.options.alone else []
        self.roots = roots = roots_of(self.database, self.names) if again else Roots(named, others)
        if not (roots.there or roots.vanished):
            raise BadInput("Nothing was named to index.", hint="Name a file or folder.")
        self.execute("BEGIN IMMEDIATE")
        if self.options.rebuild:
            self._empty()
        if self.database.get("manifest") is None:
            write_manifest(self.database, self._new_manifest())
        if self.options.faiss is not None:
            self.database.put("faiss", self.options.faiss)
        self.writer.shaped_by(read_manifest(self.database))
        for item in self.scope.fill(roots.there, roots.vanished):
            self.intake.skip(item.source, item.source, item.reason)
            note(self.database, item.source, None)
        for root in roots.vanished:
            self.execute("DELETE FROM roots WHERE path = ?", (self.names.key(root),))
        for root in roots.there:
            key = self.names.key(root)
            self.execute("INSERT OR IGNORE INTO roots VALUES (?, ?)", (key, seal(key)))
        self.intake.call_back()
        for key in self.scope.swapped():
            self.intake.read_again(key)
        if self.progress:
            self.progress.start(self.scope.files())
        self.intake.counts["unchanged"] = self.scope.leave_unchanged()
        textless = self.scope.leave_textless()
        if self.progress:
            self.progress.advance(self.intake.counts["unchanged"] + textless)
        with Ahead() as ahead:
            for file, reading in ahead.readings(self.scope.found(), self.names.key):
                self.intake.take(file, reading)
                self.writer.file_done()
                if self.progress:
                    self.progress.advance(1)
        self._remove_gone()
        self._finish()
        return self._summary(started)

    def _remove_gone(self) -> None:
        """Forgets the files that were under the roots and are not any more."""
        for number in self.scope.gone_files():
            self.intake.remove(number)
        for source in self.scope.gone_skips():
            self.execute("DELETE FROM skipped WHERE source = ?", (source,))
        forget_stale(self.database)

    def _commit(self) -> None:
        """Commits a batch and goes on; `unfinished` says that the last words are still missing."""
        if self.options.rebuild:
            return
        if self.intake.touched:
            begun = [self.names.key(root) for root in self.roots.there]
            self.database.put("unfinished", json.dumps(sorted({*self._unfinished(), *begun})))
            self._advance()
        self.execute("COMMIT")
        mark(self.database)
        self.execute("BEGIN IMMEDIATE")

    def _finish(self) -> None:
        """Embeds and commits the rest, with the vectors that the files ask for and no others.

        In one transaction: an update of one batch is seen whole or not at all.
        """
        self.writer.embed()
        left = json.dumps(self._unfinished())
        settled = self.database.generation and (self.database.get("unfinished") or "[]") == left
        if self.intake.touched or self.options.rebuild or not settled:
            self.writer.tidy()
            if left != "[]":
                self.database.put("unfinished", left)
            else:
                self.execute("DELETE FROM meta WHERE key = 'unfinished'")
            self._advance()
        if self.options.rebuild:
            unmark(self.database.directory)
        self.execute("COMMIT")
        if not (self.database.directory / DATABASE).exists():
            raise vanished(self.database.directory)
        mark(self.database)
        bring_up(self.database, self.progress.note if self.progress else lambda _: None)

    def _unfinished(self) -> list[str]:
        """The roots of interrupted runs that this run does not read to their end."""
        told = self.database.get("unfinished")
        keys = root_paths(self.database, self.names)
        return pending(told, self.names, keys, {*self.roots.there, *self.roots.vanished})

    def _advance(self) -> None:
        # By a leap of chance: a database restored or begun anew beside the derived files of
        # another never comes to the number that is stamped on them.
        generation = self.database.generation + 1 + secrets.randbelow(1 << 31)
        self.database.put("generation", str(generation))
        record(self.database, generation, self.writer.row)

    def _summary(self, started: float) -> UpdateSummary:
        counted = self.database.one(
            "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM passages)"
        ) or (0, 0)
        return UpdateSummary(
            **self.intake.counts,
            skipped=skipped_sources(self.database),
            documents=counted[0],
            passages=counted[1],
            embedded=self.writer.embedded,
            seconds=time.perf_counter() - started,
        )

    def _empty(self) -> None:
        for table in ("files", "vectors", "skipped", "roots", "history", "gone", "loose"):
            self.execute(f"DELETE FROM {table}")
        self.execute("DELETE FROM meta WHERE key NOT IN ('generation', 'faiss')")

    def _model(self) -> Embedder:
        if self._embedder is None:
            self._embedder = self._load()
            if self.database.get("manifest") is not None:
                manifest = read_manifest(self.database)
                made = self._embedder
                check_embedder(manifest, made.name, made.revision, made.dimension)
        return self._embedder

    def _new_manifest(self) -> Manifest:
        model = self._model()
        return Manifest(
            embedder=model.name,
            revision=model.revision,
            dimension=model.dimension,
            chunking=self.options.chunking or ChunkConfig(),
            base=self.names.base_from_index(),
        )

    def _base(self) -> Path:
        """The folder that sources are relative to: the working directory of the first run.

        So it is of a rebuild that names its paths; one that does not keeps the base it had.
        """
        if self.options.rebuild or self.database.get("manifest") is None:
            return Path.cwd()
        manifest = read_manifest(self.database)
        wanted = self.options.embedder
        if wanted is not None and wanted != manifest.embedder:
            check_embedder(manifest, wanted, "as named")
        if self.options.chunking not in (None, manifest.chunking):
            raise IndexMismatch(
                f"The index in {self.database.directory} was built with passages of another size.",
                hint="Build it again with `rag index --rebuild`, or name another --index.",
            )
        return (self.database.directory / manifest.base).resolve()
