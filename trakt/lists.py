"""Personal lists that a member keeps at Trakt: read whole, and added to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trakt import items, push_outcome
from trakt.client import Client
from trakt.push_lists import list_body
from utils.plain_text import one_line

BATCH = 100  # titles of one request
PRIVACIES = ("private", "link", "friends", "public")

Listed = items.Title  # a film or show on a list


@dataclass(frozen=True)
class PersonalList:
    trakt_id: int
    slug: str
    name: str
    count: int
    privacy: str  # one of PRIVACIES


def of_member(client: Client) -> list[PersonalList]:
    """In Trakt's order, without the watchlist; raises TraktError."""
    read = (_personal(row) for row in _rows(client, "/users/me/lists"))
    return list({one.trakt_id: one for one in read if one}.values())


def by_name(lists: Sequence[PersonalList], text: str) -> PersonalList | None:
    """By slug or name; written just so comes before written with other capitals."""
    wanted = one_line(text, items.LONGEST_TITLE)
    for spelled in (str, str.casefold):
        for one in lists:
            if spelled(wanted) in (spelled(one.slug), spelled(one.name)):
                return one
    return None


def titles(client: Client, chosen: PersonalList) -> list[Listed]:
    """All films and shows on it; raises TraktError."""
    read = (_listed(row) for row in _rows(client, _items_of(chosen)))
    return list({(one.kind, one.trakt_id): one for one in read if one}.values())


def add(
    client: Client, chosen: PersonalList, wanted: Sequence[tuple[str, int]]
) -> set[tuple[str, int]]:
    """Put these (kind, TMDB id) on the list; those that Trakt does not know come back.

    Raises TraktError, with earlier batches on it.
    """
    missing = set[tuple[str, int]]()
    once = list(dict.fromkeys(wanted))
    for start in range(0, len(once), BATCH):
        answer = client.post(_items_of(chosen), list_body(once[start : start + BATCH]))
        missing |= push_outcome.not_found(answer)
    return missing


def _rows(client: Client, path: str) -> Iterator[Any]:
    """Of every page; one that moves meanwhile may come twice."""
    for page in client.pages(path):
        yield from page


def _items_of(chosen: PersonalList) -> str:
    return f"/users/me/lists/{chosen.trakt_id}/items"


def _personal(row: Any) -> PersonalList | None:
    if not isinstance(row, Mapping) or not isinstance(ids := row.get("ids"), Mapping):
        return None
    if (trakt_id := items.whole_number(ids.get("trakt"))) is None:
        return None
    slug = one_line(ids.get("slug"), items.LONGEST_TITLE) or str(trakt_id)
    privacy = row.get("privacy")
    return PersonalList(
        trakt_id,
        slug,
        one_line(row.get("name"), items.LONGEST_TITLE) or slug,
        items.whole_number(row.get("item_count")) or 0,
        privacy if privacy in PRIVACIES else PRIVACIES[0],
    )


def _listed(row: Any) -> Listed | None:
    """By its type: a season has its show beside it, and is none."""
    word = row.get("type") if isinstance(row, Mapping) else None
    return items.title(row, word) if isinstance(word, str) and word in items.KINDS else None
