"""Every route x everybody who may knock: what they get, and that a refusal changes nothing.

The table is meant to be read. A route that is not in it fails the suite, and so does a line
without a route.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

import db
from app import create_app
from tests.conftest import CHEAP, TUESDAY_NOON, Clock, Household, Person
from utils import instants

THIS_WEEK, OTHER_PIN = "/weeks/2026-W47", "5937"
MATRIX, LION = 603, 8587  # Cleo has nominated the first, nobody the second


@dataclass(frozen=True)
class Line:
    """Statuses of: nobody, a signed-out cookie, Cleo, Dan (a member like her), Ana the admin."""

    statuses: str
    url: str
    body: dict[str, Any] = field(default_factory=dict)
    phase: str = "nomination"


EVERYBODY = "200 200 200 200 200"
MEMBERS = "401 401 200 200 200"
ADMINS = "401 401 403 403 200"

# In the scene Ana is 1, Ben 2, Cleo 3, Dan 4, Eva 5 (retired); nomination 1 is Cleo's; Ben marked
# the film of nomination 1 as watched by himself, Cleo and Ana.
TABLE: dict[tuple[str, str], Line] = {
    ("GET", "/static/<path:filename>"): Line(EVERYBODY, "/static/js/pin.js"),
    ("GET", "/healthz"): Line(EVERYBODY, "/healthz"),
    # The household.
    ("GET", "/who"): Line(EVERYBODY, "/who"),
    ("POST", "/who"): Line(EVERYBODY, "/who", {"member_id": 4}),
    ("POST", "/sign-out"): Line(MEMBERS, "/sign-out"),
    ("GET", "/setup"): Line("303 303 303 303 303", "/setup"),
    ("POST", "/setup"): Line(
        "409 409 409 409 409", "/setup", {"code": "x", "name": "Eve", "pin": OTHER_PIN}
    ),
    # The week.
    ("GET", "/"): Line(MEMBERS, "/"),
    ("GET", "/api/state"): Line(MEMBERS, "/api/state"),
    ("GET", "/tv"): Line(MEMBERS, "/tv"),
    ("GET", "/tv/qr.svg"): Line(MEMBERS, "/tv/qr.svg"),
    ("POST", "/nominations"): Line("401 401 409 200 200", "/nominations", {"tmdb_id": LION}),
    ("POST", "/nominations/<id:nomination_id>/withdraw"): Line(
        "401 401 200 403 403", "/nominations/1/withdraw"
    ),
    ("POST", "/nominations/<id:nomination_id>/vote"): Line(
        "401 401 403 200 200", "/nominations/1/vote", phase="voting"
    ),
    ("POST", "/nominations/<id:nomination_id>/unvote"): Line(
        MEMBERS, "/nominations/1/unvote", phase="voting"
    ),
    ("POST", "/weeks/<week>/open-voting"): Line(ADMINS, f"{THIS_WEEK}/open-voting"),
    ("POST", "/weeks/<week>/close"): Line(ADMINS, f"{THIS_WEEK}/close", phase="voting"),
    ("POST", "/weeks/<week>/skip"): Line(ADMINS, f"{THIS_WEEK}/skip"),
    ("POST", "/weeks/<week>/watched"): Line(
        MEMBERS, f"{THIS_WEEK}/watched", {"tmdb_id": LION, "members": [3]}
    ),
    ("POST", "/weeks/<week>/unwatched"): Line(
        "401 401 200 403 200", f"{THIS_WEEK}/unwatched", {"tmdb_id": MATRIX, "members": ["Cleo"]}
    ),
    ("POST", "/weeks/<week>/playing"): Line(  # before the count, for everybody
        "401 401 409 409 409",
        f"{THIS_WEEK}/playing",
        {"tmdb_id": LION, "members": [3], "action": "start"},
    ),
    ("GET", "/weeks/<week>"): Line(MEMBERS, THIS_WEEK),
    ("GET", "/history"): Line(MEMBERS, "/history"),
    ("GET", "/statistics"): Line(MEMBERS, "/statistics"),
    # Films.
    ("GET", "/search"): Line(MEMBERS, "/search?q=lion"),
    ("GET", "/films/<id:tmdb_id>"): Line(MEMBERS, f"/films/{MATRIX}"),
    ("POST", "/films/<id:tmdb_id>/watched"): Line(MEMBERS, f"/films/{LION}/watched"),
    ("POST", "/films/<id:tmdb_id>/unwatched"): Line(MEMBERS, f"/films/{MATRIX}/unwatched"),
    ("POST", "/films/<id:tmdb_id>/rating"): Line(MEMBERS, f"/films/{LION}/rating", {"rating": 8}),
    ("GET", "/posters/<any(film, show):kind>/<id:tmdb_id>"): Line(
        MEMBERS, f"/posters/film/{MATRIX}"
    ),
    ("GET", "/backdrops/<id:tmdb_id>"): Line("401 401 404 404 404", f"/backdrops/{MATRIX}"),
    ("GET", "/my-ratings"): Line(MEMBERS, "/my-ratings"),
    # What could be nominated.
    ("GET", "/discover"): Line(MEMBERS, "/discover"),
    ("POST", "/watchlist/<any(film, show):kind>/<id:tmdb_id>"): Line(
        MEMBERS, f"/watchlist/film/{LION}"
    ),
    ("POST", "/watchlist/<any(film, show):kind>/<id:tmdb_id>/remove"): Line(
        MEMBERS, f"/watchlist/film/{LION}/remove"
    ),
    ("POST", "/discover/<any(film, show):kind>/<id:tmdb_id>/hide"): Line(
        MEMBERS, f"/discover/film/{LION}/hide"
    ),
    ("POST", "/discover/<any(film, show):kind>/<id:tmdb_id>/unhide"): Line(
        MEMBERS, f"/discover/film/{LION}/unhide"
    ),
    # One's own.
    ("GET", "/settings"): Line(MEMBERS, "/settings"),
    ("POST", "/settings/icon"): Line(MEMBERS, "/settings/icon", {"icon": "🦊"}),
    ("POST", "/settings/pin"): Line(
        MEMBERS, "/settings/pin", {"pin": OTHER_PIN, "current_pin": "4821"}
    ),
    # A zip cannot come as JSON.
    ("POST", "/settings/import"): Line("401 401 400 400 400", "/settings/import"),
    # One's own Trakt; the household has no app there, so that nobody is asked.
    ("GET", "/auth/trakt/login"): Line("401 401 409 409 409", "/auth/trakt/login"),
    ("GET", "/auth/trakt/callback"): Line("401 401 403 403 403", "/auth/trakt/callback?state=x"),
    ("POST", "/auth/trakt/unlink"): Line("401 401 409 409 409", "/auth/trakt/unlink"),
    ("POST", "/trakt/auth/device"): Line("401 401 409 409 409", "/trakt/auth/device"),
    ("POST", "/trakt/auth/device/check"): Line(
        "401 401 404 404 404", "/trakt/auth/device/check", {"deviceCode": "x"}
    ),
    ("GET", "/trakt/association"): Line(MEMBERS, "/trakt/association"),
    ("GET", "/api/trakt/status/<user>"): Line("401 401 200 403 200", "/api/trakt/status/Cleo"),
    ("POST", "/api/trakt/sync/<user>"): Line("401 401 409 403 409", "/api/trakt/sync/Cleo"),
    ("POST", "/settings/trakt/sync"): Line("401 401 409 409 409", "/settings/trakt/sync"),
    ("POST", "/settings/trakt"): Line(MEMBERS, "/settings/trakt", {"by_itself": True}),
    ("POST", "/settings/trakt/unsent/<id:outbox_id>/again"): Line(
        "401 401 404 404 404", "/settings/trakt/unsent/1/again"
    ),
    ("POST", "/settings/trakt/unsent/<id:outbox_id>/drop"): Line(
        "401 401 404 404 404", "/settings/trakt/unsent/1/drop"
    ),
    ("POST", "/settings/trakt/code"): Line("401 401 409 409 409", "/settings/trakt/code"),
    ("GET", "/settings/trakt/code/<handle>"): Line("401 401 404 404 404", "/settings/trakt/code/x"),
    ("POST", "/settings/trakt/code/<handle>/check"): Line(
        "401 401 404 404 404", "/settings/trakt/code/x/check"
    ),
    ("GET", "/settings/trakt/code/<handle>/qr.svg"): Line(
        "401 401 404 404 404", "/settings/trakt/code/x/qr.svg"
    ),
    # What everybody may read.
    ("GET", "/help/trakt"): Line(MEMBERS, "/help/trakt"),
    ("GET", "/settings/audit"): Line(MEMBERS, "/settings/audit"),
    # Admins.
    ("GET", "/admin"): Line(ADMINS, "/admin"),
    ("GET", "/admin/audit"): Line(ADMINS, "/admin/audit"),
    ("GET", "/admin/jobs"): Line(ADMINS, "/admin/jobs"),
    ("POST", "/admin/jobs/<name>/run"): Line("401 401 403 403 404", "/admin/jobs/none/run"),
    ("GET", "/admin/trakt"): Line(ADMINS, "/admin/trakt"),
    ("POST", "/admin/trakt/app"): Line(ADMINS, "/admin/trakt/app", {"client_id": "an-id"}),
    ("POST", "/admin/trakt/app/remove"): Line(ADMINS, "/admin/trakt/app/remove"),
    ("POST", "/admin/trakt/check"): Line("401 401 403 403 409", "/admin/trakt/check"),
    ("POST", "/admin/trakt/settings"): Line(ADMINS, "/admin/trakt/settings", {"hours": 3}),
    ("POST", "/admin/trakt/reservations"): Line(
        ADMINS, "/admin/trakt/reservations", {"traktSlug": "cleo-films", "user": 3}
    ),
    ("POST", "/admin/trakt/reservations/<id:reservation_id>/remove"): Line(
        "401 401 403 403 404", "/admin/trakt/reservations/1/remove"
    ),
    ("POST", "/trakt/admin/associate"): Line(
        ADMINS, "/trakt/admin/associate", {"traktSlug": "cleo-films", "user": "Cleo"}
    ),
    ("POST", "/admin/members"): Line(ADMINS, "/admin/members", {"name": "Finn"}),
    ("POST", "/admin/members/<id:member_id>/rename"): Line(
        ADMINS, "/admin/members/3/rename", {"name": "Clio"}
    ),
    ("POST", "/admin/members/<id:member_id>/pin"): Line(
        ADMINS, "/admin/members/3/pin", {"pin": OTHER_PIN}
    ),
    ("POST", "/admin/members/<id:member_id>/retire"): Line(ADMINS, "/admin/members/3/retire"),
    ("POST", "/admin/members/<id:member_id>/bring-back"): Line(
        ADMINS, "/admin/members/5/bring-back"
    ),
    ("POST", "/admin/members/<id:member_id>/role"): Line(
        ADMINS, "/admin/members/2/role", {"admin": True}
    ),
    ("POST", "/admin/schedule"): Line(ADMINS, "/admin/schedule", {"zone": "Europe/Vienna"}),
    ("POST", "/admin/country"): Line(ADMINS, "/admin/country", {"country": "DE"}),
    ("POST", "/admin/limits"): Line(
        ADMINS, "/admin/limits", {"max_nominations": 2, "max_votes": 3}
    ),
}
POSTS = {rule: line for (method, rule), line in TABLE.items() if method == "POST"}
GETS = {rule: line for (method, rule), line in TABLE.items() if method == "GET"}


class Scene:
    """The household in the middle of a week; each knock finds it as it was at first."""

    def __init__(self, household: Household, clock: Clock) -> None:
        self.app, self._clock = household.app, clock
        left = Person(self.app, "Dan", household.dan.id)
        left.sign_in()
        people = [household.stranger, left, household.cleo, household.dan, household.ana]
        names = ["nobody", "signed out", "Cleo", "Dan", "Ana"]
        self.actors = {name: _copied(person) for name, person in zip(names, people, strict=True)}
        assert left.send("/sign-out").status_code == 200
        _live(household)
        self._copies, self._files = {"nomination": self._copy()}, {"nomination": self.file()}
        clock.to(3)
        household.ana.state()  # the clock's own act is done before anybody knocks
        self._copies["voting"], self._files["voting"] = self._copy(), self.file()

    def restore(self, phase: str) -> bytes:
        """Answers the file as it is then."""
        self._clock.to(1 if phase == "nomination" else 3)
        self.app.extensions["rate_limits"].clear()
        if self.file() != self._files[phase]:
            with self.app.app_context():
                self._copies[phase].backup(db.get_db())
            self._files[phase] = self.file()  # the same but for its counters
        return self._files[phase]

    def knock(self, actor: str, method: str, line: Line, **changes: Any) -> TestResponse:
        cookie, token = self.actors[actor]
        headers = {"Cookie": cookie, "Accept": "application/json", "X-CSRFToken": token}
        body = {"json": line.body} if method == "POST" else {}
        with self.app.test_client(use_cookies=False) as client:
            sent = {"headers": headers} | body | changes
            return client.open(line.url, method=method, buffered=True, **sent)

    def file(self) -> bytes:
        """The whole database; any commit that changes a row changes a byte."""
        with self.app.app_context():
            return db.get_db().serialize()

    def close(self) -> None:
        db.close_db(self.app)
        for copy in self._copies.values():
            copy.close()

    def _copy(self) -> db.Connection:
        copy = db.connect(Path(self.app.config["DATA_DIR"], f"copy-{self._clock.now:%a}.db"))
        with self.app.app_context():
            db.get_db().backup(copy)
        return copy


def _copied(person: Person) -> tuple[str, str]:
    """The browser's cookie and the token of its pages."""
    token = person.token
    cookie = person.client.get_cookie("movie_night")
    assert cookie
    return f"movie_night={cookie.value}", token


