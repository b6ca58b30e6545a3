"""Credentials in chats: where they may be typed, how they leave the chat, how they are kept (S10)."""

from __future__ import annotations

from collections.abc import Mapping

from core.areas.relay.settings import RelaySettings
from core.message import Message, _
from core.principal import Role
from core.relay.chat_line import ChatLine
from core.relay.dialog import Dialog
from core.relay.drafting import Draft
from core.relay.turn import Outcome
from core.text import redact
from core.vault import Vault

__all__ = ["SAFER", "Secrecy"]

SAFER = _("The console is the safer place for this. What you send here is deleted at once.")
"""What is said before the first secret is asked for."""

_ELSEWHERE = _("Credentials are entered at the console, not here.")
_NOT_DELETED = _("I couldn’t delete your message. Delete it yourself, now.")
_LIKE_A_KEY = _(
    "That looks like a key or a password. I kept nothing of it; replace it: others may have read it."
)


class Secrecy:
    """What becomes of secrets that people type. `lines` are the platforms, by channel."""

    def __init__(self, vault: Vault, lines: Mapping[str, ChatLine], settings: RelaySettings) -> None:
        self._vault = vault
        self._lines = lines
        self._settings = settings

    def allows(self, draft: Draft) -> bool:
        """Whether this person may type one here: an administrator, where nobody reads along."""
        return self._settings.secrets_in_chat and draft.private and draft.principal.role is Role.ADMIN

    def point_elsewhere(self, draft: Draft, lead: Message | None = None) -> None:
        """Say that this is not the place."""
        draft.outcome = Outcome.REFUSED
        draft.say(_ELSEWHERE, lead=lead)

    async def delete(self, draft: Draft) -> Message | None:
        """Take what was just sent out of the chat; what to say when it can't be."""
        draft.hidden = True
        line = self._lines[draft.inbound.channel]
        gone = await line.delete(draft.inbound.chat, draft.inbound.message)
        return None if gone else _NOT_DELETED

    async def warn(self, draft: Draft, text: str) -> bool:
        """Keep nothing of a text that looks like a credential, take it out of the chat, and say so."""
        if redact(text) == text:
            return False
        complaint = await self.delete(draft)
        draft.outcome = Outcome.REFUSED
        draft.error = "looked like a key"
        if draft.alone:
            draft.say(_LIKE_A_KEY, lead=complaint)
        return True

    def keep(self, secrets: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        """Secrets as a dialog holds them: encrypted."""
        return tuple((name, self._vault.encrypt(text)) for name, text in secrets.items())

    def reveal(self, dialog: Dialog) -> dict[str, str]:
        """The secrets that a dialog holds.

        Raises:
            VaultError: the key has changed since they were typed.
        """
        return {name: self._vault.decrypt(token) for name, token in dialog.secrets}
