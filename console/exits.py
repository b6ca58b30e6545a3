"""How the `opsdeck` command ends."""

from __future__ import annotations

import enum

from core.errors import (
    InputError,
    OpsdeckError,
    RefusedError,
    SettingsError,
    StoreError,
    UpstreamError,
)

__all__ = ["Exit"]


class Exit(enum.IntEnum):
    """Exit codes, for scripts."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    REFUSED = 3
    UPSTREAM = 4
    STORE = 5
    INTERRUPTED = 130

    @property
    def meaning(self) -> str:
        """What it says, for the help text."""
        return _MEANINGS[self]

    @classmethod
    def of(cls, error: OpsdeckError) -> Exit:
        """The code for an error."""
        if isinstance(error, InputError | SettingsError):
            return cls.USAGE
        if isinstance(error, RefusedError):
            return cls.REFUSED
        if isinstance(error, UpstreamError):
            return cls.UPSTREAM
        return cls.STORE if isinstance(error, StoreError) else cls.FAILED


_MEANINGS = {
    Exit.DONE: "done",
    Exit.FAILED: "something failed, or a check found something",
    Exit.USAGE: "an argument or a setting is wrong",
    Exit.REFUSED: "you may not do this, or did not confirm it",
    Exit.UPSTREAM: "another system did not do its part",
    Exit.STORE: "the database did not do its part",
    Exit.INTERRUPTED: "interrupted",
}
