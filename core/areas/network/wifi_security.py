"""How a Wi-Fi network is secured, in words a person knows (plume.md 4.5)."""

from __future__ import annotations

from core.message import Message, _

__all__ = ["security_label"]

_WPA2_ONLY = _("WPA2 only")
_WPA3_ONLY = _("WPA3 only")
_LABELS = {
    "psk2": _WPA2_ONLY,
    "wpa2-psk": _WPA2_ONLY,
    "psk-mixed": _("WPA + WPA2"),
    "sae-mixed": _("WPA2 + WPA3"),
    "sae": _WPA3_ONLY,
    "wpa3-sae": _WPA3_ONLY,
    "open": _("open"),
}


def security_label(word: str) -> Message:
    """What the `wpaMode` word means, in any letter case; a word that we don't know is shown as it came.

    An empty word means that the cloud did not say, which is not the same as an open network.
    """
    if not word:
        return _("not reported")
    return _LABELS.get(word.casefold()) or _("{word}", word=word)
