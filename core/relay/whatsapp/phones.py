"""Phone numbers as WhatsApp's providers write them, and as we do: `+15550100001`."""

from __future__ import annotations

import re

__all__ = ["CHANNEL", "line_of", "link_of", "phone_of"]

CHANNEL = "whatsapp"
"""The channel's name, and what a number begins with at Twilio."""

_NUMBER = re.compile(r"(?:whatsapp:)?\+?(\d{6,15})", re.ASCII)


def phone_of(text: object) -> str:
    """The number in `whatsapp:+15550100001`, `+15550100001` or `15550100001`; empty if it is none."""
    found = _NUMBER.fullmatch(text.strip()) if isinstance(text, str) else None
    return f"+{found[1]}" if found else ""


def line_of(sender: str) -> str:
    """What the line of a sender is called: `whatsapp:15550100000`."""
    return f"{CHANNEL}:{sender.removeprefix('+')}"


def link_of(phone: str) -> str:
    """Where other phones find this one."""
    return f"https://wa.me/{phone.removeprefix('+')}" if phone else ""
