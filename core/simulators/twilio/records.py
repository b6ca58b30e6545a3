"""The Messages resource: what Twilio keeps of each message, and how it shows it (whatsapp.md B3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Final, Literal, TypeAlias

from core.simulators.noise import hexadecimal
from core.simulators.simulated_time import SimulatedTime
from core.simulators.twilio.errors import refused
from core.simulators.whatsapp.model import Json, Media, Message

__all__ = ["API_VERSION", "FINAL", "Direction", "Record", "Records", "StoredMedia", "address"]

API_VERSION = "2010-04-01"
Direction: TypeAlias = Literal["inbound", "outbound-api", "outbound-reply"]
FINAL: Final = frozenset({"delivered", "read", "failed", "undelivered", "canceled", "received"})
_SEGMENT = 160


def address(digits: str) -> str:
    """A number as WhatsApp addresses are written."""
    return f"whatsapp:+{digits}"


@dataclass(slots=True)
class StoredMedia:
    """A file of a message, under its `ME…` id; `key` opens it where redirects lead."""

    sid: str
    key: str
    media: Media


@dataclass(slots=True)
class Record:
    """A message as the account sees it. `callback` is where its states are told."""

    sid: str
    sender: str
    user: str
    body: str
    status: str
    direction: Direction
    created: datetime
    updated: datetime
    service: str = ""
    sent: datetime | None = None
    error: int | None = None
    error_message: str | None = None
    callback: str = ""
    structured: bool = False
    media: list[StoredMedia] = field(default_factory=list[StoredMedia])
    message: Message | None = None

    def shown(self, account: str) -> Json:
        """It in JSON."""
        inbound = self.direction == "inbound"
        to, sender = (self.sender, self.user) if inbound else (self.user, self.sender)
        uri = f"/{API_VERSION}/Accounts/{account}/Messages/{self.sid}"
        return {
            "sid": self.sid,
            "account_sid": account,
            "to": address(to),
            "from": address(sender) if sender else None,
            "messaging_service_sid": self.service or None,
            "body": self.body,
            "status": self.status,
            "num_segments": str(max(1, -(-len(self.body) // _SEGMENT)) if self.body else 0),
            "num_media": str(len(self.media)),
            "direction": self.direction,
            "api_version": API_VERSION,
            "price": None,
            "price_unit": "USD",
            "error_code": self.error,
            "error_message": self.error_message,
            "date_created": _date(self.created),
            "date_updated": _date(self.updated),
            "date_sent": _date(self.sent) if self.sent else None,
            "uri": f"{uri}.json",
            "subresource_uris": {"media": f"{uri}/Media.json"},
        }

    def shown_media(self, stored: StoredMedia, account: str) -> Json:
        """A file of it in JSON."""
        uri = f"/{API_VERSION}/Accounts/{account}/Messages/{self.sid}/Media/{stored.sid}.json"
        return {
            "sid": stored.sid,
            "account_sid": account,
            "parent_sid": self.sid,
            "content_type": stored.media.mime,
            "date_created": _date(self.created),
            "date_updated": _date(self.updated),
            "uri": uri,
        }


def _date(moment: datetime) -> str:
    return format_datetime(moment.replace(microsecond=0))


class Records:
    """All messages, by their ids."""

    def __init__(self, time: SimulatedTime, seed: int) -> None:
        self._time = time
        self._seed = seed
        self._records: dict[str, Record] = {}
        self._made = 0

    def next_sid(self, prefix: str) -> str:
        """An id that nothing has: the prefix and 32 hex digits."""
        self._made += 1
        return prefix + hexadecimal(32, self._seed, prefix, self._made)

    def open(self, record: Record) -> Record:
        """Keep a new one."""
        self._records[record.sid] = record
        return record

    def find(self, sid: str, path: str = "") -> Record:
        """The one with this id.

        Raises:
            TwilioError: 404, code 20404.
        """
        record = self._records.get(sid)
        if record is None:
            raise refused(20404, path=path)
        return record

    def known(self, sid: str) -> Record | None:
        """The one with this id, if it is still there."""
        return self._records.get(sid)

    def newest_first(self) -> Sequence[Record]:
        return list(reversed(self._records.values()))

    def remove(self, record: Record) -> None:
        del self._records[record.sid]

    def keep_media(self, record: Record, media: Media) -> StoredMedia:
        """Store a file of a message."""
        sid = self.next_sid("ME")
        stored = StoredMedia(sid, hexadecimal(40, self._seed, "storage", sid), media)
        record.media.append(stored)
        return stored

    def media_by_key(self, key: str) -> Media | None:
        """The file behind the address of the storage."""
        for record in self._records.values():
            for stored in record.media:
                if stored.key == key:
                    return stored.media
        return None

    def move(self, record: Record, status: str) -> None:
        """A message is in another state now."""
        record.status = status
        record.updated = self._time.now()
        if status == "sent":
            record.sent = self._time.now()
