"""Taking everything personal or secret out of what goes to Taara and comes back (taara.md 10).

Nothing of a call is logged, stored or shown before it has passed here: passcode, tokens, the subscriber's
and the partner's ids, phone number, hotspot. They go by their key, wherever they are repeated, and by
their looks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import cast
from urllib.parse import quote

from core.areas.usage.client.parsing import fingerprint
from core.areas.usage.model import TaaraAccess
from core.text import paragraph, redact

__all__ = ["LONGEST_BODY", "LONGEST_EXCERPT", "Redactor", "cut"]

LONGEST_BODY = 64 * 1024
"""Bytes kept of an answer's body."""

LONGEST_EXCERPT = 2_000
"""Characters kept of a request or an answer in the log of calls."""

_REDACTED = "[redacted]"
_SHORTEST = 4  # Characters; anything shorter is looked for as a whole value only.
_SHORTEST_IN_NUMBER = 8  # Digits; fewer turn up inside innocent figures.
_LONGEST_KNOWN = 8_192
_DEPTH = 60

_SECRET_KEYS = frozenset({"authorization", "cookie", "hotspotname", "partnername", "subscriberusername"})
_SECRET_ENDINGS = ("passcode", "password", "token", "secret", "hotspotid", "partnerid", "email")
_PHONE_KEYS = frozenset({"msisdn", "nationalnumber", "phone", "phonenumber", "mobile", "mobilenumber"})
_SUBSCRIBER_KEYS = frozenset({"sub", "subscriberid", "customerid", "userid"})

_THREE_PARTS = re.compile(r"(?<![\w-])[\w-]{10,}\.[\w-]{10,}\.[\w-]{6,}")
_KEY_AND_VALUE = re.compile(
    r"""(?P<key>["']?(?P<name>[A-Z_-]{3,40})["']?\s*[:=]\s*)"""
    r"""(?P<value>"(?:[^"\\]|\\.)*"?|(?:(?:basic|bearer)\s+)?[^\s,;&"'{}\[\]<>]+)""",
    re.IGNORECASE,
)
"""A field of JSON, of a form or of a query, perhaps cut short; for text that is none of these as a whole."""