def _live(household: Household) -> None:
    ana, ben, cleo = household.ana, household.ben, household.cleo
    for answer in (
        ana.send("/admin/members", name="Eva"),
        ana.send("/admin/members/5/retire"),
        cleo.send("/nominations", tmdb_id=MATRIX),
        ben.send(f"{THIS_WEEK}/watched", tmdb_id=MATRIX, members=["Ana", "Ben", "Cleo"]),
    ):
        assert answer.status_code == 200, answer.text


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    clock = Clock(TUESDAY_NOON)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(instants, "now", lambda: clock.now)
        app = create_app({"DATA_DIR": tmp_path_factory.mktemp("scene"), "PIN_COST": CHEAP})
        scene = Scene(Household.gather(app), clock)
        yield scene
        scene.close()


def test_the_table_is_the_url_map(scene: Scene) -> None:
    routes = {
        (method, rule.rule)
        for rule in scene.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == set(TABLE)


def test_everybody_gets_what_is_theirs_and_a_refusal_changes_nothing(
    scene: Scene, subtests: pytest.Subtests
) -> None:
    for (method, rule), line in TABLE.items():
        with subtests.test(f"{method} {rule}"):
            for actor, expected in zip(scene.actors, line.statuses.split(), strict=True):
                before = scene.restore(line.phase)
                answer = scene.knock(actor, method, line)
                assert (actor, answer.status_code) == (actor, int(expected)), answer.text
                if answer.status_code >= 400:
                    assert set(answer.get_json()["error"]) == {"code", "message"}
                if answer.status_code >= 300 or method == "GET":
                    assert scene.file() == before, actor


def test_no_post_passes_without_its_token_or_as_plain_text(
    scene: Scene, subtests: pytest.Subtests
) -> None:
    foreign = scene.actors["Dan"][1]
    assert scene.knock("Dan", "POST", TABLE["POST", "/settings/icon"]).status_code == 200
    for rule, line in POSTS.items():
        with subtests.test(rule):
            before = scene.restore(line.phase)
            for token in ("", "nonsense", foreign):
                headers = {"Cookie": scene.actors["Ana"][0], "Accept": "application/json"}
                answer = scene.knock("Ana", "POST", line, headers=headers | {"X-CSRFToken": token})
                assert (answer.status_code, answer.get_json()["error"]["code"]) == (403, "csrf")
            for actor in ("nobody", "Ana"):
                plain = {"data": json.dumps(line.body), "content_type": "text/plain", "json": None}
                assert scene.knock(actor, "POST", line, **plain).status_code == 415
            assert scene.file() == before


def test_a_browser_that_is_not_signed_in_is_led_to_who(
    scene: Scene, subtests: pytest.Subtests
) -> None:
    for rule, line in GETS.items():
        with subtests.test(rule):
            led = line.statuses.startswith("401")
            to_who = "/who?screen=tv" if line.url == "/tv" else "/who"
            for actor in ("nobody", "signed out"):
                headers = {"Cookie": scene.actors[actor][0], "Accept": "text/html"}
                answer = scene.knock(actor, "GET", line, headers=headers)
                assert (answer.headers.get("Location") == to_who) is led, answer.status_code


def test_an_address_that_is_not_there_or_does_not_do_that_says_so(scene: Scene) -> None:
    assert scene.knock("Ana", "GET", Line("", "/nothing")).status_code == 404
    assert scene.knock("Ana", "GET", Line("", f"/films/{2**63}")).status_code == 404
    refused = scene.knock("Ana", "GET", Line("", "/sign-out"))
    assert refused.status_code == 405
    assert "POST" in refused.headers["Allow"]


def test_every_answer_forbids_what_this_server_did_not_send(scene: Scene) -> None:
    for actor in scene.actors:
        for url in ("/", "/who", "/nothing", "/api/state"):
            headers = scene.knock(actor, "GET", Line("", url)).headers
            assert headers["Content-Security-Policy"].startswith("default-src 'none'")
            assert "unsafe" not in headers["Content-Security-Policy"]
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] == "same-origin"


def test_an_address_for_programs_answers_json_unless_a_page_is_preferred(
    household: Household,
) -> None:
    stranger = household.stranger.client
    for accept, status in (
        ("*/*", 401),
        ("text/html;q=0, application/json", 401),
        ("application/json, text/html;q=0.1", 401),
        ("text/html, */*;q=0.8", 303),
    ):
        answer = stranger.get("/api/state", headers={"Accept": accept})
        assert (accept, answer.status_code) == (accept, status)
