"""Walking a script: doing on a simulated messenger's phones what it says, and looking at what appears."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from core.simulators.phone.phones import Messenger, Phones, Pressed
from core.simulators.phone.script import Script
from core.simulators.phone.steps import (
    Action,
    Expectation,
    Presses,
    Reads,
    Rest,
    Sends,
    Step,
    Writes,
)
from core.simulators.phone.transcript import Entry, transcript_lines

__all__ = ["BOT_COMES_WITHIN", "Failure", "Transcript", "walk_on"]

BOT_COMES_WITHIN = 300.0
"""Real seconds for which a walk waits for the bot."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An expectation that wasn't met, or something that couldn't be done; `line` is the script's, or 0."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"!! line {self.line}: {self.reason}" if self.line else f"!! {self.reason}"


@dataclass(frozen=True, slots=True)
class Transcript:
    """What happened in the script's chats while it was walked."""

    title: str
    entries: tuple[Entry, ...]
    failures: tuple[Failure, ...]

    @property
    def passed(self) -> bool:
        """Whether everything was as the script says."""
        return not self.failures

    def __str__(self) -> str:
        return "\n".join([*transcript_lines(self.entries), *map(str, self.failures)])


async def walk_on(
    messenger: Messenger,
    phones: Phones,
    script: Script,
    *,
    say: Callable[[str], None] | None = None,
    bot_comes_within: float = BOT_COMES_WITHIN,
) -> Transcript:
    """Do on the `phones` of a messenger what the script says, as soon as a bot has come.

    Each answer may take the script's limit in real seconds, as the one who holds the phone is real. An
    expectation that fails is noted and the walk goes on; it ends where something can't be done. `say` gets
    each line of the transcript as it comes.
    """
    return await _Walk(script, messenger, phones, say or _unsaid).run(bot_comes_within)


def _unsaid(_line: str) -> None:
    pass


