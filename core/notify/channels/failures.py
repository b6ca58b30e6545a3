"""How a delivery can fail, by what is to be done about it (reliability.md section 1, “error classes”).

    DeliveryError
    ├── TemporaryError        line: the network, a fault over there; try again when the line works
    │                         retry: a fault of this message's own; try again later
    ├── ThrottledError        wait: too many requests; stay away as long as it says
    ├── FormatError           fix: the text is refused; once more without formatting
    ├── MovedError            moved: the recipient has another address now
    ├── GoneError             gone: nothing reaches this recipient any more
    ├── WindowError           window: not outside the time the provider allows
    ├── CredentialsError      auth: the provider does not accept us; stop the line
    └── UncertainError        the message may have arrived, nobody knows

A channel raises these and nothing else; each carries a `Message` for the person who looks into it.
"""

from __future__ import annotations

import enum
from typing import ClassVar

from core.errors import UpstreamError
from core.message import Message

__all__ = [
    "CredentialsError",
    "DeliveryError",
    "FailureClass",
    "FormatError",
    "GoneError",
    "MovedError",
    "NotAskedError",
    "TemporaryError",
    "ThrottledError",
    "UncertainError",
    "WindowError",
]


class FailureClass(enum.Enum):
    """What a failure asks for, as it is kept with the row.

    `LINE` is a `RETRY` for which the message is not to blame: it is not counted against it.
    """

    LINE = "line"
    RETRY = "retry"
    WAIT = "wait"
    FIX = "fix"
    MOVED = "moved"
    GONE = "gone"
    WINDOW = "window"
    AUTH = "auth"
    UNCERTAIN = "uncertain"


class DeliveryError(UpstreamError):
    """A message was not delivered, or nobody knows whether it was."""

    kind: ClassVar[FailureClass]

    @property
    def failure(self) -> FailureClass:
        """What is to be done about it."""
        return self.kind


class TemporaryError(DeliveryError):
    """It may work later. `own` when the fault lies with this message, not with the line it goes by."""

    kind = FailureClass.RETRY

    def __init__(self, message: Message, *, own: bool = False) -> None:
        super().__init__(message)
        self.own = own

    @property
    def failure(self) -> FailureClass:
        return FailureClass.RETRY if self.own else FailureClass.LINE


class ThrottledError(DeliveryError):
    """Too many requests: `wait` is how many seconds to send this recipient nothing.

    `whole_line` when the provider means all that goes by its line.
    """

    kind = FailureClass.WAIT

    def __init__(self, message: Message, wait: float, *, whole_line: bool = False) -> None:
        super().__init__(message)
        self.wait = wait
        self.whole_line = whole_line


class FormatError(DeliveryError):
    """The message's form is refused."""

    kind = FailureClass.FIX


class MovedError(DeliveryError):
    """The recipient is at `address` now."""

    kind = FailureClass.MOVED

    def __init__(self, message: Message, address: str) -> None:
        super().__init__(message)
        self.address = address


class GoneError(DeliveryError):
    """The recipient blocked us, left, or does not exist any more."""

    kind = FailureClass.GONE


class WindowError(DeliveryError):
    """The provider allows no message of this kind to this recipient at present."""

    kind = FailureClass.WINDOW


class NotAskedError(WindowError):
    """We know that it may not be sent, so that the provider was not asked, and nothing was spent on it."""


class CredentialsError(DeliveryError):
    """The provider does not accept our credentials, so nothing can go by this line."""

    kind = FailureClass.AUTH


class UncertainError(DeliveryError):
    """The request had left us when the line broke or time ran out."""

    kind = FailureClass.UNCERTAIN
