"""What is in an index, and whether it is whole and up to date with the files; loads no numpy."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.ingest.walk import FoundFile, walk
from rag.store.check import Checked, check_index
from rag.store.connect import broken
from rag.store.database import DATABASE, Database
from rag.store.files import fresh
from rag.store.manifest import Manifest, read_manifest
from rag.store.paths import Names, covered
from rag.store.plan import DensePlan, read_plan

__all__ = ["DERIVED", "IndexStatus", "SkippedSource", "index_status"]

#: A database up to so many bytes is looked through whenever its status is asked for; a larger one
#: only by a check.
LOOKED_THROUGH = 256 << 20

#: The folders that are derived from the database.
DERIVED = ("vectors", "lexical")


@dataclass(frozen=True, slots=True)
class SkippedSource:
    """A file or record that is not in the index as it stands on disk, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """`changed`, `new` and `missing` are sources that differ from the files; `problems` say what
    is not whole, one sentence each; `checked` is what a thorough check found, if one was asked for.

    `unfinished` says that an update was interrupted: what is there is whole, and not yet all.
    `dense` is how the vectors are searched, None where that is still to be built.
    """

    directory: str
    generation: int
    embedder: str
    revision: str
    dimension: int
    roots: tuple[str, ...]
    files: int
    documents: int
    passages: int
    first_date: str | None
    last_date: str | None
    undated: int
    formats: dict[str, int]
    date_origins: dict[str, int]
    skipped: tuple[SkippedSource, ...]
    changed: tuple[str, ...]
    new: tuple[str, ...]
    missing: tuple[str, ...]
    problems: tuple[str, ...]
    unfinished: bool = False
    checked: Checked | None = None
    dense: DensePlan | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing in the index itself is damaged or missing."""
        return not self.problems and (self.checked is None or self.checked.whole)

    @property
    def up_to_date(self) -> bool:
        """Whether the index says what the files say."""
        return not (self.changed or self.new or self.missing)


def index_status(directory: Path, *, check: bool = False) -> IndexStatus:
    """Counts, dates, skipped files, and what differs from the files on disk.

    A file is hashed only if its size or time differs. A `check` reads and verifies all that is in
    the index, and loads numpy for it.
    """
    database = Database(directory)
    try:
        database.hold()
        return _status(database, directory, check)
    except (TypeError, AttributeError) as error:  # a value of a kind that no row was written with
        raise broken(directory, f"is damaged ({error})") from error
    finally:
        database.close()


def _status(database: Database, directory: Path, check: bool) -> IndexStatus:
    manifest = read_manifest(database)
    changed, new, missing = _against_files(database, manifest)
    one = database.one(
        "SELECT count(*), min(date_first), max(date_last), sum(date IS NULL) FROM documents"
    ) or (0, None, None, 0)
    return IndexStatus(
        directory=str(directory),
        generation=database.generation,
        embedder=manifest.embedder,
        revision=manifest.revision,
        dimension=manifest.dimension,
        roots=tuple(r for (r,) in database.rows("SELECT path FROM roots")),
        files=_count(database, "files"),
        documents=one[0],
        passages=_count(database, "passages"),
        first_date=one[1],
        last_date=one[2],
        undated=one[3] or 0,
        formats=_grouped(database, "format"),
        date_origins=_grouped(database, "date_origin"),
        skipped=tuple(
            SkippedSource(source, reason)
            for source, reason in database.rows(
                "SELECT source, reason FROM skipped ORDER BY source"
            )
        ),
        changed=changed,
        new=new,
        missing=missing,
        problems=() if check else _problems(database),
        unfinished=database.get("unfinished") is not None,
        checked=check_index(database, DERIVED) if check else None,
        dense=_plan(directory),
    )


def _against_files(
    database: Database, manifest: Manifest
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Sources changed, new and missing under the folders that were indexed."""
    names = Names((database.directory / manifest.base).resolve(), database.directory)
    known = {
        path: (size, mtime, sha256)
        for path, size, mtime, sha256 in database.rows(
            "SELECT path, size, mtime_ns, sha256 FROM files"
        )
    }
    # What could not be read is told among the skipped; where an earlier version is kept, the
    # file differs from it and is told as changed as well.
    unread = {path for (path,) in database.rows("SELECT path FROM skipped")}
    roots = [names.path(root) for (root,) in database.rows("SELECT path FROM roots")]
    changed, new, seen = [], [], set()
    there = [root for root in roots if os.path.lexists(root)]
    for item in walk(there, leave_out=database.directory):
        if not isinstance(item, FoundFile) or names.of_the_index(item.path):
            continue
        key = names.key(item.path)
        seen.add(key)
        if key not in known:
            new += [] if key in unread else [key]
        elif known[key][:2] != (item.size, item.mtime_ns) and not _holds(item, known[key]):
            changed.append(key)
    dark = [names.path(key) for key in unread]
    missing = [
        key
        for key in known
        if key not in seen
        and not os.path.isfile(path := names.path(key))  # noqa: PTH113 (a name may be too long)
        and not covered(path, dark)  # behind a folder that cannot be read it may still be there
    ]
    return tuple(sorted(changed)), tuple(sorted(new)), tuple(sorted(missing))


def _holds(file: FoundFile, known: tuple[int, int, str]) -> bool:
    """Whether a file whose time has changed still has the bytes that were indexed."""
    if file.size != known[0]:
        return False
    try:
        with file.path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest() == known[2]
    except OSError:
        return False


def _problems(database: Database) -> tuple[str, ...]:
    problems = []
    small = (database.directory / DATABASE).stat().st_size <= LOOKED_THROUGH
    check = _first(database, "PRAGMA quick_check") if small else "ok"
    if check != "ok":
        problems.append(f"The database is damaged: {check}.")
    lacking = _first(
        database,
        "SELECT count(*) FROM passages WHERE text_key NOT IN (SELECT text_key FROM vectors)",
    )
    if lacking:
        problems.append(f"{lacking} passages have no vector; run `rag index --rebuild`.")
    for name in DERIVED:
        if not fresh(database.directory / name, database.knows):
            problems.append(
                f"The {name} index is missing or behind; the next question rebuilds it."
            )
    return tuple(problems)


def _plan(directory: Path) -> DensePlan | None:
    try:
        return read_plan(directory / "vectors")
    except (OSError, ValueError, RecursionError):
        return None


def _count(database: Database, table: str) -> int:
    return int(_first(database, f"SELECT count(*) FROM {table}"))


def _first(database: Database, query: str) -> Any:
    return next(database.rows(query))[0]


def _grouped(database: Database, column: str) -> dict[str, int]:
    found = database.rows(
        f"SELECT coalesce({column}, 'none'), count(*) FROM documents GROUP BY 1 ORDER BY 1"
    )
    return {str(name): int(n) for name, n in found}
