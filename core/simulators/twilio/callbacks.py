"""Telling what became of a message, by status callbacks (whatsapp.md B5)."""

from __future__ import annotations

from core.simulators.noise import hexadecimal
from core.simulators.twilio.desk import Desk
from core.simulators.twilio.errors import UNDELIVERED
from core.simulators.twilio.records import API_VERSION, Record, address
from core.simulators.twilio.webhooks import Parameters

__all__ = ["StatusCallbacks"]

_EVENTS = {"delivered": "DELIVERED", "read": "READ", "undelivered": "UNDELIVERED"}
_MASKED = 4


class StatusCallbacks:
    """Posts a form for each change of a message's state. The next `duplicate` of them are posted twice, and
    the next `disorder` come after the one that follows them."""

    def __init__(self, desk: Desk) -> None:
        self.duplicate = 0
        self.disorder = 0
        self._desk = desk
        self._late: dict[str, tuple[str, Parameters]] = {}

    def tell(self, record: Record) -> None:
        """A message is in the state that its record shows."""
        url = record.callback or self._desk.status_callback
        if not url:
            return
        form = self._form(record)
        if self.disorder > 0 and record.status in ("queued", "sent") and record.sid not in self._late:
            self.disorder -= 1
            self._late[record.sid] = (url, form)
            return
        self._post(record.sid, url, form)
        if (late := self._late.pop(record.sid, None)) is not None:
            self._post(record.sid, *late)

    def _post(self, sid: str, url: str, form: Parameters) -> None:
        for _ in range(2 if self.duplicate > 0 else 1):
            self._desk.webhooks.call(f"states of {sid}", url, form)
        self.duplicate = max(self.duplicate - 1, 0)

    def _form(self, record: Record) -> Parameters:
        account = self._desk.account.sid
        form = {
            "MessageSid": record.sid,
            "SmsSid": record.sid,
            "AccountSid": account,
            "MessageStatus": record.status,
            "SmsStatus": record.status,
            "To": address(record.user),
            "From": address(record.sender),
            "ApiVersion": API_VERSION,
            "ChannelPrefix": "whatsapp",
            "ChannelToAddress": f"+{record.user[:-_MASKED]}{'X' * _MASKED}",
            "ChannelInstallSid": "XE" + hexadecimal(32, account, "install"),
        }
        if record.service:
            form["MessagingServiceSid"] = record.service
        if record.status == "sent":
            form["StructuredMessage"] = "true" if record.structured else "false"
        if (event := _EVENTS.get(record.status)) is not None:
            form["EventType"] = event
        if record.error is not None:
            form |= {"ErrorCode": str(record.error), "ErrorMessage": record.error_message or ""}
            if record.error in UNDELIVERED:
                form["ChannelStatusMessage"] = record.error_message or ""
        return tuple((form | self._desk.extra).items())
