"""A fake Trakt to try the app against: `python -m tests.fake_trakt --port 9400`."""

import argparse
import threading

from tests.fake_trakt import FakeTrakt
from tests.fake_trakt.demo import furnish


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fake_trakt")
    parser.add_argument("--port", type=int, default=9400, help="the API's; signing in is the next")
    parser.add_argument("--speed", type=float, default=1.0, help="of the rate limits; 0 is off")
    parser.add_argument(
        "--redirect", action="append", default=["http://localhost:3000/auth/trakt/callback"]
    )
    asked = parser.parse_args()
    with FakeTrakt(asked.port, asked.speed) as trakt:
        app = furnish(trakt, asked.redirect)
        print(f"TRAKT_API_URL={trakt.api_url}")  # noqa: T201
        print(f"TRAKT_AUTH_URL={trakt.auth_url}")  # noqa: T201
        print(f"TRAKT_CLIENT_ID={app.client_id}")  # noqa: T201
        print(f"TRAKT_CLIENT_SECRET={app.secret}", flush=True)  # noqa: T201
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
