"""Drawn poster (SVG) for a title that has no image; scene and colours follow from the title."""

import re
from hashlib import sha256
from html import escape

from movies.colours import Palette, palette
from movies.lettering import fit, line_height
from movies.motifs import MOTIFS
from utils.translation import gettext as _

WIDTH, HEIGHT = 300, 450
PANEL_TOP = 296  # below it the background is plain, so that the text is readable
MARGIN = 20
SIZES = (38, 34, 30, 26, 23, 20, 17)
TITLE_HEIGHT = 110
YEAR_BASELINE = 428
LONGEST_TITLE = 300

# XML 1.0 forbids these characters; direction overrides would reverse the rest of the line.
_FORBIDDEN = re.compile(
    "[^\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]"
)
_FONT = "Georgia, 'Times New Roman', serif"


def draw(title: str, year: int | None = None) -> str:
    """Return an SVG document; the same title and year give the same one."""
    title = _clean(title)
    digest = sha256(title.encode()).digest()
    colours = palette(digest)
    motif = MOTIFS[digest[2] % len(MOTIFS)]
    label = title if year is None else f"{title} ({year})"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" role="img" aria-label="{escape(label)}">'
        f"{_background(colours, digest.hex()[:12])}"
        f"{motif(colours, digest[3:])}"
        f"{_panel(colours, digest.hex()[:12])}"
        f"{_words(title, colours)}{_year(year, colours)}{_frame(colours)}</svg>"
    )


def _clean(title: str) -> str:
    spaced = " ".join(title[: LONGEST_TITLE * 2].split())
    return " ".join(_FORBIDDEN.sub("", spaced)[:LONGEST_TITLE].split()) or _("Untitled")


def _background(colours: Palette, key: str) -> str:
    # Ids contain the title's key, because one page may contain several cards.
    return (
        f'<defs><linearGradient id="sky-{key}" x1="0" y1="0" x2="0" y2="1">'
        f'<stop offset="0" stop-color="{colours.sky_top}"/>'
        f'<stop offset="0.7" stop-color="{colours.sky_low}"/></linearGradient>'
        f'<linearGradient id="fade-{key}" x1="0" y1="0" x2="0" y2="1">'
        f'<stop offset="0" stop-color="{colours.panel}" stop-opacity="0"/>'
        f'<stop offset="1" stop-color="{colours.panel}"/></linearGradient></defs>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="url(#sky-{key})"/>'
    )


def _panel(colours: Palette, key: str) -> str:
    return (
        f'<rect y="{PANEL_TOP - 70}" width="{WIDTH}" height="71" fill="url(#fade-{key})"/>'
        f'<rect y="{PANEL_TOP}" width="{WIDTH}" height="{HEIGHT - PANEL_TOP}" '
        f'fill="{colours.panel}"/>'
    )


def _words(title: str, colours: Palette) -> str:
    size, lines = fit(title, WIDTH - 2 * MARGIN, TITLE_HEIGHT, SIZES)
    block = line_height(size) * len(lines)
    first = PANEL_TOP + (TITLE_HEIGHT - block) / 2 + size * 0.9
    return "".join(
        f'<text x="{WIDTH // 2}" y="{first + line_height(size) * at:.1f}" text-anchor="middle" '
        f'font-family="{_FONT}" font-weight="bold" font-size="{size}" '
        f'fill="{colours.words}">{escape(line)}</text>'
        for at, line in enumerate(lines)
    )


def _year(year: int | None, colours: Palette) -> str:
    if year is None:
        return ""
    rule = f'stroke="{colours.light}" stroke-opacity="0.6"'
    return (
        f'<path d="M80 {YEAR_BASELINE - 5}h34M186 {YEAR_BASELINE - 5}h34" {rule}/>'
        f'<text x="{WIDTH // 2}" y="{YEAR_BASELINE}" text-anchor="middle" font-family="{_FONT}" '
        f'font-size="16" letter-spacing="2" fill="{colours.light}">{int(year)}</text>'
    )


def _frame(colours: Palette) -> str:
    """Return a thin border, which separates the card from a dark page."""
    return (
        f'<rect x="0.75" y="0.75" width="{WIDTH - 1.5}" height="{HEIGHT - 1.5}" fill="none" '
        f'stroke="{colours.light}" stroke-opacity="0.25" stroke-width="1.5"/>'
    )
