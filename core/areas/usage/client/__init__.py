"""Taara over HTTPS: sign in, read the plans, sign out; and how its answers are read (taara.md 1 to 5)."""

from __future__ import annotations

from core.areas.usage.client.taara_client import Answer, TaaraClient

__all__ = ["Answer", "TaaraClient"]
