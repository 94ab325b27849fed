"""Titles by their words: made once, so that a keystroke costs well under a millisecond."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from utils.titles import fold, within_one_edit, without_article

LONGEST_TEXT = 200
MOST_WORDS = 12
A_HANDFUL = 5
SHORTEST_FORGIVEN = 4

WHOLE_TITLE, START_OF_TITLE, ALL_WORDS, WRONG_LETTER = range(4)

_YEAR = re.compile(r"(18|19|20)[0-9]{2}")

# The words of a title still to be matched, and the film's year where the text names it.
Reading = tuple[tuple[str, ...], int | None]


class WordIndex:
    """Finds places in a list of (title, year) by what somebody has typed so far."""

    def __init__(self, titles: Iterable[tuple[str, int | None]]) -> None:
        self._keys: list[tuple[str, str]] = []
        self._held_by: defaultdict[str, set[int]] = defaultdict(set)
        self._of_year: defaultdict[int | None, set[int]] = defaultdict(set)
        for place, (title, year) in enumerate(titles):
            self._keys.append(_keys(fold(title)))
            self._of_year[year].add(place)
            for word in _title_words(title):
                self._held_by[word].add(place)
        self._words = sorted(self._held_by)
        self._shortened: defaultdict[str, set[str]] = defaultdict(set)
        for word in self._words:
            for short in _shortened(word):
                self._shortened[short].add(word)

    def ranks(self, text: str) -> dict[int, int]:
        """Place -> rank, 0 the best. A leading article counts only if something fits with it."""
        words = tuple(fold(text[:LONGEST_TEXT]).split()[:MOST_WORDS])
        bare = tuple(without_article(" ".join(words)).split())
        ranks = self._exact(words) or self._exact(bare)
        if len(ranks) < A_HANDFUL and WHOLE_TITLE not in ranks.values():
            ranks = (self._forgiving(words) or self._forgiving(bare)) | ranks
        return ranks

    def _exact(self, words: tuple[str, ...]) -> dict[int, int]:
        ranks: dict[int, int] = {}
        for reading in _readings(words):
            typed = _keys(" ".join(reading[0]))
            for place in self._holding_all(reading, self._starting_with):
                rank = _rank(self._keys[place], typed)
                ranks[place] = min(rank, ranks.get(place, rank))
        return ranks

    def _forgiving(self, words: tuple[str, ...]) -> dict[int, int]:
        return {
            place: WRONG_LETTER
            for reading in _readings(words)
            for place in self._holding_all(reading, self._resembling)
        }

    def _holding_all(self, reading: Reading, fitting: Callable[[str], Iterator[str]]) -> set[int]:
        words, year = reading
        held = [set().union(*(self._held_by[known] for known in fitting(word))) for word in words]
        if year is not None:
            held.append(self._of_year.get(year, set()))
        return set.intersection(*held) if held else set()

    def _starting_with(self, word: str) -> Iterator[str]:
        for at in range(bisect_left(self._words, word), len(self._words)):
            if not self._words[at].startswith(word):
                return
            yield self._words[at]

    def _resembling(self, word: str) -> Iterator[str]:
        yield from self._starting_with(word)
        # One digit more or less is another number, not a slip.
        if len(word) >= SHORTEST_FORGIVEN and word.isalpha():
            near = set().union(*(self._shortened.get(short, ()) for short in _shortened(word)))
            yield from (known for known in near if within_one_edit(word, known))


def _shortened(word: str) -> set[str]:
    """The word and what is left of it without one letter: words one edit apart share one."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _readings(words: tuple[str, ...]) -> Iterator[Reading]:
    """A number like a year may be the title's ("Blade Runner 2049") or the film's."""
    yield words, None
    for at, word in enumerate(words):
        if _YEAR.fullmatch(word):
            yield words[:at] + words[at + 1 :], int(word)


def _rank(title: tuple[str, str], typed: tuple[str, str]) -> int:
    if title[0] == typed[0] or title[1] == typed[1]:
        return WHOLE_TITLE
    if typed[0] and (title[0].startswith(typed[0]) or title[1].startswith(typed[1])):
        return START_OF_TITLE
    return ALL_WORDS


def _keys(folded: str) -> tuple[str, str]:
    """Run together, with and without the article: "spider man" and "Spiderman" are one."""
    return folded.replace(" ", ""), without_article(folded).replace(" ", "")


def _title_words(title: str) -> set[str]:
    """All words, and those joined by a sign as one too: "Spider-Man" holds "spiderman"."""
    chunks = [fold(chunk) for chunk in title.split()]
    return {word for chunk in chunks for word in (*chunk.split(), chunk.replace(" ", "")) if word}
