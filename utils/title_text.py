"""Comparison of titles without accents, case, punctuation and articles."""

import re
import unicodedata

ARTICLES = frozenset(
    "the a an le la les l un une der die das ein eine el los las il lo gli".split()
)

# Letters that Unicode does not take apart into a base letter and a mark.
_LETTERS = str.maketrans(
    {"ø": "o", "œ": "oe", "æ": "ae", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}
)
_LATIN_MARKS = re.compile("[\u0300-\u036f]")
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc`\u00b4]")
_ELIDED_ARTICLE = re.compile(r"\bl['\u2019]")


def placeholder_title(tmdb_id: int | str, kind: str = "film") -> str:
    """Return a title for a film with only an id; stored, so never translated."""
    return f"TMDB {kind} {tmdb_id}"


def fold(text: str) -> str:
    """Return a key for comparison: "Amélie & Léon's" and "amelie and leons" have the same."""
    # Apostrophes go first: NFKD would turn a typed acute accent into a space and a mark.
    text = _ELIDED_ARTICLE.sub("l ", text.casefold())
    text = _APOSTROPHES.sub("", text).replace("&", " and ")
    plain = _LATIN_MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold()
    plain = unicodedata.normalize("NFC", plain.translate(_LETTERS))
    return " ".join("".join(c if _in_word(c) else " " for c in plain).split())


def _in_word(character: str) -> bool:
    # Vowel signs of Indic and Thai words are marks, not letters.
    return character.isalnum() or unicodedata.category(character).startswith("M")


def without_article(folded: str) -> str:
    """Drop the leading article of a folded title, unless the title is only an article."""
    first, _, rest = folded.partition(" ")
    return rest if rest and first in ARTICLES else folded


def is_within_one_edit(a: str, b: str) -> bool:
    """Return True if one insertion, deletion, replacement or swap of neighbours is enough."""
    if abs(len(a) - len(b)) > 1:
        return False
    same = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), None)
    if same is None:
        return True
    if len(a) != len(b):
        short, long = sorted((a[same:], b[same:]), key=len)
        return short == long[1:]
    swapped = a[same : same + 2] == b[same : same + 2][::-1]
    return a[same + 1 :] == b[same + 1 :] or (swapped and a[same + 2 :] == b[same + 2 :])
