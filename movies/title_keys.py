"""By what a title is found: its words, and all of it run together."""

from utils.title_text import fold, without_article

_DIGITS = dict(
    zip("ii iii iv v vi vii viii ix x".split(), "2 3 4 5 6 7 8 9 10".split(), strict=True)
)
_NUMERALS = {digits: numeral for numeral, digits in _DIGITS.items()}


def runs(folded: str) -> tuple[str, ...]:
    """Run together, with and without the article: "spider man" and "Spiderman" are one.

    Then both once more with numerals as digits: so are "Frozen 2" and "Frozen II".
    """
    forms = (folded, without_article(folded))
    return tuple(form.replace(" ", "") for form in (*forms, *map(_with_digits, forms)))


def _with_digits(folded: str) -> str:
    first, *rest = folded.split() or [""]
    return " ".join([first, *(_DIGITS.get(word, word) for word in rest)])


def words(title: str) -> set[str]:
    """All words, those joined by a sign as one too, and numbers as digits and as numerals.

    So "Spider-Man" holds "spiderman", and "Toy Story 3" holds "iii".
    """
    chunks = [fold(chunk) for chunk in title.split()]
    held = {word for chunk in chunks for word in (*chunk.split(), chunk.replace(" ", "")) if word}
    numbers = {
        other[word]
        for chunk in chunks[1:]
        for word in chunk.split()
        for other in (_DIGITS, _NUMERALS)
        if word in other
    }
    return held | numbers
