"""A small HTTP client that keeps one connection open: the same for both sides of a comparison.

In: a port of this machine. Out: status, headers and body of each answer.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

TIMEOUT_S = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self) -> Any:
        """Read the body as JSON."""
        return json.loads(self.body)


class Client:
    """One connection to 127.0.0.1, with the cookies that the server sets."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
        self.cookies: dict[str, str] = {}
        self.headers: dict[str, str] = {}

    def close(self) -> None:
        """Hang up."""
        self.connection.close()

    def get(self, path: str) -> Answer:
        """Fetch a page."""
        return self._send("GET", path, b"", {})

    def post_json(self, path: str, value: object) -> Answer:
        """Send JSON."""
        return self._send("POST", path, json.dumps(value).encode(),
                          {"Content-Type": "application/json"})  # fmt: skip

    def post_form(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Send a form's fields."""
        return self._send("POST", path, urlencode(fields).encode(),
                          {"Content-Type": "application/x-www-form-urlencoded"})  # fmt: skip

    def post_file(
        self, path: str, fields: Mapping[str, str], name: str, media: str, content: bytes
    ) -> Answer:
        """Send a form with one file in it, as a browser does."""
        boundary = uuid4().hex
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in fields.items()
        ]
        parts.append(
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            f"Content-Type: {media}\r\n\r\n"
        )
        body = "".join(parts).encode() + content + f"\r\n--{boundary}--\r\n".encode()
        kind = f"multipart/form-data; boundary={boundary}"
        return self._send("POST", path, body, {"Content-Type": kind})

    def post_bytes(self, path: str, content: bytes) -> Answer:
        """Send bytes as they are."""
        return self._send("POST", path, content, {"Content-Type": "application/octet-stream"})

    def _send(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        all_headers = {**self.headers, **headers}
        if self.cookies:
            all_headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        self.connection.request(method, path, body or None, all_headers)
        response = self.connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        for cookie in response.headers.get_all("Set-Cookie") or ():
            key, _, value = cookie.split(";", 1)[0].partition("=")
            self.cookies[key] = value
        return answer
