"""The Plume cloud over HTTPS, and how its answers are read (plume.md 1 to 6)."""

from __future__ import annotations

from core.areas.network.client.oauth import PlumeCredential, read_authorization
from core.areas.network.client.plume_client import PlumeClient

__all__ = ["PlumeClient", "PlumeCredential", "read_authorization"]
