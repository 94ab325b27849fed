"""Use cases shared by the web, the command line and the jobs: one module a subject."""

from flask import Flask

from services import discover_fetch, film_search, jobs, sync_queue, tmdb_fetch


def init_app(app: Flask) -> None:
    for service in (tmdb_fetch, film_search, discover_fetch, sync_queue, jobs):
        service.init_app(app)
