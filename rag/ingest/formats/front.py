"""Front matter: what a note says of itself in YAML (`---`) or TOML (`+++`) before its text."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass

__all__ = ["Front", "front_matter"]

_BLOCK = re.compile(
    r"\ufeff?(?P<fence>---|\+\+\+)[ \t]*\r?\n(?P<body>(?:.*?\r?\n)??)(?P<end>---|\.\.\.|\+\+\+)"
    r"[ \t]*(?:\r?\n|$)",
    re.DOTALL,
)
_DATE_KEYS = ("date", "published", "publishdate", "pubdate", "created")


@dataclass(frozen=True, slots=True)
class Front:
    """What front matter states; `end` is the offset at which the text proper begins."""

    end: int = 0
    title: str | None = None
    author: str | None = None
    dates: tuple[tuple[object, str], ...] = ()


def front_matter(text: str) -> Front:
    """The front matter of a text; what cannot be read as such counts as text. Never raises."""
    match = _BLOCK.match(text)
    if match is None or (match["fence"] == "+++") != (match["end"] == "+++"):
        return Front()
    loaded = _toml(match["body"]) if match["fence"] == "+++" else _yaml(match["body"])
    if loaded is None:
        return Front()
    stated = {key.casefold(): value for key, value in loaded.items()}
    return Front(
        match.end(),
        _word(stated.get("title")),
        _word(stated.get("author", stated.get("authors"))),
        tuple((stated[key], "front matter") for key in _DATE_KEYS if key in stated),
    )


def _yaml(block: str) -> dict[str, object] | None:
    import yaml

    try:
        found = yaml.safe_load(block) if block.strip() else {}
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    return {str(k): v for k, v in found.items()} if isinstance(found, dict) else None


def _toml(block: str) -> dict[str, object] | None:
    try:
        return tomllib.loads(block.replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError):
        return None


def _word(value: object) -> str | None:
    """A value or the values of a list as words; what is nested deeper (a YAML bomb) is left out."""
    if isinstance(value, list):
        found = [v for item in value if isinstance(item, str) and (v := item.strip())]
        return ", ".join(found) or None
    return str(value).strip() or None if isinstance(value, str | int | float) else None
