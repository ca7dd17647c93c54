"""Settings from `rag.toml`, the environment (`RAG_INDEX`, …) and the flags; the last one wins."""

from __future__ import annotations

import operator
import os
import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from rag.errors import BadInput

__all__ = [
    "COMPOSERS",
    "Settings",
    "check_range",
    "check_utf8",
    "date_setting",
    "folder",
    "load_settings",
    "model_name",
    "named_path",
    "parse_date",
    "positive_number",
    "share",
    "whole_number",
]

COMPOSERS = ("extractive", "generative")
DENSE_KINDS = ("auto", "flat", "ivf")
ENGINES = ("ray",)
CONFIG_FILE = "rag.toml"
MAX_TOP_K = 1000

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")

#: What `"C:\temp"` in double quotes means in TOML: a tab.
_CONTROL = re.compile("[\x00-\x1f]")
_BACKSLASH = "Write / for \\ in a path, or put the path in single quotes."

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Settings:
    """What every command shares; a model left at None means the bundled default."""

    index: Path = Path("index")
    embedder: str | None = None
    reader: str | None = None
    model: str | None = None
    composer: str = "extractive"
    top_k: int = 10
    since: str | None = None
    until: str | None = None
    source: str | None = None
    as_of: str | None = None
    speaker: str | None = None
    risk: float | None = None
    read_ms: float | None = None
    store: str | None = None
    engine: str | None = None
    engine_address: str | None = None
    faiss: str | None = None


KEYS = tuple(f.name for f in fields(Settings))


def load_settings(
    overrides: Mapping[str, object | None], *, cwd: Path, environ: Mapping[str, str]
) -> Settings:
    """Reads the settings that hold in `cwd`; an override of None means "not given".

    Raises `BadInput` for an unknown key (naming the nearest), a value of the wrong kind, a date
    that is none, or a range of dates that is empty.
    """
    values: dict[str, Any] = {}
    for key, value in _from_file(cwd / CONFIG_FILE).items():
        values[key] = _checked(key, value, f"{key} in {CONFIG_FILE}")
    for key in KEYS:
        name = f"RAG_{key.upper()}"
        if environ.get(name):
            values[key] = _checked(key, environ[name], name)
    for key, value in overrides.items():
        if value is not None:
            values[key] = _checked(key, value, "--" + key.replace("_", "-"))
    settings = replace(Settings(), **values)
    check_range(settings.since, settings.until)
    check_range(settings.since, settings.as_of)
    return settings


def parse_date(value: str) -> str:
    """Checks that a date is `YYYY`, `YYYY-MM` or `YYYY-MM-DD` and exists; else `BadInput`."""
    text = value.strip()
    match = _DATE.fullmatch(text)
    if match is None:
        raise BadInput(
            f"“{value}” is not a date.",
            hint="Write YYYY, YYYY-MM or YYYY-MM-DD, for example 2020-11.",
        )
    year, month, day = (int(part) if part else 1 for part in match.groups())
    try:
        date(year, month, day)
    except ValueError as error:
        raise BadInput(
            f"There is no such date as “{text}”.",
            hint="Write YYYY, YYYY-MM or YYYY-MM-DD, for example 2020-11.",
        ) from error
    return text


def check_range(since: str | None, until: str | None) -> None:
    """Raises `BadInput` where nothing can lie between two dates that `parse_date` has passed."""
    if since and until and since + "0000-01-01"[len(since) :] > until + "9999-12-31"[len(until) :]:
        raise BadInput(
            f"Nothing lies between {since} and {until}.",
            hint="The date of since must not come after that of until or as-of.",
        )


def check_utf8(text: str, what: str) -> None:
    """Raises `BadInput` for what Python makes of bytes that are no UTF-8, or half a character.

    Neither a model nor a database takes it.
    """
    if _LONE_SURROGATE.search(text):
        raise BadInput(f"{what} is not valid UTF-8.")


def named_path(value: object) -> Path:
    """A path as it was given; raises `BadInput` for "", which would mean the current folder."""
    if not isinstance(value, str | os.PathLike):
        raise BadInput(f"A path must be a text or a Path, not {value!r}.")
    if not str(value).strip():
        raise BadInput("A path is empty.", hint="Name a file or folder; . is the current one.")
    return Path(value)


