"""The secret that Telegram must send with each update: the settings', else one that we make and keep."""

from __future__ import annotations

import secrets

from core.area import Services
from core.notify.telegram_settings import TelegramSettings
from core.secret import Secret
from core.store.credentials import credential, save_credential

__all__ = ["webhook_secret"]

_NAME = "telegram webhook"
_BYTES = 32


async def webhook_secret(services: Services) -> Secret:
    """The secret, the same for every process of this database; made when it is first asked for.

    Raises:
        VaultError: the kept one can't be decrypted any more.
    """
    given = services.settings.of(TelegramSettings).webhook_secret.get_secret_value()
    if given:
        return Secret(given)
    async with services.store.writing() as transaction:
        kept = await credential(transaction.connection, _NAME, transaction.recorded_at)
        if kept is not None:
            return Secret(services.vault.decrypt(kept))
        made = secrets.token_urlsafe(_BYTES)
        await save_credential(transaction, _NAME, services.vault.encrypt(made))
    return Secret(made)
