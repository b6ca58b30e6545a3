"""Twilio's error codes, by what is to be done (whatsapp.md B3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from core.engine.reply import Reply
from core.engine.retries import retry_after
from core.message import _
from core.notify.channels.failures import DeliveryError
from core.relay.whatsapp.failing import Cause, cause_of_status, delivery_error, document_of, quoted

__all__ = ["CAUSES", "CLOSED_WINDOW", "SERVICE", "failure_of_code", "failure_of_reply"]

SERVICE = _("Twilio")

_PAUSES = {63038: 3_600.0}
_PAUSE = 5.0
"""Seconds to send nothing where Twilio doesn't say how long: at the day's cap, and after a burst."""

CLOSED_WINDOW = "63016"
"""Free text to somebody who hasn’t written for 24 hours."""

CAUSES: Mapping[int, Cause] = MappingProxyType(
    {
        20003: Cause.ACCOUNT,
        20404: Cause.ACCOUNT,
        20429: Cause.WAIT_ALL,
        14107: Cause.WAIT,
        21201: Cause.STOPPED,
        21211: Cause.STOPPED,
        21603: Cause.ACCOUNT,
        21606: Cause.ACCOUNT,
        21712: Cause.ACCOUNT,
        21610: Cause.STOPPED,
        21611: Cause.WAIT_ALL,
        21617: Cause.REFUSED,
        21658: Cause.REFUSED,
        30001: Cause.RETRY,
        30007: Cause.REFUSED,
        30036: Cause.RETRY,
        35115: Cause.REFUSED,
        63005: Cause.REFUSED,
        63007: Cause.ACCOUNT,
        63014: Cause.STOPPED,
        63016: Cause.WINDOW,
        63017: Cause.WAIT_ALL,
        63018: Cause.WAIT_ALL,
        63021: Cause.REFUSED,
        63030: Cause.REFUSED,
        63038: Cause.WAIT_ALL,
    }
)


def failure_of_reply(reply: Reply, now: datetime) -> DeliveryError:
    """What an answer that is no success means; a gateway's page instead of JSON will do."""
    said = document_of(reply)
    code, text = said.get("code"), quoted(said.get("message"))
    number = code if isinstance(code, int) else 0
    cause = CAUSES.get(number) or cause_of_status(reply.status)
    stated = retry_after(reply.headers.get("retry-after"), now)
    wait = stated if stated is not None else _PAUSES.get(number, _PAUSE)
    message = _("Twilio answered {code}: {text}", code=str(number or reply.status), text=text)
    if cause is Cause.ACCOUNT:
        message = _(
            "Twilio does not let this account send ({code}): {text} Check TWILIO_ACCOUNT_SID,"
            " TWILIO_AUTH_TOKEN and TWILIO_WHATSAPP_NUMBER.",
            code=str(number or reply.status),
            text=text,
        )
    return delivery_error(cause, message, wait)


def failure_of_code(code: str) -> DeliveryError:
    """What the code in a report of failure means: the message was taken, and did not arrive."""
    number = int(code) if code.isascii() and code.isdecimal() else 0
    message = _("WhatsApp did not deliver it: Twilio reports {code}.", code=code or "?")
    return delivery_error(CAUSES.get(number, Cause.REFUSED), message, _PAUSES.get(number, _PAUSE))
