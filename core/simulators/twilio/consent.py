"""Who wants to hear from the account: words that stop it, and who has joined the sandbox (whatsapp.md B7)."""

from __future__ import annotations

from core.moment import Clock

__all__ = ["JOIN_WORDS", "OPT_IN", "OPT_OUT", "Consent"]

OPT_OUT = frozenset({"stop", "stopall", "unsubscribe"})
"""Words that end it when one is the whole message. Twilio's lists for SMS have more (cancel, end, quit),
which people say to a bot for other reasons."""

OPT_IN = frozenset({"start", "unstop"})
JOIN_WORDS = "join calm-harbour"
"""What lets a phone into the sandbox."""

_MEMBER_FOR = 72 * 3600.0


class Consent:
    """The people who opted out, and the members of the sandbox for as long as they are."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._stopped: set[tuple[str, str]] = set()
        self._joined: dict[str, float] = {}

    def heed(self, sender: str, user: str, text: str) -> None:
        """Look whether what a person says to a sender stops it, or lets it speak again."""
        word = text.strip().casefold()
        if word in OPT_OUT:
            self._stopped.add((sender, user))
        elif word in OPT_IN:
            self._stopped.discard((sender, user))

    def stopped(self, sender: str, user: str) -> bool:
        """Whether a person opted out of a sender."""
        return (sender, user) in self._stopped

    def joins(self, user: str, text: str) -> bool:
        """Let a person into the sandbox if they say the words."""
        if " ".join(text.split()).casefold() != JOIN_WORDS:
            return False
        self._joined[user] = self._clock.monotonic() + _MEMBER_FOR
        return True

    def joined(self, user: str) -> bool:
        """Whether a person is a member of the sandbox now."""
        return self._joined.get(user, float("-inf")) > self._clock.monotonic()
