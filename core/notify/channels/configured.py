"""The channels that the settings name."""

from __future__ import annotations

from core.moment import Clock
from core.notify.channels.channel import Channel
from core.notify.channels.console import ConsoleChannel
from core.notify.settings import NotifySettings

__all__ = ["configured_channels"]


def configured_channels(settings: NotifySettings, clock: Clock) -> list[Channel]:
    """The console, and every other channel that is set up; each is loaded only when it is.

    Raises:
        SettingsError: what is said of one of them can't be used.
    """
    channels: list[Channel] = [ConsoleChannel()]
    if settings.notify_file is not None:
        from core.notify.channels.file import FileChannel

        channels.append(FileChannel(settings.notify_file, clock))
    if settings.webhooks:
        from core.notify.channels.webhook import WebhookChannel

        secrets = settings.webhook_secrets.get_secret_value().split()
        channels.append(WebhookChannel(settings.webhooks, secrets, clock))
    if settings.smtp_host:
        from core.notify.channels.email import EmailChannel, MailServer

        server = MailServer(
            host=settings.smtp_host,
            port=settings.smtp_port,
            security=settings.smtp_security,
            sender=settings.mail_from,
            user=settings.smtp_user,
            password=settings.smtp_password.get_secret_value(),
        )
        channels.append(EmailChannel(server, clock))
    return channels
