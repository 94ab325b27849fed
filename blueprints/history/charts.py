"""Bar charts of the statistics page, each with its table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services import dates
from utils.translation import gettext as _
from utils.translation import ngettext

GENRES_DRAWN = 8  # the table shows all
Bar = tuple[str, float, str]  # name, length, the number as text


@dataclass(frozen=True)
class Chart:
    name: str  # also the anchor on the page
    title: str
    hint: str
    bars: list[Bar]
    heads: list[str]
    rows: list[list[str | int]]


def charts(body: Mapping[str, Any]) -> list[Chart]:
    """Return the charts with at least one bar longer than zero."""
    all_charts = [
        _picks(body["picks"]["members"]),
        _voters(body["voters"]["members"]),
        _waiting(body["waiting"]["members"]),
        _genres(body["genres"]),
        _decades(body["decades"]),
    ]
    return [chart for chart in all_charts if any(length for _name, length, _text in chart.bars)]


def _picks(members: list[dict[str, Any]]) -> Chart:
    return Chart(
        "picks",
        _("Whose picks win"),
        _("Wins, of all that each nominated."),
        [(one["member"], one["won"], _of(one["won"], one["nominated"])) for one in members],
        [_("Who"), _("Wins"), _("Picks"), _("Share")],
        [
            [one["member"], one["won"], one["nominated"], _share(one["won"], one["nominated"])]
            for one in members
        ],
    )


def _voters(members: list[dict[str, Any]]) -> Chart:
    return Chart(
        "voters",
        _("Happiest voters"),
        _("How often one of their votes went to the winner."),
        [
            (one["member"], one["happy"] / one["weeks"], _share(one["happy"], one["weeks"]))
            for one in members
        ],
        [_("Who"), _("On the winner"), _("Weeks voted"), _("Share")],
        [
            [one["member"], one["happy"], one["weeks"], _share(one["happy"], one["weeks"])]
            for one in members
        ],
    )


def _waiting(members: list[dict[str, Any]]) -> Chart:
    return Chart(
        "waiting",
        _("Who waits for a win"),
        _("Weeks with a winner since their own last win."),
        [(one["member"], one["weeks"], _weeks(one["weeks"])) for one in members],
        [_("Who"), _("Weeks"), _("Last win")],
        [
            [
                one["member"],
                one["weeks"],
                dates.week_name(one["last_win"]) if one["last_win"] else _("none yet"),
            ]
            for one in members
        ],
    )


def _genres(genres: list[dict[str, Any]]) -> Chart:
    return Chart(
        "genres",
        _("Genres of the winners"),
        _("A film counts for each of its genres."),
        [(one["name"], one["wins"], str(one["wins"])) for one in genres[:GENRES_DRAWN]],
        [_("Genre"), _("Wins")],
        [[one["name"], one["wins"]] for one in genres],
    )


def _decades(decades: list[dict[str, Any]]) -> Chart:
    bars = [(_("{year}s").format(year=one["decade"]), one["wins"]) for one in decades]
    return Chart(
        "decades",
        _("Decades of the winners"),
        "",
        [(name, wins, str(wins)) for name, wins in bars],
        [_("Decade"), _("Wins")],
        [[name, wins] for name, wins in bars],
    )


def _of(part: int, whole: int) -> str:
    return _("{part} of {whole}").format(part=part, whole=whole)


def _share(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)}\N{NO-BREAK SPACE}%"


def _weeks(number: int) -> str:
    return ngettext("{n} week", "{n} weeks", number).format(n=number)
