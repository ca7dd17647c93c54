"""Small plots as inline SVG, drawn with the page's own colours.

Every mark has a `<title>`, which browsers show when one points at it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.evaluate.page import safe

__all__ = ["Axis", "Interval", "histogram", "intervals", "line_plot", "whisker"]

WIDTH, HEIGHT = 360, 250
LEFT, RIGHT, TOP, BOTTOM = 46, 14, 12, 42
INNER_WIDTH, INNER_HEIGHT = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

ROW = 26
LABELS, VALUES = 112, 44

#: A line of more points shows but its last; the others are there to be pointed at.
DOTS = 30

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis shows, and from where to where."""

    name: str
    low: float = 0.0
    high: float = 1.0

    def place(self, value: float) -> float:
        """Where on the axis a value lies, from 0 to 1."""
        return (value - self.low) / ((self.high - self.low) or 1.0)

    def ticks(self) -> list[float]:
        """A handful of round values."""
        step = _round_step((self.high - self.low) / 4)
        first = -(-self.low // step)
        count = int((self.high - first * step) / step + 1e-9) + 1
        return [round((first + i) * step, 10) for i in range(count)]


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure by name, with its interval and the questions behind it; all within [0, 1]."""

    name: str
    value: float
    low: float
    high: float
    n: int


def line_plot(
    title: str, note: str, axes: tuple[Axis, Axis], points: Points, *, ideal: Points = ()
) -> str:
    """A line with its points; `ideal` is drawn behind it, dashed."""
    x, y = axes

    def at(point: tuple[float, float]) -> tuple[float, float]:
        return LEFT + x.place(point[0]) * INNER_WIDTH, TOP + (1 - y.place(point[1])) * INNER_HEIGHT

    placed = [at(p) for p in points]
    parts = [_frame(x, y)]
    if ideal:
        parts.append(f"<polyline class=ideal points='{_path([at(p) for p in ideal])}'/>")
    parts.append(f"<polyline class=line points='{_path(placed)}'/>")
    for n, ((left, top), (along, up)) in enumerate(zip(placed, points, strict=True), start=1):
        told = f"{x.name} {_short(along)}: {y.name} {up:.3f}"
        shown = len(points) <= DOTS or n == len(points)
        mark = "dot" if shown else "spot"
        dot = f"<circle class={mark} cx={left:.1f} cy={top:.1f} r=3><title>{safe(told)}</title>"
        parts.append(dot + "</circle>")
    return _figure(title, note, "".join(parts), HEIGHT)


def histogram(
    title: str, note: str, name: str, values: Sequence[float], marks: Sequence[tuple[str, float]]
) -> str:
    """How often values fall into equal bins from 0 on; `marks` are drawn as named lines."""
    x = Axis(name, 0.0, max((*values, *(m for _, m in marks), 1e-9)) * 1.02)
    bins = 24
    counts = [0] * bins
    for value in values:
        counts[min(bins - 1, int(x.place(value) * bins))] += 1
    y = Axis("questions", 0.0, float(max(counts)))
    parts, step = [_frame(x, y)], INNER_WIDTH / bins
    for n, count in enumerate(counts):
        tall = y.place(count) * INNER_HEIGHT
        told = f"{_short(n * x.high / bins)} to {_short((n + 1) * x.high / bins)}: {count}"
        parts.append(
            f"<rect class=bar x={LEFT + n * step + 0.5:.1f} y={TOP + INNER_HEIGHT - tall:.1f} "
            f"width={step - 1:.1f} height={tall:.1f}><title>{told}</title></rect>"
        )
    for n, (mark, value) in enumerate(marks):
        left = LEFT + x.place(value) * INNER_WIDTH
        far = left > WIDTH * 0.7
        parts.append(
            f"<path class=mark d='M{left:.1f} {TOP}V{TOP + INNER_HEIGHT}'/>"
            f"<text class=marked x={left + (-4 if far else 4):.1f} y={TOP + 10 + 14 * n} "
            f"text-anchor={'end' if far else 'start'}>{safe(mark)}</text>"
        )
    return _figure(title, note, "".join(parts), HEIGHT)


def intervals(title: str, note: str, rows: Sequence[Interval]) -> str:
    """A dot and its interval a row, from 0 to 1."""
    height = ROW * len(rows) + 30
    inner = WIDTH - LABELS - VALUES
    parts = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x = LABELS + share * inner
        parts.append(
            f"<path class=grid d='M{x:.1f} 4V{height - 24}'/>"
            f"<text x={x:.1f} y={height - 8} text-anchor=middle>{share:g}</text>"
        )
    for n, row in enumerate(rows):
        y = 4 + ROW * n + ROW / 2
        name = row.name if len(row.name) < 18 else row.name[:16] + "…"
        parts.append(
            f"<text x={LABELS - 8} y={y + 4} text-anchor=end>{safe(name)}</text>"
            f"{_whisker(row, LABELS, inner, y)}"
            f"<text x={WIDTH - 2} y={y + 4} text-anchor=end>{row.value:.2f}</text>"
        )
    return _figure(title, note, "".join(parts), height)


def whisker(row: Interval) -> str:
    """One figure and its interval as a picture for a cell of a table."""
    return (
        "<svg class=whisker viewBox='0 0 120 16' aria-hidden=true>"
        f"<path class=grid d='M4 8H116'/>{_whisker(row, 4, 112, 8)}</svg>"
    )


def _whisker(row: Interval, left: float, width: float, y: float) -> str:
    low, mid, high = (left + width * max(0.0, min(1.0, v)) for v in (row.low, row.value, row.high))
    told = f"{row.name}: {row.value:.3f} ({row.low:.3f} to {row.high:.3f}, n {row.n})"
    return (
        f"<g><title>{safe(told)}</title><path class=reach d='M{low:.1f} {y:.1f}H{high:.1f}'/>"
        f"<circle class=dot cx={mid:.1f} cy={y:.1f} r=4 /></g>"
    )


def _frame(x: Axis, y: Axis) -> str:
    """Grid lines with their numbers, and the names of both axes."""
    bottom, right = TOP + INNER_HEIGHT, LEFT + INNER_WIDTH
    parts = []
    for tick in y.ticks():
        up = bottom - y.place(tick) * INNER_HEIGHT
        parts.append(
            f"<path class=grid d='M{LEFT} {up:.1f}H{right}'/>"
            f"<text x={LEFT - 7} y={up + 4:.1f} text-anchor=end>{_short(tick)}</text>"
        )
    for tick in x.ticks():
        along = LEFT + x.place(tick) * INNER_WIDTH
        label = f"<text x={along:.1f} y={bottom + 16} text-anchor=middle>{_short(tick)}</text>"
        parts.append(label)
    middle, centre = (LEFT + right) / 2, (TOP + bottom) / 2
    parts.append(
        f"<text class=axis x={middle} y={HEIGHT - 6} text-anchor=middle>{safe(x.name)}</text>"
        f"<text class=axis text-anchor=middle transform='translate(12 {centre}) rotate(-90)'>"
        f"{safe(y.name)}</text>"
    )
    return "".join(parts)


def _path(points: Points) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _figure(title: str, note: str, body: str, height: float) -> str:
    return (
        f"<figure><figcaption><b>{safe(title)}</b> {safe(note)}</figcaption>"
        f"<svg viewBox='0 0 {WIDTH} {height:g}' role=img aria-label='{safe(title)}'>"
        f"{body}</svg></figure>"
    )


def _round_step(rough: float) -> float:
    """The smallest of 1, 2, 2.5 and 5 times a power of ten that is not below a rough step.

    Above 1 it is whole, since a rank or a number of questions is.
    """
    power = 1e-6
    while power * 10 < rough:
        power *= 10
    multiples = (1, 2, 2.5, 5) if power < 1 else (1, 2, 5)
    return next((power * m for m in multiples if power * m >= rough), power * 10)


def _short(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
