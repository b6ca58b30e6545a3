"""The one tree of opsdeck's errors.

    OpsdeckError
    ├── SettingsError        a setting is missing or wrong
    ├── InputError           an argument a person gave can't be used
    │   └── NotFoundError    it names something that isn't there
    ├── RefusedError         this person may not, or not now
    ├── UpstreamError        another system did not do its part
    │   ├── UnreachableError     no answer, or none in time
    │   ├── RateLimitedError     it asked us to slow down
    │   ├── SignInError          it did not accept our credentials
    │   ├── UnknownSubjectError  it does not know what we asked about
    │   └── BadAnswerError       it answered what cannot be read
    └── StoreError           the database did not do its part
        ├── StoreBusyError       another process holds it
        ├── StoreFullError       no room to write
        ├── StoreReadOnlyError   it may not be written
        ├── StoreForeignError    it isn't opsdeck's
        └── StoreCorruptError    it is damaged

Each carries a `message` for the person, saying what to do, and its `__cause__` for the log.
"""

from __future__ import annotations

from core.message import Message

__all__ = [
    "BadAnswerError",
    "InputError",
    "NotFoundError",
    "OpsdeckError",
    "RateLimitedError",
    "RefusedError",
    "SettingsError",
    "SignInError",
    "StoreBusyError",
    "StoreCorruptError",
    "StoreError",
    "StoreForeignError",
    "StoreFullError",
    "StoreReadOnlyError",
    "UnknownSubjectError",
    "UnreachableError",
    "UpstreamError",
]


class OpsdeckError(Exception):
    """Anything that went wrong and that a person should read about."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class SettingsError(OpsdeckError):
    """A setting is missing or wrong; the message names it, its place and the remedy."""


class InputError(OpsdeckError):
    """An argument a person gave can't be used; the message says what would do."""


class NotFoundError(InputError):
    """The argument names something that isn't there."""


class RefusedError(OpsdeckError):
    """This person may not do this, or not now."""


class UpstreamError(OpsdeckError):
    """Another system did not do its part."""


class UnreachableError(UpstreamError):
    """No answer, or none in time."""


class RateLimitedError(UpstreamError):
    """The other system asked us to slow down; `wait` is how many seconds to stay away."""

    def __init__(self, message: Message, wait: float) -> None:
        super().__init__(message)
        self.wait = wait


class SignInError(UpstreamError):
    """The other system did not accept our credentials."""


class UnknownSubjectError(UpstreamError):
    """The other system does not know the thing we asked about, or it isn't ours."""


class BadAnswerError(UpstreamError):
    """The answer can't be read: not JSON, cut short, or of another shape."""


class StoreError(OpsdeckError):
    """The database did not do its part."""


class StoreBusyError(StoreError):
    """Another process holds the database."""


class StoreFullError(StoreError):
    """There is no room to write."""


class StoreReadOnlyError(StoreError):
    """The database or its folder may not be written."""


class StoreForeignError(StoreError):
    """The database is not empty and carries no mark of ours."""


class StoreCorruptError(StoreError):
    """The database is damaged."""
