"""Retrieved passages: a table on a wide terminal, blocks on a narrow one, columns in a pipe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.render.clean import snippet
from rag.render.lines import Line, Piece, line
from rag.types import Hit

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["LEGS", "hit_columns", "hit_lines", "hit_table"]

LEGS = ("dense", "lexical", "rerank")


def hit_columns(hits: Sequence[Hit]) -> list[Line]:
    """Tab-separated columns under a header; the columns are the same for every query."""
    rows = ["\t".join(("rank", "score", *LEGS, "date", "source", "paragraph", "text"))]
    for rank, hit in enumerate(hits, start=1):
        at = hit.passage
        cells = [str(rank), f"{hit.score:.4f}", *(_rank(hit, leg) for leg in LEGS)]
        cells += [at.date or "-", snippet(at.source, 1000), str(at.paragraph), snippet(at.text)]
        rows.append("\t".join(cells))
    return [Line(lead=Piece(row)) for row in rows]


def hit_lines(hits: Sequence[Hit]) -> list[Line]:
    """A block for each passage, for a terminal too narrow for the table."""
    lines: list[Line] = []
    width = len(str(len(hits)))
    for rank, hit in enumerate(hits, start=1):
        at = hit.passage
        where = f" · {at.date or 'undated'} · paragraph {at.paragraph}"
        legs = "".join(f" · {leg} {hit.legs[leg].rank}" for leg in LEGS if leg in hit.legs)
        lead = f"{rank:>{width}}  "
        lines.append(line(Piece(at.source, "source"), where, lead=Piece(lead, "marker")))
        lines.append(line(Piece(f"score {hit.score:.4f}{legs}", "dim"), lead=" " * len(lead)))
        lines.append(line(snippet(at.text), lead=" " * len(lead)))
        if hit.also_in:
            also = snippet(f"also in {', '.join(hit.also_in)}", 1000)
            lines.append(line(Piece(also, "dim"), lead=" " * len(lead)))
    return lines


def hit_table(hits: Sequence[Hit]) -> Table:
    """The table for a terminal; text of documents goes in as `Text`, never as markup."""
    from rich.table import Table
    from rich.text import Text

    legs = [leg for leg in LEGS if leg != "rerank" or any("rerank" in h.legs for h in hits)]
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", pad_edge=False)
    for name in ("#", "score", *legs):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("source", overflow="fold", ratio=2)
    table.add_column("date", no_wrap=True)
    table.add_column("par.", justify="right", no_wrap=True)
    table.add_column("passage", overflow="fold", ratio=3)
    for rank, hit in enumerate(hits, start=1):
        at = hit.passage
        cells = [str(rank), f"{hit.score:.4f}", *(_rank(hit, leg) for leg in legs)]
        also = f" (also in {', '.join(hit.also_in)})" if hit.also_in else ""
        cells += [snippet(at.source + also, 1000), at.date or "-", str(at.paragraph)]
        cells.append(snippet(at.text))
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _rank(hit: Hit, leg: str) -> str:
    return str(hit.legs[leg].rank) if leg in hit.legs else "-"
