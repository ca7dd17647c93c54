"""`rag verify`: checks a saved answer against the files."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.options import JsonOption, takes
from rag.cli.output import show, write_json
from rag.cli.session import open_index
from rag.config import Settings, named_path
from rag.errors import BadInput, IndexNotFound
from rag.render.lines import Line, Piece, counted, line

if TYPE_CHECKING:
    from rag.store.index import Index
    from rag.store.verify import CitationCheck

__all__ = ["verify"]


@takes()
def verify(
    settings: Settings,
    answer: Annotated[
        str, typer.Argument(metavar="ANSWER.json", help="What rag ask --json printed; - is stdin.")
    ],
    as_json: JsonOption = False,
) -> None:
    """Check a saved answer against the files.

    The source files are read again and every citation is compared. Exits with 1 if anything is
    wrong.
    """
    from rag.compose.recheck import only_claims, wrong_speaker
    from rag.store.verify import Rules, verify_answer

    saved = _load(answer)
    index = _index_if_any(settings)
    try:
        checks = verify_answer(saved, index, Rules(wrong_speaker, only_claims))
    finally:
        if index is not None:
            index.close()
    ok = all(check.ok for check in checks)
    if as_json:
        write_json({"ok": ok, "checks": [asdict(check) for check in checks]})
    else:
        show(_lines(checks))
    if not ok:
        raise typer.Exit(1)


def _load(name: str) -> object:
    try:
        data = sys.stdin.buffer.read() if name == "-" else named_path(name).read_bytes()
    except OSError as error:
        raise BadInput(f"{name} cannot be read: {error.strerror or error}.") from error
    try:
        return json.loads(data)  # UTF-8, or what PowerShell's `>` makes of it
    except (ValueError, RecursionError) as error:
        at = "Standard input" if name == "-" else name
        raise BadInput(
            f"{at} is not JSON.", hint="Give a file that rag ask --json has written."
        ) from error


def _index_if_any(settings: Settings) -> Index | None:
    """Without an index the sources are looked for from the working directory."""
    try:
        return open_index(settings)
    except IndexNotFound:
        return None


def _lines(checks: list[CitationCheck]) -> list[Line]:
    if not checks:
        return [line("There is nothing to check: the answer has no citations.")]
    lines = []
    for check in checks:
        lead = Piece(f"[{check.id}] " if check.id is not None else "", "marker")
        state = Piece("ok", "good") if check.ok else Piece("problem: ", "bad")
        lines.append(line(state, check.problem or "", lead=lead))
    wrong = sum(not check.ok for check in checks)
    if wrong:
        return [*lines, line(Piece(f"{counted(wrong, 'problem')} found.", "bad"))]
    return [*lines, line(Piece(f"{counted(len(checks), 'citation')} checked, no problem.", "good"))]
