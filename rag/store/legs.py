"""Keeps what the legs search in step with the database, at a cost that follows the change."""

from __future__ import annotations

from collections.abc import Callable

from rag.store.database import Database
from rag.store.files import fresh, stamped
from rag.store.history import behind, last_row, settle
from rag.store.manifest import read_manifest
from rag.store.plan import choose, read_plan

__all__ = ["LEGS", "bring_up", "build_anew"]

#: The folders that are derived from the database.
LEGS = ("vectors", "lexical")

#: What a base lacks or has too much is read from the database whenever an index is opened. When
#: that is more than this share of the passages, and more than so many rows, bases are built anew.
TAIL_SHARE, TAIL_ROWS = 0.02, 1000


def bring_up(database: Database, note: Callable[[str], None]) -> None:
    """Builds the bases of both legs anew if one is missing, damaged or too far behind.

    Only for who holds the writer's lock, outside a transaction. `note` hears of longer work.
    """
    if not all(_near(database, leg) for leg in LEGS):
        note("writing the search indexes")
        build_anew(database, keep_current=True)


def build_anew(database: Database, *, keep_current: bool = False) -> None:
    """Builds the bases of both legs from what the database holds now, and nothing else.

    With `keep_current` those are kept that are whole and of the database's own generation.
    """
    from rag.store.lexical import open_lexical
    from rag.store.vectors import open_vectors

    generation = database.generation

    def current(leg: str) -> bool:
        return fresh(database.directory / leg, lambda number: number == generation)

    if not (keep_current and current("vectors") and _as_wanted(database)):
        open_vectors(database, read_manifest(database).dimension, anew=True)
    if not (keep_current and current("lexical")):
        open_lexical(database, anew=True)
    if all(current(leg) for leg in LEGS):
        settle(database, generation)


def _near(database: Database, leg: str) -> bool:
    """Whether a leg's base is whole, of the kind that is wanted, and not far behind."""
    folder = database.directory / leg
    if not fresh(folder, database.knows) or (leg == "vectors" and not _as_wanted(database)):
        return False
    last = last_row(database, stamped(folder) or 0)
    found = database.one("SELECT count(*) FROM passages")
    passages = int(found[0]) if found else 0
    return last is not None and behind(database, last) <= max(TAIL_ROWS, TAIL_SHARE * passages)


def _as_wanted(database: Database) -> bool:
    """Whether the dense base is of the kind that is asked for."""
    try:
        plan = read_plan(database.directory / "vectors")
    except (OSError, ValueError):
        return False
    # For `auto`, as it was when the base was made: so none is built for one passage more or less.
    return choose(database.get("faiss") or "auto", plan.passages).kind == plan.kind
