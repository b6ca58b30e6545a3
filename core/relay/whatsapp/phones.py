"""Phone numbers as WhatsApp's providers write them, and as we do: `+15550100001`."""

from __future__ import annotations

from core.notify.people.phones import phone_of

__all__ = ["CHANNEL", "line_of", "link_of", "phone_of"]

CHANNEL = "whatsapp"
"""The channel's name, and what a number begins with at Twilio."""


def line_of(sender: str) -> str:
    """What the line of a sender is called: `whatsapp:15550100000`."""
    return f"{CHANNEL}:{sender.removeprefix('+')}"


def link_of(phone: str) -> str:
    """Where other phones find this one."""
    return f"https://wa.me/{phone.removeprefix('+')}" if phone else ""
