"""What a message offers to press, before handles stand behind it. Pure."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import timedelta

from core.message import Message
from core.page import Action

__all__ = ["CONFIRM_WITHIN", "PRESS_WITHIN", "Offer", "Purpose", "Rows"]

CONFIRM_WITHIN = timedelta(seconds=60)
"""How long a danger can be confirmed (reliability.md S11)."""

PRESS_WITHIN = timedelta(days=7)
"""How long the other buttons can be pressed."""


class Purpose(enum.StrEnum):
    """What a press means: `core.relay.turn.Handle.purpose`."""

    RUN = "run"
    """Do the action; its answer is a message of its own."""
    PAGE = "page"
    """Show another part of the view, in the same message."""
    ANSWER = "answer"
    """Answer the open question with the action's only argument."""
    CONFIRM = "confirm"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Offer:
    """A button to be: what it says, and what its press means."""

    label: Message | str
    purpose: Purpose
    action: Action
    once: bool = False
    within: timedelta = PRESS_WITHIN


Rows = tuple[tuple[Offer, ...], ...]
"""Rows of offers, as they lie under a message."""
