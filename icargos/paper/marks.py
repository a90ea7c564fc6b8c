"""The label's own marks as SVG: rules, boxes and icons (Lucide's outlines, ISC licence), one colour."""

from typing import Final

# Outlines on a 24 x 24 grid.
_ICONS: Final = {
    "route": '<circle cx="6" cy="19" r="3"/><path d="M9 19h8.5a3.5 3.5 0 0 0 0-7h-11a3.5 3.5 0 0 1 0-7H15"/>'
    '<circle cx="18" cy="5" r="3"/>',
    "lock": '<rect width="18" height="11" x="3" y="11" rx="2"/><path d="M7 11V7a5 5 0 0 1 10 0v4"/>',
    "open": '<rect width="18" height="11" x="3" y="11" rx="2"/><path d="M7 11V7a5 5 0 0 1 9.9-1"/>',
    "fragile": '<path d="M8 22h8M7 10h10M12 15v7M12 15a5 5 0 0 0 5-5c0-2-.5-4-2-8H9c-1.5 4-2 6-2 8a5 5 0 0 0 5 5Z"/>',
    "code": '<path d="M20 13c0 5-3.5 7.5-7.66 8.95a1 1 0 0 1-.67-.01C7.5 20.5 4 18 4 13V6a1 1 0 0 1 1-1c2 0 4.5-1.2 '
    '6.24-2.72a1.17 1.17 0 0 1 1.52 0C14.51 3.81 17 5 19 5a1 1 0 0 1 1 1z"/><path d="m9 12 2 2 4-4"/>',
    "photo": '<path d="M14 4a2 2 0 0 1 1.76 1.05l.49.9A2 2 0 0 0 18 7h2a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V9'
    'a2 2 0 0 1 2-2h2a2 2 0 0 0 1.76-1.05l.49-.9A2 2 0 0 1 10 4z"/><circle cx="12" cy="13" r="3"/>',
    "signature": '<path d="M12 20h9"/><path d="M16.4 3.6a1 1 0 0 1 3 3L7.4 18.6a2 2 0 0 1-.9.5l-2.8.8a.5.5 0 0 1-.6-.6'
    'l.8-2.8a2 2 0 0 1 .5-.9z"/>',
}


def rule(x1: float, y1: float, x2: float, y2: float) -> str:
    """A line of 0.75 pt, two dots of a 203 dpi head."""
    return f'<path d="M{x1} {y1}L{x2} {y2}" stroke="#000" stroke-width=".75"/>'


def box(x: float, y: float, width: float, height: float, radius: float, *, filled: bool, line: float = 0.9) -> str:
    """A rectangle, black or outlined."""
    paint = 'fill="#000"' if filled else f'fill="none" stroke="#000" stroke-width="{line}"'
    return f'<rect x="{x:.2f}" y="{y}" width="{width:.2f}" height="{height}" rx="{radius}" {paint}/>'


def icon(name: str, x: float, y: float, size: float, *, white: bool = False) -> str:
    """An icon in a square of ``size`` points."""
    colour = "#fff" if white else "#000"
    return (
        f'<g transform="translate({x:.2f} {y}) scale({size / 24:.4f})" fill="none" stroke="{colour}" '
        f'stroke-width="2" stroke-linecap="round" stroke-linejoin="round">{_ICONS[name]}</g>'
    )


def strokes(path: str, x: float, y: float, module: float, thick: float) -> str:
    """A code drawn as one path of dashes, ``module`` points wide, with its first dash's top at (x, y)."""
    return (
        f'<path transform="translate({x:.3f} {y:.3f}) scale({module:.5f})" d="{path}" fill="none" stroke="#000" '
        f'stroke-width="{thick:.4f}"/>'
    )
