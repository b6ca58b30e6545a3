"""What it takes to sign in to one account at Taara."""

from __future__ import annotations

from dataclasses import dataclass

from core.secret import Secret

__all__ = ["TaaraAccess"]


@dataclass(frozen=True, slots=True, repr=False)
class TaaraAccess:
    """An account's access (taara.md 1.1): every part travels as text, though most are digits.

    `phone` is the national part without its leading zero. Printing it shows nothing.
    """

    country_code: str
    phone: str
    passcode: Secret
    partner: str
    hotspot: str

    def __repr__(self) -> str:
        return "TaaraAccess([secret])"
