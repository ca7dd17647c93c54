"""`rag status`: what is in the index and whether it is whole and up to date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.copies import show_store
from rag.cli.options import JsonOption, takes
from rag.cli.output import listed_skips, show, write_json
from rag.config import Settings
from rag.errors import BadInput
from rag.render.lines import BLANK, Line, Piece, Style, counted, line

if TYPE_CHECKING:
    from rag.store.status import IndexStatus

__all__ = ["status"]

LISTED = 20
LEAD = 12


@takes("store")
def status(
    settings: Settings,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Read and verify every byte that counts; exit with 1 if it is damaged."
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Say what the index holds and lacks.

    That is its documents, dates and models, what was skipped and why, and whether it is whole and
    up to date with the files.
    """
    if settings.store is not None:
        if check:
            raise BadInput("--check reads an index here, not a store elsewhere.")
        show_store(settings.store, as_json)
        return
    from rag.store.status import index_status

    found = index_status(settings.index, check=check)
    if as_json:
        write_json({**asdict(found), "whole": found.whole, "up_to_date": found.up_to_date})
    else:
        show(_lines(found))
    if check and not found.whole:
        raise typer.Exit(1)


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
        _fact("search", _search(found)),
        _fact("files", _against_files(found), "" if found.up_to_date else "warn"),
        _fact("state", _state(found), "" if found.whole else "bad"),
    ]
    lines += [line(Piece(p, "bad"), lead=" " * LEAD) for p in found.problems]
    lines += _damage(found)
    lines += _listed("Changed", _readable(found))
    lines += _listed("New", found.new)
    lines += _listed("Missing", found.missing)
    lines += _listed("Unreadable", found.unread)
    return lines + _skipped(found)


def _search(found: IndexStatus) -> str:
    """How the vectors are searched, and what is found by it of what exact search finds."""
    plan = found.dense
    if plan is None:
        return "to be built by the next question"
    if plan.kind == "flat":
        return f"exact: each of {counted(plan.passages, 'vector')} is compared"
    groups = f"{plan.probes} of {plan.lists} groups of {plan.passages} vectors, {plan.codes}"
    return f"{plan.kind}: {groups}; recall@10 {plan.recall:.3f} by {plan.asked} queries"


def _state(found: IndexStatus) -> str:
    """In a word, and after a check how much of it was read."""
    state = "whole" if found.whole else "not whole"
    if found.running:
        state += "; an update is running"
    elif found.unfinished:
        state += "; an update was interrupted, rag index finishes it"
    if found.checked is not None:
        read = f"{counted(found.checked.passages, 'passage')} and all files of the index"
        state += f" (checked {counted(found.checked.documents, 'document')}, {read})"
    return state


def _damage(found: IndexStatus) -> list[Line]:
    """Each thing that a check found, then the commands that mend it all."""
    damage = found.checked.damage if found.checked is not None else ()
    mends = dict.fromkeys(d.mend for d in damage)
    # Building anew makes everything else anew as well.
    needed = [m for m in mends if "--rebuild" in m] or list(mends)
    return [
        *(line(Piece(d.what, "bad"), lead=" " * LEAD) for d in damage),
        *(line(f"Mend it with: {mend}", lead=" " * LEAD) for mend in needed),
        *(
            line(f"The {name} index is to be built by the next question.", lead=" " * LEAD)
            for name in (found.checked.missing if found.checked is not None else ())
        ),
    ]


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
    """What is different now, and whether an update makes it good."""
    if found.up_to_date:
        return "nothing has changed since"
    told = ((_readable(found), "changed"), (found.new, "new"), (found.missing, "missing"))
    taken_in = ", ".join(f"{len(s)} {name}" for s, name in told if s)
    parts = [f"{taken_in}; rag index takes them in"] if taken_in else []
    if found.unread:
        parts.append(f"{len(found.unread)} cannot be read")
    if found.away:
        parts.append(f"{', '.join(found.away)} not there or empty: bring it back")
    return "; ".join(parts)


def _readable(found: IndexStatus) -> tuple[str, ...]:
    """What has changed, without what could not be read when it had."""
    return tuple(source for source in found.changed if source not in found.unread)


def _listed(name: str, sources: tuple[str, ...]) -> list[Line]:
    if not sources:
        return []
    shown = [line(s, lead="  ") for s in sources[:LISTED]]
    left = len(sources) - len(shown)
    more = [line(Piece(f"… and {left} more", "dim"), lead="  ")] if left else []
    return [BLANK, line(Piece(name, "strong")), *shown, *more]
