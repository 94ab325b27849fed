"""Search keys of a title: its words, and the title without blanks."""

from utils.title_text import fold, without_article

_DIGITS = dict(
    zip("ii iii iv v vi vii viii ix x".split(), "2 3 4 5 6 7 8 9 10".split(), strict=True)
)
_NUMERALS = {digits: numeral for numeral, digits in _DIGITS.items()}


def runs(folded: str) -> tuple[str, ...]:
    """Return the title without blanks, with and without its article ("spider man", "Spiderman").

    Both follow once more with numerals as digits ("Frozen 2", "Frozen II").
    """
    forms = (folded, without_article(folded))
    return tuple(form.replace(" ", "") for form in (*forms, *map(_with_digits, forms)))


def _with_digits(folded: str) -> str:
    first, *rest = folded.split() or [""]
    return " ".join([first, *(_DIGITS.get(word, word) for word in rest)])


def words(title: str) -> set[str]:
    """Return all words; words with a hyphen also as one, numbers also as numerals and digits.

    "Spider-Man" contains "spiderman", and "Toy Story 3" contains "iii".
    """
    chunks = [fold(chunk) for chunk in title.split()]
    found = {word for chunk in chunks for word in (*chunk.split(), chunk.replace(" ", "")) if word}
    numbers = {
        other[word]
        for chunk in chunks[1:]
        for word in chunk.split()
        for other in (_DIGITS, _NUMERALS)
        if word in other
    }
    return found | numbers
