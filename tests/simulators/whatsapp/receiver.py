"""The other end of a provider's errands: a webhook and a file server, in process."""

from __future__ import annotations

import json
from collections import deque
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

HOOK = "https://ops.example.test/hooks/whatsapp"
STATES = "https://ops.example.test/hooks/states"


class Receiver:
    """Answers 200 unless something else is in line; files lie where `files` has them."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.answers: deque[httpx.Response | Exception] = deque()
        self.files: dict[str, httpx.Response] = {}
        self.verify_token = ""
        self.transport = httpx.MockTransport(self._take)

    def _take(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        path = urlsplit(str(request.url)).path
        if path in self.files:
            found = self.files[path]
            content = b"" if request.method == "HEAD" else found.content
            headers = {name: value for name, value in found.headers.items() if name != "content-length"}
            headers["content-length"] = str(len(found.content))
            return httpx.Response(found.status_code, headers=headers, content=content)
        if request.url.params.get("hub.mode") == "subscribe":
            right = request.url.params["hub.verify_token"] == self.verify_token
            return httpx.Response(200 if right else 403, text=request.url.params["hub.challenge"])
        if not self.answers:
            return httpx.Response(200)
        answer = self.answers.popleft()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def posts(self, url: str) -> list[httpx.Request]:
        return [each for each in self.requests if each.method == "POST" and str(each.url) == url]

    def forms(self, url: str) -> list[dict[str, str]]:
        """The forms posted to an address."""
        return [form(request) for request in self.posts(url)]

    def bodies(self, url: str) -> list[dict[str, Any]]:
        """The JSON posted to an address."""
        return [json.loads(request.content) for request in self.posts(url)]


def form(request: httpx.Request) -> dict[str, str]:
    return dict(parse_qsl(request.content.decode(), keep_blank_values=True))
