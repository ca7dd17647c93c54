"""`rag status`: what is in the index and whether it is whole and up to date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

from rag.cli.options import JsonOption, takes
from rag.cli.output import listed_skips, show, write_json
from rag.config import Settings
from rag.render.lines import BLANK, Line, Piece, Style, counted, line

if TYPE_CHECKING:
    from rag.store.status import IndexStatus

__all__ = ["status"]

LISTED = 20
LEAD = 12


@takes()
def status(settings: Settings, as_json: JsonOption = False) -> None:
    """Say what the index holds and lacks.

    That is its documents, dates and models, what was skipped and why, and whether it is whole and
    up to date with the files.
    """
    from rag.store.status import index_status

    found = index_status(settings.index)
    if as_json:
        write_json({**asdict(found), "whole": found.whole, "up_to_date": found.up_to_date})
    else:
        show(_lines(found))


def _lines(found: IndexStatus) -> list[Line]:
    lines = [
        _fact("index", found.directory),
        _fact("roots", ", ".join(found.roots) or "none"),
        _fact(
            "documents",
            f"{found.documents} in {counted(found.files, 'file')} ({_counts(found.formats)})",
        ),
        _fact("passages", str(found.passages)),
        _fact("dates", _dates(found)),
        _fact("embedder", f"{found.embedder} ({found.dimension} dimensions)"),
        _fact("files", _against_files(found), "" if found.up_to_date else "warn"),
        _fact("state", "whole" if found.whole else "not whole", "" if found.whole else "bad"),
    ]
    lines += [line(Piece(p, "bad"), lead=" " * LEAD) for p in found.problems]
    for name in ("changed", "new", "missing"):
        lines += _listed(name, getattr(found, name))
    return lines + _skipped(found)


def _skipped(found: IndexStatus) -> list[Line]:
    """Each of them, however many: this is where they are looked up."""
    if not found.skipped:
        return []
    head = line(Piece(f"Skipped: {len(found.skipped)}", "warn"))
    return [BLANK, head, *listed_skips([(s.source, s.reason) for s in found.skipped])]


def _fact(name: str, text: str, style: Style = "") -> Line:
    return Line((Piece(text, style),), Piece(f"{name:<{LEAD}}", "dim"))


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {n}" for name, n in counts.items()) or "none"


def _dates(found: IndexStatus) -> str:
    """The span of dates, and where they came from; `none` counts the undated."""
    undated = f"{found.undated} undated"
    if not found.first_date:
        return undated
    origins = {name: n for name, n in found.date_origins.items() if name != "none"}
    return f"{found.first_date} to {found.last_date}, {undated} (from {_counts(origins)})"


def _against_files(found: IndexStatus) -> str:
    if found.up_to_date:
        return "nothing has changed since"
    told = ((found.changed, "changed"), (found.new, "new"), (found.missing, "missing"))
    return ", ".join(f"{len(s)} {name}" for s, name in told if s) + "; rag index takes them in"


def _listed(name: str, sources: tuple[str, ...]) -> list[Line]:
    if not sources:
        return []
    shown = [line(s, lead="  ") for s in sources[:LISTED]]
    left = len(sources) - len(shown)
    more = [line(Piece(f"… and {left} more", "dim"), lead="  ")] if left else []
    return [BLANK, line(Piece(name.capitalize(), "strong")), *shown, *more]
