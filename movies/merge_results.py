"""Answers of several sources as one list: each film once, and what is most likely meant first."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields, replace

from movies.film import Film
from utils.title_text import fold, without_article

# Reciprocal rank fusion: a film's score is the sum of 1 / (this + its rank) over the sources.
DAMPING = 10


def merge_answers(text: str, answers: Sequence[Sequence[Film]]) -> list[Film]:
    """A title that is exactly the text comes first, then what more sources rank higher."""
    films: dict[int, Film] = {}
    scores: defaultdict[int, float] = defaultdict(float)
    for answer in answers:
        for rank, film in enumerate({film.tmdb_id: film for film in answer}.values()):
            known = films.get(film.tmdb_id)
            films[film.tmdb_id] = fill_missing(known, film) if known else film
            scores[film.tmdb_id] += 1 / (DAMPING + rank)
    if len(answers) < 2:
        return list(films.values())
    meant = _bare(text)
    return sorted(
        films.values(), key=lambda film: (_bare(film.title) != meant, -scores[film.tmdb_id])
    )


def fill_missing(film: Film, other: Film) -> Film:
    """The film with what it lacks taken from the other."""
    lacking = {
        field.name: getattr(other, field.name)
        for field in fields(Film)
        if not getattr(film, field.name)
    }
    return replace(film, **lacking) if lacking else film


def _bare(title: str) -> str:
    return without_article(fold(title))
