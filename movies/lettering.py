"""Lines of text for a drawn card, measured without a font: widths are in ems, on the wide side."""

import unicodedata

NARROW = frozenset("iIjlft.,:;!'|()[]-’ ")
BROAD = frozenset("mwMWQO@%&—")
ELLIPSIS = "…"


def fit(text: str, width: float, height: float, sizes: tuple[int, ...]) -> tuple[int, list[str]]:
    """The largest of the sizes (px, falling) at which no word is torn, and the lines at it.

    At the smallest size long words are torn and what does not fit is cut with an ellipsis.
    """
    words = text.split()
    for size in sizes:
        room = width / size
        lines = _wrap(words, room)
        fits = len(lines) <= _most_lines(size, height)
        if fits and all(_unbreakable(word) <= room for word in words):
            return size, _balanced(words, room, lines)
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
    """The word whole if it fits on a line, else its letters; with each whether it starts it."""
    parts = [word] if width_of(word) <= room else _clusters(word)
    return [(part, at == 0) for at, part in enumerate(parts)]


def _unbreakable(word: str) -> float:
    """The width of what must stay together: Chinese or Japanese may break between any two."""
    clusters = _clusters(word)
    wide = all(unicodedata.east_asian_width(cluster[0]) in "WF" for cluster in clusters)
    return 0 if wide else width_of(word)


def _balanced(words: list[str], room: float, lines: list[str]) -> list[str]:
    """As many lines, but of similar length: a last line of one small word looks forgotten."""
    for share in range(95, 40, -5):
        narrower = _wrap(words, room * share / 100)
        torn = any(_unbreakable(word) > room * share / 100 for word in words)
        if torn or len(narrower) != len(lines):
            break
        lines = narrower
    return lines


def _cut(lines: list[str], room: float, most: int) -> list[str]:
    if len(lines) <= most:
        return lines
    last = _clusters(lines[most - 1])
    while last and width_of("".join(last)) + 1 > room:
        last.pop()
    return [*lines[: most - 1], "".join(last).rstrip() + ELLIPSIS]


def _clusters(text: str) -> list[str]:
    """What a reader sees as one sign: a letter with its marks, an emoji with its parts."""
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
