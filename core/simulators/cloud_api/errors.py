"""How the Cloud API says no: at once in the answer, or later in a status (whatsapp.md C3)."""

from __future__ import annotations

from core.simulators.noise import hexadecimal
from core.simulators.whatsapp.model import Json

__all__ = ["CloudError", "refused", "title_of", "unknown_object"]

_TITLES: dict[int, tuple[int, str]] = {
    0: (401, "AuthException"),
    3: (500, "API Method"),
    4: (400, "API Too Many Calls"),
    10: (403, "Permission Denied"),
    100: (400, "Invalid parameter"),
    190: (401, "Access token has expired"),
    200: (403, "Permissions error"),
    368: (403, "Temporarily blocked for policies violations"),
    80007: (400, "Rate limit issues"),
    130429: (400, "Rate limit hit"),
    130472: (400, "User's number is part of an experiment"),
    131000: (500, "Something went wrong"),
    131008: (400, "Required parameter is missing"),
    131009: (400, "Parameter value is not valid"),
    131016: (500, "Service unavailable"),
    131021: (400, "Recipient cannot be sender"),
    131026: (400, "Message undeliverable"),
    131030: (400, "Recipient phone number not in allowed list"),
    131031: (403, "Business account has been locked"),
    131047: (400, "Re-engagement message"),
    131048: (400, "Spam rate limit hit"),
    131049: (400, "Message not delivered to maintain healthy ecosystem engagement"),
    131050: (400, "User has stopped marketing messages"),
    131051: (400, "Message type unknown"),
    131052: (400, "Media download error"),
    131053: (400, "Media upload error"),
    131056: (400, "Pair rate limit hit"),
    132000: (400, "Number of parameters does not match the expected number of params"),
    132001: (404, "Template name does not exist in the translation"),
    132005: (400, "Translated text too long"),
    132007: (400, "Template format character policy violated"),
    132012: (400, "Parameter format does not match format in the created template"),
    132015: (400, "Template is paused"),
    132016: (400, "Template is disabled"),
}
"""The HTTP status and the title of each; the status of a limit is a 400 as well, so that only codes tell."""


class CloudError(Exception):
    """A call that was refused: Meta's code, its title, the details and the HTTP status."""

    def __init__(
        self, code: int, title: str, details: str = "", *, status: int = 400, subcode: int = 0
    ) -> None:
        super().__init__(title)
        self.code = code
        self.title = title
        self.details = details
        self.status = status
        self.subcode = subcode

    def body(self, *key: object) -> Json:
        """The answer in JSON; the trace belongs to `key`."""
        error: Json = {
            "message": f"(#{self.code}) {self.title}",
            "type": "OAuthException",
            "code": self.code,
        }
        if self.subcode:
            error["error_subcode"] = self.subcode
        if self.details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        return {"error": error | {"fbtrace_id": "A" + hexadecimal(22, "trace", *key)}}


def refused(code: int, details: str = "") -> CloudError:
    """The refusal with this code; one that isn't known here is a 400."""
    status, title = _TITLES.get(code, (400, "Refused"))
    return CloudError(code, title, details, status=status)


def title_of(code: int) -> str:
    """What a failure with this code is called."""
    return _TITLES.get(code, (400, "Refused"))[1]


def unknown_object(name: str) -> CloudError:
    """The refusal where the address names nothing that this token may see."""
    details = f"Object with ID '{name}' does not exist, or cannot be loaded due to missing permissions"
    return CloudError(100, "Unsupported request", details, subcode=33)
