"""The Cloud API's error codes, by what is to be done (whatsapp.md C3). Its titles change, its codes don't."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from core.engine.reply import Reply
from core.engine.retries import retry_after
from core.json_fields import as_object
from core.message import _
from core.notify.channels.failures import DeliveryError
from core.relay.whatsapp.failing import Cause, cause_of_status, delivery_error, document_of, quoted

__all__ = ["CAUSES", "CLOSED_WINDOW", "SERVICE", "failure_of_code", "failure_of_reply"]

SERVICE = _("WhatsApp’s Cloud API")

_PAUSES = {4: 60.0, 80007: 60.0, 131056: 6.0}
_PAUSE = 2.0
"""Seconds to send nothing where the answer doesn't say how long; one message in six to one user (C3)."""

CLOSED_WINDOW = "131047"
"""Free text to somebody who hasn’t written for 24 hours."""

CAUSES: Mapping[int, Cause] = MappingProxyType(
    {
        0: Cause.ACCOUNT,
        3: Cause.ACCOUNT,
        10: Cause.ACCOUNT,
        190: Cause.ACCOUNT,
        **dict.fromkeys(range(200, 300), Cause.ACCOUNT),
        4: Cause.WAIT_ALL,
        368: Cause.ACCOUNT,
        80007: Cause.WAIT_ALL,
        130429: Cause.WAIT_ALL,
        130472: Cause.WINDOW,
        131000: Cause.RETRY,
        131008: Cause.REFUSED,
        131009: Cause.REFUSED,
        131016: Cause.RETRY,
        131021: Cause.STOPPED,
        131026: Cause.STOPPED,
        131030: Cause.STOPPED,
        131031: Cause.ACCOUNT,
        131047: Cause.WINDOW,
        131048: Cause.ACCOUNT,
        131049: Cause.WINDOW,
        131050: Cause.STOPPED,
        131051: Cause.REFUSED,
        131052: Cause.RETRY,
        131053: Cause.REFUSED,
        131056: Cause.WAIT,
        132000: Cause.REFUSED,
        132001: Cause.REFUSED,
        132005: Cause.REFUSED,
        132007: Cause.REFUSED,
        132012: Cause.REFUSED,
        132015: Cause.REFUSED,
        132016: Cause.REFUSED,
    }
)


def failure_of_reply(reply: Reply, now: datetime) -> DeliveryError:
    """What an answer that is no success means; a gateway's page instead of JSON will do."""
    error = as_object(document_of(reply).get("error"))
    code = error.get("code")
    details = quoted(as_object(error.get("error_data")).get("details")) or quoted(error.get("message"))
    number = code if isinstance(code, int) else -1
    cause = CAUSES.get(number) or cause_of_status(reply.status)
    stated = retry_after(reply.headers.get("retry-after"), now)
    wait = stated if stated is not None else _PAUSES.get(number, _PAUSE)
    shown = str(number if number >= 0 else reply.status)
    message = _("WhatsApp answered {code}: {text}", code=shown, text=details)
    if cause is Cause.ACCOUNT:
        message = _(
            "WhatsApp does not let this account send ({code}): {text} Check WHATSAPP_BUSINESS_ACCESS_TOKEN"
            " and WHATSAPP_BUSINESS_PHONE_ID.",
            code=shown,
            text=details,
        )
    return delivery_error(cause, message, wait)


def failure_of_code(code: str) -> DeliveryError:
    """What the code in a report of failure means: the message was taken, and did not arrive."""
    number = int(code) if code.isascii() and code.isdecimal() else -1
    message = _("WhatsApp did not deliver it and reports {code}.", code=code or "?")
    return delivery_error(CAUSES.get(number, Cause.REFUSED), message, _PAUSES.get(number, _PAUSE))