class _Walk:
    def __init__(
        self, script: Script, messenger: Messenger, phones: Phones, say: Callable[[str], None]
    ) -> None:
        self._script = script
        self._messenger = messenger
        self._phones = phones
        self._say = say
        self._people = {person.name: person.id for person in script.people}
        self._places = {group.name: group.id for group in script.groups}
        self._failures: list[Failure] = []
        self._first = self._said = self._since = len(messenger.entries)
        self._last: Action | None = None
        self._press: Pressed | None = None

    async def run(self, bot_comes_within: float) -> Transcript:
        if self._script.title:
            self._say(f"# {self._script.title}")
        try:
            self._phones.admit(self._script)
        except ValueError as error:
            self._fail(0, str(error))
        else:
            await self._walk(bot_comes_within)
        self._tell()
        entries = self._shown(self._messenger.entries[self._first :])
        return Transcript(self._script.title, tuple(entries), tuple(self._failures))

    async def _walk(self, bot_comes_within: float) -> None:
        if not await self._until(lambda: self._messenger.connected, bot_comes_within):
            self._fail(0, "no bot has come")
            return
        for step in self._script.steps:
            if not await self._take(step):
                break
        await self._settle()

    def _shown(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """The entries of the script's own chats."""
        chats = {*self._people.values(), *self._places.values()}
        return (entry for entry in entries if entry.chat in chats)

    async def _take(self, step: Step) -> bool:
        """Do one step; false when the walk can't go on."""
        match step:
            case Rest():
                await self._rest(step.seconds)
            case Expectation():
                await self._expect(step)
            case Presses():
                await self._settle()
                return await self._do_press(step)
            case Writes() | Sends() | Reads():
                await self._settle()
                self._begin(step)
                try:
                    self._do(step)
                except ValueError as error:
                    self._fail(step.line, str(error))
                    return False
        self._tell()
        return True

    def _do(self, step: Writes | Sends | Reads) -> None:
        who, chat = self._people[step.who], self._chat(step)
        match step:
            case Writes():
                self._phones.write(who, step.text, chat)
            case Sends():
                self._phones.send(who, step.kind, step.name, step.caption, chat)
            case Reads():
                self._phones.read(who, chat)

    def _begin(self, step: Action) -> None:
        self._last, self._since = step, len(self._messenger.entries)

    async def _do_press(self, step: Presses) -> bool:
        """Press as soon as the button is there."""
        who, chat = self._people[step.who], self._chat(step)
        which = step.label or step.position
        if not await self._until(lambda: self._phones.has_button(who, which, chat), self._script.limit):
            wanted = f"[{step.label}]" if step.label else f"number {step.position}"
            self._fail(step.line, f"there is no button {wanted}")
            return False
        self._tell()
        self._begin(step)
        self._press = self._phones.press(who, which, chat)
        self._tell()
        return True

    async def _settle(self) -> None:
        """Wait until the last press is acknowledged."""
        press, self._press = self._press, None
        if press is not None and not await self._until(lambda: not press.spinning, self._script.limit):
            line = self._last.line if self._last else 0
            self._fail(line, f"[{press.label}] was never acknowledged")

    async def _expect(self, step: Expectation) -> None:
        if step.kind == "nothing":
            if await self._until(lambda: any(self._answers(step)), step.silence):
                self._fail(step.line, "the bot wasn’t silent")
            return
        if not await self._until(lambda: any(map(_matcher(step), self._answers(step))), self._script.limit):
            self._fail(step.line, f"{step} didn’t appear within {self._script.limit:g} s")

    def _answers(self, step: Expectation) -> Iterator[Entry]:
        """What the bot has shown in the chat since the last thing done."""
        for entry in self._messenger.entries_after(self._since, self._chat(step)):
            if entry.own and entry.kind not in ("deleted", "failed"):
                yield entry

    def _chat(self, step: Action | Expectation) -> int:
        if isinstance(step, Expectation) and not step.who and self._last is not None:
            return self._chat(self._last)
        return self._places[step.place] if step.place else self._people[step.who]

    async def _rest(self, seconds: float) -> None:
        """Let the time of the world pass: a clock that only moves when told to is told to."""
        if self._messenger.time.frozen:
            self._messenger.advance(seconds)
        else:
            await self._messenger.time.sleep(seconds)

    async def _until(self, true: Callable[[], bool], limit: float) -> bool:
        """Wait until something is so, for `limit` real seconds."""
        loop = asyncio.get_running_loop()
        time = self._messenger.time
        end = loop.time() + limit
        while True:
            rings = time.rings
            if true():
                return True
            if (left := end - loop.time()) <= 0:
                return False
            await time.changed(rings, time.monotonic() + left)

    def _fail(self, line: int, reason: str) -> None:
        self._tell()
        failure = Failure(line, reason)
        self._failures.append(failure)
        self._say(str(failure))

    def _tell(self) -> None:
        """Say what happened and wasn't said yet."""
        new = self._messenger.entries[self._said :]
        self._said += len(new)
        for line in transcript_lines(self._shown(new)):
            self._say(line)


def _matcher(step: Expectation) -> Callable[[Entry], bool]:
    """Whether an entry shows what is expected."""
    wanted = [_folded(text) for text in step.texts]

    def shows(entry: Entry) -> bool:
        match step.kind:
            case "text":
                return any(text in _folded(entry.text) for text in wanted)
            case "button":
                labels = [_folded(label) for row in entry.buttons for label in row]
                return any(text in label for text in wanted for label in labels)
            case "document":
                return entry.file_kind == "document" and fnmatchcase(entry.file, step.texts[0])
            case "template":
                return bool(entry.template) and fnmatchcase(entry.template, step.texts[0])
            case "photo":
                return entry.file_kind in ("photo", "image")
            case "audio" | "video":
                return entry.file_kind == step.kind
            case "nothing":
                return False

    return shows


def _folded(text: str) -> str:
    return " ".join(text.replace("’", "'").split()).casefold()
