"""Merging of the results of several sources, by reciprocal rank fusion."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields, replace

from movies.film import Film
from utils.title_text import fold, without_article

# A film's score is the sum of 1 / (DAMPING + its rank) over the sources.
DAMPING = 10


def merge_answers(text: str, answers: Sequence[Sequence[Film]]) -> list[Film]:
    """Return each film once: titles equal to the text first, then by score."""
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
    """Return the film with its empty fields filled from the other."""
    missing = {
        field.name: getattr(other, field.name)
        for field in fields(Film)
        if not getattr(film, field.name)
    }
    return replace(film, **missing) if missing else film


def _bare(title: str) -> str:
    return without_article(fold(title))
