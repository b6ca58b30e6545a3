"""What becomes of an accepted message: its file fetched, sent, delivered, read, or failed."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import httpx

from core.simulators.cloud_api.bodies import status_body
from core.simulators.cloud_api.errors import CloudError, refused, title_of
from core.simulators.cloud_api.fetching import fetch
from core.simulators.cloud_api.sending import Draft
from core.simulators.cloud_api.webhooks import Webhooks
from core.simulators.courier import Courier
from core.simulators.whatsapp.model import Json, Message, Phone
from core.simulators.whatsapp.world import World

__all__ = ["Delivery"]

_OUTSIDE: Final = "More than 24 hours have passed since the recipient last replied to the sender number"


class Delivery:
    """Brings messages to their phones and tells their states, under the world's lock.

    The next `duplicate` states are told twice, and the next `disorder` after the one that follows them.
    `early` says that what keeps a message from its phone is told in the answer already, not by a state:
    errors come either way.
    """

    def __init__(self, world: World, courier: Courier, webhooks: Webhooks, sender: str) -> None:
        self.duplicate = 0
        self.disorder = 0
        self.early = False
        self._world = world
        self._courier = courier
        self._webhooks = webhooks
        self._sender = sender
        self._categories: dict[str, str] = {}
        self._late: dict[str, Json] = {}

    def check(self, draft: Draft) -> None:
        """Whether what keeps a message from its phone is told at once.

        Raises:
            CloudError: it is.
        """
        if self.early and (code := self._obstacle(draft)):
            raise refused(code, _OUTSIDE if code == 131047 else "")

    def start(self, message_id: str, draft: Draft, failing: int = 0) -> None:
        """Go on with a message that was taken on; `failing` is the code with which it fails."""
        self._categories[message_id] = draft.template.category.lower() if draft.template else "service"
        if not draft.link:
            self._go(message_id, draft, failing)
            return

        async def errand(client: httpx.AsyncClient) -> None:
            try:
                media = await fetch(self._courier, client, draft)
            except CloudError as error:
                with self._world.lock:
                    self._fail(self._message(message_id, draft), failing or error.code, error.details)
                return
            with self._world.lock:
                content = replace(draft.content, media=media)
                self._go(message_id, replace(draft, content=content), failing)

        self._courier.send(f"to {draft.user}", errand)

    def _go(self, message_id: str, draft: Draft, failing: int) -> None:
        message = self._message(message_id, draft)
        code = failing or self._obstacle(draft)
        if code:
            self._fail(message, code, _OUTSIDE if code == 131047 else "")
            return
        self._tell(message, "sent")
        self._world.show(message)

    def _message(self, message_id: str, draft: Draft) -> Message:
        world = self._world
        phone = world.phones.get(draft.user) or Phone(draft.user, f"+{draft.user}", installed=False)
        answered = next((each for each in world.messages(draft.user) if each.id == draft.reply_to), None)
        return Message(
            message_id,
            self._sender,
            phone,
            own=True,
            content=draft.content,
            at=world.time.now(),
            reply_to=answered,
        )

    def _obstacle(self, draft: Draft) -> int:
        """The code of what keeps a message from its phone; 0 without any."""
        if self._world.barrier(self._sender, draft.user) is not None:
            return 131026
        if draft.template is None and self._world.window_left(self._sender, draft.user) <= 0:
            return 131047
        return 0

    def arrived(self, message: Message) -> None:
        """A message is on its phone."""
        self._tell(message, "delivered")

    def seen(self, message: Message) -> None:
        """A message was read."""
        self._tell(message, "read")

    def _tell(self, message: Message, status: str) -> None:
        category = self._categories.get(message.id, "service")
        body = status_body(message, status, self._world.time.seconds(), category=category)
        if status == "sent" and self.disorder > 0:
            self.disorder -= 1
            self._late[message.id] = body
            return
        self._post(body)
        if (late := self._late.pop(message.id, None)) is not None:
            self._post(late)

    def _post(self, body: Json) -> None:
        for _ in range(2 if self.duplicate > 0 else 1):
            self._webhooks.tell_status(body)
        self.duplicate = max(self.duplicate - 1, 0)

    def _fail(self, message: Message, code: int, details: str) -> None:
        self._post(status_body(message, "failed", self._world.time.seconds(), failure=(code, details)))
        self._world.lose(message, f"{code}, {title_of(code)}")
