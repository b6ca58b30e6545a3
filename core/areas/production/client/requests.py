"""What requests to the production system carry (production.md 6 and 8)."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.areas.production.client.answers import ControlVerb
from core.areas.production.client.timestamps import rfc3339
from core.principal import Principal

__all__ = ["control_body", "page_params"]


def page_params(since: datetime | None, until: datetime | None, cursor: str, limit: int) -> dict[str, str]:
    """The parameters of one page of a list."""
    params = {"limit": str(limit)}
    if since is not None:
        params["from"] = rfc3339(since)
    if until is not None:
        params["to"] = rfc3339(until)
    return params | ({"cursor": cursor} if cursor else {})


def control_body(
    verb: ControlVerb,
    *,
    reason: str,
    actor: Principal,
    until: datetime | None,
    override: bool,
    drain: bool,
    drain_timeout: timedelta,
    force: bool,
) -> dict[str, object]:
    """The body of a control request: who and why, and the arguments that this verb has."""
    body: dict[str, object] = {
        "reason": reason,
        "actor": {"channel": actor.channel, "user": actor.address or actor.name},
    }
    if verb == "pause":
        return body | {"until": None if until is None else rfc3339(until)}
    if verb == "resume":
        return body | ({"override": True} if override else {})
    return body | {"drain": drain, "drain_timeout_s": int(drain_timeout.total_seconds()), "force": force}
