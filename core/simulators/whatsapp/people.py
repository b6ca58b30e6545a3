"""What people do on their phones: write, choose, send files, read, block, go offline."""

from __future__ import annotations

from collections.abc import Callable

from core.simulators.whatsapp.model import Choice, Content, MediaKind, Message, Phone, Place
from core.simulators.whatsapp.samples import sample
from core.simulators.whatsapp.world import World

__all__ = ["People"]


class People:
    """The owners of the phones. A number is its digits, with the code of its country; `to` is the business
    number that they write to, the simulator's `sender` unless another is named."""

    def __init__(self, world: World, sender: str, next_id: Callable[[bool], str]) -> None:
        self.sender = sender
        self._world = world
        self._next_id = next_id

    def add(
        self,
        number: str | int,
        name: str,
        language: str = "en",
        *,
        installed: bool = True,
        online: bool = True,
        receipts: bool = True,
    ) -> Phone:
        """Someone with a phone.

        Raises:
            ValueError: the number has other characters than digits, or too many of them.
        """
        digits = str(number).removeprefix("+")
        if not digits.isdecimal() or not 7 <= len(digits) <= 15:
            raise ValueError(f"{number} is no telephone number in digits, with its country's code.")
        phone = Phone(digits, name, language, installed, online, receipts)
        with self._world.lock:
            self._world.phones[digits] = phone
        return phone

    def write(self, user: str | int, text: str, *, to: str = "", reply_to: Message | None = None) -> Message:
        """Someone says something.

        Raises:
            ValueError: there is no such phone.
        """
        return self._say(user, Content(text), to, reply_to)

    def send(
        self,
        user: str | int,
        kind: MediaKind,
        name: str = "",
        caption: str = "",
        *,
        content: bytes | None = None,
        mime: str = "",
        to: str = "",
    ) -> Message:
        """Someone sends a file; without `content` a small one of its kind.

        Raises:
            ValueError: there is no such phone.
        """
        return self._say(user, Content(caption, media=sample(kind, name, mime, content)), to, None)

    def share(
        self,
        user: str | int,
        latitude: float,
        longitude: float,
        label: str = "",
        address: str = "",
        *,
        to: str = "",
    ) -> Message:
        """Someone says where they are.

        Raises:
            ValueError: there is no such phone.
        """
        return self._say(user, Content(place=Place(latitude, longitude, label, address)), to, None)

    def press(self, user: str | int, which: str | int) -> Message:
        """Choose a button or a row: the newest with this label or, without one, the newest that has it in its
        own; or, by a number, the one at this position, from 1, of the newest message that offers any.

        Raises:
            ValueError: there is no such phone, or nothing like that to choose.
        """
        with self._world.lock:
            found = self._find(user, which)
            if found is None:
                raise ValueError(f"No message on phone {user} offers {which!r}.")
            return self._choose(*found)

    def press_data(self, user: str | int, data: str, title: str = "") -> Message:
        """A client that forges: it chooses `data` of the business's newest message, whatever that offers.

        Raises:
            ValueError: there is no such phone, or no message on it.
        """
        with self._world.lock:
            phone = self._world.phone(user)
            for message in reversed(self._world.messages(phone.number)):
                if message.own:
                    return self._choose(message, Choice(data, title or data))
        raise ValueError(f"There is no message on phone {user}.")

    def has_button(self, user: str | int, which: str | int) -> bool:
        """Whether there is something with this label, or at this position, to be chosen."""
        with self._world.lock:
            return self._find(user, which) is not None

    def read(self, user: str | int) -> None:
        """Someone reads what has come."""
        with self._world.lock:
            self._world.read(self._world.phone(user).number)

    def block(self, user: str | int, sender: str = "") -> None:
        """Someone wants nothing of a business number any more."""
        with self._world.lock:
            self._world.phone(user).blocked.add(sender or self.sender)

    def unblock(self, user: str | int, sender: str = "") -> None:
        """Someone takes that back."""
        with self._world.lock:
            self._world.phone(user).blocked.discard(sender or self.sender)

    def set_online(self, user: str | int, online: bool) -> None:
        """A phone leaves the network, or is back and gets what was held for it."""
        with self._world.lock:
            phone = self._world.phone(user)
            phone.online = online
            if online:
                self._world.release(phone)

    def _choose(self, message: Message, choice: Choice) -> Message:
        phone = message.phone
        return self._say(phone.number, Content(choice.title), message.sender, message, choice)

    def _say(
        self,
        user: str | int,
        content: Content,
        to: str,
        reply_to: Message | None,
        choice: Choice | None = None,
    ) -> Message:
        world = self._world
        with world.lock:
            message = Message(
                id=self._next_id(content.media is not None),
                sender=to or self.sender,
                phone=world.phone(user),
                own=False,
                content=content,
                at=world.time.now(),
                reply_to=reply_to,
                choice=choice,
            )
            world.hear(message)
        return message

    def _find(self, user: str | int, which: str | int) -> tuple[Message, Choice] | None:
        number = self._world.phone(user).number
        offers = [each for each in reversed(self._world.messages(number)) if each.content.choices]
        if isinstance(which, int):
            choices = offers[0].content.choices if offers else ()
            return (offers[0], choices[which - 1]) if 1 <= which <= len(choices) else None
        found = [(message, choice) for message in offers for choice in message.content.choices]
        wanted = which.strip().casefold()
        exact = (pair for pair in found if pair[1].title == which)
        alike = (pair for pair in found if wanted in pair[1].title.casefold())
        return next(exact, None) or next(alike, None)
