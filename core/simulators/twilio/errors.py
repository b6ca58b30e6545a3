"""How Twilio says no: at once in the answer, or later by a status callback (whatsapp.md B3)."""

from __future__ import annotations

from typing import Any

__all__ = ["FAILURES", "UNDELIVERED", "TwilioError", "refused"]

_REFUSALS: dict[int, tuple[int, str]] = {
    20001: (400, "Bad request: {detail}"),
    20003: (401, "Authenticate"),
    20404: (404, "The requested resource {path} was not found"),
    20409: (409, "The message is {status} and can’t be canceled any more"),
    20429: (429, "Too Many Requests"),
    21201: (400, "No 'To' number is specified"),
    21211: (400, "Invalid 'To' Phone Number: {to}"),
    21603: (400, "A 'From' phone number is required."),
    21606: (
        400,
        "The 'From' phone number provided ({sender}) is not a valid message-capable Twilio phone number.",
    ),
    21609: (400, "The StatusCallback URL {url} is not a valid URL."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21611: (400, "This 'From' number has exceeded the maximum number of queued messages"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    21619: (400, "A text message body or media urls must be specified."),
    21620: (400, "Invalid media URL(s)"),
    21623: (400, "Number of media files exceeds allowed limit."),
    21655: (400, "The ContentSid is Invalid"),
    21656: (400, "The ContentVariables Parameter is invalid"),
    21658: (400, "The length of a parameter or variable exceeds the limit: {name}"),
    21701: (400, "The Messaging Service does not exist."),
    21712: (400, "The Messaging Service contains no senders."),
    35115: (400, "The SendAt time must be more than 5 minutes and at most 35 days in the future"),
    35118: (400, "MessagingServiceSid is required to schedule a message"),
    63007: (400, "Twilio could not find a Channel with the specified From address"),
    63030: (400, "Unsupported parameter for type of channels message: {name}"),
    63038: (429, "Account exceeded the daily messages limit"),
}
"""The HTTP status and the words of each refusal."""

FAILURES: dict[int, str] = {
    30007: "Message filtered",
    30036: "Validity Period Expired",
    63005: "Channel did not accept given content",
    63014: "Channel user has blocked the sender or withdrawn consent",
    63015: "Channel Sandbox can only send messages to phone numbers that have joined the Sandbox",
    63016: "Failed to send freeform message because you are outside the allowed window",
    63018: "Rate limit exceeded for Channel",
    63019: "Media failed to download",
    63021: "Channel invalid content error",
    63024: "Invalid message recipient",
}
"""The words of the failures that come after a 201."""

UNDELIVERED = frozenset({30007, 63014, 63024})
"""Failures whose status is `undelivered`, as the channel had taken the message; of others it is `failed`."""


class TwilioError(Exception):
    """A call that was refused: Twilio's code, the words and the HTTP status."""

    def __init__(self, code: int, message: str, status: int, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.retry_after = retry_after

    @property
    def body(self) -> dict[str, Any]:
        """The answer in JSON."""
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }


def refused(code: int, retry_after: int | None = None, **names: str) -> TwilioError:
    """The refusal with this code; one that isn't known here is a 400."""
    status, words = _REFUSALS.get(code, (400, FAILURES.get(code, "Refused")))
    for name, value in names.items():
        words = words.replace(f"{{{name}}}", value)
    return TwilioError(code, words, status, retry_after)
