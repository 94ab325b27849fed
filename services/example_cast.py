"""The people of the example household: invented, each with a taste of their own."""

from dataclasses import dataclass
from random import Random

from movies import Film


@dataclass(frozen=True)
class Person:
    name: str
    icon: str
    likes: frozenset[str]  # genres
    dislikes: frozenset[str]
    bonus: float  # how generous they are with points
    pin: str | None = None
    is_admin: bool = False
    rival: str = ""  # whose films they do not like to see win


def _genres(names: str) -> frozenset[str]:
    return frozenset(names.split(", "))


CAST = (
    Person(
        "Greta",
        "🦊",
        likes=_genres("Comedy, Romance, Music, Mystery"),
        dislikes=_genres("War, Horror"),
        bonus=0.2,
        pin="7294",
        is_admin=True,
    ),
    Person(
        "Milo",
        "🐻",
        likes=_genres("Action, Science Fiction, Adventure, Western"),
        dislikes=_genres("Romance, Music"),
        bonus=0.8,
        rival="Ines",
    ),
    Person(
        "Ines",
        "🦉",
        likes=_genres("Drama, History, Mystery, Crime"),
        dislikes=_genres("Action, Science Fiction"),
        bonus=-0.9,
        pin="5183",
        rival="Milo",
    ),
    Person(
        "Otto",
        "🐢",
        likes=_genres("Family, Western, History, War"),
        dislikes=_genres("Fantasy, Thriller"),
        bonus=-0.2,
    ),
    Person(
        "Juno",
        "🦄",
        likes=_genres("Animation, Fantasy, Family, Comedy"),
        dislikes=_genres("Drama, History"),
        bonus=1.1,
    ),
)


def liking(person: Person, film: Film) -> float:
    """How many of the ten points the film would get on an ordinary evening."""
    genres = frozenset(film.genres)
    # The film's own worth: the same for everybody, and for every run of the program.
    worth = 2.4 * Random(film.tmdb_id).random()  # noqa: S311 - nothing secret
    return (
        4.6
        + worth
        + person.bonus
        + 1.1 * len(genres & person.likes)
        - 1.5 * len(genres & person.dislikes)
    )
