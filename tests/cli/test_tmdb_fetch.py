"""The worker of a real server: posters come without anybody waiting, and it ends in time."""

import time
from collections.abc import Callable

from flask import Flask

import db
from db import users
from tests.cli.conftest import Browser, Server
from tests.fake_tmdb import FakeTmdb, png, until
from utils import instants


def test_a_server_with_a_key_fetches_posters_and_ends_in_time(
    serve: Callable[..., Server], app: Flask
) -> None:
    with app.app_context(), db.transaction(conn := db.get_db()):
        member_id = users.add(conn, "Ana", "🎬", instants.now())
    with FakeTmdb() as tmdb:
        tmdb.film(603, "The Matrix", 1999, poster_path="/m.png")
        server = serve(**tmdb.settings)
        until(lambda: bool(tmdb.asked))  # for its lists, before the first visitor
        with Browser(server.url) as browser:
            browser.sign_in(member_id)
            until(lambda: browser.get("/posters/film/603").content == png())
            tmdb.fail("/3/", hang=30)
            browser.get("/posters/film/604")
            until(lambda: "/3/movie/604" in tmdb.asked)
        began = time.monotonic()
        assert server.end() == 0
        assert time.monotonic() - began < 8
        assert tmdb.key not in server.printed