def _from_file(path: Path) -> dict[str, Any]:
    """The settings of a `rag.toml`: at the top level or, more strongly, in a table `[rag]`."""
    try:
        data = path.read_bytes()
        # PowerShell's `>` writes UTF-16.
        encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        content = tomllib.loads(data.decode(encoding))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise BadInput(f"{CONFIG_FILE} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{CONFIG_FILE} is not valid UTF-8.", hint="Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        # In double quotes \ begins a sign of TOML's own: "C:\docs".
        hint = _BACKSLASH if b"\\" in data else None
        raise BadInput(f"{CONFIG_FILE} is not valid TOML: {error}.", hint=hint) from error
    table = content.pop("rag", {})
    if not isinstance(table, dict):
        raise BadInput(f"rag in {CONFIG_FILE} must be a table.", hint="Write it as [rag].")
    return {_known(key): value for key, value in {**content, **table}.items()}


def _known(key: str) -> str:
    """The setting that a key of the file names (`top-k` is `top_k`)."""
    name = key.replace("-", "_")
    if name in KEYS:
        return name
    near = get_close_matches(name.casefold(), KEYS, n=1, cutoff=0.4)
    hint = f"Did you mean {near[0]}?" if near else f"The keys are {', '.join(KEYS)}."
    raise BadInput(f"{CONFIG_FILE} has the unknown key “{key}”.", hint=hint)


def _checked(key: str, value: object, origin: str) -> object:
    """The value as `Settings` holds it; `origin` says where it was given, for the error."""
    if key == "top_k":
        return whole_number(value, origin)
    if key == "index":
        return folder(value, origin)
    if key in ("since", "until", "as_of"):
        return date_setting(value, origin)
    if key == "risk":
        return share(value, origin)
    if key == "read_ms":
        return positive_number(value, origin)
    text = _name(value, origin)
    if key == "engine" and text not in ENGINES:
        raise BadInput(f"{origin} must be {' or '.join(ENGINES)}, not “{text}”.")
    if key == "composer" and text not in COMPOSERS:
        raise BadInput(f"{origin} must be {' or '.join(COMPOSERS)}, not “{text}”.")
    if key == "faiss" and text not in DENSE_KINDS:
        raise BadInput(f"{origin} must be {', '.join(DENSE_KINDS[:-1])} or ivf, not “{text}”.")
    return text


def _text(value: object, origin: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise BadInput(f"{origin} must be a text that is not empty.")
    return value


def _name(value: object, origin: str) -> str:
    text = _text(value, origin)
    if _CONTROL.search(text):
        raise BadInput(f"{origin} holds a tab, a line end or the like.", hint=_BACKSLASH)
    return text


def model_name(value: object, origin: str) -> str | None:
    """The name, path or URL of a model, None for the bundled one; else `BadInput`."""
    if value is None:
        return None
    return _name(os.fspath(value) if isinstance(value, os.PathLike) else value, origin)


def folder(value: object, origin: str) -> Path:
    """A folder as it was given, `~` for the home folder; else `BadInput`."""
    path = Path(_name(os.fspath(value) if isinstance(value, os.PathLike) else value, origin))
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise BadInput(f"{origin}: there is no home folder for {path.parts[0]}.") from error


def whole_number(value: object, origin: str) -> int:
    """A number of passages; `origin` says where it was given. Else `BadInput`."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value.strip()):
        value = int(value)
    try:
        number = 0 if isinstance(value, bool) else operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        number = 0
    if not 1 <= number <= MAX_TOP_K:
        raise BadInput(f"{origin} must be a whole number from 1 to {MAX_TOP_K}, not “{value}”.")
    return number


def share(value: object, origin: str) -> float:
    """A number between 0 and 1, neither of them included; else `BadInput`."""
    number = _real(value)
    if not 0.0 < number < 1.0:
        raise BadInput(f"{origin} must be a number between 0 and 1, not “{value}”.")
    return number


def positive_number(value: object, origin: str) -> float:
    """A finite number above zero; else `BadInput`."""
    number = _real(value)
    if not 0.0 < number < float("inf"):
        raise BadInput(f"{origin} must be a number above zero, not “{value}”.")
    return number


def _real(value: object) -> float:
    """The value as a number; one that cannot be meant where it is none."""
    try:
        return -1.0 if isinstance(value, bool) else float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return -1.0


def date_setting(value: object, origin: str) -> str:
    """A date as `parse_date` takes it, or as a number of a year or a date of Python's or TOML's."""
    if isinstance(value, date):
        value = value.isoformat()[:10]  # since = 2022-01-01, a date of TOML
    elif not isinstance(value, str | bool):
        with suppress(TypeError):  # since = 2022, a number of Python's or NumPy's
            value = str(operator.index(value))  # type: ignore[arg-type]
    text = _text(value, origin)
    try:
        return parse_date(text)
    except BadInput as error:
        raise BadInput(f"{origin}: {error.message}", hint=error.hint) from error
