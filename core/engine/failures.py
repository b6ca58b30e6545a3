"""What is said when a request to another system fails, in one sentence for each cause.

Of the other system the sentences name what people call it (`service`) and the setting that holds its
address (`setting`); nothing in them comes from the answer.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping

import httpx

from core.engine.reply import Reply
from core.errors import RateLimitedError, SettingsError
from core.message import Message, _, plural

__all__ = ["check_headers", "no_connection", "rate_limited", "unreadable"]

_MINUTES_FROM = 120
"""Seconds from which a wait is said in minutes, whole or not."""


def check_headers(headers: Mapping[str, str], service: Message) -> None:
    """Refuse what no header can carry before the library does, which would show the value or fail oddly.

    Raises:
        SettingsError: one of the values is not printable ASCII.
    """
    for name, value in headers.items():
        if not value.isascii() or not value.isprintable():
            raise SettingsError(
                _(
                    "The {header} header for {service} holds characters that can't be sent. Check the"
                    " settings and credentials.",
                    header=name,
                    service=service,
                )
            )


def no_connection(error: httpx.ConnectError, service: Message, setting: Message | str) -> Message:
    """Why there is no connection: the certificate, or anything else."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _(
                "The certificate of {service} can't be verified. Check this machine's date and {setting}.",
                service=service,
                setting=setting,
            )
        cause = cause.__cause__ or cause.__context__
    return _(
        "{service} can't be reached. Check the network of this machine and {setting}.",
        service=service,
        setting=setting,
    )


def rate_limited(service: Message, seconds: float) -> RateLimitedError:
    """The other system said no; `seconds` is how long to ask for nothing.

    People read it in minutes when it is a whole number of them, or two and more.
    """
    count = max(1, round(seconds))
    if count % 60 and count < _MINUTES_FROM:
        said = plural(
            "{service} limits our requests; nothing is asked for about {count} second.",
            "{service} limits our requests; nothing is asked for about {count} seconds.",
            count,
            service=service,
        )
    else:
        said = plural(
            "{service} limits our requests; nothing is asked for about {count} minute.",
            "{service} limits our requests; nothing is asked for about {count} minutes.",
            round(count / 60),
            service=service,
        )
    return RateLimitedError(said, seconds)


def unreadable(reply: Reply, service: Message, setting: Message | str) -> Message:
    """What is wrong with a success that is no JSON."""
    if reply.is_web_page:
        return _(
            "{service} answered with a web page instead of data. Check {setting}, and whether this"
            " network asks for a sign-in of its own.",
            service=service,
            setting=setting,
        )
    if reply.was_cut:
        return _("The answer of {service} was cut short. Try again.", service=service)
    return _("The answer of {service} can't be read: it is not JSON.", service=service)
