"""What becomes of an accepted message: put off, its file fetched, sent, delivered, read, or failed."""

from __future__ import annotations

from dataclasses import replace

import httpx

from core.simulators.courier import Errand
from core.simulators.twilio.callbacks import StatusCallbacks
from core.simulators.twilio.content import Filled
from core.simulators.twilio.content_rules import TEMPLATE_BUTTONS, TEMPLATE_TITLE
from core.simulators.twilio.desk import Desk
from core.simulators.twilio.errors import FAILURES, UNDELIVERED
from core.simulators.twilio.fetching import FetchError, fetch
from core.simulators.twilio.records import Direction, Record
from core.simulators.twilio.sending import Draft
from core.simulators.whatsapp import limits
from core.simulators.whatsapp.model import Content, Message, Phone

__all__ = ["Delivery"]

_CAPTIONED = ("image", "video")


class Delivery:
    """Takes messages on and brings them to their phones, under the world's lock."""

    def __init__(self, desk: Desk, callbacks: StatusCallbacks) -> None:
        self._desk = desk
        self._callbacks = callbacks

    def accept(self, draft: Draft, direction: Direction = "outbound-api") -> Record:
        """Take a message on, in its first state, of which no callback tells."""
        desk = self._desk
        now = desk.world.time.now()
        status = "scheduled" if draft.send_at else "accepted" if draft.service else "queued"
        return desk.records.open(
            Record(
                sid=desk.records.next_sid("MM" if draft.media_url else "SM"),
                sender=draft.sender,
                user=draft.user,
                body=draft.body,
                status=status,
                direction=direction,
                created=now,
                updated=now,
                service=draft.service,
                callback=draft.callback,
                structured=draft.filled is not None,
            )
        )

    def start(self, record: Record, draft: Draft, failing: int = 0) -> None:
        """Go on with a message that was taken on: now, or when its moment has come.

        `failing` is the code with which it then fails.
        """
        if draft.send_at is not None:
            self._desk.courier.send(f"later {record.sid}", self._later(record, draft, failing))
        else:
            self._begin(record, draft, failing)

    def _later(self, record: Record, draft: Draft, failing: int) -> Errand:
        async def errand(_client: httpx.AsyncClient) -> float | None:
            world = self._desk.world
            assert draft.send_at is not None
            with world.lock:
                left = (draft.send_at - world.time.now()).total_seconds()
                if left > 0:
                    return left
                if record.status == "scheduled":
                    self._begin(record, draft, failing)
            return None

        return errand

    def _begin(self, record: Record, draft: Draft, failing: int) -> None:
        if record.status != "queued":
            self._move(record, "queued")
        if not draft.media_url:
            self._go(record, draft, failing)
            return

        async def errand(client: httpx.AsyncClient) -> None:
            await self._fetched(client, record, draft, failing)

        self._desk.courier.send(f"to {draft.user}", errand)

    async def _fetched(self, client: httpx.AsyncClient, record: Record, draft: Draft, failing: int) -> None:
        """Fetch the file and go on."""
        desk = self._desk
        try:
            media = await fetch(desk.courier, client, draft.media_url)
        except FetchError as error:
            with desk.world.lock:
                self._fail(record, self._message(record, draft), failing or error.code, str(error))
            return
        with desk.world.lock:
            desk.records.keep_media(record, media)
            # Twilio has no caption for documents and sounds: their words don't reach the phone.
            words = draft.content.text if media.kind in _CAPTIONED else ""
            content = replace(draft.content, text=words, media=media)
            self._go(record, replace(draft, content=content), failing)

    def _go(self, record: Record, draft: Draft, failing: int) -> None:
        message = self._message(record, draft)
        code = failing or self._obstacle(draft)
        if code:
            self._fail(record, message, code)
            return
        record.message = message
        self._move(record, "sent")
        self._desk.world.show(message)

    def _message(self, record: Record, draft: Draft) -> Message:
        world = self._desk.world
        phone = world.phones.get(draft.user) or Phone(draft.user, f"+{draft.user}", installed=False)
        return Message(record.sid, draft.sender, phone, own=True, content=draft.content, at=world.time.now())

    def _obstacle(self, draft: Draft) -> int:
        """The code of what keeps a message from its phone; 0 without any."""
        desk = self._desk
        if draft.sender == desk.account.sandbox:
            if not desk.consent.joined(draft.user):
                return 63015
            if not desk.rates.admit_sandboxed():
                return 63018
        match desk.world.barrier(draft.sender, draft.user):
            case "absent":
                return 63024
            case "blocked":
                return 63014
            case None:
                pass
        opens = draft.filled is not None and draft.filled.approved
        if not opens and desk.world.window_left(draft.sender, draft.user) <= 0:
            return 63016
        return 63021 if _too_much(draft) else 0

    def arrived(self, message: Message) -> None:
        """A message is on its phone."""
        self._moved(message, "delivered")

    def seen(self, message: Message) -> None:
        """A message was read."""
        self._moved(message, "read")

    def _moved(self, message: Message, status: str) -> None:
        record = self._desk.records.known(message.id)
        if record is not None:
            self._move(record, status)

    def _move(self, record: Record, status: str) -> None:
        self._desk.records.move(record, status)
        self._callbacks.tell(record)

    def _fail(self, record: Record, message: Message, code: int, why: str = "") -> None:
        record.error = code
        record.error_message = why or FAILURES.get(code, "The message failed")
        self._move(record, "undelivered" if code in UNDELIVERED else "failed")
        self._desk.world.lose(message, f"{code}, {record.error_message}")


def _too_much(draft: Draft) -> bool:
    """Whether WhatsApp doesn't accept what a template has become: variables may make anything too long."""
    filled = draft.filled
    if filled is None:
        return False
    if len(filled.content.text) > limits.BODY:
        return True
    if filled.approved and any("\n" in value for value in filled.values):
        return True
    choices = filled.content.choices
    if len({choice.id for choice in choices}) < len(choices):
        return True
    return not (_are_rows(filled.content) if filled.content.menu else _are_buttons(filled))


def _are_rows(content: Content) -> bool:
    return len(content.menu) <= limits.LIST_LABEL and all(
        0 < len(row.title) <= limits.ROW_TITLE
        and 0 < len(row.id) <= limits.ROW_ID
        and len(row.description) <= limits.ROW_DESCRIPTION
        for row in content.choices
    )


def _are_buttons(filled: Filled) -> bool:
    """Whether they are as few and as short as they must be; a template that was approved may have more."""
    most = TEMPLATE_BUTTONS if filled.approved else limits.BUTTONS
    longest = TEMPLATE_TITLE if filled.approved else limits.BUTTON_TITLE
    choices = filled.content.choices
    return len(choices) <= most and all(
        0 < len(button.title) <= longest and len(button.id) <= limits.BUTTON_ID for button in choices
    )
