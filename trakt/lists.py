"""A member's personal lists at Trakt: fetched, found by name, and added to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trakt import items, responses
from trakt.client import Client
from trakt.push_lists import list_body
from utils.plain_text import one_line

BATCH = 100  # titles in one request
PRIVACIES = ("private", "link", "friends", "public")


@dataclass(frozen=True)
class PersonalList:
    trakt_id: int
    slug: str
    name: str
    count: int
    privacy: str  # one of PRIVACIES


def of_member(client: Client) -> list[PersonalList]:
    """Return the personal lists in Trakt's order, without the watchlist; raises TraktError."""
    found = (_parse_list(row) for row in _rows(client, "/users/me/lists"))
    return list({one.trakt_id: one for one in found if one}.values())


def by_name(lists: Sequence[PersonalList], text: str) -> PersonalList | None:
    """Return the list with this slug or name; an exact match precedes one with other capitals."""
    wanted = one_line(text, items.LONGEST_TITLE)
    for fold in (str, str.casefold):
        for one in lists:
            if fold(wanted) in (fold(one.slug), fold(one.name)):
                return one
    return None


def titles(client: Client, chosen: PersonalList) -> list[items.Title]:
    """Return all films and shows of the list; raises TraktError."""
    found = (_parse_item(row) for row in _rows(client, _items_path(chosen)))
    return list({(one.kind, one.trakt_id): one for one in found if one}.values())


def add(
    client: Client, chosen: PersonalList, wanted: Sequence[tuple[str, int]]
) -> set[tuple[str, int]]:
    """Add titles (kind, TMDB id) to the list; return those that Trakt does not know.

    Raises TraktError; the batches before the one that failed stay on the list.
    """
    missing = set[tuple[str, int]]()
    unique = list(dict.fromkeys(wanted))
    for start in range(0, len(unique), BATCH):
        body = list_body(unique[start : start + BATCH])
        missing |= responses.not_found(client.post(_items_path(chosen), body))
    return missing


def _rows(client: Client, path: str) -> Iterator[Any]:
    """Yield the rows of all pages; one that moves between pages may come twice."""
    for page in client.pages(path):
        yield from page


def _items_path(chosen: PersonalList) -> str:
    return f"/users/me/lists/{chosen.trakt_id}/items"


def _parse_list(row: Any) -> PersonalList | None:
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


def _parse_item(row: Any) -> items.Title | None:
    """Return the film or show of a row; a season or episode also holds its show, but is none."""
    trakt_kind = row.get("type") if isinstance(row, Mapping) else None
    if not isinstance(trakt_kind, str) or trakt_kind not in items.KINDS:
        return None
    return items.title_of_row(row, trakt_kind)
