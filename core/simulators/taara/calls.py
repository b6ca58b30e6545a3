"""The calls of taara.md 1: where they go, and what tells whose they are."""

from __future__ import annotations

import json
from typing import cast

__all__ = ["BUNDLE_PATH", "LOGIN_PATH", "LOGOUT_PATH", "operation_of", "phone_of"]

LOGIN_PATH = "/v1/users/subscriber/login"
BUNDLE_PATH = "/v1/customers/get-customer-bundle"
LOGOUT_PATH = "/v1/users/subscriber/logout/"


def operation_of(path: str) -> str:
    """The operation of a path: "login", "bundle", "logout", or "other" for what taara.md doesn't name."""
    if path.startswith(LOGOUT_PATH):
        return "logout"
    return {LOGIN_PATH: "login", BUNDLE_PATH: "bundle"}.get(path, "other")


def phone_of(body: bytes) -> tuple[object, object]:
    """Country code and national number in the body of a login, None for what isn't there."""
    try:
        document: object = json.loads(body)
    except ValueError:
        document = None
    number = cast("dict[str, object]", document).get("phoneNumber") if isinstance(document, dict) else None
    if not isinstance(number, dict):
        return None, None
    number = cast("dict[str, object]", number)
    return number.get("countryCode"), number.get("nationalNumber")
