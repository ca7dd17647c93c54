"""Front matter: what a note says of itself in YAML (`---`) or TOML (`+++`) before its text."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rag.ingest.dates import stated

__all__ = ["Front", "front_matter", "names_in"]

_BLOCK = re.compile(
    r"\ufeff?(?P<fence>---|\+\+\+)[ \t]*\r?\n(?P<body>(?:.*?\r?\n)??)(?P<end>---|\.\.\.|\+\+\+)"
    r"[ \t]*(?:\r?\n|$)",
    re.DOTALL,
)
_KEY = re.compile(r"(\w[\w-]*):\s*(.*)")
_UNDER_KEY = re.compile(r"\s|#|-(?:\s|$)|$")
_BROKEN_COLLECTION = re.compile(r"\{|\[[^\]]*$")
#: What `yaml.safe_load` raises: on a wrong tag (`!!bool maybe`) more than its own errors.
_YAML_ERRORS = (ValueError, LookupError, AttributeError, TypeError, RecursionError)


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
    said = {key.casefold(): value for key, value in loaded.items()}
    return Front(
        match.end(),
        names_in(said.get("title")),
        names_in(said.get("author", said.get("authors"))),
        tuple((value, "front matter") for value in stated(said)),
    )


def _yaml(block: str) -> dict[str, object] | None:
    found = _loaded(block) if block.strip() else {}
    if found is None:
        found = _by_key(block)
    return {str(k): v for k, v in found.items()} if isinstance(found, dict) else None


def _loaded(block: str) -> object:
    """What YAML reads in a block; None if that is nothing or the block is invalid."""
    import yaml

    try:
        return yaml.safe_load(block)
    except (yaml.YAMLError, *_YAML_ERRORS):
        return None


def _by_key(block: str) -> dict[str, object] | None:
    """Invalid YAML, each key read for itself, so that one bad line costs no other its value.

    None where a line is no line of front matter, or no title, author or date is stated: prose
    between two rules may look alike, and must stay text.
    """
    entries: list[tuple[re.Match[str], list[str]]] = []
    for line in block.splitlines():
        match = _KEY.match(line)
        if match is not None:
            entries.append((match, [line]))
        elif not _UNDER_KEY.match(line):
            return None
        elif entries:
            entries[-1][1].append(line)
    found = {match[1]: _value(match[2].strip(), lines) for match, lines in entries}
    wanted = {"title", "author", "authors"}
    said = any(value is not None and key.casefold() in wanted for key, value in found.items())
    return found if said or stated(found) else None


def _value(plain: str, lines: list[str]) -> object:
    """The value of a key's lines as YAML has it, else what stands behind the key, unquoted."""
    loaded = _loaded("\n".join(lines))
    if isinstance(loaded, dict) and len(loaded) == 1:
        return next(iter(loaded.values()))
    if len(plain) > 1 and plain[0] == plain[-1] and plain[0] in "\"'":
        plain = plain[1:-1]
    # `{{ date }}` is for a template to fill in, and a list that never closes is no name.
    return None if not plain or _BROKEN_COLLECTION.match(plain) else plain


def _toml(block: str) -> dict[str, object] | None:
    try:
        return tomllib.loads(block.replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError):
        return None


def names_in(value: object) -> str | None:
    """A value or the values of a list as words, of an entry with a `name` that one.

    What is nested deeper (a YAML bomb) is left out.
    """
    if isinstance(value, list):
        named = (item.get("name") if isinstance(item, Mapping) else item for item in value)
        return (
            ", ".join(v for name in named if isinstance(name, str) and (v := name.strip())) or None
        )
    if isinstance(value, Mapping):
        value = value.get("name")
    known = isinstance(value, str | int | float | date) and not isinstance(value, bool)
    return str(value).strip() or None if known else None