class Redactor:
    """Redacts what belongs to one account, and learns in the course of one poll what else is personal.

    Phone numbers keep their last two digits and a subscriber's id becomes its fingerprint, so that calls
    of one account can still be recognised.
    """

    def __init__(self, access: TaaraAccess) -> None:
        self._known: dict[str, str] = {}
        self._pattern: re.Pattern[str] | None = None
        phone, country = access.phone, access.country_code
        for prefix in ("", "0", country, f"+{country}") if phone else ():
            self._learn(prefix + phone, _phone(phone))
        for secret in (access.passcode.reveal(), access.partner, access.hotspot):
            self._learn(secret, _REDACTED)

    def learn_token(self, token: str) -> None:
        """Redact this token from now on."""
        self._learn(token, _REDACTED)

    def learn_subscriber(self, subscriber_id: str) -> None:
        """Redact this subscriber's id from now on."""
        self._learn(subscriber_id, fingerprint(subscriber_id))

    def document(self, document: object) -> str:
        """A JSON document as text, without anything personal in it, in full length."""
        for name, value in _fields(document, _DEPTH):
            if name in _SUBSCRIBER_KEYS:
                self._learn(value, fingerprint(value))
            elif name not in _PHONE_KEYS:
                self._learn(value, _REDACTED)
        return paragraph(
            json.dumps(self._value(document, "", _DEPTH), ensure_ascii=False), limit=16 * LONGEST_BODY
        )

    def text(self, text: str) -> str:
        """Any other text, such as a web page or the beginning of a JSON document."""
        by_key = _KEY_AND_VALUE.sub(_without_value, text[: 16 * LONGEST_BODY])
        return paragraph(self._string(by_key), limit=16 * LONGEST_BODY)

    def body(self, body: bytes) -> str:
        """A body of any kind."""
        text = body.decode("utf-8", "replace")
        try:
            return self.document(json.loads(text, parse_constant=lambda _name: None))
        except (ValueError, RecursionError):
            return self.text(text)

    def _learn(self, secret: str, shown: str) -> None:
        """Redact this wherever it turns up, in any letter case and as it is written in JSON or an address."""
        if not secret.strip() or len(secret) > _LONGEST_KNOWN:
            return
        for form in (secret, quote(secret, safe="", errors="replace"), json.dumps(secret)[1:-1]):
            self._known.setdefault(form.casefold(), shown)
        self._pattern = None

    def _value(self, value: object, key: str, depth: int) -> object:
        if depth == 0:
            return _REDACTED
        if isinstance(value, dict):
            fields = cast("dict[str, object]", value)
            if _is_secret(key):
                return _REDACTED
            return {
                self._string(name): self._value(each, _plain(name), depth - 1)
                for name, each in fields.items()
            }
        if isinstance(value, list):
            return [self._value(each, key, depth - 1) for each in cast("list[object]", value)]
        if value is None or isinstance(value, bool):
            return value
        shown = _by_key(str(value), key)
        if shown is not None:
            return shown
        return self._string(value) if isinstance(value, str) else self._number(value)

    def _string(self, text: str) -> str:
        """The text without any of the known secrets and without what looks like a token."""
        whole = self._known.get(text.casefold())
        if whole is not None:
            return whole
        if self._pattern is None:
            long = sorted((known for known in self._known if len(known) >= _SHORTEST), key=len, reverse=True)
            self._pattern = re.compile("|".join(map(re.escape, long)) or "(?!)", re.IGNORECASE)
        without = self._pattern.sub(lambda found: self._known.get(found[0].casefold(), _REDACTED), text)
        return _THREE_PARTS.sub(_REDACTED, redact(without))

    def _number(self, value: object) -> object:
        digits = str(value)
        for secret, shown in self._known.items():
            if digits == secret or (len(secret) >= _SHORTEST_IN_NUMBER and secret in digits):
                return shown
        return value


def cut(text: str, limit: int) -> str:
    """As much of the text as `limit` bytes hold."""
    return text.encode()[:limit].decode("utf-8", "ignore")


def _fields(value: object, depth: int) -> Iterator[tuple[str, str]]:
    """The text fields of a document that are personal by their key, as plain key and value."""
    if depth == 0:
        return
    if isinstance(value, dict):
        for name, each in cast("dict[str, object]", value).items():
            key = _plain(name)
            if isinstance(each, str) and (_is_secret(key) or key in _PHONE_KEYS | _SUBSCRIBER_KEYS):
                yield key, each
            else:
                yield from _fields(each, depth - 1)
    elif isinstance(value, list):
        for each in cast("list[object]", value):
            yield from _fields(each, depth - 1)


def _by_key(value: str, key: str) -> str | None:
    """What is shown of a value because of its key; `None` when the key says nothing."""
    if not value:
        return None
    if key in _PHONE_KEYS:
        return _phone(value)
    if key in _SUBSCRIBER_KEYS:
        return fingerprint(value)
    return _REDACTED if _is_secret(key) else None


def _without_value(match: re.Match[str]) -> str:
    shown = _by_key(match["value"].strip("\"'"), _plain(match["name"]))
    return match[0] if shown is None else match["key"] + shown


def _plain(key: str) -> str:
    """A key without its writing: "access_token" and "accessToken" are one."""
    return key.replace("_", "").replace("-", "").casefold()


def _is_secret(key: str) -> bool:
    return key in _SECRET_KEYS or key.endswith(_SECRET_ENDINGS)


def _phone(number: str) -> str:
    """A phone number's last two digits."""
    return f"…{number[-2:]}" if len(number) > _SHORTEST else _REDACTED
