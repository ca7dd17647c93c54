"""HTML: the main text of a page, by trafilatura, and the dates its metadata states."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from rag.errors import NoText
from rag.ingest.encoding import decode
from rag.ingest.formats.html_tree import line_sign, lines_of, made_ready
from rag.ingest.parts import Parts

__all__ = ["html_text", "read_html"]

_DATE_NAMES = (
    "article:published_time", "datepublished", "date", "dc.date", "dc.date.issued",
    "dcterms.date", "dcterms.created", "publish-date", "publishdate", "pubdate",
    "og:published_time", "parsely-pub-date", "sailthru.date",
)  # fmt: skip
_CHANGED = "article:modified_time"
_PUBLISHED = "contains(concat(' ', normalize-space(@itemprop), ' '), ' datePublished ')"
#: A `<time>` that is said to be the page's own date, and one at the head of it, beside its title.
#: Any other may be in the prose, and is what the page tells of, or over the whole site: today.
_TIMES = (
    f"//time[@datetime][@pubdate or {_PUBLISHED}]",
    "//time[@datetime][not(@itemprop)][ancestor::header[ancestor::article or .//h1]]",
)
_MAX_JSON = 200_000
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})")
_HEAD_BYTES = 4096
#: Below so many characters the main text of a page is not told from the rest of it.
_SHORT = 250
_TABLE_RULE = re.compile(r"\|(?:[\s:]*-+[\s:]*\|)+")


def read_html(data: bytes) -> Parts:
    """The main text as paragraphs with blank lines between. Raises `UnreadableFile`."""
    source, encoding = decode(data, _declared(data[:_HEAD_BYTES]))
    text = html_text(source)
    if not text.strip():
        raise NoText("a page without text")
    tree = _tree(source)
    title = _meta(tree, "og:title") or _first(tree, "//title")
    return Parts(
        text,
        "html",
        title=title,
        author=_meta(tree, "author"),
        dates=tuple((value, "html") for value in _dates(tree)),
        encoding=encoding,
    )


def _declared(head: bytes) -> str | None:
    """The encoding that a page names; Latin-1 means Windows-1252 there (WHATWG Encoding)."""
    match = _XML_ENCODING.match(head) or _CHARSET.search(head)
    name = match[1].decode("ascii").lower() if match else None
    return "cp1252" if name in {"iso-8859-1", "latin1", "us-ascii", "windows-1252"} else name


def html_text(source: str) -> str:
    """The main text of a page, or all its text where that is short or no main part can be told."""
    tree = _tree(source)
    if tree is None:
        return ""
    sign = line_sign(source)
    made_ready(tree, sign)
    whole = lines_of(tree)
    found = _extracted(tree, instead=False)
    lines = found if sum(map(len, found)) >= _SHORT else whole or found
    # Of a page that a script fills there is what the script is given.
    return _blocks(lines or _extracted(_tree(source), instead=True), sign)


def _extracted(page: Any, *, instead: bool) -> list[str]:
    """The lines of the main text that trafilatura finds.

    Where that is short it can look for something else `instead`: what a script is given to fill the
    page with, or all words, with a line for each that is set in bold.
    """
    import trafilatura
    from trafilatura.settings import DEFAULT_CONFIG

    config = deepcopy(DEFAULT_CONFIG)
    if not instead:
        config["DEFAULT"]["MIN_EXTRACTED_SIZE"] = "0"
    found = trafilatura.extract(
        page,
        include_comments=False,
        include_tables=True,
        favor_recall=True,
        with_metadata=False,
        config=config,
    )
    return (found or "").splitlines()


def _blocks(lines: Iterable[str], sign: str) -> str:
    """The lines with blank ones between; the rows of a table stay together."""
    text, in_table = "", False
    for found in lines:
        line = found.strip()
        row = line.startswith("|") and line.endswith("|")
        line = _ended(line, sign, " " if row else "\n")
        if not line or (row and _TABLE_RULE.fullmatch(line)):
            continue
        text += ("\n" if row and in_table else "\n\n" if text else "") + line
        in_table = row
    return text


def _ended(line: str, sign: str, end: str) -> str:
    """A line with the ends that a sign stands for; two together leave a blank one between."""
    lines = [part.strip() for part in line.split(sign)] if sign.strip() else [line]
    return re.sub(r"\n{3,}", "\n\n", end.join(lines)).strip()


def _tree(source: str) -> Any:
    from lxml import etree, html

    try:
        parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
        return html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def _dates(tree: Any) -> list[str]:
    """What the page says of its own date: meta tags, JSON-LD, `<time>`; never its prose.

    When it was changed comes last: that says little of when it was written.
    """
    if tree is None:
        return []
    found: dict[str, str] = {}
    for node in tree.xpath("//meta[@content]"):
        name = (node.get("property") or node.get("name") or node.get("itemprop") or "").lower()
        if node.get("content").strip():
            found.setdefault(name, node.get("content"))
    dates = [found[name] for name in _DATE_NAMES if name in found]
    for node in tree.xpath("//script[@type='application/ld+json']"):
        dates += _linked(node.text or "")
    dates += [node.get("datetime") for path in _TIMES for node in tree.xpath(path)]
    dates.append(found.get(_CHANGED, ""))
    return [d for d in dates if d]


def _linked(text: str) -> list[str]:
    """`datePublished` of a JSON-LD block."""
    if len(text) > _MAX_JSON:
        return []
    try:
        # Not strict: pages have raw line ends in their strings.
        loaded = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return []
    nodes = _objects(loaded)
    nodes += [inner for node in nodes for inner in _objects(node.get("@graph"))]
    values = [node.get("datePublished") for node in nodes]
    return [v for v in values if isinstance(v, str)]


def _objects(loaded: Any) -> list[dict[str, Any]]:
    """The objects among what was loaded: one alone, or those of a list."""
    found = loaded if isinstance(loaded, list) else [loaded]
    return [item for item in found if isinstance(item, dict)]


def _meta(tree: Any, name: str) -> str | None:
    if tree is None:
        return None
    for node in tree.xpath("//meta[@content]"):
        content = " ".join(node.get("content").split())
        if content and (node.get("property") or node.get("name") or "").lower() == name:
            return content
    return None


def _first(tree: Any, path: str) -> str | None:
    found = [] if tree is None else tree.xpath(path)
    return (" ".join(found[0].text_content().split()) or None) if found else None
