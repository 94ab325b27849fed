"""Records of films as their sources return them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Film:
    """A film as a source returns it; unknown fields are None or empty."""

    tmdb_id: int
    title: str
    year: int | None
    runtime: int | None  # minutes
    genres: tuple[str, ...]  # TMDB's English names
    overview: str = ""
    rating: float | None = None  # TMDB's average, 0-10
    poster_path: str | None = None  # at TMDB's image host, such as "/a1b2.jpg"


@dataclass(frozen=True, slots=True)
class Details:
    """TMDB's data for the page of a film."""

    film: Film
    imdb_id: str | None
    backdrop_path: str | None
    certification: str | None
    trailer: str | None  # a YouTube key
