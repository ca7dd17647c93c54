"""Names of files inside an index: paths relative to the folder it was made in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

from rag.store.database import DATABASE
from rag.store.history import MARK

__all__ = ["Names", "as_known", "covered", "forget"]

_Identity = tuple[int, int] | None


class Names:
    """Turns absolute paths into the keys that an index knows them by, and back."""

    def __init__(self, base: Path, directory: Path) -> None:
        self.base = base
        self._directory = directory.resolve()
        self._inside = {str(self._directory), os.path.abspath(directory)}  # noqa: PTH100
        self._below = tuple(os.path.join(folder, "") for folder in self._inside)  # noqa: PTH118
        self._prefix = os.path.join(base, "")  # noqa: PTH118

    def key(self, path: Path) -> str:
        """The posix path relative to the base, `../` included where it lies outside."""
        text = str(path)
        if os.sep == "/" and text.startswith(self._prefix) and "/../" not in text:
            return text[len(self._prefix) :]  # as below, only faster
        return _relative(path, self.base)

    def path(self, key: str) -> Path:
        """The absolute path of a key."""
        return Path(os.path.normpath(self.base / key))

    def of_the_index(self, path: Path) -> bool:
        """Whether a path is the index's own folder or in it."""
        text = str(path)
        return text in self._inside or text.startswith(self._below)

    def base_from_index(self) -> str:
        """The base as the manifest keeps it: relative to the index, so that both can be moved."""
        return _relative(self.base, self._directory)


def as_known(paths: Sequence[Path], roots: Sequence[Path], base: Path) -> list[Path]:
    """Absolute paths by the names that they have in the index, if they were reached another way.

    `/tmp/docs` and `/private/tmp/docs` may be one folder, `docs` and `Docs` as well; indexed as
    two, each document would be its own double. A link that is named, or lies in a root, stays
    what it is.
    """
    known = set(roots)
    alike: dict[_Identity, list[Path]] = {}
    for folder in (*roots, base):
        alike.setdefault(_identity(folder), []).append(folder)
    alike.pop(None, None)
    return [path if covered(path, known) else _renamed(path, alike) for path in paths]


def _renamed(path: Path, alike: Mapping[_Identity, Sequence[Path]]) -> Path:
    for folder in alike.get(_identity(path), ()):
        same_name = folder.name.casefold() == path.name.casefold()
        if same_name and _identity(folder.parent) == _identity(path.parent):
            return folder
    for above in path.parents:
        for folder in alike.get(_identity(above), ()):
            return folder / path.relative_to(above)
    return path


def _identity(path: Path) -> _Identity:
    """The same for every way to a file; None where none is there."""
    try:
        status = path.stat()
    except OSError:
        return None
    return (status.st_dev, status.st_ino)


def covered(path: Path, folders: AbstractSet[Path]) -> bool:
    """Whether a path is one of the folders or lies under one, however many there are."""
    return not folders.isdisjoint((path, *path.parents))


def forget(directory: Path) -> None:
    """Deletes an index's own files; nothing else that may lie in the folder."""
    for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", MARK):
        (directory / name).unlink(missing_ok=True)
    for name in ("vectors", "lexical"):
        shutil.rmtree(directory / name, ignore_errors=True)


def _relative(path: Path, base: Path) -> str:
    try:
        return Path(os.path.relpath(path, base)).as_posix()
    except ValueError:  # another drive
        return path.as_posix()
