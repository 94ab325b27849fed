"""A browser of one member: cookies, one connection that is kept, nothing that costs time."""

import http.client
import json
import re
from collections.abc import Mapping
from typing import NamedTuple, Self

Headers = Mapping[str, str]


class Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes


class Visitor:
    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers: dict[str, str] = {}

    def get(self, path: str, headers: Headers | None = None) -> Answer:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, body: str = "") -> Answer:
        return self._ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def sign_in(self, member_id: int) -> Self:
        """As a member without a PIN; from then on every request may also write."""
        self._read_token()
        answer = self.post("/who", f"member_id={member_id}")
        assert answer.status == 303, answer.body
        self._read_token()
        return self

    def close(self) -> None:
        self._connection.close()

    def _read_token(self) -> None:
        page = self.get("/who").body.decode()
        found = re.search(r'name="csrf-token" content="([^"]+)"', page)
        assert found, page
        self._headers["X-CSRFToken"] = found[1]

    def _ask(self, method: str, path: str, body: str | None, headers: Headers | None) -> Answer:
        all_headers = {**self._headers, **(headers or {})}
        try:
            self._connection.request(method, path, body, all_headers)
            response = self._connection.getresponse()
        except http.client.RemoteDisconnected:  # the server lets go of a line that was long idle
            self._connection.close()
            self._connection.request(method, path, body, all_headers)
            response = self._connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        if cookie := answer.headers["Set-Cookie"]:
            self._headers["Cookie"] = cookie.partition(";")[0]
        return answer


def value(answer: Answer) -> dict[str, object]:
    body: dict[str, object] = json.loads(answer.body)
    return body
