"""How the Plume cloud as a whole is doing: whether it answers, and until when it is left alone."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import RateLimitedError, SignInError, UnreachableError, UpstreamError

__all__ = ["MOST_SILENCES", "CloudState"]

MOST_SILENCES = 3
"""How many questions may stay unanswered before the cloud as a whole counts as out of reach."""


@dataclass(slots=True)
class CloudState:
    """How the cloud as a whole is doing, as far as this collector has heard."""

    failures: int = 0
    rests_until: float = float("-inf")
    silences: int = 0
    answered: bool = False

    def hear(self, error: UpstreamError | None) -> None:
        """Take note of an answer, or of the failure to get one; raise it where the whole cloud is meant.

        Raises:
            UpstreamError: no sign-in, a request to slow down, or too many silences in a row.
        """
        if isinstance(error, SignInError | RateLimitedError):
            raise error
        if isinstance(error, UnreachableError):
            self.silences += 1
            if self.silences >= MOST_SILENCES:
                raise error
        else:
            self.silences, self.answered = 0, True
