"""The three calls of a poll: where they go and what they carry (taara.md 1 to 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.areas.usage.model import Operation, TaaraAccess
from core.engine.addresses import segment

__all__ = ["Target", "bundle", "login", "logout"]


@dataclass(frozen=True, slots=True)
class Target:
    """One call to make. `path` is where it goes, `shown_path` the same without the ids in it."""

    operation: Operation
    method: str
    path: str = field(repr=False)
    shown_path: str
    headers: Mapping[str, str] = field(repr=False)
    params: Mapping[str, str] = field(repr=False, default_factory=dict[str, str])
    json: Mapping[str, object] | None = field(repr=False, default=None)


def login(base: str, access: TaaraAccess) -> Target:
    """The sign-in, which answers a token."""
    path = "/v1/users/subscriber/login"
    return Target(
        Operation.LOGIN,
        "POST",
        path,
        path,
        _headers(base, "login", access),
        json={
            "phoneNumber": {"countryCode": access.country_code, "nationalNumber": access.phone},
            "passcode": access.passcode.reveal(),
            "partnerId": access.partner,
        },
    )


def bundle(base: str, access: TaaraAccess, token: str) -> Target:
    """The plans and the purchases."""
    path = "/v1/customers/get-customer-bundle"
    return Target(
        Operation.DATA,
        "GET",
        path,
        f"{path}?hotspotId=[hotspot]",
        {**_headers(base, "home", access), "Authorization": f"Bearer {token}"},
        params={"hotspotId": access.hotspot},
    )


def logout(base: str, access: TaaraAccess, subscriber_id: str) -> Target:
    """The end of the session: a GET without a token, the subscriber's id in its path (taara.md 4).

    Raises:
        InputError: the id can't be a part of a path.
    """
    path = "/v1/users/subscriber/logout"
    return Target(
        Operation.LOGOUT,
        "GET",
        f"{path}/{segment(subscriber_id)}",
        f"{path}/[subscriber]",
        _headers(base, "home", access),
    )


def _headers(base: str, page: str, access: TaaraAccess) -> dict[str, str]:
    """What Taara's own page sends along, as far as a server may insist on it (taara.md 1.2)."""
    hotspot = segment(access.hotspot) if access.hotspot.strip(". ") else ""
    return {
        "Accept": "application/json, text/plain, */*",
        "Content-Type": "application/json",
        "Referer": f"{base}/cp/customers/{page}?hotspotId={hotspot}",
    }
