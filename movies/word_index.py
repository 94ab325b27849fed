"""In-memory search index of titles; a search takes well under a millisecond."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from movies import title_keys
from utils.title_text import fold, is_within_one_edit, without_article

LONGEST_TEXT = 200
MOST_WORDS = 12
FEW_RESULTS = 5  # with fewer, typos are allowed
SHORTEST_FORGIVEN = 4  # letters of a word that may contain a typo
SHORTEST_RUN = 4  # letters of a text without blanks, such as "starwars"

WHOLE_TITLE, START_OF_TITLE, ALL_WORDS, WRONG_LETTER = range(4)

_YEAR = re.compile(r"(18|19|20)[0-9]{2}")

# The words to match in a title, and the film's year if the text contains it.
Reading = tuple[tuple[str, ...], int | None]


class WordIndex:
    """Finds positions in a list of (title, year) by the text typed so far."""

    def __init__(self, titles: Iterable[tuple[str, int | None]]) -> None:
        self._keys: list[tuple[str, ...]] = []
        self._places_by_word: defaultdict[str, set[int]] = defaultdict(set)
        self._places_by_year: defaultdict[int | None, set[int]] = defaultdict(set)
        for place, (title, year) in enumerate(titles):
            self._keys.append(title_keys.runs(fold(title)))
            self._places_by_year[year].add(place)
            for word in title_keys.words(title):
                self._places_by_word[word].add(place)
        self._words = sorted(self._places_by_word)
        self._runs = sorted({(run, at) for at, keys in enumerate(self._keys) for run in keys})
        self._shortened: defaultdict[str, set[str]] = defaultdict(set)
        for word in self._words:
            for short in _shortened(word):
                self._shortened[short].add(word)

    def ranks(self, text: str) -> dict[int, int]:
        """Return position -> rank, 0 the best; a leading article is dropped if nothing matches."""
        words = tuple(fold(text[:LONGEST_TEXT]).split()[:MOST_WORDS])
        bare = tuple(without_article(" ".join(words)).split())
        ranks = self._exact(words) or self._exact(bare)
        if len(ranks) < FEW_RESULTS and WHOLE_TITLE not in ranks.values():
            ranks = (self._forgiving(words) or self._forgiving(bare)) | ranks
        return ranks

    def _exact(self, words: tuple[str, ...]) -> dict[int, int]:
        ranks: dict[int, int] = {}
        for reading in _readings(words):
            typed = title_keys.runs(" ".join(reading[0]))
            held = self._holding_all(reading, self._starting_with)
            for place in held | self._running_on(typed, reading[1]):
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
        held = [
            set().union(*(self._places_by_word[known] for known in fitting(word))) for word in words
        ]
        if year is not None:
            held.append(self._places_by_year.get(year, set()))
        return set.intersection(*held) if held else set()

    def _running_on(self, typed: tuple[str, ...], year: int | None) -> set[int]:
        """Find titles that begin with the text if both are written without blanks."""
        found: set[int] = set()
        for run in {run for run in typed if len(run) >= SHORTEST_RUN}:
            for at in range(bisect_left(self._runs, (run, 0)), len(self._runs)):
                if not self._runs[at][0].startswith(run):
                    break
                found.add(self._runs[at][1])
        return found if year is None else found & self._places_by_year.get(year, set())

    def _starting_with(self, word: str) -> Iterator[str]:
        for at in range(bisect_left(self._words, word), len(self._words)):
            if not self._words[at].startswith(word):
                return
            yield self._words[at]

    def _resembling(self, word: str) -> Iterator[str]:
        yield from self._starting_with(word)
        # A number with one digit more or less is another number, not a typo.
        if len(word) >= SHORTEST_FORGIVEN and word.isalpha():
            near = set().union(*(self._shortened.get(short, ()) for short in _shortened(word)))
            yield from (known for known in near if is_within_one_edit(word, known))


def _shortened(word: str) -> set[str]:
    """Return the word and its forms without one letter; words one edit apart share a form."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _readings(words: tuple[str, ...]) -> Iterator[Reading]:
    """Yield each reading: a year may be part of the title ("Blade Runner 2049") or the film's."""
    yield words, None
    for at, word in enumerate(words):
        if _YEAR.fullmatch(word):
            yield words[:at] + words[at + 1 :], int(word)


def _rank(title: tuple[str, ...], typed: tuple[str, ...]) -> int:
    if any(whole == part for whole, part in zip(title, typed, strict=True)):
        return WHOLE_TITLE
    if any(part and whole.startswith(part) for whole, part in zip(title, typed, strict=True)):
        return START_OF_TITLE
    return ALL_WORDS
