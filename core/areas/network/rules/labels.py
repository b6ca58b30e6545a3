"""The cloud's own words for service and security, in words that a person knows."""

from __future__ import annotations

from core.areas.network.model import ServiceLevel
from core.message import Message, _
from core.units import Severity, State

__all__ = ["security_label", "service_state"]

_STATES = {
    ServiceLevel.FULL: State(Severity.GOOD, _("full service")),
    ServiceLevel.BASIC: State(Severity.WARNING, _("basic service")),
    ServiceLevel.NONE: State(Severity.SERIOUS, _("suspended")),
}

_WPA2_ONLY = _("WPA2 only")
_WPA3_ONLY = _("WPA3 only")
_SECURITY = {
    "psk2": _WPA2_ONLY,
    "wpa2-psk": _WPA2_ONLY,
    "psk-mixed": _("WPA + WPA2"),
    "sae-mixed": _("WPA2 + WPA3"),
    "sae": _WPA3_ONLY,
    "wpa3-sae": _WPA3_ONLY,
    "open": _("open"),
}


def service_state(level: ServiceLevel) -> State | None:
    """A location's commercial state (plume.md 4.3); nothing where the cloud did not say."""
    return _STATES.get(level)


def security_label(word: str) -> Message:
    """What the word `wpaMode` of a Wi-Fi network means, in any letter case (plume.md 4.5).

    A word that we don't know is shown as it came. An empty one means that the cloud did not say, which
    is not the same as an open network.
    """
    if not word:
        return _("not reported")
    return _SECURITY.get(word.casefold()) or _("{word}", word=word)
