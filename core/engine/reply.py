"""What another system answered: as it came, and read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Answer", "Reply"]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it came, whatever its status: nothing about it has been judged yet.

    `headers` have lower-case names. `milliseconds` is how long it took, without the wait for a turn.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    milliseconds: int

    def document(self) -> object:
        """The body read as JSON, `None` when it is empty or null; NaN and the infinities become null.

        Raises:
            ValueError: it is not JSON; says of what kind the fault is, and nothing of the body.
        """
        try:
            return self._parsed()
        except (ValueError, RecursionError) as error:
            # A JSON error carries the whole text it was reading.
            raise ValueError(type(error).__name__) from None

    @property
    def is_web_page(self) -> bool:
        """Whether a person's browser was meant to show this."""
        content = self.headers.get("content-type", "")
        return content.startswith("text/html") or self.body[:200].lstrip().startswith(b"<")

    @property
    def was_cut(self) -> bool:
        """Whether the body begins as JSON and ends too early."""
        try:
            self._parsed()
        except json.JSONDecodeError as error:
            return error.pos >= len(error.doc) or error.msg.startswith("Unterminated string")
        except (ValueError, RecursionError):
            return False
        return False

    def _parsed(self) -> object:
        text = self.body.decode("utf-8-sig").strip()
        return json.loads(text, parse_constant=lambda _name: None) if text else None


@dataclass(frozen=True, slots=True)
class Answer:
    """A success (2xx) or a refusal (4xx) with its body read.

    `document` is the body as JSON: for a success always, and `None` when that was empty; for a refusal
    `None` also when the body was no JSON.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    document: object = field(repr=False)
    milliseconds: int
