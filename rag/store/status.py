"""What is in an index, and whether it is whole and up to date with the files; loads no numpy."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rag.ingest.walk import FoundFile, content_sha, walk
from rag.store.check import Checked, check_index
from rag.store.connect import broken
from rag.store.database import DATABASE, Database
from rag.store.files import being_written, fresh
from rag.store.manifest import Manifest, read_manifest
from rag.store.paths import Names, covered
from rag.store.plan import DensePlan, read_plan
from rag.store.roots import finds_in, lost, root_paths
from rag.store.unread import notes, told_again

__all__ = ["DERIVED", "IndexStatus", "SkippedSource", "index_status"]

#: A database up to so many bytes is looked through whenever its status is asked for; a larger one
#: only by a check.
LOOKED_THROUGH = 256 << 20

#: Size, time in nanoseconds and SHA-256 of a file as it was indexed.
_Known = tuple[int, int, str]

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

    `unfinished` says that an update was interrupted: what is there is whole, and not yet all; or
    that it is still `running`. What is `unread` cannot be read as it is now: some of the changed,
    and folders. Roots that are `away` are not there or empty, and hold up an update without names.
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
    running: bool = False
    unread: tuple[str, ...] = ()
    away: tuple[str, ...] = ()
    checked: Checked | None = None
    dense: DensePlan | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing in the index itself is damaged or missing."""
        return not self.problems and (self.checked is None or self.checked.whole)

    @property
    def up_to_date(self) -> bool:
        """Whether the index says what the files say."""
        return not (self.changed or self.new or self.missing or self.unread or self.away)


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


@dataclass(slots=True)
class _Differing:
    """Keys of files that are not as the index has them; see `IndexStatus`."""

    changed: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    away: list[str] = field(default_factory=list)


def _status(database: Database, directory: Path, check: bool) -> IndexStatus:
    manifest = read_manifest(database)
    differing = _against_files(database, manifest)
    unfinished = database.get("unfinished") is not None
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
        changed=tuple(sorted(differing.changed)),
        new=tuple(sorted(differing.new)),
        missing=tuple(sorted(differing.missing)),
        problems=() if check else _problems(database),
        unfinished=unfinished,
        running=unfinished and being_written(directory),
        unread=tuple(sorted(differing.unread)),
        away=tuple(differing.away),
        checked=check_index(database, DERIVED) if check else None,
        dense=_plan(directory),
    )


def _against_files(database: Database, manifest: Manifest) -> _Differing:
    """What an update would find to do under the folders that were indexed."""
    names = Names((database.directory / manifest.base).resolve(), database.directory)
    roots = root_paths(database, names)
    away = [key for key, _ in lost(roots, finds_in(database), database.directory)]
    looked = {path for key, path in roots.items() if key not in away}
    there = {path for path in looked if os.path.lexists(path)}
    known: dict[str, _Known] = {
        path: (size, mtime, sha256)
        for path, size, mtime, sha256 in database.rows(
            "SELECT path, size, mtime_ns, sha256 FROM files"
        )
    }
    twins = Counter((size, mtime) for size, mtime, _ in known.values())
    listed = {path for (path,) in database.rows("SELECT path FROM skipped WHERE source = path")}
    noted = notes(database)
    found = _Differing(away=away)
    seen, dark = set(), set()
    for item in walk(sorted(there), leave_out=database.directory):
        if names.of_the_index(item.path):
            continue
        key = names.key(item.path)
        if not isinstance(item, FoundFile):
            # Behind a folder that cannot be read files may still be there.
            dark.add(item.path)
            if not (item.no_file and covered(item.path.parent, there)):
                seen.add(key)
                found.unread += [] if key in listed else [key]
            continue
        seen.add(key)
        tried = key in listed and not told_again(noted, key, item)
        if key not in known:
            found.new += [] if tried else [key]
        elif _differs(item, known[key], twins):
            found.changed.append(key)
            # Where it was tried as it is now, the earlier version is kept.
            found.unread += [key] if tried and known[key][1] < 0 and key in noted else []
    for key in known.keys() - seen:
        path = names.path(key)
        if covered(path, looked) and not covered(path.parent, dark):
            found.missing.append(key)
    return found


def _differs(file: FoundFile, known: _Known, twins: Mapping[tuple[int, int], int]) -> bool:
    """Whether a file has other bytes than those that were indexed.

    It is hashed where only its time has changed, or another file had the same size and time.
    """
    size, mtime, sha256 = known
    if (file.size, file.mtime_ns) == (size, mtime):
        return twins[size, mtime] > 1 and content_sha(file.path) not in (sha256, None)
    return file.size != size or content_sha(file.path) != sha256


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
