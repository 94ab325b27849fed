from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Film:
    """A film as a source knows it; what the source does not know is None or empty."""

    tmdb_id: int
    title: str
    year: int | None
    runtime: int | None  # minutes
    genres: tuple[str, ...]  # TMDB's English names
