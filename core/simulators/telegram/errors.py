"""How the Bot API says no: one exception, worded by the server's own rule (telegram.md 1)."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["ApiError", "refused", "too_many_requests"]

_TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Request Entity Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
}
_CODE_WORD = re.compile(r"[A-Z0-9_]+")


class ApiError(Exception):
    """A call that failed: the status, the description and, for some, what a client needs to go on."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    @property
    def body(self) -> dict[str, Any]:
        """The envelope."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def refused(message: str, code: int = 400, **parameters: int) -> ApiError:
    """The error for `message` as the library below the server words it.

    The first letter becomes small unless the second is a capital or `_`. A 403 that is a code in capitals,
    and every 404 of the library, come out as 400.
    """
    if code == 404 or (code == 403 and _CODE_WORD.fullmatch(message)):
        code = 400
    second = message[1:2]
    if not (second.isupper() or second == "_"):
        message = message[:1].lower() + message[1:]
    return ApiError(code, f"{_TITLES[code]}: {message}", **parameters)


def too_many_requests(seconds: int) -> ApiError:
    """The call comes back in `seconds`, which the envelope and the header say too."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
