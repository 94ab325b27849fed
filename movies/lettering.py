"""Line breaking for drawn cards. Without a font, widths are estimated in ems, rather too wide."""

import unicodedata

NARROW = frozenset("iIjlft.,:;!'|()[]-’ ")
BROAD = frozenset("mwMWQO@%&—")
ELLIPSIS = "…"


def fit(text: str, width: float, height: float, sizes: tuple[int, ...]) -> tuple[int, list[str]]:
    """Return the largest size (px; `sizes` descend) that splits no word, and the lines.

    At the smallest size long words are split, and text that does not fit ends with an ellipsis.
    """
    words = text.split()
    for size in sizes:
        room = width / size
        lines = _wrap(words, room)
        fits = len(lines) <= _most_lines(size, height)
        if fits and all(_unbreakable(word) <= room for word in words):
            return size, _balance(words, room, lines)
    return sizes[-1], _cut(lines, room, _most_lines(sizes[-1], height))


def width_of(text: str) -> float:
    return sum(map(_width, _clusters(text)))


def line_height(size: int) -> float:
    return size * 1.14


def _most_lines(size: int, height: float) -> int:
    return max(int(height / line_height(size)), 1)


def _wrap(words: list[str], room: float) -> list[str]:
    lines: list[str] = []
    for piece, starts_word in (p for word in words for p in _pieces(word, room)):
        joined = f"{lines[-1]} {piece}" if lines and starts_word else "".join([*lines[-1:], piece])
        if lines and width_of(joined) <= room:
            lines[-1] = joined
        else:
            lines.append(piece)
    return lines


def _pieces(word: str, room: float) -> list[tuple[str, bool]]:
    """Return pairs (part, starts the word): the word if it fits on a line, else its letters."""
    parts = [word] if width_of(word) <= room else _clusters(word)
    return [(part, at == 0) for at, part in enumerate(parts)]


def _unbreakable(word: str) -> float:
    """Return the width of the word, or 0 for Chinese or Japanese, which may break anywhere."""
    clusters = _clusters(word)
    wide = all(unicodedata.east_asian_width(cluster[0]) in "WF" for cluster in clusters)
    return 0 if wide else width_of(word)


def _balance(words: list[str], room: float, lines: list[str]) -> list[str]:
    """Return the same number of lines, of similar length, to avoid a last line of one word."""
    for share in range(95, 40, -5):
        narrower = _wrap(words, room * share / 100)
        is_split = any(_unbreakable(word) > room * share / 100 for word in words)
        if is_split or len(narrower) != len(lines):
            break
        lines = narrower
    return lines


def _cut(lines: list[str], room: float, limit: int) -> list[str]:
    if len(lines) <= limit:
        return lines
    last = _clusters(lines[limit - 1])
    while last and width_of("".join(last)) + 1 > room:
        last.pop()
    return [*lines[: limit - 1], "".join(last).rstrip() + ELLIPSIS]


def _clusters(text: str) -> list[str]:
    """Split into grapheme clusters: a letter with its marks, an emoji with its parts."""
    clusters: list[str] = []
    for character in text:
        if clusters and (_attached(character) or clusters[-1].endswith("\u200d")):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def _attached(character: str) -> bool:
    skin_tone = "\U0001f3fb" <= character <= "\U0001f3ff"
    return skin_tone or character == "\u200d" or unicodedata.category(character).startswith("M")


def _width(cluster: str) -> float:
    first = cluster[0]
    if unicodedata.east_asian_width(first) in "WF" or unicodedata.category(first) == "So":
        return 1.3 if unicodedata.category(first) == "So" else 1.05
    if first in NARROW:
        return 0.36
    if first in BROAD:
        return 0.95
    return 0.75 if first.isupper() else 0.58
