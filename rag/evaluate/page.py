"""The look of the report: its style sheet, its script, and the few tags that it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from rag.render.clean import clean

__all__ = ["document", "safe", "table"]

STYLE = """
:root { color-scheme: light dark; --paper: #fbfbf9; --card: #fff; --ink: #1c2128; --soft: #667080;
  --line: #e2e4e1; --accent: #24679f; --reach: #a9c6de; --good: #2b7a4b; --bad: #b1432f;
  --mark: #fbeeb8 }
@media (prefers-color-scheme: dark) { :root { --paper: #14171b; --card: #1b1f25; --ink: #e4e7eb;
  --soft: #98a2af; --line: #2d333b; --accent: #77b4e8; --reach: #35566f; --good: #74c294;
  --bad: #ec8d79; --mark: #5a4d16 } }
* { box-sizing: border-box }
html { -webkit-text-size-adjust: 100% }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif }
main { max-width: 72rem; margin: 0 auto; padding: 2rem 1.25rem 5rem }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0; letter-spacing: -.01em }
h2 { font-size: 1.35rem; margin: 3rem 0 .2rem; padding-top: 1.2rem;
  border-top: 2px solid var(--ink) }
h3 { font-size: 1.05rem; margin: 2.4rem 0 .7rem }
p { margin: .4rem 0 } .note { color: var(--soft); margin: .25rem 0 1rem; max-width: 46rem }
nav a { color: var(--accent); margin-right: 1rem }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .8rem;
  margin: 1.2rem 0 0 }
.tile, figure, .sheet { background: var(--card); border: 1px solid var(--line); border-radius: 8px }
.tile { padding: .75rem .95rem } .tile b { display: block; font-size: 1.7rem; line-height: 1.2;
  font-weight: 600; font-variant-numeric: tabular-nums }
.tile span { color: var(--soft); font-size: .82rem; display: block }
.sheet { overflow-x: auto; padding: .35rem 1rem .6rem }
table { border-collapse: collapse; font-size: .92rem; width: 100% }
th, td { padding: .32rem .55rem; text-align: right; border-top: 1px solid var(--line);
  font-variant-numeric: tabular-nums; white-space: nowrap }
tr:first-child > * { border-top: 0 } th { color: var(--soft); font-weight: 500 }
th:first-child, td:first-child { text-align: left; padding-left: 0 }
tr.group td { color: var(--soft); font-size: .8rem; padding-top: .9rem; border-top: 0 }
td:last-child, th:last-child { padding-right: 0 } td.picture { width: 9rem }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr));
  gap: .9rem; align-items: start }
figure { margin: 0; padding: .8rem .9rem .5rem } figcaption { color: var(--soft); font-size: .85rem;
  line-height: 1.4; margin-bottom: .5rem } figcaption b { color: var(--ink); display: block;
  font-size: .95rem; font-weight: 600 }
svg { display: block; width: 100%; height: auto; overflow: visible }
svg text { font-size: 11px; fill: var(--soft) } svg .axis { font-size: 11.5px }
svg .marked { fill: var(--bad) } .whisker { width: 7.5rem; display: inline-block;
  vertical-align: middle }
.grid { stroke: var(--line); fill: none } .line { fill: none; stroke: var(--accent);
  stroke-width: 2; stroke-linejoin: round } .ideal { fill: none; stroke: var(--soft);
  stroke-dasharray: 3 4 } .dot { fill: var(--accent) } .spot { opacity: 0 }
.bar { fill: var(--accent); opacity: .8 }
.reach { stroke: var(--reach); stroke-width: 6; stroke-linecap: round; fill: none }
.mark { stroke: var(--bad); stroke-dasharray: 4 3; fill: none }
.soft { color: var(--soft) } .good { color: var(--good) } .bad { color: var(--bad) }
.filters { display: flex; flex-wrap: wrap; gap: .6rem; align-items: center; margin: 0 0 .6rem }
select, input { font: inherit; font-size: .92rem; padding: .3rem .5rem; color: inherit;
  background: var(--card); border: 1px solid var(--line); border-radius: 6px; max-width: 100% }
details { border-top: 1px solid var(--line) } details:first-of-type { border-top: 0 }
summary { cursor: pointer; padding: .5rem 0; overflow-wrap: anywhere }
details[open] { padding-bottom: .9rem } details[open] summary { font-weight: 600 }
.tag { color: var(--soft); font-size: .82rem; font-weight: 400; margin-right: .6rem }
.tag.bad { color: var(--bad) }
dl { display: grid; grid-template-columns: 7rem 1fr; gap: .55rem 1rem; margin: .2rem 0 0;
  font-size: .95rem } dt { color: var(--soft) }
dd { margin: 0; overflow-wrap: anywhere; unicode-bidi: isolate; min-width: 0 }
dd p { margin: 0 0 .45rem } dd .tag { display: block }
mark { background: var(--mark); color: inherit; border-radius: 2px; padding: 0 .1em }
[hidden] { display: none }
@media (max-width: 34rem) { main { padding: 1.2rem .9rem 3rem } dl { grid-template-columns: 1fr;
  gap: .1rem } dd { margin-bottom: .6rem } td.picture, th.picture { display: none }
  table { font-size: .84rem } th, td { padding: .3rem .35rem }
  .sheet { padding: .3rem .7rem .5rem } }
@media print { body { background: none } .filters { display: none } }
"""

SCRIPT = """
for (const box of document.querySelectorAll('.filters')) {
  const items = [...box.parentElement.querySelectorAll('details')];
  const [type, kind, words] = box.querySelectorAll('select, input');
  const count = box.querySelector('output');
  const update = () => {
    let shown = 0;
    for (const d of items) {
      const fits = (!type.value || JSON.parse(d.dataset.types).includes(type.value))
        && (!kind.value || d.dataset.kind === kind.value)
        && d.textContent.toLowerCase().includes(words.value.toLowerCase());
      d.hidden = !fits;
      shown += fits;
    }
    count.textContent = shown + ' of ' + items.length + ' shown';
  };
  box.addEventListener('input', update);
  update();
}
"""


def safe(text: object) -> str:
    """Text of a document or question as harmless HTML: nothing in it is markup or control."""
    return escape(clean(str(text)))


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table that scrolls sideways where the window is narrow; cells are HTML."""
    top = "".join(f"<th>{h}" for h in head)
    body = "".join("<tr>" + "".join(f"<td>{c}" for c in row) for row in rows)
    return f"<div class=sheet><table><tr>{top}{body}</table></div>"


def document(body: str) -> str:
    """The whole page. Its policy forbids loading anything, whatever a document may hold."""
    policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
    return (
        "<!doctype html><html lang=en><meta charset=utf-8>"
        f'<meta http-equiv=Content-Security-Policy content="{policy}">'
        "<meta name=viewport content='width=device-width, initial-scale=1'>"
        f"<title>Evaluation</title><style>{STYLE}</style><main>{body}</main>"
        f"<script>{SCRIPT}</script></html>\n"
    )
