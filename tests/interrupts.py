"""Child processes that an interrupt ends, whoever runs the tests."""

from __future__ import annotations

import signal
from collections.abc import Generator
from contextlib import contextmanager

__all__ = ["interruptible_children"]


@contextmanager
def interruptible_children() -> Generator[None]:
    """Processes begun meanwhile heed SIGINT, though this one may not, as a shell's job in the background.

    Only what is ignored is handed on to a child: with a handler here it begins as it would by itself.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
