"""Small plots as inline SVG: lines and bars are all a report needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

__all__ = ["bars", "line_plot"]

WIDTH, HEIGHT = 320, 220
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 12, 38

Points = Sequence[tuple[float, float]]


def line_plot(title: str, x_name: str, y_name: str, series: Sequence[Points]) -> str:
    """Lines over one pair of axes; y runs from 0 to 1, the last series is drawn strongest."""
    low = min(x for points in series for x, _ in points)
    high = max(x for points in series for x, _ in points)
    span = high - low or 1.0

    def place(x: float, y: float) -> str:
        across = LEFT + (x - low) / span * (WIDTH - LEFT - RIGHT)
        up = TOP + (1 - y) * (HEIGHT - TOP - BOTTOM)
        return f"{across:.1f},{up:.1f}"

    lines = []
    for n, points in enumerate(series):
        strong = n == len(series) - 1
        colour = "var(--blue)" if strong else "var(--line)"
        drawn = " ".join(place(x, y) for x, y in points)
        lines.append(f"<polyline fill=none stroke='{colour}' stroke-width=2 points='{drawn}'/>")
    return _figure(title, _axes(x_name, y_name, low, high) + "".join(lines))


def bars(title: str, values: Mapping[str, float]) -> str:
    """One horizontal bar a name; values from 0 to 1."""
    height = 24 * len(values) + 8
    parts = []
    for n, (name, value) in enumerate(values.items()):
        y = 6 + 24 * n
        parts.append(
            f"<text x=104 y={y + 13} text-anchor=end>{escape(name)}</text>"
            f"<rect x=110 y={y} width={170 * max(0.0, min(1.0, value)):.1f} height=16 "
            f"fill='var(--blue)'/><text x=286 y={y + 13}>{value:.2f}</text>"
        )
    return _figure(title, "".join(parts), height)


def _axes(x_name: str, y_name: str, low: float, high: float) -> str:
    """A frame with a few numbers on each side."""
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    parts = [f"<path fill=none stroke='var(--line)' d='M{LEFT} {TOP}V{bottom}H{right}'/>"]
    for y in (0.0, 0.5, 1.0):
        up = TOP + (1 - y) * (bottom - TOP)
        parts.append(f"<text x={LEFT - 6} y={up + 4:.1f} text-anchor=end>{y:g}</text>")
    for share in (0.0, 0.5, 1.0):
        x = LEFT + share * (right - LEFT)
        value = low + share * (high - low)
        shown = f"{value:.0f}" if high > 3 else f"{value:.2g}"
        parts.append(f"<text x={x:.1f} y={bottom + 15} text-anchor=middle>{shown}</text>")
    middle = (LEFT + right) / 2
    parts.append(f"<text x={middle} y={HEIGHT - 6} text-anchor=middle>{escape(x_name)}</text>")
    parts.append(
        f"<text x=12 y={(TOP + bottom) / 2} text-anchor=middle "
        f"transform='rotate(-90 12 {(TOP + bottom) / 2})'>{escape(y_name)}</text>"
    )
    return "".join(parts)


def _figure(title: str, body: str, height: int = HEIGHT) -> str:
    return (
        f"<figure><figcaption>{escape(title)}</figcaption><svg width={WIDTH} height={height} "
        f"viewBox='0 0 {WIDTH} {height}' font-size=11 fill=currentColor role=img "
        f"aria-label='{escape(title)}'>{body}</svg></figure>"
    )
