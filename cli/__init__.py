"""The commands of `flask` beside Flask's own."""

from flask import Flask

from cli import add_films, backups, doctor, example, lists, members, serve, trakt, week

GROUPS = (serve, members, week, backups, doctor, example, trakt, lists, add_films)


def init_app(app: Flask) -> None:
    for group in GROUPS:
        app.register_blueprint(group.bp)
