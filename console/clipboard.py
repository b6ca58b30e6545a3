"""Copying to the terminal's clipboard by OSC 52, also through tmux and screen.

Terminals drop what is too long without a word, so there is a limit, and the person is told the outcome.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping

from core.errors import InputError
from core.message import plural
from core.text import paragraph

__all__ = ["LONGEST_ENCODED", "clipboard_sequence"]

LONGEST_ENCODED = 74_994
"""The longest base64 text that common terminals accept; derailed/k9s uses the same limit."""


def clipboard_sequence(text: str, environment: Mapping[str, str]) -> str:
    """The control sequence that puts `text` into the clipboard.

    Raises:
        InputError: the text is too long for a terminal's clipboard.
    """
    encoded = base64.b64encode(paragraph(text).encode()).decode("ascii")
    if len(encoded) > LONGEST_ENCODED:
        raise InputError(
            plural(
                "This is too long for the terminal's clipboard ({count} character); export the page.",
                "This is too long for the terminal's clipboard ({count} characters); export the page.",
                len(text),
            )
        )
    sequence = f"\x1b]52;c;{encoded}\x07"
    if environment.get("TMUX"):
        return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    if environment.get("TERM", "").startswith("screen"):
        return f"\x1bP{sequence}\x1b\\"
    return sequence
