"""`rag verify`: checks saved answers against the files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.cli.options import JsonOption, takes
from rag.cli.output import show, write_json
from rag.cli.saved import Saved, read_saved
from rag.cli.session import open_index
from rag.config import Settings
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
        str,
        typer.Argument(
            metavar="ANSWER.json",
            help="What rag ask --json, rag chat --json or rag eval --records wrote; - is stdin.",
        ),
    ],
    as_json: JsonOption = False,
) -> None:
    """Check saved answers against the files.

    The source files are read again and every citation is compared. Exits with 1 if anything is
    wrong. Of several answers only the problems are listed.
    """
    saved = read_saved(answer)
    index = _index_if_any(settings)
    try:
        checked = _check(saved, index)
    finally:
        if index is not None:
            index.close()
    ok = all(check.ok for checks in checked for check in checks)
    if as_json:
        write_json({"ok": ok, "checks": _as_json(saved, checked)})
    elif len(saved) == 1:
        show(_lines(checked[0]))
    else:
        show(_lines_of_several(saved, checked))
    if not ok:
        raise typer.Exit(1)


def _check(saved: Sequence[Saved], index: Index | None) -> list[list[CitationCheck]]:
    """The checks of each answer; what is no answer is named where there are several."""
    from rag.compose.recheck import only_claims, wrong_speaker
    from rag.store.verify import Rules, verify_answers

    found = verify_answers((s.answer for s in saved), index, Rules(wrong_speaker, only_claims))
    checked = []
    for one in saved:
        try:
            checked.append(next(found))
        except BadInput as error:
            if len(saved) == 1:
                raise
            raise BadInput(f"{one.name}: {error.message}", hint=error.hint) from error
    return checked


def _index_if_any(settings: Settings) -> Index | None:
    """Without an index the sources are looked for from the working directory."""
    try:
        return open_index(settings)
    except IndexNotFound:
        return None


def _as_json(
    saved: Sequence[Saved], checked: Sequence[Sequence[CitationCheck]]
) -> list[dict[str, Any]]:
    """Each check; of several answers with the name of its own."""
    if len(saved) == 1:
        return [asdict(check) for check in checked[0]]
    pairs = zip(saved, checked, strict=True)
    return [{"answer": one.name, **asdict(c)} for one, checks in pairs for c in checks]


def _lines(checks: Sequence[CitationCheck]) -> list[Line]:
    if not checks:
        return [line("There is nothing to check: the answer has no citations.")]
    return [*(_line(check) for check in checks), _summary(checks)]


def _lines_of_several(
    saved: Sequence[Saved], checked: Sequence[Sequence[CitationCheck]]
) -> Iterator[Line]:
    for one, checks in zip(saved, checked, strict=True):
        yield from (_line(check, f"{one.name}: ") for check in checks if not check.ok)
    together = [check for checks in checked for check in checks]
    yield _summary(together, f"{counted(len(saved), 'answer')}, ")


def _line(check: CitationCheck, of: str = "") -> Line:
    lead = Piece(of + (f"[{check.id}] " if check.id is not None else ""), "marker")
    state = Piece("ok", "good") if check.ok else Piece("problem: ", "bad")
    return line(state, check.problem or "", lead=lead)


def _summary(checks: Sequence[CitationCheck], of: str = "") -> Line:
    wrong = sum(not check.ok for check in checks)
    if wrong:
        return line(Piece(f"{of}{counted(wrong, 'problem')} found.", "bad"))
    return line(Piece(f"{of}{counted(len(checks), 'citation')} checked, no problem.", "good"))
