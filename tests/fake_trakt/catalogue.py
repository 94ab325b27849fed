"""Films and shows, found by any of their ids."""

from dataclasses import dataclass, field
from typing import Any

MOVIE, SHOW = "movie", "show"


@dataclass(frozen=True)
class Title:
    kind: str  # MOVIE or SHOW
    trakt: int
    slug: str
    title: str
    year: int | None
    tmdb: int | None
    imdb: str | None
    runtime: int = 100  # minutes
    genres: tuple[str, ...] = ("drama",)
    certification: str | None = "PG"
    more: dict[str, Any] = field(default_factory=dict, hash=False, compare=False)

    def short(self) -> dict[str, Any]:
        ids = {"trakt": self.trakt, "slug": self.slug, "imdb": self.imdb, "tmdb": self.tmdb}
        if self.kind == SHOW:
            ids["tvdb"] = None
        return {"title": self.title, "year": self.year, "ids": ids}

    def full(self) -> dict[str, Any]:
        return self.short() | {
            "tagline": None,
            "overview": f"What happens in {self.title}.",
            "released": f"{self.year}-06-01" if self.year else None,
            "runtime": self.runtime,
            "country": "hu",
            "status": "released",
            "rating": 7.25,
            "votes": 100,
            "trailer": None,
            "language": "en",
            "genres": list(self.genres),
            "certification": self.certification,
            "images": {"poster": [], "fanart": []},
            **self.more,
        }

    def shown(self, extended: str) -> dict[str, Any]:
        return self.full() if "full" in extended.split(",") else self.short()

    def wrapped(self, extended: str = "") -> dict[str, Any]:
        return {self.kind: self.shown(extended)}


class Catalogue:
    def __init__(self) -> None:
        self._by_id: dict[tuple[str, str, Any], Title] = {}
        self._names: dict[tuple[str, str, int | None], Title] = {}
        self.titles: list[Title] = []

    def add(
        self,
        tmdb: int | None,
        title: str,
        year: int | None,
        kind: str = MOVIE,
        **details: Any,
    ) -> Title:
        trakt = details.pop("trakt", None) or 1_000_000 + len(self.titles)
        slug = "-".join(f"{title} {year or trakt}".lower().split())
        imdb = details.pop("imdb", f"tt{trakt:08}")
        added = Title(kind, trakt, slug, title, year, tmdb, imdb, **details)
        self.titles.append(added)
        self._names.setdefault((kind, title.lower(), year), added)
        for name in ("trakt", "slug", "tmdb", "imdb"):
            if (value := getattr(added, name)) is not None:
                self._by_id.setdefault((kind, name, value), added)
        return added

    def by_id(self, kind: str, name: str, value: Any) -> Title | None:
        return self._by_id.get((kind, name, value))

    def in_path(self, kind: str, text: str) -> Title | None:
        """A Trakt id, slug or IMDb id; never a TMDB id."""
        if text.isdecimal():
            return self.by_id(kind, "trakt", int(text))
        return self.by_id(kind, "imdb", text) or self.by_id(kind, "slug", text)

    def named(self, kind: str, item: Any) -> Title | None:
        """What an item of a POST body means: its ids, else its title and year."""
        if not isinstance(item, dict):
            return None
        ids = item.get("ids")
        if isinstance(ids, dict) and ids:
            found = (self.by_id(kind, str(name), value) for name, value in ids.items())
            return next((title for title in found if title), None)
        return self._names.get((kind, str(item.get("title")).lower(), item.get("year")))
