"""A page's tree, made ready so that nothing of its text runs together; all its text by blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from rag.text import raised

__all__ = ["line_sign", "lines_of", "made_ready"]

_LEFT_OUT = frozenset(
    "button footer head iframe nav noscript option script select style svg template title".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption"
    " figure form h1 h2 h3 h4 h5 h6 header hr li main ol p pre section summary table tbody td"
    " tfoot th thead tr ul".split()
)
#: Signs that nobody sees: where a word may be divided, and marks of order.
_UNSEEN = str.maketrans("", "", "\u00ad\u200b\ufeff")
_BANNER = re.compile(r"cookie|consent|gdpr", re.IGNORECASE)
_MOST_ROWS = 200


def line_sign(source: str) -> str:
    """A sign that a page does not use, to stand for the ends of lines within its paragraphs."""
    return next((sign for sign in "⏎↵␊◊" if sign not in source), " ")


def made_ready(tree: Any, sign: str) -> None:
    """Changes a tree so that its text says what the page shows.

    What is struck out goes, raised figures stay apart from the number before them, captions count
    as paragraphs, a cell over several rows stands in each, and lines end with `sign`.
    """
    for node in list(tree.iter("del", "s", "strike")):
        node.drop_tree()
    for node in list(tree.iter("sup")):
        if (text := raised(node.text_content())) is not None:
            node.text = text
            for child in list(node):
                node.remove(child)
            node.drop_tag()
    for node in list(tree.iter("figure")):
        if (caption := node.find(".//figcaption")) is not None:
            node.tag, caption.tag = "div", "p"
    for table in tree.iter("table"):
        _fill_rows(table)
    for node in list(tree.iter("pre")):
        _mark_lines(node, sign)
    for node in list(tree.iter("br")):
        node.tail = sign + (node.tail or "")
        node.drop_tree()


def _mark_lines(node: Any, sign: str) -> None:
    """Marks the ends of lines in text that a page shows as it is."""
    for inner in node.iter():
        inner.text = inner.text and inner.text.replace("\n", sign)
        if inner is not node:
            inner.tail = inner.tail and inner.tail.replace("\n", sign)


def _fill_rows(table: Any) -> None:
    """Repeats cells that go over several rows in each of them."""
    #: Per column, a cell that goes on and for how many rows more.
    going_on: dict[int, tuple[Any, int]] = {}
    for row in table.xpath("./tr|./thead/tr|./tbody/tr|./tfoot/tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        column = 0
        while cells or column in going_on:
            if column in going_on:
                cell, left = going_on.pop(column)
                row.insert(row.index(cells[0]) if cells else len(row), _copy(cell))
            else:
                cell = cells.pop(0)
                left = min(_number(cell, "rowspan"), _MOST_ROWS)
                cell.attrib.pop("rowspan", None)
            if left > 1:
                going_on[column] = (cell, left - 1)
            column += _number(cell, "colspan")


def _copy(cell: Any) -> Any:
    copy = deepcopy(cell)
    copy.tail = None
    return copy


def _number(cell: Any, name: str) -> int:
    value = cell.get(name, "").strip()
    return max(1, int(value)) if value.isdecimal() and len(value) < 4 else 1


def lines_of(tree: Any) -> list[str]:
    """All that a page says, a block a line, a row of a table a line; without menus and banners."""
    (scope,) = _only(tree) or [tree]
    collected = _Lines()
    try:
        collected.walk(scope)
    except RecursionError:
        return []  # nothing that was written to be read lies so deep
    collected.end()
    return collected.lines


def _only(tree: Any) -> list[Any]:
    """The one element that a page names as its main part."""
    return next((f for name in ("main", "article") if len(f := list(tree.iter(name))) == 1), [])


class _Lines:
    """The lines of a tree as they are walked over."""

    def __init__(self, *, marks: bool = True) -> None:
        self.lines: list[str] = []
        self._words: list[str] = []
        self._marks, self._item = marks, False

    def end(self) -> None:
        """Ends a line, if anything stands in it."""
        text = " ".join("".join(self._words).translate(_UNSEEN).split())
        self._words.clear()
        if text:
            self.lines.append(f"- {text}" if self._item and self._marks else text)
            self._item = False

    def walk(self, node: Any) -> None:
        if not isinstance(node.tag, str) or _is_left_out(node):
            return
        block = node.tag in _BLOCKS
        if block:
            self.end()
        if node.tag == "table" and not _is_layout(node):
            self.lines += _rows(node)
            return
        self._item = self._item or node.tag == "li"
        self._words.append(node.text or "")
        for child in node:
            self.walk(child)
            self._words.append(child.tail or "")
        if block:
            self.end()
        if node.tag == "li":
            self._item = False


def _is_left_out(node: Any) -> bool:
    if node.tag in _LEFT_OUT:
        return True
    if node.tag in ("ul", "ol"):
        return _is_menu(node)
    named = f"{node.get('id', '')} {node.get('class', '')}"
    return node.tag in ("div", "section", "aside") and _BANNER.search(named) is not None


def _is_menu(node: Any) -> bool:
    """Whether a list has nothing but links in it, two or more."""
    linked = sum(len("".join(link.text_content().split())) for link in node.iter("a"))
    items = node.findall("li")
    return len(items) > 1 and linked > 0 and linked == len("".join(node.text_content().split()))


def _is_layout(table: Any) -> bool:
    """Whether a table only lays out a page: another is in it, or it has one column."""
    nested = table.find(".//table") is not None
    return nested or all(len(row.findall("td") + row.findall("th")) < 2 for row in table.iter("tr"))


def _rows(table: Any) -> Iterator[str]:
    for caption in table.findall("caption"):
        yield " ".join(caption.text_content().split())
    for row in table.iter("tr"):
        cells = (_cell_text(cell) for cell in row if cell.tag in ("td", "th"))
        text = " | ".join(cells)
        if text.strip(" |"):
            yield f"| {text} |"


def _cell_text(cell: Any) -> str:
    inner = _Lines(marks=False)
    inner.walk(cell)
    inner.end()
    return " ".join(inner.lines)
