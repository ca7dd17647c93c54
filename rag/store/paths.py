"""Names of files inside an index: paths relative to the folder it was made in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from rag.store.database import DATABASE
from rag.store.history import MARK

__all__ = ["Names", "covered", "forget"]


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


def covered(path: Path, folders: Sequence[Path]) -> bool:
    """Whether a path is one of the folders or lies under one."""
    return any(f == path or f in path.parents for f in folders)


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
